"""A meeting names who came and what each will do; who was left out is added later, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from casework.records.errors import Changed, Conflict, Invalid, NotAllowed
from casework.records.models import ChronologyEntry
from casework.records.times import now
from incidents import quorum
from incidents.models import Action, Attendee, Meeting
from incidents.rules import Position
from incidents.services.actions import Agreed
from incidents.services.meetings import Came, change_meeting
from tests.cast import Cast
from tests.incidents.agreeing import EVERYBODY, meet
from tests.incidents.nights import report, stands_at

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_a_meeting_its_people_and_its_actions_are_written_at_once(cast: Cast) -> None:
    episode = report(cast)
    due_at = now() + timedelta(hours=4)
    visit = Agreed("Visit the aunt.", due_at, owner=cast.amina)
    ring = Agreed("Ring his friends.", due_at, owner_home=cast.larch_house)
    meeting = meet(cast.bev, episode, actions=(visit, ring))
    assert [(one.place, one.agency) for one in meeting.attendees.all()] == [
        (1, "authority"), (2, "police"), (3, "health"),
    ]  # fmt: skip
    assert {row.owner or row.owner_home for row in meeting.actions.all()} == {cast.amina, cast.larch_house}
    told = ChronologyEntry.objects.filter(verb__startswith="meeting.") | ChronologyEntry.objects.filter(
        verb__startswith="action."
    )
    assert [row.verb for row in told] == ["meeting.held"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "chat"}, "kind"),
        ({"how": "letter"}, "how"),
        ({"chaired_by": " "}, "chaired_by"),
        ({"chaired_by": "x" * 201}, "chaired_by"),
        ({"decided": ""}, "decided"),
        ({"attendees": ()}, "attendee_1_name"),
        ({"attendees": (Came("Sgt Odell", "army"),)}, "attendee_1_agency"),
        ({"attendees": (Came("", "police"),)}, "attendee_1_name"),
        ({"attendees": (Came("Sgt Odell", "police", "", "asleep"),)}, "attendee_1_attendance"),
    ],
)
def test_what_is_missing_or_strange_is_refused_by_its_name(
    cast: Cast, said: dict[str, Any], field: str
) -> None:
    episode = report(cast)
    with pytest.raises(Invalid) as refusal:
        meet(cast.bev, episode, **said)
    assert refusal.value.field == field
    meet(cast.bev, episode)  # the same without that


def test_it_was_held_after_the_child_went_and_before_now(cast: Cast) -> None:
    episode = report(cast)
    for held_at, words in ((now() + 6 * MINUTE, "in the future"), (now() - 90 * MINUTE, "noticed at")):
        with pytest.raises(Invalid, match=words):
            meet(cast.bev, episode, held_at=held_at)
    with pytest.raises(Invalid, match="comes after this one"):
        meet(cast.bev, episode, next_at=episode.noticed_at - MINUTE)
    assert not Meeting.objects.exists()


def test_an_action_that_cannot_stand_takes_the_whole_meeting_with_it(cast: Cast) -> None:
    episode = report(cast)
    nobodys = Agreed("Visit the aunt.", now() + MINUTE, row=2)
    with transaction.atomic(), pytest.raises(Invalid) as refusal:
        meet(cast.bev, episode, actions=(nobodys,))
    assert refusal.value.field == "action_2_owner"


def test_whoever_was_left_out_is_added_and_whoever_was_not_there_is_struck(cast: Cast) -> None:
    episode = report(cast)
    meeting = meet(cast.bev, episode)
    lines = [
        Came("Amina Rahal", "authority", "Social worker", place=1),
        Came("", "police", place=2),
        Came("Nurse Okoro", "health", "Nurse", "apologies", place=3),
        Came("Mr Lisle", "school", "Head of year"),
    ]
    changed = change_meeting(
        by=cast.amina,
        meeting=meeting,
        version=1,
        changes={"decided": "The police visit one address."},
        attendees=lines,
    )
    listed = {row.place: (row.name, row.attendance) for row in changed.attendees.all()}
    assert listed == {
        1: ("Amina Rahal", "present"),
        2: ("Sgt Odell", "struck"),
        3: ("Nurse Okoro", "apologies"),
        4: ("Mr Lisle", "present"),
    }
    assert (changed.decided, changed.chaired_by) == ("The police visit one address.", "Bev Aldous")
    assert kept("incidents_meetingevent", "decided") == {
        "The police visit both addresses tonight.",
        "The police visit one address.",
    }
    assert "present" in kept("incidents_attendeeevent", "attendance")


def kept(table: str, column: str) -> set[str]:
    """What the history beside a table has in this column."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        return {value for (value,) in cursor.fetchall()}


def test_two_people_do_not_put_it_right_at_once(cast: Cast) -> None:
    meeting = meet(cast.bev, report(cast))
    change_meeting(by=cast.amina, meeting=meeting, version=1, changes={"known": "A second phone."})
    with pytest.raises(Changed):
        change_meeting(by=cast.femi, meeting=meeting, version=1, changes={"known": "No phone."})
    meeting.refresh_from_db()
    assert meeting.known == "A second phone."


def test_nothing_of_a_meeting_is_deleted(cast: Cast) -> None:
    meeting = meet(cast.bev, report(cast))
    for row in (meeting.attendees.all()[0], meeting):
        with transaction.atomic(), pytest.raises(DatabaseError):
            row.delete()
    assert Attendee.objects.count() == 3


def test_homes_and_eve_record_none_and_a_closed_file_takes_none(cast: Cast) -> None:
    episode = report(cast)
    for person in (cast.carl, cast.gita, cast.ines, cast.eve):
        with pytest.raises(NotAllowed):
            meet(person, episode)
    meet(cast.femi, episode)
    type(episode).objects.update(state="false_report")
    with pytest.raises(Conflict, match="Open it again"):
        meet(cast.bev, stands_at(cast, Position.CLOSED))
    assert not Action.objects.exists()


def test_a_strategy_discussion_wants_children_s_services_police_and_health() -> None:
    everybody = {one.agency for one in EVERYBODY}
    assert quorum.in_words("strategy", quorum.not_there("strategy", everybody)) == ""
    absent = quorum.not_there("strategy", {"authority"})
    assert quorum.in_words("strategy", absent) == (
        "Police and health were not there. A strategy discussion needs them (Working Together)."
    )
    assert quorum.not_there("review", set()) == []
