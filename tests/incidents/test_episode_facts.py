"""Facts: what the floor above is told about an episode, and how many questions that costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.records.times import now
from incidents.facts import facts_of, lock_episodes
from incidents.models import (
    Category,
    Challenge,
    Indicator,
    InterviewCover,
    MissingEpisode,
    PoliceAnswer,
    ReturnInterview,
    RiskAssessment,
    SignOff,
    Spell,
)
from incidents.rules import interview_due_at
from tests.cast import Cast

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def _gone(cast: Cast, child: str = "kit", *, hours_ago: int = 3, category: str = "missing") -> MissingEpisode:
    who = getattr(cast, child)
    at = now() - hours_ago * HOUR
    episode = MissingEpisode.objects.create(
        authority=who.authority,
        child=who,
        home=cast.larch_house if child != "biniam" else cast.fenwick_house,
        reference=f"E-{child}-{hours_ago}",
        noticed_at=at,
    )
    Spell.objects.create(episode=episode, ordinal=1, category=category, started_at=at)
    return episode


def test_facts_are_the_childs_the_homes_and_the_spells(cast: Cast) -> None:
    Indicator.objects.create(child=cast.kit, code="trafficking")
    Indicator.objects.create(
        child=cast.kit, code="self_harm", withdrawn_at=now(), withdrawn_reason="Mistaken."
    )
    episode = _gone(cast)
    facts = facts_of([episode.pk])[episode.pk]
    assert (facts.team_id, facts.allocated_worker_id) == (cast.kit.team_id, cast.amina.pk)
    assert (facts.home_id, facts.home_kind, facts.grace) == (
        cast.larch_house.pk,
        "children_home",
        timedelta(minutes=30),
    )
    assert (facts.legal_status, facts.indicators) == ("C2", frozenset({"trafficking"}))
    assert facts.is_out_of_area is False
    assert [(spell.ordinal, spell.category, spell.ended_at) for spell in facts.spells] == [
        (1, "missing", None)
    ]
    assert facts.met == {}


def test_a_home_elsewhere_is_out_of_area_and_an_unknown_host_is_not_known(cast: Cast) -> None:
    episode = _gone(cast, "biniam")
    assert facts_of([episode.pk])[episode.pk].is_out_of_area is True
    assert facts_of([episode.pk])[episode.pk].is_unaccompanied
    cast.fenwick_house.host_authority = None
    cast.fenwick_house.save()
    assert facts_of([episode.pk])[episode.pk].is_out_of_area is None


def test_earlier_absences_count_when_the_child_was_away_or_missing(cast: Cast) -> None:
    for hours, category, state in [
        (90, "concern", "late_back"),
        (80, "away", "follow_up"),
        (70, "missing", "follow_up"),
        (60, "missing", "false_report"),
    ]:
        earlier = _gone(cast, hours_ago=hours, category=category)
        earlier.state, earlier.returned_at = state, now()
        earlier.save()
    episode = _gone(cast)
    earlier_at = facts_of([episode.pk])[episode.pk].earlier_noticed_at
    assert [round((episode.noticed_at - at) / HOUR) for at in earlier_at] == [77, 67]


def test_the_newest_grade_of_each_history_counts(cast: Cast) -> None:
    episode = _gone(cast)
    for made_by, grade, hours_ago in [
        ("police", "high", 2),
        ("police", "medium", 1),
        ("authority", "high", 1),
        ("authority", "low", 2),
    ]:
        RiskAssessment.objects.create(
            episode=episode,
            made_by=made_by,
            grade=grade,
            assessed_at=now() - hours_ago * HOUR,
            recorded_by=cast.amina,
        )
    facts = facts_of([episode.pk])[episode.pk]
    assert (facts.police_grade, facts.authority_grade) == ("medium", "high")
    assert facts.met["authority_graded"].by_id == cast.amina.pk
    assert facts.met["authority_graded"].words == "Graded high by the authority"


@pytest.mark.parametrize(
    ("answers", "challenged", "settled"),
    [
        (["taken"], False, True),
        (["refused"], False, False),
        (["refused"], True, True),
        (["graded_lower"], False, False),
        (["graded_lower"], True, True),
        (["taken", "graded_lower"], False, False),
        (["refused", "taken"], False, True),
    ],
)
def test_the_police_are_settled_by_their_last_word_or_by_a_challenge(
    cast: Cast, answers: list[str], challenged: bool, settled: bool
) -> None:
    episode = _gone(cast)
    for minutes, answer in enumerate(answers, start=1):
        row = PoliceAnswer.objects.create(
            episode=episode,
            answer=answer,
            told_at=episode.noticed_at + timedelta(minutes=minutes),
            recorded_by=cast.carl,
        )
    if challenged:
        for minutes in (30, 20):
            Challenge.objects.create(
                answer=row,
                made_to="Duty inspector",
                made_at=episode.noticed_at + timedelta(minutes=minutes),
                words="High.",
                made_by=cast.femi,
            )
    met = facts_of([episode.pk])[episode.pk].met
    assert met["told_police"].at == episode.noticed_at + timedelta(minutes=1)
    assert ("police_settled" in met) == settled
    if challenged:
        assert met["police_settled"].at == episode.noticed_at + timedelta(minutes=20)
        assert met["police_settled"].by_id == cast.femi.pk


def test_what_the_police_said_of_an_earlier_spell_settles_nothing_now(cast: Cast) -> None:
    episode = _gone(cast)
    PoliceAnswer.objects.create(
        episode=episode, answer="taken", told_at=episode.noticed_at, recorded_by=cast.carl
    )
    ended_at = episode.noticed_at + HOUR
    episode.spells.update(ended_at=ended_at)
    Spell.objects.create(episode=episode, ordinal=2, category=Category.MISSING, started_at=now())
    met = facts_of([episode.pk])[episode.pk].met
    assert "told_police" in met
    assert "police_settled" not in met


def test_interview_and_sign_off_are_met_when_the_rows_say_so(cast: Cast) -> None:
    episode = _gone(cast)
    interview = ReturnInterview.objects.create(child=cast.kit, due_at=interview_due_at(now()))
    InterviewCover.objects.create(interview=interview, episode=episode)
    assert facts_of([episode.pk])[episode.pk].met == {}

    interview.state, interview.offered_at, interview.offered_by = "offered", now(), cast.ines
    interview.save()
    assert set(facts_of([episode.pk])[episode.pk].met) == {"interview_offered"}

    interview.state, interview.declined_at, interview.settled_by = "declined", now(), cast.ines
    interview.save()
    SignOff.objects.create(episode=episode, act="signed_off", words="Learned.", signed_by=cast.bev)
    met = facts_of([episode.pk])[episode.pk].met
    assert met["interview_settled"].words == "The child declined the return interview"
    assert met["signed_off"].by_id == cast.bev.pk

    SignOff.objects.create(
        episode=episode, act="reopened", words="More came.", signed_by=cast.bev, recorded_at=now()
    )
    assert "signed_off" not in facts_of([episode.pk])[episode.pk].met


def test_the_number_of_queries_does_not_grow(cast: Cast) -> None:
    one, two, three = _gone(cast), _gone(cast, "ola"), _gone(cast, "biniam")
    with CaptureQueriesContext(connection) as for_one:
        facts_of([one.pk])
    with CaptureQueriesContext(connection) as for_three:
        found = facts_of([one.pk, two.pk, three.pk])
    assert len(for_three) == len(for_one) == 17
    assert set(found) == {one.pk, two.pk, three.pk}


def test_an_episode_that_is_not_there_has_no_facts(cast: Cast) -> None:
    assert facts_of([cast.kit.pk]) == {}
    assert facts_of([]) == {}


def test_rows_are_locked_in_the_order_of_their_ids(cast: Cast) -> None:
    keys = [_gone(cast, child).pk for child in ("kit", "ola", "biniam")]
    with CaptureQueriesContext(connection) as asked:
        locked = lock_episodes(sorted(keys, reverse=True))
    assert list(locked) == sorted(keys)
    (query,) = (entry["sql"] for entry in asked)
    assert "FOR NO KEY UPDATE OF" in query
    assert 'ORDER BY "incidents_missingepisode"."id" ASC' in query
