"""What was told and asked of others for a child who may be trafficked, as facts that meet a step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from casework.records.questions import KEY, OfMany
from casework.records.times import LONDON
from incidents.models import Referral, ReferralOutcome

from .values import Met

Kind = Referral.Kind
Outcome = ReferralOutcome.Outcome
REFUSED: Final = frozenset({Outcome.REASONABLE_NEGATIVE, Outcome.CONCLUSIVE_NEGATIVE, Outcome.NOT_APPOINTED})


@dataclass(frozen=True, slots=True)
class Missing:
    """What decides which tellings count: whose episode, since when, and where its last missing spell lies."""

    child_id: UUID
    noticed_at: datetime
    opened_at: datetime | None  # before this, what was told was about an earlier spell
    started_at: datetime | None  # the last missing spell


@dataclass(frozen=True, slots=True)
class _Asked:
    kind: str
    episode_id: UUID | None
    made_at: datetime
    is_earlier: bool
    by_id: UUID | None
    outcome: str | None


def add_referrals(met: dict[UUID, dict[str, Met]], missing: Mapping[UUID, Missing]) -> None:
    """`home_office_told`, `home_office_found_told`, `nrm_referred` and `guardian_asked`, in one query."""
    rows = _asked({one.child_id for one in missing.values()})
    for key, about in missing.items():
        found = _met_of(key, about, rows.get(about.child_id, ()))
        met[key].update({fact: one for fact, one in found.items() if one is not None})


def _referrals() -> QuerySet[Referral, tuple[Any, ...]]:
    answers = ReferralOutcome.objects.filter(referral=OuterRef("pk")).exclude(outcome=Outcome.RECEIVED)
    return (
        Referral.objects.filter(child=KEY)
        .order_by("made_at", "recorded_at")
        .annotate(last=Subquery(answers.order_by("-recorded_at").values("outcome")[:1]))
        .values_list("child_id", "kind", "episode_id", "made_at", "is_earlier", "recorded_by_id", "last")
    )


_REFERRALS: Final = OfMany(_referrals)


def _asked(children: set[UUID]) -> dict[UUID, list[_Asked]]:
    """Each child's referrals, the earliest first, with the last answer."""
    asked: dict[UUID, list[_Asked]] = {}
    for row in _REFERRALS.rows(children):
        asked.setdefault(row[0], []).append(_Asked(*row[1:]))
    return asked


def _met_of(key: UUID, about: Missing, rows: Sequence[_Asked]) -> dict[str, Met | None]:
    here = [row for row in rows if row.episode_id == key]
    refused = {row.kind: row for row in here}
    return {
        "home_office_told": _told(
            here, (Kind.HOME_OFFICE_MISSING, Kind.HOME_OFFICE_NOT_TOLD), about.opened_at
        ),
        "home_office_found_told": _told(here, (Kind.HOME_OFFICE_FOUND,), about.started_at)
        or _told(here, (Kind.HOME_OFFICE_NOT_TOLD,), about.opened_at),
        "nrm_referred": _standing(rows, Kind.NRM, about, "Referred to the National Referral Mechanism")
        or _decided(refused.get(Kind.NRM_NOT_MADE)),
        "guardian_asked": _standing(rows, Kind.GUARDIAN, about, "A guardian was asked for")
        or _decided(refused.get(Kind.GUARDIAN_NOT_ASKED)),
    }


_SAID: Final[Mapping[str, str]] = {
    Kind.HOME_OFFICE_MISSING: "The Home Office was told: missing",
    Kind.HOME_OFFICE_FOUND: "The Home Office was told: found",
    Kind.HOME_OFFICE_NOT_TOLD: "Decided not to tell the Home Office",
    Kind.NRM_NOT_MADE: "Decided not to refer",
    Kind.GUARDIAN_NOT_ASKED: "Decided not to ask for a guardian",
}


def _told(rows: Sequence[_Asked], kinds: Sequence[str], since: datetime | None) -> Met | None:
    """Each time the child is missing again, the Home Office is told again, or somebody decides again."""
    counting = (row for row in rows if row.kind in kinds and (since is None or row.made_at > since))
    first = next(counting, None)
    return Met(first.made_at, first.by_id, _SAID[first.kind]) if first else None


def _decided(row: _Asked | None) -> Met | None:
    """That it need not be done holds for this absence, and for no other."""
    return Met(row.made_at, row.by_id, _SAID[row.kind], lasts=True) if row else None


def _standing(rows: Sequence[_Asked], kind: str, about: Missing, words: str) -> Met | None:
    """Asked once is asked; what was refused before this absence may have to be asked again."""
    counting = [
        row
        for row in rows
        if row.kind == kind and not (row.outcome in REFUSED and row.made_at < about.noticed_at)
    ]
    if not counting:
        return None
    last = counting[-1]
    if last.made_at >= about.noticed_at and not last.is_earlier:
        return Met(last.made_at, last.by_id, words, lasts=True)
    day = last.made_at.astimezone(LONDON)
    return Met(last.made_at, last.by_id, f"{words} already, on {day.day} {day:%B %Y}", lasts=True)
