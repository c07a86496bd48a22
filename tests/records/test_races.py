"""Two people at once, on connections of their own: one wins, the other is told, nothing is half done."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from casework.records.errors import Refused
from casework.records.models import Child, Membership, Placement, Role, User
from casework.records.services import children, people, placements
from casework.records.times import now
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run the acts side by side; each one's refusal code, or "done"."""
    start, outcomes = Barrier(len(acts)), ["lost"] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
            outcomes[number] = "done"
        except Refused as refusal:
            outcomes[number] = refusal.code
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.mark.ac("T14.1")
def test_of_two_corrections_one_is_told_that_it_changed(cast: Cast) -> None:
    def correct(by: User, languages: str) -> Callable[[], object]:
        kit = Child.objects.get(pk=cast.kit.pk)
        changes = {"languages": languages}
        return lambda: children.correct_child(by=by, child=kit, version=kit.version, changes=changes)

    assert at_once(correct(cast.amina, "Welsh"), correct(cast.bev, "Polish")) == ["changed", "done"]
    assert Child.objects.get(pk=cast.kit.pk).version == cast.kit.version + 1


@pytest.mark.ac("T02.5")
def test_a_child_is_placed_once_whoever_presses_first(cast: Cast) -> None:
    placements.end_placement(by=cast.ada, placement=Placement.objects.get(child=cast.kit), ends_at=now())
    starts = now()

    def place() -> object:
        return placements.start_placement(
            by=cast.ada, child=cast.kit, home=cast.fenwick_house, starts_at=starts
        )

    assert at_once(place, place, place) == ["done", "placement_overlap", "placement_overlap"]


def test_two_administrators_cannot_end_each_other(cast: Cast) -> None:
    second = people.invite(
        by=cast.ada,
        email="second@exs.example",
        name="Second",
        role=Role.ADMINISTRATOR,
        authority=cast.exampleshire,
    )
    first = Membership.objects.get(user=cast.ada)
    outcomes = at_once(
        lambda: people.end_membership(by=second.user, membership=first),
        lambda: people.end_membership(by=cast.ada, membership=second),
    )
    assert outcomes.count("done") == 1
    assert Membership.objects.filter(role=Role.ADMINISTRATOR, ends_at__isnull=True).count() == 1
