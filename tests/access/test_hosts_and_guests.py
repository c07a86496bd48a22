"""Northmoor hosts Fenwick House: its duty desk knows who lives there and whom to ring, and nothing more."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from casework.records.access import children_hosted_for, children_visible_to
from casework.records.models import Child, Membership, Placement, Role, User
from casework.records.services import placements
from casework.records.standing import standing_of
from casework.records.times import now
from incidents.services import reports
from tests.front.pages.a_report import signed_in

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def hal(cast: Cast) -> User:
    """On duty in Northmoor."""
    return works(cast, "Hal North", Role.DUTY_WORKER)


def works(cast: Cast, name: str, role: Role) -> User:
    user = User.objects.create_user(f"{name.split()[0].lower()}@northmoor.example", name=name)
    Membership.objects.create(
        user=user, role=role, authority=cast.northmoor, starts_at=now() - timedelta(days=9)
    )
    return user


def page(user: User) -> str:
    return signed_in(user).get(reverse("pages:area")).content.decode()


def test_hal_reads_name_age_home_and_whom_to_ring(cast: Cast, hal: User) -> None:
    shown = page(hal)
    for word in ("Maisie Corran, 15", "Biniam Tesfay, 16", "Fenwick House", "Exampleshire", "01632 960001"):
        assert word in shown
    for word in ("Kit", "EX-20391", "Amina", "Unaccompanied", "Larch"):
        assert word not in shown


def test_hal_reads_that_a_child_is_not_back_and_not_why(cast: Cast, hal: User) -> None:
    assert "Not back" not in page(hal)
    episode = reports.report_missing(
        by=cast.mo,
        child=cast.maisie,
        category="missing",
        noticed_at=now(),
        circumstances="Went with a man in a grey car.",
        indicators={"trafficking": "A grey car."},
    )
    shown = page(hal)
    assert "Not back" in shown
    for word in ("grey car", "rafficking", episode.reference):
        assert word not in shown


def test_a_guest_is_no_record_of_the_hosts(cast: Cast, hal: User) -> None:
    assert not children_visible_to(hal).exists()
    for name in ("child-detail", "child-reason", "child-list"):
        address = reverse(f"pages:{name}", args=[] if name == "child-list" else [cast.maisie.pk])
        answer = signed_in(hal).get(address)
        assert answer.status_code == 404 or "Maisie" not in answer.content.decode()


def test_only_the_desk_and_managers_of_the_host_are_told(cast: Cast) -> None:
    assert "Maisie" in page(works(cast, "Max North", Role.TEAM_MANAGER))
    for person in (
        cast.eve,
        cast.carl,
        cast.dee,
        cast.ada,
        works(cast, "Pia North", Role.PERFORMANCE_OFFICER),
    ):
        assert signed_in(person).get(reverse("pages:area")).status_code == 403
    assert "Maisie" not in page(cast.femi)  # Exampleshire's own desk: its own children are in its own list


def test_restricted_or_moved_away_means_gone_from_the_list(cast: Cast, hal: User) -> None:
    Child.objects.filter(pk=cast.maisie.pk).update(is_restricted=True)
    placement = Placement.objects.get(child=cast.biniam)
    placements.end_placement(by=cast.amina, placement=placement, ends_at=now())
    assert not children_hosted_for(standing_of(hal)).exists()


def test_who_works_for_two_sees_on_each_row_whose_it_is(cast: Cast, hal: User) -> None:
    """A shared emergency duty team."""
    reports.report_missing(by=cast.carl, child=cast.kit, category="missing", noticed_at=now())
    board = reverse("pages:now")
    assert "Exampleshire</strong>" not in _rows(cast.femi, board)
    Membership.objects.create(
        user=hal, role=Role.DUTY_WORKER, authority=cast.exampleshire, starts_at=now() - timedelta(days=1)
    )
    rows = _rows(hal, board)
    assert "Kit Ashdown" in rows
    assert ">Exampleshire<" in rows


def _rows(user: User, address: str) -> str:
    text = signed_in(user).get(address).content.decode()
    return text.split("<tbody")[1].split("</tbody>")[0]
