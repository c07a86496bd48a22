"""Where a child lives: no two places at once, an end with its reason, a move all or nothing."""

from datetime import timedelta

import pytest

from casework.records.errors import Conflict, Invalid, NotAllowed
from casework.records.models import Placement
from casework.records.services import placements
from casework.records.services.placements import OVERLAP
from casework.records.times import now
from casework.records.verbs import RecordVerb
from tests.cast import Cast


@pytest.fixture
def at_larch(cast: Cast) -> Placement:
    """Kit's placement at Larch House, 300 days long so far."""
    return Placement.objects.get(child=cast.kit)


def test_an_end_keeps_the_period_and_tells_the_story(cast: Cast, at_larch: Placement) -> None:
    ends = now()
    ended = placements.end_placement(by=cast.ada, placement=at_larch, ends_at=ends)
    assert ended.is_ended
    assert (ended.period.lower, ended.period.upper) == (at_larch.period.lower, ends)
    entry = cast.kit.chronology.get(verb=RecordVerb.PLACEMENT_ENDED)
    assert (entry.about_id, entry.occurred_at, entry.actor) == (at_larch.pk, ends, cast.ada)


@pytest.mark.ac("T02.5")
def test_a_back_dated_end_needs_its_reason(cast: Cast, at_larch: Placement) -> None:
    last_week = now() - timedelta(days=7)
    with pytest.raises(Invalid) as refusal:
        placements.end_placement(by=cast.ada, placement=at_larch, ends_at=last_week)
    assert refusal.value.field == "reason"
    reason = "The home told us late"
    ended = placements.end_placement(by=cast.ada, placement=at_larch, ends_at=last_week, reason=reason)
    assert ended.reason_ended == reason


def test_an_ended_placement_is_never_edited(cast: Cast, at_larch: Placement) -> None:
    placements.end_placement(by=cast.ada, placement=at_larch, ends_at=now())
    with pytest.raises(Conflict) as refusal:
        placements.end_placement(by=cast.ada, placement=at_larch, ends_at=now() + timedelta(days=1))
    assert refusal.value.code == "placement_ended"


def test_an_end_to_come_can_still_move(cast: Cast, at_larch: Placement) -> None:
    placements.end_placement(by=cast.ada, placement=at_larch, ends_at=now() + timedelta(days=9))
    sooner = now() + timedelta(days=2)
    assert placements.end_placement(by=cast.ada, placement=at_larch, ends_at=sooner).period.upper == sooner


def test_a_placement_does_not_end_before_it_starts(cast: Cast, at_larch: Placement) -> None:
    with pytest.raises(Invalid) as refusal:
        placements.end_placement(
            by=cast.ada, placement=at_larch, ends_at=at_larch.period.lower, reason="Typing error"
        )
    assert refusal.value.field == "ends_at"


@pytest.mark.ac("T02.5")
@pytest.mark.parametrize("days", [-400, -300, -1, 0, 30])
def test_no_child_is_in_two_places_at_once(cast: Cast, days: int) -> None:
    starts = now() + timedelta(days=days)
    with pytest.raises(Conflict) as refusal:
        placements.start_placement(by=cast.ada, child=cast.kit, home=cast.fenwick_house, starts_at=starts)
    assert refusal.value.message == OVERLAP
    assert Placement.objects.filter(child=cast.kit).count() == 1


def test_a_move_ends_one_and_starts_the_other_at_one_moment(cast: Cast, at_larch: Placement) -> None:
    moves = now()
    there = placements.move_child(
        by=cast.ada, child=cast.kit, home=cast.fenwick_house, at=moves, place_code="K2"
    )
    at_larch.refresh_from_db()
    assert at_larch.period.upper == there.period.lower == moves
    assert there.home == cast.fenwick_house


def test_a_move_that_cannot_start_does_not_end(cast: Cast, at_larch: Placement) -> None:
    to_come = now() + timedelta(days=10)
    placements.end_placement(by=cast.ada, placement=at_larch, ends_at=to_come)
    placements.start_placement(by=cast.ada, child=cast.kit, home=cast.fenwick_house, starts_at=to_come)
    with pytest.raises(Conflict):
        placements.move_child(by=cast.ada, child=cast.kit, home=cast.fenwick_house, at=now())
    at_larch.refresh_from_db()
    assert at_larch.period.upper == to_come


def test_a_child_without_a_placement_is_placed_not_moved(cast: Cast, at_larch: Placement) -> None:
    placements.end_placement(by=cast.ada, placement=at_larch, ends_at=now())
    with pytest.raises(Conflict) as refusal:
        placements.move_child(by=cast.ada, child=cast.kit, home=cast.fenwick_house, at=now())
    assert refusal.value.code == "no_placement"


def test_a_placement_without_a_home_needs_an_address(cast: Cast, at_larch: Placement) -> None:
    placements.end_placement(by=cast.ada, placement=at_larch, ends_at=now())
    with pytest.raises(Invalid):
        placements.start_placement(by=cast.ada, child=cast.kit, home=None, starts_at=now())
    placed = placements.start_placement(
        by=cast.ada, child=cast.kit, home=None, starts_at=now(), place_code="P1", address="2 Example Row"
    )
    assert placed.home is None


def test_neither_carl_nor_eve_moves_kit(cast: Cast, at_larch: Placement) -> None:
    for person in (cast.carl, cast.eve):
        with pytest.raises(NotAllowed):
            placements.end_placement(by=person, placement=at_larch, ends_at=now())
        with pytest.raises(NotAllowed):
            placements.start_placement(
                by=person, child=cast.kit, home=cast.larch_house, starts_at=now() + timedelta(days=1)
            )
