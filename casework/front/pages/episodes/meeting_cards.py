"""What the tab of meetings and decisions shows: each row with what can be done about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from casework.front.pages.kit.cards import Action as Button
from casework.front.pages.kit.words import exactly
from casework.records.access import may_within
from casework.records.acts import Act
from casework.records.standing import Standing
from incidents import legal, quorum
from incidents.models import (
    Action,
    Attendee,
    LegalKind,
    LegalStage,
    LegalTool,
    Meeting,
    MissingEpisode,
)


@dataclass(frozen=True)
class ActionLine:
    """One action, and its buttons."""

    action: Action
    owner: str
    is_late: bool
    buttons: Sequence[Button]

    @property
    def is_open(self) -> bool:
        return self.action.state == Action.State.OPEN


@dataclass(frozen=True)
class MeetingCard:
    """One meeting; `missing` says which agency should have been there."""

    meeting: Meeting
    present: Sequence[Attendee]
    apologies: Sequence[Attendee]
    missing: str


@dataclass(frozen=True)
class ToolCard:
    """One legal tool with its stages; `ends` says when it ends, or ended, by itself."""

    tool: LegalTool
    stages: Sequence[LegalStage]
    standing: str
    ends: str
    status: str
    is_over: bool
    may_go_on: bool


def owner_of(action: Action, reader_id: UUID | None = None) -> str:
    """You; Amina Rahal; Staff of Larch House, with a police sergeant."""
    who = action.owner.name if action.owner else ""
    if action.owner_id and action.owner_id == reader_id:
        who = "you"
    if action.owner_home:
        who = f"Staff of {action.owner_home.name}"
    if not who:
        return action.owner_words
    return f"{who}, with {action.owner_words}" if action.owner_words else who


def action_lines(
    actions: Iterable[Action], episode: MissingEpisode, standing: Standing, now: datetime
) -> list[ActionLine]:
    """What was agreed, with what this person can do about it."""
    may_record = _may(standing, Act.RECORD_MEETING, episode)
    return [_line(action, standing, now, may_record=may_record) for action in actions]


def _line(action: Action, standing: Standing, now: datetime, *, may_record: bool) -> ActionLine:
    is_open = action.state == Action.State.OPEN
    pages = []
    if is_open and (may_record or action.owner_id == standing.user_id):
        pages.append(("Record what came of it", "action-done"))
    if is_open and may_record:
        pages += [("Change", "action-change"), ("Drop", "action-drop")]
    buttons = [Button(text, _url(page, action), action.what[:60]) for text, page in pages]
    return ActionLine(action, owner_of(action, standing.user_id), is_open and action.due_at <= now, buttons)


def _url(page: str, action: Action) -> str:
    return reverse(f"pages:{page}", args=[action.episode_id, action.pk])


def meeting_cards(meetings: Iterable[Meeting]) -> list[MeetingCard]:
    """Who was there, who sent apologies, who should have been there."""
    found = []
    for meeting in meetings:
        listed = list(meeting.attendees.all())
        present = [one for one in listed if one.attendance == Attendee.Attendance.PRESENT]
        absent = quorum.not_there(meeting.kind, {one.agency for one in present})
        found.append(
            MeetingCard(
                meeting,
                present,
                [one for one in listed if one.attendance == Attendee.Attendance.APOLOGIES],
                quorum.in_words(meeting.kind, absent),
            )
        )
    return found


def tool_cards(
    tools: Iterable[LegalTool], episode: MissingEpisode, standing: Standing, now: datetime
) -> list[ToolCard]:
    """Each tool with what became of it, and what can still be recorded."""
    may = _may(standing, Act.USE_LEGAL_TOOL, episode)
    return [_tool(tool, now, may=may) for tool in tools]


def _tool(tool: LegalTool, now: datetime, *, may: bool) -> ToolCard:
    stages = list(tool.stages.all())
    last = stages[-1]
    until = next((row.until for row in reversed(stages) if row.until), None)
    following = legal.may_follow(LegalKind(tool.kind), [row.stage for row in stages])
    has_ended = until is not None and until <= now
    is_over = has_ended or not following
    ends = f"{'Ended by itself' if has_ended else 'Ends by itself'} {exactly(until)}." if until else ""
    if last.stage == LegalStage.Stage.ENDED:
        ends = ""
    standing_words = "Over" if has_ended else str(last.get_stage_display())
    status = f"The child was then {legal.present(tool.legal_status)}." if tool.legal_status else ""
    return ToolCard(tool, stages, standing_words, ends, status, is_over, may and bool(following))


def _may(standing: Standing, act: Act, episode: MissingEpisode) -> bool:
    return may_within(standing, act, authority_id=episode.authority_id, child_id=episode.child_id)
