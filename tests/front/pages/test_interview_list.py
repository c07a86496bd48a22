"""The list of interviews: mine, nobody's, late; taken on and offered from there."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from casework.records.models import Membership, Role, User
from casework.records.times import now, pretend_now
from incidents.models import ReturnInterview
from incidents.services import interviews
from tests.front.pages.duty_night import at_the_desk, back, in_force, missing, text_of

if TYPE_CHECKING:
    from tests.cast import Cast


def page(user: User, **asked: str) -> Any:
    return at_the_desk(user).get(reverse("pages:interview-list"), asked)


def counts(answer: Any) -> dict[str, int]:
    return {tile.text: tile.count for tile in answer.context["tiles"]}


def owed(cast: Cast) -> ReturnInterview:
    in_force(cast)
    episode = missing(cast)
    back(cast, episode)
    return episode.interviews.get()


def take_on(user: User, talk: ReturnInterview, key: str = "") -> Any:
    path = reverse("pages:interview-take-on", args=[talk.pk])
    return at_the_desk(user).post(path, {"form_key": key or str(uuid.uuid4())})


def test_ines_takes_on_what_is_nobodys_in_one_press(cast: Cast) -> None:
    talk = owed(cast)
    assert counts(page(cast.ines)) == {"Mine": 0, "Nobody’s yet": 1, "Late": 0, "All outstanding": 1}
    assert take_on(cast.ines, talk)["Location"] == "/interviews/?show=mine"
    assert counts(page(cast.ines)) == {"Mine": 1, "Nobody’s yet": 0, "Late": 0, "All outstanding": 1}
    text = text_of(page(cast.ines, show="mine"))
    assert "Given to you." in text
    assert "Take it on" not in text
    assert reverse("pages:interview-offer", args=[talk.pk]) in text


def test_those_who_do_not_hold_interviews_take_none_on(cast: Cast) -> None:
    talk = owed(cast)
    assert take_on(cast.amina, talk).status_code == 403
    assert take_on(cast.carl, talk).status_code == 404
    assert take_on(cast.eve, talk).status_code == 404
    assert at_the_desk(cast.ines).get(reverse("pages:interview-take-on", args=[talk.pk])).status_code == 405
    talk.refresh_from_db()
    assert talk.allocated_to is None


def test_sent_twice_it_is_taken_once_and_a_settled_one_not_at_all(cast: Cast) -> None:
    talk, key = owed(cast), str(uuid.uuid4())
    assert take_on(cast.ines, talk, key).status_code == take_on(cast.ines, talk, key).status_code == 302
    talk.refresh_from_db()
    version = talk.version
    interviews.record_decline(by=cast.ines, interview=talk, declined_at=now(), carer_view="Nothing.")
    assert take_on(cast.ines, talk).status_code == 409
    talk.refresh_from_db()
    assert talk.version == version + 1
    assert counts(page(cast.ines))["All outstanding"] == 0


def test_after_72_hours_it_is_late_and_a_try_is_counted(cast: Cast) -> None:
    talk = owed(cast)
    interviews.record_attempt(by=cast.ines, interview=talk, how="A call", outcome="No answer")
    pretend_now(now() + timedelta(hours=73))
    assert counts(page(cast.ines))["Late"] == 1
    assert "Tried 1 time, last" in text_of(page(cast.ines, show="late"))


def test_the_coordinator_sees_all_of_them_and_what_is_to_be_chased(cast: Cast) -> None:
    cora = User.objects.create_user("cora.bell@casework.example", name="Cora Bell")
    Membership.objects.create(
        user=cora, role=Role.COORDINATOR, authority=cast.exampleshire, starts_at=now() - timedelta(days=1)
    )
    take_on(cast.ines, owed(cast))
    answer = page(cora)
    assert "Kit Ashdown" in text_of(answer)
    assert "Given to Ines Vale." in text_of(answer)
    assert "To hear from the police and others" in text_of(answer)
    assert "To hear from the police" not in text_of(page(cast.ines))


def test_it_is_no_page_for_workers_homes_or_administrators(cast: Cast) -> None:
    for person in (cast.amina, cast.femi, cast.carl, cast.ada, cast.dee):
        assert page(person).status_code == 403
    assert "No interview here." in text_of(page(cast.ines))
