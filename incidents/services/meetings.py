"""Meetings about an absence: written down with whoever came, and put right when somebody was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from casework.records.acts import Act
from casework.records.errors import Invalid
from casework.records.models import User
from casework.records.times import now
from incidents import codes, moments, rules
from incidents.models import Agency, Attendee, Meeting, MeetingKind, MissingEpisode
from incidents.verbs import EpisodeVerb

from .actions import Agreed, agree
from .writing import add, position_of, refuse_stale, required, save_edit, take, tell_story

Attendance = Attendee.Attendance
CHANGED: Final = ("how", "chaired_by", "known", "not_known", "decided", "next_at", "held_at")


@dataclass(frozen=True, slots=True)
class Came:
    """One line of the list of a meeting. `place` is that of a line which is there already."""

    name: str
    agency: str
    role: str = ""
    attendance: str = Attendance.PRESENT
    place: int = 0


@transaction.atomic
def record_meeting(
    *,
    by: User,
    episode: MissingEpisode,
    kind: str,
    held_at: datetime,
    how: str,
    chaired_by: str,
    decided: str,
    known: str = "",
    not_known: str = "",
    next_at: datetime | None = None,
    attendees: Sequence[Came] = (),
    actions: Sequence[Agreed] = (),
) -> Meeting:
    """Write down a meeting, who came, what was decided and what each does next."""
    episode = take(by, Act.RECORD_MEETING, episode)
    rules.refuse_if_ended(position_of(episode))
    codes.chosen([kind], MeetingKind, field="kind")
    if not attendees:
        raise Invalid("Enter who was there.", code="required", field="attendee_1_name")
    meeting = Meeting(episode=episode, kind=kind, recorded_by=by)
    said = {"held_at": held_at, "how": how, "chaired_by": chaired_by, "decided": decided}
    _fill(meeting, {**said, "known": known, "not_known": not_known, "next_at": next_at})
    add(meeting)
    _list(meeting, attendees)
    tell_story(
        episode, EpisodeVerb.MEETING_HELD, by, meeting, occurred_at=meeting.held_at, payload={"kind": kind}
    )
    agree(by, episode, actions, meeting)
    return meeting


@transaction.atomic
def change_meeting(
    *,
    by: User,
    meeting: Meeting,
    version: int,
    changes: Mapping[str, Any],
    attendees: Sequence[Came] = (),
    actions: Sequence[Agreed] = (),
) -> Meeting:
    """Put a meeting right, add who was left out, strike who was not there. Former words are kept."""
    episode = take(by, Act.RECORD_MEETING, meeting.episode)
    rules.refuse_if_ended(position_of(episode))
    held = Meeting.objects.select_for_update(no_key=True, of=("self",)).get(pk=meeting.pk)
    refuse_stale(held, version)
    _fill(held, {name: changes.get(name, getattr(held, name)) for name in CHANGED})
    save_edit(held)
    _list(held, attendees)
    tell_story(episode, EpisodeVerb.MEETING_CORRECTED, by, held, payload={"kind": held.kind})
    agree(by, episode, actions, held)
    return held


def _fill(meeting: Meeting, said: Mapping[str, Any]) -> None:
    """What is said of a meeting, checked."""
    codes.chosen([said["how"]], Meeting.How, field="how")
    meeting.how = said["how"]
    meeting.held_at = moments.happened("held_at", said["held_at"], now())
    moments.refuse_before(
        "held_at", meeting.held_at, meeting.episode.noticed_at, "The absence was noticed at"
    )
    meeting.chaired_by = required(said["chaired_by"], "chaired_by", "Enter who chaired it.")
    meeting.decided = required(said["decided"], "decided", "Enter what was decided.")
    meeting.known, meeting.not_known = said["known"].strip(), said["not_known"].strip()
    meeting.next_at = said["next_at"]
    if meeting.next_at is not None and meeting.next_at <= meeting.held_at:
        raise Invalid("The next meeting comes after this one.", code="too_early", field="next_at")


def _list(meeting: Meeting, attendees: Sequence[Came]) -> None:
    """Write the list: a line with a place is put right, or struck when its name is gone; others are added."""
    there = {row.place: row for row in meeting.attendees.all()}
    last = max(there, default=0)
    for came in attendees:
        row = there.get(came.place)
        if row is None:
            last += 1
            _add(meeting, came, last)
        elif not came.name.strip():
            _put_right(row, Came(row.name, row.agency, row.role, Attendance.STRUCK))
        else:
            _put_right(row, came)


def _add(meeting: Meeting, came: Came, place: int) -> None:
    _check(came, place)
    add(
        Attendee(
            meeting=meeting,
            place=place,
            name=came.name.strip(),
            agency=came.agency,
            role=came.role.strip(),
            attendance=came.attendance,
        )
    )


def _put_right(row: Attendee, came: Came) -> None:
    _check(came, row.place)
    wanted = {
        "name": came.name.strip(),
        "agency": came.agency,
        "role": came.role.strip(),
        "attendance": came.attendance,
    }
    if any(getattr(row, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(row, name, value)
        save_edit(row)


def _check(came: Came, place: int) -> None:
    required(came.name, f"attendee_{place}_name", "Enter their name.")
    codes.chosen([came.agency], Agency, field=f"attendee_{place}_agency")
    codes.chosen([came.attendance], Attendance, field=f"attendee_{place}_attendance")
