"""The weekly list names exactly those who looked without a part in the case; and Monday's message nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import cycle, islice

import pytest

from casework.records import audit
from casework.records.local_time import WALL
from casework.records.models import (
    BrokenGlass,
    Child,
    Membership,
    Notification,
    Role,
    User,
)
from casework.records.notify.templates import TEMPLATES
from casework.records.services import children, grants
from casework.records.services.reasons import give_reason
from casework.records.times import now, pretend_now
from incidents.models import MissingEpisode, ReturnInterview
from incidents.services import actions, closing, interviews, reports, returns
from incidents.services.actions import Agreed
from protocols.tasks import tell_of_unexplained_looks
from protocols.unexplained import Week, tell_of_last_week, unexplained_looks
from tests.cast import Cast
from tests.records.audit_rows import as_owner_without_triggers, do

Look = tuple[User, Child]


@pytest.fixture
def una(cast: Cast) -> User:
    """A social worker of the authority, in no team, with no child."""
    user = User.objects.create_user("una.birk@casework.example", name="Una Birk")
    long_ago = now() - timedelta(days=400)
    Membership.objects.create(
        user=user, role=Role.SOCIAL_WORKER, authority=cast.exampleshire, starts_at=long_ago
    )
    return user


def last_week() -> Week:
    return Week.of(now()).before


@pytest.fixture
def wednesday(cast: Cast) -> datetime:
    """The moment that the record believes in: noon on Wednesday of last week."""
    moment = last_week().begins_at + timedelta(days=2, hours=12)
    pretend_now(moment)
    return moment


def look(user: User, child: Child) -> None:
    audit.looked(user, child=child, about_kind="child", about_id=child.pk)


def found(cast: Cast, week: Week | None = None) -> set[tuple[object, object]]:
    """Who looked at whom, as the list has it."""
    pretend_now(None)
    listed = unexplained_looks(cast.exampleshire.pk, week or last_week())
    return {(one.user_id, one.child_id) for one in listed}


def reported(cast: Cast, child: Child) -> MissingEpisode:
    return reports.report_missing(
        by=cast.amina, child=child, category="missing", noticed_at=now(), circumstances="Left after a call."
    )


# Each explanation by itself -----------------------------------------------------------------------------


def granted(cast: Cast, una: User) -> None:
    grants.grant_access(by=cast.bev, child=cast.kit, to=una, reason="Covers for Amina")


def in_an_emergency(cast: Cast, una: User) -> None:
    BrokenGlass.objects.create(
        user=una,
        child=cast.kit,
        authority=cast.exampleshire,
        category="danger",
        reason="He may be at the station",
        until=now() + timedelta(hours=1),
        review_due_at=now() + timedelta(days=1),
    )


def said_why(cast: Cast, una: User) -> None:
    give_reason(by=una, child=cast.kit, kind="contact", words="The school rang about the bus.")


def not_back(cast: Cast, una: User) -> None:
    reported(cast, cast.kit)


def back_and_followed_up(cast: Cast, una: User) -> None:
    returns.record_return(by=cast.amina, episode=reported(cast, cast.kit))


def holds_the_interview(cast: Cast, una: User) -> None:
    back_and_followed_up(cast, una)
    MissingEpisode.objects.update(state="closed")
    ReturnInterview.objects.update(allocated_to=una)


def has_agreed_to_do_something(cast: Cast, una: User) -> None:
    """After an absence that was over before anybody looked."""
    episode = reported(cast, cast.kit)
    returns.record_return(by=cast.amina, episode=episode)
    whose = Agreed("Ask the school.", now() + timedelta(hours=1), owner=una)
    actions.add_actions(by=cast.bev, episode=episode, actions=[whose])
    MissingEpisode.objects.update(state="closed")
    pretend_now(now() + timedelta(minutes=30))


def in_the_team(cast: Cast, una: User) -> None:
    Membership.objects.create(
        user=una, role=Role.SOCIAL_WORKER, authority=cast.exampleshire, team=cast.team_2, starts_at=now()
    )


def on_duty(cast: Cast, una: User) -> None:
    Membership.objects.create(user=una, role=Role.DUTY_WORKER, authority=cast.exampleshire, starts_at=now())


def allocated(cast: Cast, una: User) -> None:
    children.allocate_worker(by=cast.bev, child=cast.kit, worker=una)
    with as_owner_without_triggers("records_childevent"):
        do("UPDATE records_childevent SET pgh_created_at = casework_now() WHERE pgh_obj_id = %s", cast.kit.pk)


EXPLANATIONS = (
    granted,
    in_an_emergency,
    said_why,
    not_back,
    back_and_followed_up,
    holds_the_interview,
    has_agreed_to_do_something,
    in_the_team,
    on_duty,
)


@pytest.mark.ac("T05.4")
@pytest.mark.parametrize("explain", EXPLANATIONS)
def test_a_part_in_the_case_explains_a_look(
    cast: Cast, una: User, wednesday: datetime, explain: Callable[[Cast, User], None]
) -> None:
    look(una, cast.biniam)
    pretend_now(wednesday + timedelta(hours=1))
    explain(cast, una)
    look(una, cast.kit)
    assert found(cast) == {(una.pk, cast.biniam.pk)}


@pytest.mark.ac("T05.4")
def test_the_childs_own_worker_and_their_manager_need_no_other(cast: Cast, wednesday: datetime) -> None:
    for person in (cast.amina, cast.bev):
        look(person, cast.kit)
    assert found(cast) == set()


@pytest.mark.ac("T05.4")
@pytest.mark.parametrize("explain", [granted, in_an_emergency, said_why])
def test_what_came_after_the_look_explains_nothing(
    cast: Cast, una: User, wednesday: datetime, explain: Callable[[Cast, User], None]
) -> None:
    look(una, cast.kit)
    pretend_now(wednesday + timedelta(hours=3))
    explain(cast, una)
    assert found(cast) == {(una.pk, cast.kit.pk)}


@pytest.mark.ac("T05.4")
@pytest.mark.parametrize("explain", [in_an_emergency, said_why])
def test_nor_does_what_had_ended(
    cast: Cast, una: User, wednesday: datetime, explain: Callable[[Cast, User], None]
) -> None:
    explain(cast, una)
    pretend_now(wednesday + timedelta(hours=2))
    look(una, cast.kit)
    assert found(cast) == {(una.pk, cast.kit.pk)}


@pytest.mark.ac("T05.4")
def test_nor_does_a_reason_given_on_another_computer(cast: Cast, una: User, wednesday: datetime) -> None:
    with audit.calling(audit.Caller(session="at the desk")):
        said_why(cast, una)
    with audit.calling(audit.Caller(session="at home")):
        look(una, cast.kit)
    assert found(cast) == {(una.pk, cast.kit.pk)}


@pytest.mark.ac("T05.4")
def test_an_absence_that_was_over_explains_nothing(cast: Cast, una: User, wednesday: datetime) -> None:
    episode = reported(cast, cast.kit)
    returns.record_return(by=cast.amina, episode=episode)
    interviews.record_decline(
        by=cast.ines, interview=episode.interviews.get(), declined_at=now(), carer_view="He is tired."
    )
    episode.refresh_from_db()
    closing.sign_off_episode(by=cast.bev, episode=episode, version=episode.version, words="He is back.")
    pretend_now(wednesday + timedelta(minutes=5))
    look(una, cast.kit)
    assert found(cast) == {(una.pk, cast.kit.pk)}


@pytest.mark.ac("T05.4")
def test_whoever_takes_a_report_looked_just_before(cast: Cast, una: User, wednesday: datetime) -> None:
    look(una, cast.kit)
    pretend_now(wednesday + timedelta(minutes=20))
    reported(cast, cast.kit)
    assert found(cast) == set()


@pytest.mark.ac("T05.4")
def test_whose_child_it_was_then_counts_and_not_whose_it_is_now(
    cast: Cast, una: User, wednesday: datetime
) -> None:
    look(una, cast.kit)
    look(cast.amina, cast.kit)
    pretend_now(wednesday + timedelta(days=1))
    allocated(cast, una)
    with as_owner_without_triggers("records_childevent"):
        do(
            "UPDATE records_childevent SET pgh_created_at = pgh_created_at - interval '60 days' "
            "WHERE pgh_obj_id = %s AND pgh_label = 'insert'",
            cast.kit.pk,
        )
    assert found(cast) == {(una.pk, cast.kit.pk)}


def test_a_list_is_no_look_at_a_record(cast: Cast, una: User, wednesday: datetime) -> None:
    audit.looked(una, child_ids=[cast.kit.pk], about_kind="children")
    assert found(cast) == set()


def test_a_home_sees_only_who_lives_there_so_it_is_not_asked(cast: Cast, wednesday: datetime) -> None:
    look(cast.carl, cast.kit)
    assert found(cast) == set()


def test_a_week_begins_on_monday_by_the_clock_on_the_wall(cast: Cast, una: User) -> None:
    week = last_week()
    for moment in (week.begins_at - timedelta(seconds=1), week.after.begins_at):
        pretend_now(moment)
        look(una, cast.kit)
    assert found(cast, week) == set()
    pretend_now(week.begins_at)
    look(una, cast.kit)
    assert found(cast, week) == {(una.pk, cast.kit.pk)}


# All of them together -----------------------------------------------------------------------------------


@pytest.mark.ac("T05.4")
def test_of_two_hundred_and_three_looks_exactly_three_are_named(
    cast: Cast, una: User, wednesday: datetime
) -> None:
    olu = User.objects.create_user("olu.dane@casework.example", name="Olu Dane")
    Membership.objects.create(
        user=olu, role=Role.COORDINATOR, authority=cast.exampleshire, starts_at=now() - timedelta(days=9)
    )
    grants.grant_access(by=cast.bev, child=cast.ola, to=olu, reason="Plans with the home")
    reported(cast, cast.rosie)
    in_an_emergency(cast, cast.ruth)
    in_an_emergency(cast, cast.ada)
    innocent: list[Look] = [
        (cast.amina, cast.kit),  # allocated
        (cast.bev, cast.ola),  # of the team
        (cast.femi, cast.biniam),  # on duty
        (una, cast.rosie),  # missing just then
        (olu, cast.ola),  # granted
        (cast.ruth, cast.kit),  # in an emergency
        (cast.ada, cast.kit),  # in an emergency
        (cast.carl, cast.kit),  # lives with him
    ]
    guilty = {(una.pk, cast.kit.pk), (una.pk, cast.biniam.pk), (olu.pk, cast.maisie.pk)}
    for user, child in islice(cycle(innocent), 200):
        look(user, child)
    for user, child in ((una, cast.kit), (una, cast.biniam), (olu, cast.maisie)):
        look(user, child)
    assert found(cast) == guilty


# Monday -------------------------------------------------------------------------------------------------


def messages() -> list[Notification]:
    return list(Notification.objects.filter(template="unexplained_looks").select_related("recipient"))


@pytest.fixture
def monday(wednesday: datetime) -> datetime:
    return datetime.combine(Week.of(wednesday).after.monday, time(7), WALL)


@pytest.mark.ac("T05.4")
def test_on_monday_those_who_answer_for_the_authority_are_told_once(
    cast: Cast, una: User, wednesday: datetime, monday: datetime
) -> None:
    look(una, cast.kit)
    pretend_now(monday + timedelta(minutes=1))
    assert tell_of_last_week() == 1
    assert [owed.recipient for owed in messages()] == [cast.ruth]
    tell_of_unexplained_looks()
    assert len(messages()) == 1
    pretend_now(None)


@pytest.mark.ac("T05.4", "T06.1")
def test_the_message_names_nobody(cast: Cast) -> None:
    wording = TEMPLATES["unexplained_looks"]
    assert "{reference}" not in wording.body
    assert "child" not in f"{wording.subject} {wording.body}".lower()


def test_nothing_is_said_before_monday_at_seven_or_when_nothing_is_to_be_checked(
    cast: Cast, una: User, wednesday: datetime, monday: datetime
) -> None:
    pretend_now(monday - timedelta(minutes=1))
    assert tell_of_last_week() == 0
    pretend_now(monday)
    assert tell_of_last_week() == 0
    assert messages() == []
    pretend_now(None)
