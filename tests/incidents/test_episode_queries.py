"""The lists: who is not back, what is owed, what happened."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.records.times import now
from incidents import queries
from incidents.rules import Position
from incidents.services.interviews import allocate_interview, record_unable
from incidents.services.police import record_challenge, record_police_answer
from incidents.services.reports import add_news, report_missing
from incidents.services.risk import assess_risk, record_indicator
from tests.cast import Cast
from tests.incidents.nights import come_back, decline_interview, locate, report, stands_at

pytestmark = pytest.mark.django_db


def test_everybody_who_is_not_back_the_longest_gone_first(cast: Cast) -> None:
    kits = report(cast)
    olas = report(cast, "away", child=cast.ola)
    locate(cast, kits)
    come_back(cast, report(cast, child=cast.rosie))
    lines = queries.open_episodes(cast.amina)
    assert [(line.episode, line.words) for line in lines] == [
        (kits, "Located, not back"),
        (olas, "Away without permission"),
    ]
    kits.refresh_from_db()
    assert [line.since for line in lines] == [kits.located_at, olas.spells.get().started_at]
    assert lines[1].spell is not None
    assert queries.open_episodes(cast.eve) == []


def test_a_longer_board_costs_no_more_queries(cast: Cast) -> None:
    report(cast)
    with CaptureQueriesContext(connection) as for_one:
        queries.open_episodes(cast.amina)
    for child in (cast.ola, cast.rosie, cast.maisie):
        by = cast.carl if child != cast.maisie else cast.mo
        report_missing(by=by, child=child, category="missing", noticed_at=now())
    with CaptureQueriesContext(connection) as for_four:
        assert len(queries.open_episodes(cast.amina)) == 4
    assert len(for_four) == len(for_one)


def test_a_follow_up_waits_for_its_sign_off_once_the_interview_has_its_outcome(cast: Cast) -> None:
    episode = stands_at(cast, Position.FOLLOW_UP)
    assert [line.episode for line in queries.follow_ups(cast.bev)] == [episode]
    assert queries.sign_offs_waiting(cast.bev) == []
    decline_interview(cast, episode)
    assert [line.episode for line in queries.sign_offs_waiting(cast.bev)] == [episode]
    assert queries.sign_offs_waiting(cast.eve) == []


def test_an_interview_waits_for_its_interviewer_or_for_anybody(cast: Cast) -> None:
    interview = stands_at(cast, Position.FOLLOW_UP).interviews.get()
    assert list(queries.interviews_waiting_for(cast.ines)) == [interview]
    allocate_interview(by=cast.bev, interview=interview, to=cast.amina)
    assert list(queries.interviews_waiting_for(cast.ines)) == []
    assert list(queries.interviews_waiting_for(cast.amina)) == [interview]


def test_the_story_is_newest_first_and_tells_of_an_interview_that_covers_it(cast: Cast) -> None:
    first = stands_at(cast, Position.FOLLOW_UP)
    second = report(cast)
    record_unable(by=cast.ines, interview=first.interviews.get(), why="missing_again")
    come_back(cast, second)
    verbs = [entry.verb for entry in queries.story_of(first)]
    assert verbs.count("interview.owed") == 2  # its own, and the next one that speaks for it too
    assert set(verbs) >= {"episode.reported", "episode.returned", "interview.unable"}
    times = [entry.occurred_at for entry in queries.story_of(first)]
    assert times == sorted(times, reverse=True)
    assert [line.episode for line in queries.episodes_of(cast.amina, cast.kit)] == [second, first]


def test_what_belongs_to_one_episode(cast: Cast) -> None:
    kits = report_missing(
        by=cast.carl, child=cast.kit, category="missing", noticed_at=now(), together_with=[cast.ola]
    )
    news = add_news(by=cast.carl, episode=kits, kind="nothing_new")
    grade = assess_risk(
        by=cast.amina, episode=kits, made_by="authority", grade="high", rationale="New phone."
    )
    answer = record_police_answer(
        by=cast.carl,
        episode=kits,
        answer="refused",
        told_at=now(),
        officer="Operator",
        reason="No units.",
    )
    challenge = record_challenge(
        by=cast.femi, answer=answer, made_to="Duty inspector", made_at=now(), words="High."
    )
    sign = record_indicator(by=cast.carl, child=cast.kit, code="self_harm", words="Old cuts.", seen_by="Carl")
    assert queries.not_back_episode_of(cast.kit) == kits
    assert queries.not_back_episode_of(cast.rosie) is None
    assert list(queries.news_of(kits)) == [news]
    assert list(queries.grades_of(kits)) == [grade]
    (shown,) = queries.police_answers_of(kits)
    assert list(shown.challenges.all()) == [challenge]
    assert list(queries.live_indicators_of(cast.kit)) == [sign]
    assert [line.episode.child for line in queries.went_together(cast.carl, kits)] == [cast.ola]
    assert queries.line_of(kits).facts.authority_grade == "high"


def test_the_interviews_of_an_episode_are_not_the_homes_to_read(cast: Cast) -> None:
    episode = stands_at(cast, Position.FOLLOW_UP)
    assert list(queries.interviews_of(cast.amina, episode)) == [episode.interviews.get()]
    assert list(queries.interviews_of(cast.carl, episode)) == []
