"""What came of a referral: a reference, a decision, a guardian. It may come when the absence is long over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.db import transaction

from casework.records.acts import Act
from casework.records.errors import Invalid
from casework.records.models import User
from casework.records.times import LONDON, now
from incidents import codes, moments
from incidents.models import MissingEpisode, Referral, ReferralOutcome
from incidents.verbs import EpisodeVerb

from .writing import add, required, take, tell_story

Kind = Referral.Kind
Outcome = ReferralOutcome.Outcome

OUTCOMES_OF: Final[Mapping[str, tuple[Outcome, ...]]] = {
    Kind.HOME_OFFICE_MISSING: (Outcome.RECEIVED,),
    Kind.HOME_OFFICE_FOUND: (Outcome.RECEIVED,),
    Kind.NRM: (
        Outcome.RECEIVED,
        Outcome.REASONABLE_POSITIVE,
        Outcome.REASONABLE_NEGATIVE,
        Outcome.CONCLUSIVE_POSITIVE,
        Outcome.CONCLUSIVE_NEGATIVE,
    ),
    Kind.GUARDIAN: (Outcome.RECEIVED, Outcome.APPOINTED, Outcome.NOT_COVERED, Outcome.NOT_APPOINTED),
}
_CONCLUSIVE: Final = (Outcome.CONCLUSIVE_POSITIVE, Outcome.CONCLUSIVE_NEGATIVE)


@transaction.atomic
def record_outcome(
    *,
    by: User,
    episode: MissingEpisode,
    referral: Referral,
    outcome: str,
    decided_on: date,
    who: str = "",
    reference: str = "",
    words: str = "",
) -> ReferralOutcome:
    """Record what came of a referral. A decision that was put right is a further row: the newest counts."""
    episode = take(by, Act.RECORD_REFERRAL, episode)
    codes.chosen([outcome], Outcome, field="outcome", among=OUTCOMES_OF.get(referral.kind, ()))
    _refuse_day(referral, decided_on)
    if outcome in _CONCLUSIVE and not has_reasonable_grounds(referral):
        raise Invalid(
            "A conclusive decision comes after reasonable grounds. Record that decision first.",
            code="not_yet",
            field="outcome",
        )
    if outcome == Outcome.APPOINTED:
        required(who, "who", "Enter the guardian’s name.")
    if outcome == Outcome.RECEIVED:
        required(reference, "reference", "Enter the reference they gave.")
    row = add(
        ReferralOutcome(
            referral=referral,
            outcome=outcome,
            decided_on=decided_on,
            who=who.strip(),
            reference=reference.strip(),
            words=words.strip(),
            recorded_by=by,
        )
    )
    tell_story(episode, EpisodeVerb.REFERRAL_ANSWERED, by, row, payload={"outcome": outcome})
    return row


def has_reasonable_grounds(referral: Referral) -> bool:
    """Whether the first decision that counts is a yes."""
    first = (Outcome.REASONABLE_POSITIVE, Outcome.REASONABLE_NEGATIVE)
    last = referral.outcomes.filter(outcome__in=first).order_by("recorded_at").last()
    return last is not None and last.outcome == Outcome.REASONABLE_POSITIVE


def _refuse_day(referral: Referral, decided_on: date) -> None:
    if decided_on > now().astimezone(LONDON).date():
        raise Invalid("That day is in the future.", code="future", field="decided_on")
    if decided_on < referral.made_at.astimezone(LONDON).date():
        made = moments.day_words(referral.made_at)
        raise Invalid(f"It was asked on {made}. Enter a later day.", code="too_early", field="decided_on")
