"""What was told and asked for a child who may be trafficked, each with what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casework.front.pages.kit.words import wall
from casework.records.models import Child
from incidents.models import Referral, ReferralOutcome
from incidents.services.referrals import NOT_DONE


@dataclass(frozen=True)
class Line:
    """One thing told or asked, with what came of it, the newest first."""

    referral: Referral
    outcomes: Sequence[ReferralOutcome]

    @property
    def reference(self) -> str:
        """The last reference that anybody gave."""
        return next((one.reference for one in self.outcomes if one.reference), self.referral.reference)

    @property
    def is_answered(self) -> bool:
        """Whether anything can come of it: nothing comes of a decision not to."""
        return self.referral.kind not in NOT_DONE

    @property
    def made_on(self) -> date:
        return wall(self.referral.made_at).date()

    @property
    def decision(self) -> ReferralOutcome | None:
        """The newest answer that is more than a receipt."""
        return next((one for one in self.outcomes if one.outcome != ReferralOutcome.Outcome.RECEIVED), None)


def lines_of(child: Child) -> list[Line]:
    """Everything that was told and asked for a child, the newest first, in two queries."""
    rows = child.referrals.select_related("recorded_by", "episode").prefetch_related("outcomes__recorded_by")
    return [
        Line(row, sorted(row.outcomes.all(), key=lambda one: one.recorded_at, reverse=True))
        for row in rows.order_by("-made_at", "-recorded_at")
    ]
