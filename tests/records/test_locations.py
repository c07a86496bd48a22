"""Where a child lives: a reason first, the audit with it, and no more looks than the settings allow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from casework.records.errors import Invalid, NotAllowed, Unavailable
from casework.records.models import AddressLookUp, AuditEntry, Child, Notification, Placement
from casework.records.notify import outbox
from casework.records.services.children import allocate_worker
from casework.records.services.grants import grant_access
from incidents.services import reports
from tests.cast import Cast
from tests.records.looking import break_glass, later, look
from tests.records.test_races import at_once

NINE_MINUTES = timedelta(minutes=9)


@pytest.fixture
def homes(cast: Cast) -> None:
    for home, address in ((cast.larch_house, "4 Alder Row"), (cast.fenwick_house, "9 Weir Lane")):
        home.address, home.postcode = address, "ZZ99 3WZ"
        home.save()


@pytest.mark.ac("T05.1")
def test_amina_is_shown_where_kit_lives_and_the_look_says_why(cast: Cast, homes: None) -> None:
    assert look(cast.amina, cast.kit).lines == ("Larch House", "4 Alder Row", "ZZ99 3WZ")
    row = AuditEntry.objects.get(about_kind="address")
    assert (row.actor_id, row.child_id, row.fields) == (cast.amina.pk, cast.kit.pk, ["address"])
    assert row.reason == "I am visiting or collecting the child: Taking a letter"


def test_without_a_home_the_placements_own_address_is_shown(cast: Cast) -> None:
    Placement.objects.filter(child=cast.kit).update(home=None, address="c/o Aunt June\n2 Mill Cottages")
    assert look(cast.amina, cast.kit).lines == ("c/o Aunt June", "2 Mill Cottages")


def test_a_home_without_an_address_says_so(cast: Cast) -> None:
    assert look(cast.amina, cast.kit).lines == ("Larch House", "No address is recorded.")


def test_no_reason_no_words_no_address(cast: Cast) -> None:
    from incidents.services.locations import show_address

    placement = Placement.objects.get(child=cast.kit)
    for reason, words in (("", "A visit"), ("curious", "A visit"), ("visit", " ")):
        with pytest.raises(Invalid):
            show_address(by=cast.amina, placement=placement, reason=reason, words=words)
    assert not AddressLookUp.objects.exists()


def test_those_who_live_there_and_those_who_only_plan_or_interview_are_shown_none(cast: Cast) -> None:
    for person in (cast.carl, cast.gita, cast.tablet, cast.ada, cast.ines, cast.dee, cast.eve):
        with pytest.raises(NotAllowed):
            look(person, cast.kit)


def test_an_interviewer_is_shown_it_by_a_grant_that_says_so(cast: Cast, homes: None) -> None:
    from django.contrib.auth.models import Permission

    grant = grant_access(by=cast.bev, child=cast.kit, to=cast.ines, reason="Interviews Kit at home")
    with pytest.raises(NotAllowed):
        look(cast.ines, cast.kit)
    grant.permission = Permission.objects.get(codename="view_location")
    grant.save()
    assert "4 Alder Row" in look(cast.ines, cast.kit).lines


@pytest.mark.ac("T05.2")
def test_without_an_audit_there_is_no_address(cast: Cast, homes: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("REVOKE INSERT ON records_auditentry FROM casework_app")
        cursor.execute("SET LOCAL ROLE casework_app")
    with pytest.raises(Unavailable, match="We cannot show this just now"):
        look(cast.amina, cast.kit)
    assert not AddressLookUp.objects.exists()


# ---- how often ----


@pytest.mark.ac("T05.3")
def test_the_sixth_look_in_ten_minutes_is_one_too_many(cast: Cast, homes: None) -> None:
    assert [bool(look(cast.femi, cast.kit).lines) for _ in range(5)] == [True] * 5
    sixth = look(cast.femi, cast.ola)
    assert (sixth.lines, sixth.look_up.was_refused) == ((), True)
    assert AuditEntry.objects.filter(action="refused", actor_id=cast.femi.pk, about_kind="address").exists()
    later(timedelta(minutes=10, seconds=1))
    assert look(cast.femi, cast.ola).lines


@pytest.mark.ac("T05.3")
def test_the_twenty_first_look_in_a_day_is_one_too_many(cast: Cast, homes: None) -> None:
    for _ in range(4):
        assert all(look(cast.femi, cast.kit).lines for _ in range(5))
        later(timedelta(minutes=11))
    assert look(cast.femi, cast.kit).look_up.was_refused
    later(timedelta(hours=23, minutes=17))
    assert look(cast.femi, cast.kit).lines


@pytest.mark.ac("T05.3")
def test_who_is_missing_or_ones_own_never_counts(cast: Cast, homes: None) -> None:
    from casework.records.times import now

    reports.report_missing(
        by=cast.femi, child=cast.kit, category="missing", noticed_at=now(), circumstances="Left at night."
    )
    assert all(look(cast.femi, cast.kit).lines for _ in range(12))
    ola = allocate_worker(by=cast.bev, child=cast.ola, worker=cast.amina)
    assert all(look(cast.amina, Child.objects.get(pk=ola.pk)).lines for _ in range(12))
    assert AddressLookUp.objects.filter(is_counted=True).count() == 0
    assert AddressLookUp.objects.count() == 24


@pytest.mark.ac("T05.3")
def test_the_contact_hears_of_it_without_a_name_and_once_an_hour(cast: Cast, homes: None) -> None:
    cast.exampleshire.data_protection_contact = cast.ada
    cast.exampleshire.save()
    for _ in range(8):
        look(cast.femi, cast.kit)
    outbox.deliver()
    (letter,) = mail.outbox
    assert letter.to == [cast.ada.email]
    assert not any(word in letter.body for word in ("Kit", "Ashdown", "Femi", "EX-20417", "Larch"))
    assert "/reviews/" in letter.body


def test_without_a_contact_the_head_of_service_hears(cast: Cast, homes: None) -> None:
    for _ in range(6):
        look(cast.femi, cast.kit)
    assert Notification.objects.get(template="many_addresses").recipient == cast.ruth


@pytest.mark.ac("T05.3")
def test_an_emergency_is_the_way_past_the_limit_and_is_written_down(cast: Cast, homes: None) -> None:
    for _ in range(6):
        look(cast.femi, cast.kit)
    break_glass(cast.femi, cast.ola)
    assert look(cast.femi, cast.ola).lines
    assert look(cast.femi, cast.kit).look_up.was_refused


@pytest.mark.django_db(transaction=True)
@pytest.mark.ac("T05.3")
def test_two_looks_at_once_cannot_both_be_the_fifth(cast: Cast) -> None:
    for _ in range(4):
        look(cast.femi, cast.kit)
    assert at_once(*[lambda: look(cast.femi, cast.kit)] * 4) == ["done"] * 4
    assert AddressLookUp.objects.filter(was_refused=False).count() == 5
