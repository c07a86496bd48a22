"""The police take the report, refuse it or grade it lower; the challenge is part of the record."""

from datetime import timedelta

import pytest

from casework.records.errors import Conflict, Invalid, NotAllowed
from casework.records.models import ChronologyEntry, Disclosure
from casework.records.times import now
from incidents.facts import facts_of
from incidents.models import MissingEpisode, PoliceAnswer
from incidents.rules import Position
from incidents.services.police import record_challenge, record_police_answer
from tests.cast import Cast
from tests.incidents.nights import go_missing, report, stands_at

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def refuse(cast: Cast, episode: MissingEpisode) -> PoliceAnswer:
    return record_police_answer(
        by=cast.carl,
        episode=episode,
        answer="refused",
        told_at=now(),
        officer="Control room, operator 12",
        reason="He always comes back.",
    )


def test_a_refusal_waits_for_its_challenge(cast: Cast) -> None:
    episode = report(cast)
    answer = refuse(cast, episode)
    assert "police_settled" not in facts_of([episode.pk])[episode.pk].met
    challenge = record_challenge(
        by=cast.femi, answer=answer, made_to="Duty inspector", made_at=now(), words="14, trafficking."
    )
    met = facts_of([episode.pk])[episode.pk].met["police_settled"]
    assert (met.at, met.by_id) == (challenge.made_at, cast.femi.pk)
    verbs = set(ChronologyEntry.objects.values_list("verb", flat=True))
    assert {"police.answered", "police.challenged"} <= verbs


def test_a_call_to_the_police_is_a_telling_and_sets_the_clock_once(cast: Cast) -> None:
    episode = report(cast)
    early, late = now() - 3 * MINUTE, now() - 1 * MINUTE
    for told_at, reference in [(late, "XP-2"), (early, "")]:
        record_police_answer(
            by=cast.carl,
            episode=episode,
            answer="taken",
            told_at=told_at,
            officer="PC 4417",
            reference=reference,
        )
    episode.refresh_from_db()
    assert (episode.told_police_at, episode.police_reference) == (early, "XP-2")
    tellings = Disclosure.objects.filter(episode_id=episode.pk, audience="police", how="phone")
    assert {row.told_at for row in tellings} == {early, late}


def test_a_call_belongs_to_the_missing_spell_it_was_made_in(cast: Cast) -> None:
    episode = stands_at(cast, Position.LOCATED)
    first = episode.spells.get()
    go_missing(cast, episode)
    assert first.ended_at is not None
    told = [
        record_police_answer(by=cast.femi, episode=episode, answer="taken", told_at=told_at)
        for told_at in (first.started_at, first.ended_at, now())
    ]
    assert [row.spell.ordinal for row in told if row.spell] == [1, 1, 2]


@pytest.mark.parametrize(
    ("field", "changes"),
    [("officer", {"officer": " "}), ("reason", {"reason": ""}), ("answer", {"answer": "maybe"})],
)
def test_a_refusal_says_who_and_why(cast: Cast, field: str, changes: dict[str, str]) -> None:
    episode = report(cast)
    answers = {"answer": "refused", "officer": "Operator 12", "reason": "No units.", **changes}
    with pytest.raises(Invalid) as refusal:
        record_police_answer(by=cast.carl, episode=episode, told_at=now(), **answers)
    assert refusal.value.field == field
    with pytest.raises(Invalid, match="in the future"):
        record_police_answer(by=cast.carl, episode=episode, answer="taken", told_at=now() + 6 * MINUTE)
    assert not PoliceAnswer.objects.exists()


def test_what_was_taken_is_not_challenged_and_eve_challenges_nothing(cast: Cast) -> None:
    episode = report(cast)
    refused = refuse(cast, episode)
    taken = record_police_answer(by=cast.carl, episode=episode, answer="taken", told_at=now())
    with pytest.raises(Conflict, match="nothing to challenge"):
        record_challenge(by=cast.femi, answer=taken, made_to="DI", made_at=now(), words="Why?")
    with pytest.raises(NotAllowed):
        record_challenge(by=cast.eve, answer=refused, made_to="DI", made_at=now(), words="Why?")
    with pytest.raises(Invalid, match="whom you spoke to"):
        record_challenge(by=cast.femi, answer=refused, made_to="", made_at=now(), words="Why?")


def test_nothing_is_added_to_a_closed_file(cast: Cast) -> None:
    episode = stands_at(cast, Position.CLOSED)
    with pytest.raises(Conflict, match="Open it again"):
        record_police_answer(by=cast.amina, episode=episode, answer="taken", told_at=now())
