"""The page that shows an address: never before a reason, for a minute, once."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client

from casework.records.models import AddressLookUp, AuditEntry, Placement
from casework.records.times import now
from incidents.services import reports
from protocols import engine
from tests.front.pages.at_the_desk import at_the_desk, send, text_of, url

if TYPE_CHECKING:
    from tests.cast import Cast

CANARY = "7 Canary Terrace"
WHY = {"reason": "visit", "words": "Taking Kit to court"}


@pytest.fixture(autouse=True)
def address(cast: Cast) -> None:
    cast.larch_house.address, cast.larch_house.postcode = CANARY, "ZZ99 3WZ"
    cast.larch_house.save()


@pytest.fixture
def page(cast: Cast) -> str:
    return url("placement-address", cast.kit.pk, Placement.objects.get(child=cast.kit).pk)


@pytest.mark.ac("T05.1")
def test_it_is_on_no_page_until_the_reason_is_sent(cast: Cast, page: str) -> None:
    episode = reports.report_missing(
        by=cast.amina, child=cast.kit, category="missing", noticed_at=now(), circumstances="Left at night."
    )
    engine.wake(episode.pk)
    amina = at_the_desk(cast.amina)
    before = [
        url("child-detail", cast.kit.pk),
        url("episode-detail", episode.pk),
        url("episode-details", episode.pk),
        url("episode-grab-sheet", episode.pk),
        url("episode-address", episode.pk),
        url("now"),
        page,
    ]
    assert not [one for one in before if CANARY in text_of(amina.get(one))]
    for answers in ({}, {"reason": "visit"}, {"words": "A visit"}, {"reason": "curious", "words": "A visit"}):
        answer = amina.post(page, answers)
        assert (answer.status_code, CANARY in text_of(answer)) == (422, False)
    shown = amina.post(url("episode-address", episode.pk), WHY)
    assert CANARY in text_of(shown)


@pytest.mark.ac("T05.1")
def test_it_is_shown_for_a_minute_and_kept_nowhere(cast: Cast, page: str) -> None:
    shown = at_the_desk(cast.amina).post(page, WHY)
    text = text_of(shown)
    assert shown.headers["Cache-Control"] == "no-store"
    assert f'<meta http-equiv="refresh" content="60;url={url("child-detail", cast.kit.pk)}">' in text
    assert 'data-hide-after="60"' in text
    assert "<title>Address, EX-20417 - Casework</title>" in text


@pytest.mark.ac("T05.1")
def test_the_row_says_who_whom_why_from_where_and_in_which_session(cast: Cast, page: str) -> None:
    client = at_the_desk(cast.amina)
    client.post(page, WHY, REMOTE_ADDR="203.0.113.7")
    row = AuditEntry.objects.get(about_kind="address")
    assert (row.actor_id, row.child_id, row.address) == (cast.amina.pk, cast.kit.pk, "203.0.113.7")
    assert row.reason.endswith("Taking Kit to court")
    assert len(row.session) == 64
    assert row.at is not None


@pytest.mark.ac("T05.1")
def test_going_back_and_sending_it_again_does_not_show_it_again(cast: Cast, page: str) -> None:
    client, answers = at_the_desk(cast.amina), {**WHY, "form_key": str(uuid.uuid4())}
    assert CANARY in text_of(client.post(page, answers))
    again = client.post(page, answers)
    assert (again.status_code, again.headers["Location"]) == (302, url("child-detail", cast.kit.pk))
    assert AddressLookUp.objects.count() == 1


@pytest.mark.ac("T05.2")
def test_without_an_audit_the_page_says_not_now(cast: Cast, page: str) -> None:
    client = at_the_desk(cast.amina)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("REVOKE INSERT ON records_auditentry FROM casework_app")
        cursor.execute("SET LOCAL ROLE casework_app")
    answer = client.post(page, WHY)
    assert answer.status_code == 503
    assert "We cannot show this just now." in text_of(answer)
    assert CANARY not in text_of(answer)


@pytest.mark.ac("T05.3")
def test_one_too_many_is_a_page_that_says_whom_to_ask(cast: Cast, page: str) -> None:
    client = at_the_desk(cast.femi)
    answers = [client.post(page, WHY) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    text = text_of(answers[5])
    assert "You have looked at many addresses. Ask your manager." in text
    assert CANARY not in text
    stopped = text_of(at_the_desk(cast.ruth).get(url("reviews")))
    assert "Femi Castell" in stopped.partition("Stopped after many addresses")[2]


def test_those_who_live_there_are_offered_nothing_and_get_nothing(cast: Cast, page: str) -> None:
    reports.report_missing(by=cast.carl, child=cast.kit, category="missing", noticed_at=now())
    for person in (cast.carl, cast.ada):
        client: Client = at_the_desk(person)
        assert "Show address" not in text_of(client.get(url("child-detail", cast.kit.pk)))
        assert client.get(page).status_code == 403
        assert client.post(page, WHY).status_code == 403
    assert (
        send(
            cast.eve, "placement-address", cast.kit.pk, Placement.objects.get(child=cast.kit).pk, **WHY
        ).status_code
        == 404
    )


def test_a_placement_of_another_child_is_not_shown_under_this_one(cast: Cast) -> None:
    strange = url("placement-address", cast.ola.pk, Placement.objects.get(child=cast.kit).pk)
    assert at_the_desk(cast.amina).post(strange, WHY).status_code == 404


def test_a_future_placement_is_shown_the_same_way(cast: Cast) -> None:
    from datetime import timedelta

    from casework.records.services import placements

    current = Placement.objects.get(child=cast.kit)
    moves_at = now() + timedelta(days=3)
    placements.end_placement(by=cast.amina, placement=current, ends_at=moves_at)
    cast.fenwick_house.address = "9 Weir Lane"
    cast.fenwick_house.save()
    future = placements.start_placement(
        by=cast.amina, child=cast.kit, home=cast.fenwick_house, starts_at=moves_at
    )
    shown = at_the_desk(cast.amina).post(url("placement-address", cast.kit.pk, future.pk), WHY)
    assert "9 Weir Lane" in text_of(shown)
    assert at_the_desk(cast.carl).post(url("placement-address", cast.kit.pk, future.pk), WHY).status_code in (
        403,
        404,
    )
