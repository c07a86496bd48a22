"""Meetings and decisions: one tab for what people agreed, decided and asked the law for."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from casework.front.pages.episodes.allowed import episode_to
from casework.front.pages.episodes.decisions import to_decide
from casework.front.pages.episodes.episode_frame import Ask, ask, episode_url, frame_of
from casework.front.pages.episodes.meeting_cards import action_lines, meeting_cards, tool_cards
from casework.front.pages.episodes.meeting_forms import SAID, MeetingChangeForm, MeetingForm
from casework.front.pages.kit.answers import Difference, changed_meanwhile, differences
from casework.front.pages.kit.door import person
from casework.front.pages.kit.queries import asked_of_list
from casework.records.access import may_within
from casework.records.acts import Act
from casework.records.errors import Changed, NotFound
from casework.records.standing import standing_of
from casework.records.times import now
from incidents.models import Meeting, MeetingKind, MissingEpisode
from incidents.queries import actions_of, decisions_of, legal_tools_of, meetings_of
from incidents.services import meetings as services
from incidents.services.actions import owners_for

NOTE = (
    "A strategy discussion is at least children’s services, police and health (Working Together). If one of "
    "them could not come, record the meeting all the same, and see that they hear of it."
)


@require_GET
def overview(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """What is agreed and not done, what was decided, which legal tools were wanted, who met."""
    episode = episode_to(Act.READ_MEETINGS, request, episode_id)
    user, moment = person(request), now()
    standing = standing_of(user)
    frame = frame_of(request, episode, fields=["meetings"])
    actions = action_lines(actions_of(user, episode), episode, standing, moment)
    tools = tool_cards(legal_tools_of(episode), episode, standing, moment)
    context = {
        **frame,
        "open_actions": [line for line in actions if line.is_open],
        "settled_actions": [line for line in actions if not line.is_open],
        "decisions": decisions_of(episode),
        "to_decide": to_decide(episode, frame["facts"], standing),
        "tools": tools,
        "meetings": meeting_cards(meetings_of(episode)),
        "may_record": _may(request, Act.RECORD_MEETING, episode),
        "may_use_law": _may(request, Act.USE_LEGAL_TOOL, episode),
    }
    return render(request, "episodes/meetings.html", context)


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """A meeting with who came, what was decided and who does what."""
    episode = episode_to(Act.RECORD_MEETING, request, episode_id)
    asked = asked_of_list(request, kind=frozenset(MeetingKind.values))
    form = MeetingForm.read(
        request, now=now(), owners=owners_for(episode), initial={"kind": asked.get("kind", "")}
    )

    def recorded() -> None:
        services.record_meeting(
            by=person(request),
            episode=episode,
            kind=form.cleaned_data["kind"],
            attendees=form.came,
            actions=form.agreed,
            **form.said,
        )

    page = Ask("Record a meeting", "Record the meeting", notes=[NOTE])
    then = episode_url(episode, "meetings")
    return ask(request, episode, form, page, recorded, then=then, template="episodes/meeting_form.html")


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, episode_id: UUID, meeting_id: UUID) -> HttpResponse:
    """Put a meeting right, or add who was left out; what it said before is kept."""
    episode = episode_to(Act.RECORD_MEETING, request, episode_id)
    meeting = meeting_of(episode, meeting_id)
    form = MeetingChangeForm.read(request, now=now(), owners=owners_for(episode), meeting=meeting)

    def changed() -> None:
        services.change_meeting(
            by=person(request),
            meeting=meeting,
            version=form.cleaned_data["version"],
            changes=form.said,
            attendees=form.came,
            actions=form.agreed,
        )

    kept = "What it said before is kept. To take a name off the list, empty it, or say “listed by mistake”."
    page = Ask(f"Put right: {meeting.get_kind_display().lower()}", "Save", notes=[kept])
    then = episode_url(episode, "meetings")
    try:
        return ask(request, episode, form, page, changed, then=then, template="episodes/meeting_form.html")
    except Changed:
        meeting.refresh_from_db()
        return changed_meanwhile(request, _both_texts(form, meeting), again_url=request.path)


def meeting_of(episode: MissingEpisode, meeting_id: UUID) -> Meeting:
    """The meeting of an episode already fetched."""
    meeting = episode.meetings.prefetch_related("attendees").filter(pk=meeting_id).first()
    if meeting is None:
        raise NotFound
    return meeting


def _both_texts(form: MeetingChangeForm, meeting: Meeting) -> list[Difference]:
    """What this person wrote beside what stands by now; and whom they listed."""
    standing = {name: getattr(meeting, name) for name in SAID}
    listed = "; ".join(f"{came.name} ({came.agency})" for came in form.came if came.name)
    there = "; ".join(f"{row.name} ({row.agency})" for row in meeting.attendees.all())
    agreed = "; ".join(one.what for one in form.agreed)
    return [
        *differences(form, standing),
        Difference("Who was there", listed, there),
        *([Difference("New actions", agreed, "Not part of the record yet.")] if agreed else []),
    ]


def _may(request: HttpRequest, act: Act, episode: MissingEpisode) -> bool:
    standing = standing_of(person(request))
    return may_within(standing, act, authority_id=episode.authority_id, child_id=episode.child_id)
