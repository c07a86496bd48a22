"""The pages of an emergency: the password again, a red frame, nothing to write, and a review."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from django.test import Client

from casework.records.models import BrokenGlass, Child, Placement, User
from casework.records.services import children
from casework.records.times import now, pretend_now
from incidents.services import reports
from protocols import engine
from tests.access.doors import ROUTES
from tests.cast import PASSWORD
from tests.front.pages.at_the_desk import at_the_desk, text_of, url

if TYPE_CHECKING:
    from tests.cast import Cast

WHY: Final = {"category": "danger", "reason": "A neighbour rang: shouting in the flat.", "password": PASSWORD}
NOT_WRITTEN: Final = frozenset({403, 404, 405})  # 404: an id that is not among this child's; 405: only shown


@pytest.fixture
def femi(cast: Cast) -> Client:
    cast.femi.set_password(PASSWORD)
    cast.femi.save()
    return at_the_desk(cast.femi)


@pytest.fixture
def closed(cast: Cast) -> Child:
    return children.restrict_child(by=cast.bev, child=cast.kit, is_restricted=True, reason="A threat.")


def open_it(client: Client, **answers: Any) -> Any:
    return client.post(url("emergency"), {**WHY, **answers})


def test_femi_opens_kits_record_and_every_page_of_it_is_framed(
    cast: Cast, femi: Client, closed: Child
) -> None:
    record = url("child-detail", closed.pk)
    assert femi.get(record).status_code == 404
    answer = open_it(femi, reference="EX-20417")
    assert (answer.status_code, answer.headers["Location"]) == (302, record)
    text = text_of(femi.get(record))
    assert "cw-emergency" in text
    assert "You can read this record, not change it." in text
    for words in ("Change details", "Add a fact", "Move the child", "Still true"):
        assert words not in text


def test_the_frame_is_this_childs_and_goes_with_the_hour(cast: Cast, femi: Client, closed: Child) -> None:
    open_it(femi, reference="EX-20417")
    assert "cw-emergency" not in text_of(femi.get(url("child-detail", cast.ola.pk)))
    pretend_now(now() + timedelta(minutes=61))
    assert femi.get(url("child-detail", closed.pk)).status_code == 404


@pytest.mark.ac("BG.2")
def test_not_there_not_ones_own_and_in_conflict_are_answered_alike(cast: Cast, closed: Child) -> None:
    from casework.records.services.conflicts import declare_conflict

    for person in (cast.eve, cast.amina):
        person.set_password(PASSWORD)
        person.save()
    declare_conflict(by=cast.amina, child=cast.ola, reason="A cousin.")
    said = {
        _without_key(open_it(at_the_desk(person), reference=reference), reference)
        for person, reference in (
            (cast.eve, "EX-20417"),
            (cast.eve, "EX-00000"),
        )
    }
    assert len(said) == 1
    own = {
        _without_key(open_it(at_the_desk(cast.amina), reference=reference), reference)
        for reference in ("EX-20588", "EX-00000")
    }
    assert len(own) == 1
    assert not BrokenGlass.objects.exists()


def _without_key(answer: Any, typed: str) -> str:
    """What the page says, without what was typed and the keys that differ each time."""
    import re

    assert answer.status_code == 422
    text = text_of(answer).replace(typed, "")
    assert "No record was opened." in text
    return re.sub(
        r'value="[^"]{20,}"|data-now="[^"]+"|<time[^>]*>[^<]*</time>|\d+ seconds? ago|just now', "", text
    )


def test_the_password_is_asked_again_and_never_shown(cast: Cast, femi: Client, closed: Child) -> None:
    wrong = open_it(femi, reference="EX-20417", password="three word guess")
    assert wrong.status_code == 422
    assert "That is not your password." in text_of(wrong)
    assert "three word guess" not in text_of(wrong)
    missing = open_it(femi, reference="EX-20417", password="")
    assert "Enter your password." in text_of(missing)
    assert not BrokenGlass.objects.exists()


def test_wrong_passwords_count_as_they_do_at_the_door(cast: Cast, femi: Client, closed: Child) -> None:
    for _ in range(5):
        assert open_it(femi, reference="EX-20417", password="three word guess").status_code == 422
    limited = open_it(femi, reference="EX-20417")
    assert limited.status_code == 429
    assert "Too many tries." in text_of(limited)


def test_a_short_reason_is_sent_back(femi: Client, closed: Child) -> None:
    answer = open_it(femi, reference="EX-20417", reason="Danger")
    assert answer.status_code == 422
    assert "Say why in 20 characters or more." in text_of(answer)


def test_nothing_can_be_written_by_any_page_of_the_child(cast: Cast, femi: Client, closed: Child) -> None:
    """Every address that names the child or the episode, sent with nothing: a 403, or no such door."""
    episode = reports.report_missing(
        by=cast.amina, child=closed, category="missing", noticed_at=now(), circumstances="Left at night."
    )
    engine.wake(episode.pk)
    open_it(femi, reference="EX-20417")
    ids = {
        "child_id": closed.pk,
        "episode_id": episode.pk,
        "placement_id": Placement.objects.get(child=closed).pk,
    }
    open_doors = []
    for name, route in ROUTES.items():
        if route.ids and set(route.ids) <= ids.keys() and not route.others and name not in READ_BY_SENDING:
            answer = femi.post(route.address(ids), {})
            if answer.status_code not in NOT_WRITTEN:
                open_doors.append((name, answer.status_code))
    assert open_doors == []


READ_BY_SENDING: Final = frozenset(
    {"placement-address", "episode-address", "conflict-of-child", "child-reason"}
)


# ---- the review ----


def test_bev_finds_it_to_review_and_says_what_she_found(cast: Cast, femi: Client, closed: Child) -> None:
    open_it(femi, reference="EX-20417")
    bev, glass = at_the_desk(cast.bev), BrokenGlass.objects.get()
    listed = text_of(bev.get(url("reviews")))
    assert "Waiting for a review (1)" in listed
    assert "shouting in the flat" in listed
    sent = bev.post(
        url("emergency-review", glass.pk), {"outcome": "not_justified", "words": "Ring me first."}
    )
    assert sent.status_code == 302
    assert "Not justified" in text_of(bev.get(url("reviews")))


def test_femi_sees_that_hers_waits_and_nothing_of_anybody_else(
    cast: Cast, femi: Client, closed: Child
) -> None:
    open_it(femi, reference="EX-20417")
    listed = text_of(femi.get(url("reviews")))
    assert "A manager reviews it" in listed
    assert "Stopped after many addresses" not in listed
    assert "Waiting for a review (0)" in text_of(at_the_desk(cast.amina).get(url("reviews")))


def test_it_is_red_after_a_working_day(cast: Cast, femi: Client, closed: Child) -> None:
    open_it(femi, reference="EX-20417")
    bev = at_the_desk(cast.bev)
    assert "cw-alarm" not in text_of(bev.get(url("reviews")))
    pretend_now(BrokenGlass.objects.get().review_due_at)
    assert "cw-alarm" in text_of(bev.get(url("reviews")))


@pytest.mark.ac("BG.3")
def test_bev_is_refused_the_review_of_her_own(cast: Cast, closed: Child) -> None:
    cast.bev.set_password(PASSWORD)
    cast.bev.save()
    bev = at_the_desk(cast.bev)
    open_it(bev, reference="EX-20417")
    glass = BrokenGlass.objects.get()
    answer = bev.post(url("emergency-review", glass.pk), {"outcome": "justified", "words": "I was right."})
    assert answer.status_code == 403
    assert "Another manager has to review this." in text_of(answer)
    assert "Another manager reviews it" in text_of(bev.get(url("reviews")))


def test_the_contact_sees_that_it_happened_and_no_child(cast: Cast, femi: Client, closed: Child) -> None:
    contact = _somebody(cast)
    open_it(femi, reference="EX-20417")
    text = text_of(at_the_desk(contact).get(url("reviews")))
    assert "Femi Castell" in text
    for words in ("EX-20417", "Ashdown", "shouting", str(closed.pk)):
        assert words not in text
    assert at_the_desk(contact).get(url("emergency-review", BrokenGlass.objects.get().pk)).status_code == 404


def _somebody(cast: Cast) -> User:
    """A performance officer whom the authority named for data protection."""
    from casework.records.models import Membership, Role

    user = User.objects.create_user("oz.lind@exampleshire.example", name="Oz Lind")
    Membership.objects.create(user=user, role=Role.PERFORMANCE_OFFICER, authority=cast.exampleshire)
    cast.exampleshire.data_protection_contact = user
    cast.exampleshire.save()
    return user


def test_ada_names_the_contact_from_among_the_authoritys_people(cast: Cast) -> None:
    page = url("authority-change", cast.exampleshire.pk)
    answers = {"version": 1, "name": "Exampleshire", "code": "EXS", "police_force": cast.police.pk}
    ada = at_the_desk(cast.ada)
    assert ada.post(page, {**answers, "data_protection_contact": cast.eve.pk}).status_code == 422
    assert ada.post(page, {**answers, "data_protection_contact": cast.ruth.pk}).status_code == 302
    assert "Ruth Sandiford" in text_of(ada.get(url("authority-detail", cast.exampleshire.pk)))
