"""A question kept in words answers as one worded anew, for everybody, whatever has happened since (T01.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any, Final

import pytest
from django.db.models import Q

from casework.records import audit
from casework.records.access import CHILDREN, Kind, first_and_whether_open, opens_to
from casework.records.kept import THE_KEY, Kept
from casework.records.models import Child, Home, ReasonGiven, User
from casework.records.services import placements
from casework.records.services.reasons import give_reason
from casework.records.standing import standing_of
from casework.records.times import CaseworkNow, now, pretend_now
from incidents.access import EPISODES, INTERVIEWS, TABLET_AFTER_RETURN
from incidents.models import MissingEpisode
from incidents.services import returns
from protocols.access import OF_EPISODES, OF_PLACEMENTS
from tests.access.people import COLLEAGUES, OWN, Crowd, make_crowd
from tests.cast import Cast

KINDS_OF_ROWS: Final[tuple[tuple[Kind[Any], str], ...]] = (
    (CHILDREN, "child_id"),
    (EPISODES, "episode_id"),
    (INTERVIEWS, "interview_id"),
    (OF_EPISODES, "step_id"),
    (OF_PLACEMENTS, "step_id"),
)
# By home, by tablet, by the home before; by allocation, by authority, by grant; an outsider, and a force.
ASKING: Final = ("staff", "tabl", "exho", "sw", "sw2", "rint", "iro", "eve", "pol")
A_SESSION: Final = "5" * 64


def everyones_answers(crowd: Crowd) -> Iterator[tuple[str, Any, Any]]:
    """Who asked for what, the answer of the kept words, and of words found for this once."""
    for who, whose, (kind, name) in product(ASKING, (OWN, COLLEAGUES), KINDS_OF_ROWS):
        standing, key = standing_of(crowd.people[who]), crowd.rows[whose][name]
        rows = kind.within(standing).filter(pk=key).annotate(opens=opens_to(standing, kind.child))
        anew = next(((row, row.opens) for row in rows), None)
        yield f"{who}: {whose} {name}", first_and_whether_open(standing, kind, key), anew


def kit_has_been_back_for_a_while(crowd: Crowd) -> None:
    """So that the home's tablet may add nothing more."""
    episode = MissingEpisode.objects.get(pk=crowd.rows[OWN]["episode_id"])
    returns.record_return(by=crowd.cast.amina, episode=episode)
    pretend_now(now() + TABLET_AFTER_RETURN + timedelta(minutes=1))


def kit_moves(crowd: Crowd) -> None:
    there = Home.objects.get(name="Birch House")
    placements.move_child(by=crowd.cast.amina, child=crowd.cast.kit, home=there, at=now())


def everybody_ends_a_post(crowd: Crowd) -> None:
    for user in crowd.people.values():
        user.memberships.filter(starts_at__lt=now()).update(ends_at=CaseworkNow())


def somebody_says_why(crowd: Crowd) -> None:
    noor = Child.objects.get(pk=crowd.rows[COLLEAGUES]["child_id"])
    give_reason(by=crowd.people["sw2"], child=noor, kind="contact", words="The school rang.")


def the_hour_is_over(crowd: Crowd) -> None:
    pretend_now(ReasonGiven.objects.latest("until").until)


HAPPENINGS: Final = (
    somebody_says_why,
    the_hour_is_over,
    kit_has_been_back_for_a_while,
    kit_moves,
    everybody_ends_a_post,
)


@pytest.mark.ac("T01.1")
@pytest.mark.django_db
def test_the_answer_is_of_now() -> None:
    crowd = make_crowd()
    with audit.calling(replace(audit.caller(), session=A_SESSION)):
        before = _the_same_answers(crowd)
        for happens in HAPPENINGS:
            happens(crowd)
            after = _the_same_answers(crowd)
            assert after != before, f"{happens.__name__} changed nobody's answer"
            before = after


def _the_same_answers(crowd: Crowd) -> list[str]:
    answers = list(everyones_answers(crowd))
    assert [(who, kept, anew) for who, kept, anew in answers if kept != anew] == []
    return [f"{who} {kept}" for who, kept, _ in answers if kept]


def test_what_comes_with_a_row_is_there(cast: Cast, django_assert_num_queries: Any) -> None:
    kept = Kept(lambda key: Child.objects.filter(pk=key).select_related("authority", "team"))
    with django_assert_num_queries(1):
        child = kept.row(cast.kit.pk)
        assert child is not None
        assert (child, child.authority, child.team) == (cast.kit, cast.exampleshire, cast.kit.team)
    assert kept.row(cast.amina.pk) is None


def test_among_none_there_is_no_row(cast: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert Kept(lambda key: Child.objects.filter(Q(pk__in=()), pk=key)).row(cast.kit.pk) is None


def test_neither_an_answer_nor_a_moment_is_kept(cast: Cast) -> None:
    with pytest.raises(ValueError, match="An answer cannot be kept"):
        Kept(lambda key: Child.objects.filter(pk=key, team__in=list(User.objects.values_list("pk"))))
    moment = now()
    with pytest.raises(ValueError, match="A moment cannot be kept"):
        Kept(lambda key: Child.objects.filter(pk=key, recorded_at__lt=moment))


def test_the_key_is_put_wherever_it_stands(cast: Cast) -> None:
    twice = Kept(lambda key: Child.objects.filter(Q(pk=key) | Q(allocated_worker=key)))
    assert twice.row(cast.kit.pk) == cast.kit
    assert twice.row(THE_KEY) is None
