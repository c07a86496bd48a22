"""Where a child lives decides who sees the record, from the moment it is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casework.records.models import Placement
from tests.front.pages.at_the_desk import at_the_desk, send, text_of, url

if TYPE_CHECKING:
    from tests.cast import Cast


def given(name: str, day: str, clock: str) -> dict[str, str]:
    """A day and a time, typed: "2026-11-19", "22:10"."""
    year, month, date = day.split("-")
    return {
        name: "give",
        f"{name}_day": date,
        f"{name}_month": month,
        f"{name}_year": year,
        f"{name}_time": clock,
    }


def test_a_move_takes_the_record_from_one_home_to_the_other(cast: Cast) -> None:
    answer = send(
        cast.amina, "child-move", cast.kit.pk, home=cast.fenwick_house.pk, place_code="K2", at="now"
    )
    assert answer.url == url("child-detail", cast.kit.pk)
    assert at_the_desk(cast.carl).get(url("child-detail", cast.kit.pk)).status_code == 404
    assert at_the_desk(cast.mo).get(url("child-detail", cast.kit.pk)).status_code == 200


def test_a_placement_begins_where_there_was_none(cast: Cast) -> None:
    placement = cast.kit.placements.get()
    ended = send(cast.amina, "placement-end", cast.kit.pk, placement.pk, ends_at="now")
    assert ended.status_code == 302
    page = text_of(at_the_desk(cast.amina).get(url("child-detail", cast.kit.pk)))
    assert "Start a placement" in page
    started = send(
        cast.amina, "placement-start", cast.kit.pk, address="With her aunt", place_code="U3", starts_at="now"
    )
    assert started.status_code == 302
    page = text_of(at_the_desk(cast.amina).get(url("child-detail", cast.kit.pk)))
    assert "Not in a home" in page
    assert "aunt" not in page  # an address is shown by no page


def test_a_second_placement_in_the_same_time_is_refused_with_everything_typed(cast: Cast) -> None:
    answer = send(
        cast.amina,
        "placement-start",
        cast.kit.pk,
        home=cast.fenwick_house.pk,
        place_code="K2",
        address="Room 4, the annexe",
        starts_at="now",
    )
    assert answer.status_code == 409
    assert "This child already has a placement in that period." in text_of(answer)
    assert "Room 4, the annexe" in text_of(answer)


def test_a_back_dated_end_needs_its_reason(cast: Cast) -> None:
    placement = cast.kit.placements.get()
    answer = send(cast.amina, "placement-end", cast.kit.pk, placement.pk, ends_at="60")
    assert answer.status_code == 422
    assert "Say why it is recorded only now." in text_of(answer)
    reason = {"ends_at": "60", "reason": "The office was told an hour later"}
    assert send(cast.amina, "placement-end", cast.kit.pk, placement.pk, **reason).status_code == 302


@pytest.mark.ac("B13")
def test_a_time_that_never_was_is_refused(cast: Cast) -> None:
    placement = cast.kit.placements.get()
    answer = send(
        cast.amina, "placement-end", cast.kit.pk, placement.pk, **given("ends_at", "2027-03-28", "01:30")
    )
    assert answer.status_code == 422
    assert "That time did not exist: clocks went forward." in text_of(answer)


@pytest.mark.ac("B14")
def test_a_time_that_happened_twice_is_asked_again(cast: Cast) -> None:
    placement = cast.kit.placements.get()
    twice = given("ends_at", "2027-10-31", "01:30")
    answer = send(cast.amina, "placement-end", cast.kit.pk, placement.pk, **twice)
    assert "Before the clocks went back" in text_of(answer)
    answer = send(cast.amina, "placement-end", cast.kit.pk, placement.pk, **twice, ends_at_which="after")
    assert answer.status_code == 302
    assert Placement.objects.get(pk=placement.pk).period.upper.isoformat() == "2027-10-31T01:30:00+00:00"


@pytest.mark.ac("B25")
def test_a_placement_of_another_child_is_not_found(cast: Cast) -> None:
    olas = cast.ola.placements.get()
    assert send(cast.amina, "placement-end", cast.kit.pk, olas.pk, ends_at="now").status_code == 404
    assert Placement.objects.get(pk=olas.pk).period.upper is None


def test_carl_places_nobody(cast: Cast) -> None:
    carl = at_the_desk(cast.carl)
    assert carl.get(url("placement-start", cast.kit.pk)).status_code == 403
    assert carl.get(url("child-move", cast.kit.pk)).status_code == 403
