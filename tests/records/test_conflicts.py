"""A conflict of interest: to that person there is no such child."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from casework.records.access import children_visible_to, may_be_told
from casework.records.errors import Conflict, Invalid, NotAllowed
from casework.records.holders import who_holds
from casework.records.models import Child, ConflictOfInterest, Membership, Notification, User
from casework.records.notify import outbox
from casework.records.services import conflicts, grants
from tests.cast import Cast

pytestmark = pytest.mark.ac("T05.5")

DAY = datetime(2026, 6, 17, 10, 0, tzinfo=UTC)  # a Wednesday in office hours


def sees(user: User, child: Child) -> bool:
    return children_visible_to(user).filter(pk=child.pk).exists()


def test_it_outweighs_allocation_seniority_a_grant_and_living_there(cast: Cast) -> None:
    for person in (cast.amina, cast.bev, cast.ruth, cast.carl, cast.gita, cast.ada):
        assert sees(person, cast.kit)
        conflicts.declare_conflict(by=person, child=cast.kit, reason="A cousin.")
        assert not sees(person, cast.kit)
        assert sees(person, cast.ola)
    grants.grant_access(by=cast.bev, child=cast.ola, to=cast.eve, reason="x")
    conflicts.declare_conflict(by=cast.eve, child=cast.ola, reason="A cousin.")
    assert not sees(cast.eve, cast.ola)


def test_a_manager_records_it_and_another_ends_it_never_ones_own(cast: Cast) -> None:
    held = conflicts.record_conflict(by=cast.bev, person=cast.femi, child=cast.kit, reason="A neighbour.")
    assert not sees(cast.femi, cast.kit)
    own = conflicts.declare_conflict(by=cast.bev, child=cast.ola, reason="A godchild.")
    with pytest.raises(NotAllowed, match="Another manager"):
        conflicts.end_conflict(by=cast.bev, conflict=own, reason="Never mind.")
    with pytest.raises(Invalid):
        conflicts.end_conflict(by=cast.ruth, conflict=held, reason=" ")
    conflicts.end_conflict(by=cast.ruth, conflict=held, reason="They moved away.")
    assert sees(cast.femi, cast.kit)
    with pytest.raises(Conflict):
        conflicts.end_conflict(by=cast.ruth, conflict=held, reason="Twice.")


def test_only_managers_record_it_of_others(cast: Cast) -> None:
    for person in (cast.amina, cast.ada, cast.carl, cast.eve):
        with pytest.raises(NotAllowed):
            conflicts.record_conflict(by=person, person=cast.femi, child=cast.kit, reason="A neighbour.")


def test_it_is_recorded_once(cast: Cast) -> None:
    conflicts.declare_conflict(by=cast.amina, child=cast.kit, reason="A cousin.")
    with pytest.raises(Conflict):
        conflicts.record_conflict(by=cast.bev, person=cast.amina, child=cast.kit, reason="A cousin.")


def test_a_reference_in_ones_own_words_counts_at_once_and_nobody_can_tell(cast: Cast) -> None:
    known, unknown = (
        conflicts.declare_conflict_in_words(
            by=cast.femi, authority=cast.exampleshire, about=about, reason="A cousin."
        )
        for about in ("ex-20417", "Kit, from my street")
    )
    assert (known.child, unknown.child) == (cast.kit, None)
    assert not sees(cast.femi, cast.kit)


def test_a_manager_finds_the_child_that_somebody_meant(cast: Cast) -> None:
    declared = conflicts.declare_conflict_in_words(
        by=cast.femi, authority=cast.exampleshire, about="Kit, from my street", reason="A neighbour."
    )
    assert sees(cast.femi, cast.kit)
    with pytest.raises(Invalid):
        conflicts.find_child_of_conflict(by=cast.bev, conflict=declared, reference="EX-99999")
    conflicts.find_child_of_conflict(by=cast.bev, conflict=declared, reference=" ex-20417")
    assert not sees(cast.femi, cast.kit)
    with pytest.raises(Conflict):
        conflicts.find_child_of_conflict(by=cast.ruth, conflict=declared, reference="EX-20588")


# ---- messages and steps ----


def test_no_message_about_the_child_goes_to_them(cast: Cast) -> None:
    assert may_be_told(cast.amina, cast.kit)
    conflicts.declare_conflict(by=cast.amina, child=cast.kit, reason="A cousin.")
    assert not may_be_told(cast.amina, cast.kit)
    outbox.queue(
        key="k1", recipient_id=cast.amina.pk, template="step_due", child_id=cast.kit.pk, reference="E"
    )
    outbox.deliver()
    assert Notification.objects.get(key="k1").state == Notification.State.WITHDRAWN


def test_the_manager_hears_that_somebody_else_has_to_take_over(cast: Cast) -> None:
    conflicts.declare_conflict(by=cast.amina, child=cast.kit, reason="A cousin.")
    outbox.deliver()
    (letter,) = mail.outbox
    assert letter.to == [cast.bev.email]
    assert not any(word in letter.body for word in ("Kit", "Ashdown", "EX-20417", "Amina"))


def test_they_hold_no_role_for_that_child_and_the_next_does(cast: Cast) -> None:
    Membership.objects.update(starts_at=DAY - timedelta(days=365))
    conflicts.declare_conflict(by=cast.amina, child=cast.kit, reason="A cousin.")
    conflicts.declare_conflict(by=cast.carl, child=cast.kit, reason="A cousin.")
    ConflictOfInterest.objects.update(recorded_at=DAY - timedelta(days=1))

    def holds(role: str, child: Child) -> list[str]:
        people = who_holds(
            role,
            authority_id=cast.exampleshire.pk,
            home_id=cast.larch_house.pk,
            team_id=cast.team_2.pk,
            allocated_worker_id=cast.amina.pk,
            child_id=child.pk,
            at=DAY,
        )
        return [person.name.split()[0] for person in people]

    assert (holds("duty_worker", cast.ola), holds("duty_worker", cast.kit)) == (["Amina"], ["Femi"])
    assert (holds("carer", cast.ola), holds("carer", cast.kit)) == (["Carl"], ["Gita"])
