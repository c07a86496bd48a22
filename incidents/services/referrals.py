"""What the authority asks of others for a child who may be trafficked, even while the child is missing.

The Home Office is told twice: that the child is missing, and that the child is found. A referral to the
National Referral Mechanism needs no consent of a child. Nothing is edited: what comes of it is another row.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from django.db import transaction

from casework.records.acts import Act
from casework.records.errors import Conflict
from casework.records.models import Child, Disclosure, User
from casework.records.times import LONDON, now
from incidents import codes, moments, rules
from incidents.models import Category, MissingEpisode, Referral, ReferralOutcome
from incidents.verbs import EpisodeVerb

from .writing import add, position_of, required, take, tell_story

Kind = Referral.Kind
Outcome = ReferralOutcome.Outcome

BY_A_PERSON: Final = (Disclosure.How.PHONE, Disclosure.How.EMAIL, Disclosure.How.IN_PERSON)
NOT_DONE: Final = (Kind.HOME_OFFICE_NOT_TOLD, Kind.NRM_NOT_MADE, Kind.GUARDIAN_NOT_ASKED)
# After one of these it can be asked again.
SAID_NO: Final = frozenset(
    {Outcome.REASONABLE_NEGATIVE, Outcome.CONCLUSIVE_NEGATIVE, Outcome.NOT_COVERED, Outcome.NOT_APPOINTED}
)
_FOUND: Final = "That the child is found."
_MISSING: Final = "That the child is missing, and the references of the police."


@transaction.atomic
def tell_home_office(
    *,
    by: User,
    episode: MissingEpisode,
    is_found: bool,
    told_at: datetime,
    told_name: str,
    how: str = Disclosure.How.PHONE,
    reference: str = "",
    words: str = "",
) -> Referral:
    """Record that the Home Office was told that the child is missing, or found. It is a telling as well."""
    episode = take(by, Act.RECORD_REFERRAL, episode)
    rules.refuse_if_ended(position_of(episode))
    _refuse_untrue(episode, is_found)
    who = required(told_name, "told_name", "Enter whom you told: a name, or the desk.")
    codes.chosen([how], Disclosure.How, field="how", among=BY_A_PERSON)
    at = moments.happened("told_at", told_at, now())
    moments.refuse_before("told_at", at, episode.missing_from, "The child was last seen at")
    disclosure = add(
        Disclosure(
            child=episode.child,
            episode_id=episode.pk,
            audience=Disclosure.Audience.HOME_OFFICE,
            told_name=who,
            told_role="Home Office",
            how=how,
            told_at=at,
            told_of=_told_of(episode, is_found),
            what=_FOUND if is_found else _MISSING,
            purpose="To find the child and keep them safe.",
            recorded_by=by,
        )
    )
    told = add(
        Referral(
            child=episode.child,
            episode=episode,
            kind=Kind.HOME_OFFICE_FOUND if is_found else Kind.HOME_OFFICE_MISSING,
            made_at=at,
            made_by_name=by.name,
            made_to=who,
            reference=reference.strip(),
            words=words.strip(),
            disclosure=disclosure,
            recorded_by=by,
        )
    )
    _tell(EpisodeVerb.HOME_OFFICE_TOLD, by, episode, told)
    return told


@transaction.atomic
def refer_to_nrm(
    *,
    by: User,
    episode: MissingEpisode,
    made_at: datetime | None = None,
    made_on: date | None = None,
    made_by_name: str = "",
    reference: str = "",
    words: str = "",
) -> Referral:
    """Record a referral to the National Referral Mechanism; `made_on` for one of before, of which only the
    day is known. One that has not been refused stands: then there is nothing to refer again.
    """
    episode = take(by, Act.RECORD_REFERRAL, episode)
    at = _made_at(made_at, made_on)
    said = {"made_by_name": made_by_name.strip() or by.name, "reference": reference, "words": words}
    referred = _ask(by, episode, Kind.NRM, at, is_earlier=made_on is not None, **said)
    _tell(EpisodeVerb.NRM_REFERRED, by, episode, referred)
    return referred


@transaction.atomic
def ask_for_guardian(
    *,
    by: User,
    episode: MissingEpisode,
    made_at: datetime | None = None,
    made_on: date | None = None,
    made_to: str = "",
    reference: str = "",
    words: str = "",
) -> Referral:
    """Record that an independent child trafficking guardian was asked for."""
    episode = take(by, Act.RECORD_REFERRAL, episode)
    at = _made_at(made_at, made_on)
    said = {"made_by_name": by.name, "made_to": made_to, "reference": reference, "words": words}
    asked = _ask(by, episode, Kind.GUARDIAN, at, is_earlier=made_on is not None, **said)
    _tell(EpisodeVerb.GUARDIAN_ASKED, by, episode, asked)
    return asked


@transaction.atomic
def decide_not_to(*, by: User, episode: MissingEpisode, kind: str, reason: str) -> Referral:
    """Record that one of them need not be done for this absence, and why: a child who was born here, say.

    Not to tell the Home Office is a decision not to tell, and stands among the tellings.
    """
    episode = take(by, Act.RECORD_REFERRAL, episode)
    rules.refuse_if_ended(position_of(episode))
    codes.chosen([kind], Kind, field="kind", among=NOT_DONE)
    why = required(reason, "reason", "Enter why it need not be done.")
    moment = now()
    row = Referral(child=episode.child, episode=episode, kind=kind, made_at=moment, words=why, recorded_by=by)
    if kind == Kind.HOME_OFFICE_NOT_TOLD:
        row.disclosure = add(
            Disclosure(
                child=episode.child,
                episode_id=episode.pk,
                audience=Disclosure.Audience.HOME_OFFICE,
                told_role="Home Office",
                how=Disclosure.How.NOT_TOLD,
                told_at=moment,
                reason_not_told=why,
                recorded_by=by,
            )
        )
    add(row)
    _tell(EpisodeVerb.REFERRAL_DECLINED, by, episode, row)
    return row


def standing_referral(child: Child, kind: str) -> Referral | None:
    """The last referral of a kind that nobody has said no to."""
    last = Referral.objects.filter(child=child, kind=kind).order_by("made_at", "recorded_at").last()
    if last is None:
        return None
    answers = last.outcomes.exclude(outcome=Outcome.RECEIVED).order_by("recorded_at")
    answer = answers.last()
    return None if answer is not None and answer.outcome in SAID_NO else last


def _ask(
    by: User, episode: MissingEpisode, kind: Kind, at: datetime, *, is_earlier: bool, **said: str
) -> Referral:
    """Write a referral that may stand while the child is missing. Two at the same moment are one."""
    child = Child.objects.select_for_update(no_key=True, of=("self",)).get(pk=episode.child_id)
    standing = standing_referral(child, kind)
    if standing is not None:
        day = moments.day_words(standing.made_at)
        raise Conflict(f"Already done on {day}. Record what came of it instead.", code="already_referred")
    return add(
        Referral(
            child=child,
            episode=episode,
            kind=kind,
            made_at=at,
            is_earlier=is_earlier,
            recorded_by=by,
            **{name: words.strip() for name, words in said.items()},
        )
    )


def _made_at(made_at: datetime | None, made_on: date | None) -> datetime:
    moment = now()
    if made_on is None:
        return moments.happened("made_at", made_at or moment, moment)
    return moments.happened("made_on", datetime.combine(made_on, time(), LONDON), moment)


def _told_of(episode: MissingEpisode, is_found: bool) -> str:
    """So that nobody rings the Home Office again with what it has heard."""
    if not is_found:
        return Disclosure.Of.MISSING
    return Disclosure.Of.LOCATED if episode.returned_at is None else Disclosure.Of.BACK


def _refuse_untrue(episode: MissingEpisode, is_found: bool) -> None:
    """What the Home Office is told has to be so in the record, or the two will differ for ever."""
    missing = episode.spells.filter(category=Category.MISSING)
    if not missing.exists():
        raise Conflict("The child is not recorded as missing.", code="not_missing")
    if is_found and missing.filter(ended_at=None).exists():
        raise Conflict("The child is still missing. Record that they are found first.", code="still_missing")


def _tell(verb: EpisodeVerb, by: User, episode: MissingEpisode, row: Referral) -> None:
    tell_story(episode, verb, by, row, occurred_at=row.made_at, payload={"kind": row.kind})
