"""What stands behind the question mark of a list: only what the list offers (Q03 to Q05)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest
from django.urls import reverse

from casework.front.returns.ssda903 import this_year
from casework.records.models import Membership, Role
from casework.records.times import now
from tests.front.pages.a_report import signed_in
from tests.front.pages.at_the_desk import text_of, url
from tests.front.pages.duty_night import in_force, missing

if TYPE_CHECKING:
    from tests.cast import Cast

PROBES: Final = (
    pytest.param("ordering=password", marks=pytest.mark.ac("Q03")),
    pytest.param("ordering=-child__address", marks=pytest.mark.ac("Q03")),
    pytest.param("ordering=%3F", marks=pytest.mark.ac("Q03")),
    pytest.param("child__address__startswith=A", marks=pytest.mark.ac("Q04")),
    pytest.param("last_name=Ashdown", marks=pytest.mark.ac("Q04")),
    pytest.param("_connector=OR%201%3D1", marks=pytest.mark.ac("Q05")),
    pytest.param("a%29%20--%3D1", marks=pytest.mark.ac("Q05")),
    pytest.param("child.address=1", marks=pytest.mark.ac("Q05")),
    pytest.param("%00=1", marks=pytest.mark.ac("Q05")),
    pytest.param("show=all&show=missing", marks=pytest.mark.ac("Q05")),
    pytest.param("show=%27%20OR%201%3D1", marks=pytest.mark.ac("Q05")),
    pytest.param("page=-1", marks=pytest.mark.ac("Q05")),
    pytest.param("page=1e9", marks=pytest.mark.ac("Q05")),
)
LISTS: Final = ("now", "overdue", "my-work", "handover", "child-list", "area", "reports-ours")


@pytest.mark.parametrize("probe", PROBES)
def test_no_list_takes_a_question_that_it_does_not_offer(cast: Cast, probe: str) -> None:
    for post in ({"home": cast.larch_house}, {"authority": cast.exampleshire}):
        role = Role.HOME_STAFF if "home" in post else Role.PERFORMANCE_OFFICER
        Membership.objects.create(user=cast.femi, role=role, starts_at=now() - timedelta(days=1), **post)
    in_force(cast)
    desk, year = signed_in(cast.femi), (cast.exampleshire.pk, this_year())
    for address in (
        *map(url, LISTS),
        url("episode-detail", missing(cast).pk),
        reverse("returns:ssda903-year", args=year),
    ):
        assert desk.get(address).status_code == 200, address
        answer = desk.get(f"{address}?{probe}")
        assert answer.status_code == 400, address
        assert "Ashdown" not in text_of(answer)


def test_the_questions_that_a_list_offers_are_taken(cast: Cast) -> None:
    femi = signed_in(cast.femi)
    for address in (
        f"{url('now')}?show=missing",
        f"{url('my-work')}?show=steps",
        f"{url('child-list')}?page=9",
    ):
        assert femi.get(address).status_code == 200
