"""A home's first page shows who lives here now, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from casework.records.models import AuditEntry, FactKind, Placement, ProfileFact
from casework.records.times import now
from tests.front.pages.a_report import answer_all, signed_in

if TYPE_CHECKING:
    from tests.cast import Cast

HOME = "/home/"


def test_carl_sees_his_children_and_not_those_of_the_other_home(cast: Cast) -> None:
    page = signed_in(cast.carl).get(HOME).content.decode()
    assert cast.kit.name in page
    assert cast.biniam.name not in page


def test_the_whole_providers_manager_sees_both_homes(cast: Cast) -> None:
    page = signed_in(cast.gita).get(HOME).content.decode()
    assert cast.kit.name in page
    assert cast.biniam.name in page


def test_a_child_who_has_moved_is_gone_in_that_instant(cast: Cast) -> None:
    carl, placement = signed_in(cast.carl), Placement.objects.get(child=cast.kit)
    assert cast.kit.name in carl.get(HOME).content.decode()
    placement.period = type(placement.period)(placement.period.lower, now())
    placement.save()
    assert cast.kit.name not in carl.get(HOME).content.decode()


def test_an_open_report_stands_first_with_its_buttons(cast: Cast) -> None:
    carl = signed_in(cast.carl)
    carl.post(answer_all(carl, cast.kit))
    page = carl.get(HOME).content.decode()
    assert "Missing or away now (1)" in page
    assert "Add news" in page
    assert "They’re back" in page


def test_old_facts_are_counted_but_not_for_the_shared_tablet(cast: Cast) -> None:
    long_ago = now().replace(year=now().year - 1)
    ProfileFact.objects.create(
        child=cast.ola, kind=FactKind.VEHICLE, words="Green bicycle", confirmed_at=long_ago
    )
    assert "1 fact to check" in signed_in(cast.carl).get(HOME).content.decode()
    page = signed_in(cast.tablet).get(HOME).content.decode()
    assert cast.ola.name in page
    assert "to check" not in page


def test_those_who_work_in_no_home_have_no_such_page(cast: Cast) -> None:
    for person in (cast.eve, cast.amina):
        assert signed_in(person).get(HOME).status_code == 404


def test_looking_is_logged(cast: Cast) -> None:
    before = AuditEntry.objects.count()
    signed_in(cast.carl).get(reverse("pages:home"))
    assert AuditEntry.objects.count() == before + 1
