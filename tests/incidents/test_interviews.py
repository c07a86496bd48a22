"""Ines offers Kit a talk, holds it, or records why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission

from casework.records.errors import Conflict, Invalid, NotAllowed
from casework.records.models import ChildGrant, ChronologyEntry, User
from casework.records.times import now
from incidents.facts import facts_of
from incidents.models import InterviewAttempt, InterviewCover, MissingEpisode, ReturnInterview
from incidents.rules import Position
from incidents.services.interviews import (
    Found,
    Independence,
    Interpreted,
    allocate_interview,
    offer_interview,
    record_attempt,
    record_decline,
    record_interview,
    record_unable,
    share_interview,
)
from tests.cast import Cast
from tests.incidents.nights import come_back, decline_interview, report, sign_off, stands_at

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
INDEPENDENT = Independence(is_caring=False, is_line_managed=False, is_trained=True)


@pytest.fixture
def interview(cast: Cast) -> ReturnInterview:
    return stands_at(cast, Position.FOLLOW_UP).interviews.get()


def hold(interview: ReturnInterview, by: User, **changes: str) -> ReturnInterview:
    words = {"own_words": "I just walked.", "interpretation": "Fear of a move.", **changes}
    return record_interview(
        by=by,
        interview=interview,
        held_at=now(),
        independence=INDEPENDENT,
        reasons=["moved_without_notice", "exploiter"],
        where="Garden room",
        own_words=words["own_words"],
        interpretation=words["interpretation"],
    )


def met(interview: ReturnInterview) -> set[str]:
    """What is met of the interview itself."""
    key = interview.episodes.get().pk
    return {name for name in facts_of([key])[key].met if name.startswith("interview_")}


def test_offered_tried_and_held(cast: Cast, interview: ReturnInterview) -> None:
    allocate_interview(by=cast.amina, interview=interview, to=cast.ines)
    offer_interview(by=cast.ines, interview=interview, words="Maybe, Kit said.")
    assert met(interview) == {"interview_offered"}
    record_attempt(by=cast.ines, interview=interview, how="Visit", outcome="Asleep.")
    held = hold(interview, cast.ines)
    assert met(interview) == {"interview_offered", "interview_settled"}
    assert (held.state, held.held_by, held.settled_by) == ("held", cast.ines, cast.ines)
    assert (held.own_words, held.interpretation) == ("I just walked.", "Fear of a move.")
    assert held.reasons == ["moved_without_notice", "exploiter"]
    assert (held.is_interviewer_caring, held.is_interviewer_trained) == (False, True)
    verbs = ChronologyEntry.objects.filter(verb__startswith="interview.").order_by("recorded_at")
    assert list(verbs.values_list("verb", flat=True)) == [
        "interview.owed",
        "interview.allocated",
        "interview.offered",
        "interview.tried",
        "interview.held",
    ]


def test_the_first_offer_stands_and_another_is_a_try(cast: Cast, interview: ReturnInterview) -> None:
    first = offer_interview(by=cast.ines, interview=interview, words="Maybe.").offered_at
    again = offer_interview(by=cast.ines, interview=interview, words="Yes.")
    assert again.offered_at == first
    assert InterviewAttempt.objects.get().outcome == "Yes."


def test_declined_asks_the_carer_and_the_child_may_still_change_their_mind(
    cast: Cast, interview: ReturnInterview
) -> None:
    with pytest.raises(Invalid) as refusal:
        record_decline(by=cast.ines, interview=interview, declined_at=now(), carer_view=" ")
    assert refusal.value.field == "carer_view"
    declined = record_decline(
        by=cast.ines,
        interview=interview,
        declined_at=now(),
        carer_view="Was with Jay.",
        reason="Told the police.",
    )
    assert (declined.state, declined.offered_by) == ("declined", cast.ines)
    assert met(interview) == {"interview_offered", "interview_settled"}
    assert hold(interview, cast.ines).state == "held"


TOO_LATE: dict[str, Callable[[Cast, ReturnInterview], object]] = {
    "offer": lambda cast, row: offer_interview(by=cast.ines, interview=row, words="Again?"),
    "allocate": lambda cast, row: allocate_interview(by=cast.amina, interview=row, to=cast.ines),
    "try": lambda cast, row: record_attempt(by=cast.ines, interview=row, how="Call", outcome="None."),
    "decline": lambda cast, row: record_decline(
        by=cast.ines, interview=row, declined_at=now(), carer_view="Nothing."
    ),
    "unable": lambda cast, row: record_unable(by=cast.ines, interview=row, why="other", reason="Moved."),
    "hold": lambda cast, row: hold(row, cast.ines),
}


@pytest.mark.parametrize("act", TOO_LATE)
def test_a_held_interview_takes_no_other_outcome(cast: Cast, interview: ReturnInterview, act: str) -> None:
    hold(interview, cast.ines)
    with pytest.raises(Conflict, match="already has an outcome: held"):
        TOO_LATE[act](cast, interview)


def test_what_a_held_interview_asks_for(cast: Cast, interview: ReturnInterview) -> None:
    with pytest.raises(Invalid, match="in their own words"):
        hold(interview, cast.ines, own_words=" ")
    for held_at, code in [(now() - timedelta(days=1), "too_early"), (now() + 9 * MINUTE, "future")]:
        with pytest.raises(Invalid) as refusal:
            record_interview(
                by=cast.ines,
                interview=interview,
                held_at=held_at,
                own_words="x",
                interpretation="",
                independence=INDEPENDENT,
            )
        assert refusal.value.code == code
    interview.refresh_from_db()
    assert interview.state == "due"


def test_an_interview_goes_to_staff_of_the_authority_or_to_somebody_granted_the_child(
    cast: Cast, interview: ReturnInterview
) -> None:
    for to in (cast.eve, cast.carl):
        with pytest.raises(Invalid, match="works for the child"):
            allocate_interview(by=cast.amina, interview=interview, to=to)
    ChildGrant.objects.create(
        user=cast.eve,
        content_object=cast.kit,
        permission=Permission.objects.get(codename="view_child"),
        reason="Independent interviewer.",
        granted_by=cast.bev,
    )
    allocate_interview(by=cast.amina, interview=interview, to=cast.eve)
    assert hold(interview, cast.eve).held_by == cast.eve


def test_the_home_the_outsider_and_who_is_not_the_interviewer(cast: Cast, interview: ReturnInterview) -> None:
    for by in (cast.carl, cast.eve, cast.tablet):
        with pytest.raises(NotAllowed):
            offer_interview(by=by, interview=interview, words="Hello.")
        with pytest.raises(NotAllowed):
            hold(interview, by)
    with pytest.raises(NotAllowed):  # a social worker offers; holding it is for the interviewer
        hold(interview, cast.amina)
    allocate_interview(by=cast.bev, interview=interview, to=cast.amina)
    assert hold(interview, cast.amina).state == "held"


def test_a_closed_file_takes_no_interview(cast: Cast) -> None:
    interview = stands_at(cast, Position.CLOSED).interviews.get()
    with pytest.raises(Conflict, match="Open it again"):
        hold(interview, cast.ines)


# ---- missing again ----


def _again(cast: Cast) -> tuple[ReturnInterview, MissingEpisode]:
    first = stands_at(cast, Position.FOLLOW_UP)
    return first.interviews.get(), report(cast)


def test_unable_says_why(cast: Cast, interview: ReturnInterview) -> None:
    with pytest.raises(Invalid, match="could not be held"):
        record_unable(by=cast.ines, interview=interview, why="no_contact")
    with pytest.raises(Invalid, match="from the list"):
        record_unable(by=cast.ines, interview=interview, why="bored", reason="x")
    with pytest.raises(Conflict, match="not gone missing again"):
        record_unable(by=cast.ines, interview=interview, why="missing_again")
    unable = record_unable(by=cast.ines, interview=interview, why="no_contact", reason="Three visits.")
    assert unable.unable_at is not None
    assert met(interview) == {"interview_offered", "interview_settled"}


def test_missing_again_leaves_it_to_the_next_interview(cast: Cast) -> None:
    first, second = _again(cast)
    record_unable(by=cast.ines, interview=first, why="missing_again")
    come_back(cast, second)
    following = second.interviews.get()
    assert set(following.episodes.all()) == {first.episodes.earliest("noticed_at"), second}


def test_missing_again_said_after_the_second_return_joins_too(cast: Cast) -> None:
    first, second = _again(cast)
    come_back(cast, second)
    following = second.interviews.get()
    assert following.episodes.count() == 1
    record_unable(by=cast.ines, interview=first, why="missing_again")
    assert following.episodes.count() == 2


def test_what_has_its_own_outcome_is_not_left_to_the_next(cast: Cast) -> None:
    first = stands_at(cast, Position.FOLLOW_UP)
    decline_interview(cast, first)
    second = report(cast)
    come_back(cast, second)
    assert InterviewCover.objects.filter(episode=first).count() == 1


def test_one_interview_settles_both_and_both_can_be_signed_off(cast: Cast) -> None:
    interview, second = _again(cast)
    first = interview.episodes.get()
    record_unable(by=cast.ines, interview=interview, why="missing_again")
    come_back(cast, second)
    hold(second.interviews.get(), cast.ines)
    sign_off(cast, first)
    sign_off(cast, second)
    assert set(MissingEpisode.objects.values_list("state", flat=True)) == {"closed"}


# ---- an interpreter, and what is shared ----


def test_who_interpreted_is_named_and_whose_side_they_may_be_on(
    cast: Cast, interview: ReturnInterview
) -> None:
    asked: dict[str, Any] = {
        "by": cast.ines,
        "interview": interview,
        "held_at": now(),
        "own_words": "I walked.",
    }
    asked |= {"own_words": "I walked.", "interpretation": "", "independence": INDEPENDENT}
    with pytest.raises(Invalid, match="independent"):
        record_interview(**asked, interpreted=Interpreted("Tigrinya", "Selam Hagos"))
    held = record_interview(
        **asked,
        interpreted=Interpreted("Tigrinya", "Selam Hagos", "Clear Words", is_independent=False),
        found=Found(harm="Afraid of a man.", slept="In a lorry."),
    )
    assert (held.language, held.is_interpreter_independent) == ("Tigrinya", False)
    assert (held.harm, held.slept, held.offences) == ("Afraid of a man.", "In a lorry.", "")


def test_what_is_shared_is_a_text_of_its_own_and_a_telling(cast: Cast, interview: ReturnInterview) -> None:
    hold(interview, cast.ines)
    shared = share_interview(
        by=cast.ines,
        interview=interview,
        audience="provider",
        told_name="Carl Penrose",
        how="phone",
        words="Kit fears another move. Tell him early.",
    )
    assert (shared.home, "I just walked" in shared.words) == (cast.larch_house, False)
    assert (shared.disclosure.audience, shared.disclosure.told_name) == ("provider", "Carl Penrose")
    assert shared.disclosure.told_of == "interview"  # nobody has to be rung about the absence again
    assert "interview_shared" in met(interview)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"words": " "}, "need to know"),
        ({"told_name": ""}, "shared with"),
        ({"how": "system"}, "how they were told"),
        ({"audience": "newspaper"}, "from the list"),
        ({"words": "x" * 10_001}, "10,000 characters"),
    ],
)
def test_sharing_says_what_with_whom_and_how(
    cast: Cast, interview: ReturnInterview, changed: dict[str, str], sentence: str
) -> None:
    hold(interview, cast.ines)
    said = {"audience": "police", "told_name": "PC 4417", "how": "phone", "words": "He knows the man."}
    with pytest.raises(Invalid, match=sentence):
        share_interview(by=cast.ines, interview=interview, **{**said, **changed})
    assert "interview_shared" not in met(interview)


def test_nothing_is_shared_of_what_was_not_said_nor_by_a_home(cast: Cast, interview: ReturnInterview) -> None:
    said = {"audience": "police", "told_name": "PC 4417", "how": "phone", "words": "He knows the man."}
    with pytest.raises(Conflict, match="no outcome"):
        share_interview(by=cast.ines, interview=interview, **said)
    hold(interview, cast.ines)
    for stranger in (cast.carl, cast.eve, cast.dee):
        with pytest.raises(NotAllowed):
            share_interview(by=stranger, interview=interview, **said)
    assert not interview.shares.exists()
