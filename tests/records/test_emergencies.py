"""A closed record opened in an emergency: who, how long, only to read, and who reviews it afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from casework.records.access import children_visible_to
from casework.records.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from casework.records.models import AuditEntry, BrokenGlass, Child, Notification, User
from casework.records.notify import outbox
from casework.records.office_hours import end_of_next_working_day
from casework.records.services import children, emergencies, profile
from casework.records.services.conflicts import declare_conflict
from casework.records.times import now, pretend_now
from incidents.access import episodes_visible_to
from incidents.services import reports
from tests.cast import Cast
from tests.records.looking import WHY, break_glass, later


@pytest.fixture
def closed(cast: Cast) -> Child:
    """Kit's record, restricted: Femi of the duty team cannot see it."""
    kit = children.restrict_child(by=cast.bev, child=cast.kit, is_restricted=True, reason="A threat.")
    assert not sees(cast.femi, kit)
    return kit


def sees(user: User, child: Child) -> bool:
    return children_visible_to(user).filter(pk=child.pk).exists()


@pytest.mark.ac("BG.1")
def test_the_record_is_open_for_an_hour_to_the_second(cast: Cast, closed: Child) -> None:
    opened = now()
    pretend_now(opened)
    glass = break_glass(cast.femi, closed)
    assert glass.until - glass.recorded_at == timedelta(minutes=60)
    pretend_now(opened + timedelta(minutes=59, seconds=59))
    assert sees(cast.femi, closed)
    pretend_now(opened + timedelta(minutes=60))
    assert not sees(cast.femi, closed)


def test_it_opens_one_child_to_one_person(cast: Cast, closed: Child) -> None:
    other = children.restrict_child(by=cast.bev, child=cast.ola, is_restricted=True, reason="A threat.")
    break_glass(cast.femi, closed)
    assert sees(cast.femi, closed)
    assert not sees(cast.femi, other)
    assert not sees(cast.ines, closed)


def test_what_happened_in_it_is_read_too(cast: Cast, closed: Child) -> None:
    episode = reports.report_missing(
        by=cast.amina, child=closed, category="missing", noticed_at=now(), circumstances="Left at night."
    )
    assert not episodes_visible_to(cast.femi).exists()
    break_glass(cast.femi, closed)
    assert list(episodes_visible_to(cast.femi)) == [episode]


def test_it_is_open_to_read_and_not_to_write(cast: Cast, closed: Child) -> None:
    break_glass(cast.femi, closed)
    with pytest.raises(NotAllowed, match="you can read it, not change it"):
        profile.record_fact(by=cast.femi, child=closed, kind="phone", words="07700 900123", source="Kit")
    with pytest.raises(NotAllowed, match="you can read it, not change it"):
        reports.report_missing(
            by=cast.femi, child=closed, category="missing", noticed_at=now(), circumstances="Left."
        )


def test_whoever_works_with_the_child_anyway_goes_on_writing(cast: Cast) -> None:
    break_glass(cast.amina, cast.kit)
    assert profile.record_fact(
        by=cast.amina, child=cast.kit, kind="phone", words="07700 900123", source="Kit"
    )


@pytest.mark.ac("BG.2")
def test_another_authoritys_child_is_never_reached(cast: Cast) -> None:
    """Not by reference, not by name and day of birth; and the answer is that for nobody at all."""
    ways: list[dict[str, object]] = [
        {"reference": cast.kit.reference},
        {"first_name": "Kit", "last_name": "Ashdown", "born_on": cast.kit.born_on},
        {"reference": "EX-00000"},
    ]
    for way in ways:
        assert emergencies.break_glass(by=cast.eve, category="danger", reason=WHY, **way) is None  # type: ignore[arg-type]
    assert not BrokenGlass.objects.exists()
    tries = AuditEntry.objects.filter(actor_id=cast.eve.pk, action="refused", about_kind="emergency")
    assert [row.child_id for row in tries] == [None] * 3


@pytest.mark.ac("BG.2")
def test_an_open_record_closes_when_the_work_for_the_authority_ends(cast: Cast, closed: Child) -> None:
    break_glass(cast.femi, closed)
    cast.femi.memberships.update(ends_at=now())
    assert not sees(cast.femi, closed)


def test_homes_police_and_administrators_have_no_glass_to_break(cast: Cast) -> None:
    for person in (cast.carl, cast.gita, cast.tablet, cast.dee, cast.ada, cast.ines):
        with pytest.raises(NotAllowed):
            break_glass(person, cast.kit)


def test_a_name_and_a_day_of_birth_find_the_child_too(cast: Cast, closed: Child) -> None:
    glass = emergencies.break_glass(
        by=cast.femi,
        category="cover",
        reason=WHY,
        first_name=" kit ",
        last_name="ASHDOWN",
        born_on=closed.born_on,
    )
    assert glass is not None
    assert glass.child == closed


@pytest.mark.parametrize("half", [{}, {"last_name": "Ashdown"}, {"born_on": date(2012, 1, 1)}])
def test_half_of_it_finds_nobody(cast: Cast, closed: Child, half: dict[str, object]) -> None:
    assert emergencies.break_glass(by=cast.femi, category="danger", reason=WHY, **half) is None  # type: ignore[arg-type]


def test_two_children_of_one_name_and_day_need_the_reference(cast: Cast) -> None:
    for reference in ("EX-1", "EX-2"):
        children.register_child(
            by=cast.ada,
            authority=cast.exampleshire,
            reference=reference,
            first_name="Sam",
            last_name="Lund",
            born_on=date(2012, 5, 4),
        )
    who = {"first_name": "Sam", "last_name": "Lund", "born_on": date(2012, 5, 4)}
    assert emergencies.break_glass(by=cast.femi, category="danger", reason=WHY, **who) is None  # type: ignore[arg-type]
    assert emergencies.break_glass(by=cast.femi, category="danger", reason=WHY, reference="ex-2", **who)  # type: ignore[arg-type]


def test_a_conflict_of_interest_is_not_broken_through(cast: Cast) -> None:
    break_glass(cast.femi, cast.kit)
    declare_conflict(by=cast.femi, child=cast.kit, reason="My nephew.")
    assert not sees(cast.femi, cast.kit)
    again = emergencies.break_glass(by=cast.femi, category="danger", reason=WHY, reference="EX-20417")
    assert again is None


def test_a_reason_of_twenty_characters_and_a_kind(cast: Cast) -> None:
    for category, reason in (("danger", "x" * 19), ("danger", " " * 30), ("curious", WHY)):
        with pytest.raises(Invalid):
            emergencies.break_glass(by=cast.femi, category=category, reason=reason, reference="EX-20417")


def test_five_tries_that_open_nothing_are_enough_for_an_hour(cast: Cast, closed: Child) -> None:
    for number in range(5):
        missed = emergencies.break_glass(
            by=cast.femi, category="danger", reason=WHY, reference=f"EX-9999{number}"
        )
        assert missed is None
    with pytest.raises(TooMany):
        break_glass(cast.femi, closed)
    later(timedelta(minutes=61))
    assert break_glass(cast.femi, closed)


def test_a_record_that_is_open_is_not_opened_twice(cast: Cast, closed: Child) -> None:
    assert break_glass(cast.femi, closed) == break_glass(cast.femi, closed)
    assert Notification.objects.filter(template="glass_broken").count() == 2


# ---- who hears ----


def test_the_childs_manager_and_the_contact_hear_at_once_without_a_name(cast: Cast, closed: Child) -> None:
    break_glass(cast.femi, closed)
    outbox.deliver()
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([cast.bev.email, cast.ruth.email])
    for letter in mail.outbox:
        words = f"{letter.subject} {letter.body}"
        assert not any(word in words for word in ("Kit", "Ashdown", "EX-20417", "Femi", "shouting"))
        assert "/reviews/" in letter.body


def test_a_manager_who_breaks_it_is_not_the_one_who_hears(cast: Cast) -> None:
    break_glass(cast.bev, cast.kit)
    heard = set(Notification.objects.filter(template="glass_broken").values_list("recipient", flat=True))
    assert heard == {cast.ruth.pk}


# ---- the review ----


def test_bev_reviews_and_it_is_done_once(cast: Cast, closed: Child) -> None:
    glass = break_glass(cast.femi, closed)
    done = emergencies.review_glass(by=cast.bev, glass=glass, outcome="justified", words="Femi was right.")
    assert (done.reviewed_by, done.outcome) == (cast.bev, "justified")
    with pytest.raises(Conflict):
        emergencies.review_glass(by=cast.ruth, glass=glass, outcome="not_justified", words="No.")


@pytest.mark.ac("BG.3")
def test_nobody_reviews_their_own(cast: Cast) -> None:
    glass = break_glass(cast.bev, cast.kit)
    with pytest.raises(NotAllowed, match="Another manager"):
        emergencies.review_glass(by=cast.bev, glass=glass, outcome="justified", words="I was right.")
    assert emergencies.review_glass(by=cast.ruth, glass=glass, outcome="justified", words="She was right.")


@pytest.mark.ac("BG.3")
def test_the_database_refuses_it_as_well(cast: Cast) -> None:
    from django.db import IntegrityError, transaction

    glass = break_glass(cast.bev, cast.kit)
    with pytest.raises(IntegrityError, match="glass_reviewed_by_another"), transaction.atomic():
        BrokenGlass.objects.filter(pk=glass.pk).update(
            reviewed_by=cast.bev, reviewed_at=now(), outcome="justified"
        )


def test_a_review_is_a_managers_who_sees_the_child_without_an_emergency(cast: Cast, closed: Child) -> None:
    glass = break_glass(cast.femi, closed)
    with pytest.raises(NotAllowed):
        emergencies.review_glass(by=cast.amina, glass=glass, outcome="justified", words="Yes.")
    declare_conflict(by=cast.bev, child=closed, reason="My nephew.")
    with pytest.raises(NotFound):
        emergencies.review_glass(by=cast.bev, glass=glass, outcome="justified", words="Yes.")


def test_who_has_one_unreviewed_for_three_days_opens_no_other(cast: Cast, closed: Child) -> None:
    glass = break_glass(cast.femi, closed)
    later(timedelta(days=3, seconds=1))
    with pytest.raises(NotAllowed, match="waited for its review for more than 3 days"):
        break_glass(cast.femi, cast.ola)
    emergencies.review_glass(by=cast.bev, glass=glass, outcome="not_justified", words="Could have rung me.")
    assert break_glass(cast.femi, cast.ola)


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        (datetime(2026, 11, 17, 10, 0, tzinfo=UTC), datetime(2026, 11, 18, 17, 0, tzinfo=UTC)),  # Tuesday
        (
            datetime(2026, 11, 20, 23, 0, tzinfo=UTC),
            datetime(2026, 11, 23, 17, 0, tzinfo=UTC),
        ),  # Friday night
        (datetime(2026, 12, 24, 12, 0, tzinfo=UTC), datetime(2026, 12, 29, 17, 0, tzinfo=UTC)),  # Christmas
        (datetime(2026, 6, 17, 22, 30, tzinfo=UTC), datetime(2026, 6, 18, 16, 0, tzinfo=UTC)),  # summer time
    ],
)
def test_the_review_is_due_when_the_next_working_day_closes(opened: datetime, due: datetime) -> None:
    assert end_of_next_working_day(opened) == due
