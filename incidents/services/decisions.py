"""Decisions about an absence, each with its reason and with who made it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from casework.records.access import require_for
from casework.records.acts import Act
from casework.records.errors import Invalid, NotAllowed
from casework.records.models import User
from casework.records.times import LONDON, now
from incidents import codes, deciding, moments, rules
from incidents.facts import facts_of, lock_episode
from incidents.models import Decision, DecisionKind, DecisionOutcome, MissingEpisode
from incidents.verbs import EpisodeVerb

from .writing import add, position_of, required, tell_story


@transaction.atomic
def record_decision(
    *,
    by: User,
    episode: MissingEpisode,
    kind: str,
    outcome: str,
    reason: str,
    decided_at: datetime | None = None,
    decided_by: str = "",
    review_on: date | None = None,
    what: str = "",
    approved_by: str = "",
) -> Decision:
    """Write a decision down: by whoever made it, or for them, with the reason. It is never edited."""
    codes.chosen([kind], DecisionKind, field="kind")
    asked = DecisionKind(kind)
    episode = lock_episode(episode.pk)
    require_to_decide(by, episode, asked)
    rules.refuse_if_ended(position_of(episode))
    if outcome not in deciding.QUESTIONS[asked].outcomes:
        raise Invalid("Choose one from the list.", code="not_in_list", field="outcome")
    moment = now()
    if review_on is not None and review_on < moment.astimezone(LONDON).date():
        raise Invalid("Enter a day that is still to come.", code="too_early", field="review_on")
    if DecisionOutcome(outcome) in deciding.PUBLISHED:
        required(what, "what", "Enter what may be published.")
        required(approved_by, "approved_by", "Enter who approved it.")
    row = add(
        Decision(
            episode=episode,
            kind=kind,
            outcome=outcome,
            reason=required(reason, "reason", "Enter the reason."),
            what=what.strip(),
            approved_by=approved_by.strip(),
            decided_by=decided_by.strip() or by.name,
            decided_at=moments.happened("decided_at", decided_at or moment, moment),
            review_on=review_on,
            recorded_by=by,
        )
    )
    payload = {"kind": kind, "outcome": outcome}
    tell_story(episode, EpisodeVerb.DECIDED, by, row, occurred_at=row.decided_at, payload=payload)
    return row


def require_to_decide(by: User, episode: MissingEpisode, kind: DecisionKind) -> None:
    """`NotAllowed` unless this person may decide this for this child, as things are now.

    For a child at greater risk, going back is a manager's decision: the sentence says so.
    """
    act = act_to_decide(episode, kind)
    try:
        require_for(by, act, episode.child)
    except NotAllowed as refused:
        if kind == DecisionKind.GOING_BACK and refused.code == f"not_allowed_{Act.DECIDE_CASE}":
            raise NotAllowed(deciding.ONLY_A_MANAGER, code=refused.code) from refused
        raise


def act_to_decide(episode: MissingEpisode, kind: DecisionKind) -> Act:
    """What somebody must be allowed to do in order to decide this for this child now."""
    facts = facts_of([episode.pk])[episode.pk]
    return deciding.act_for(kind, is_at_greater_risk=facts.is_at_greater_risk)
