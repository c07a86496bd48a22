"""The story of an episode: what people and the system did, as sentences, with what each entry is about."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Model

from casework.front.pages.episodes.story_sentences import Entry, in_words
from casework.front.pages.kit.cards import Delivery, StoryItem
from casework.records.models import (
    ChronologyEntry,
    Disclosure,
    Notification,
    User,
)
from incidents.models import (
    Action,
    Challenge,
    Ending,
    FindingAnswer,
    Handover,
    Indicator,
    InterviewAttempt,
    Located,
    LocatedCheck,
    MissingEpisode,
    News,
    PlacementNotice,
    PoliceAnswer,
    PreventionInterview,
    Referral,
    ReferralOutcome,
    Return,
    ReturnInterview,
    RiskAssessment,
    SignOff,
    Spell,
    UnverifiedInformation,
)
from incidents.queries import story_of
from incidents.services.alerting import ENQUIRER, FROM_POLICE, NOTICE_GIVEN
from incidents.verbs import EpisodeVerb
from protocols.messages import StepVerb, Template
from protocols.models import StepRun

SHOWS: Final = (
    ("all", "People and system"),
    ("people", "People only"),
    ("messages", "Messages"),
    ("police", "Police"),
)
_POLICE: Final = frozenset(
    {
        EpisodeVerb.POLICE_ANSWERED,
        EpisodeVerb.POLICE_CHALLENGED,
        EpisodeVerb.POLICE_ACKNOWLEDGED,
        EpisodeVerb.POLICE_REFERENCE_GIVEN,
        EpisodeVerb.POLICE_FOUND,
        EpisodeVerb.FINDING_CONFIRMED,
        EpisodeVerb.FINDING_REFUSED,
    }
)
# Verbs that speak of a second person, and where their id stands.
_OTHER_PERSON: Final[Mapping[str, str]] = {
    StepVerb.HANDED_OVER: "to",
    EpisodeVerb.INTERVIEW_ALLOCATED: "to",
    EpisodeVerb.ACCEPTED: "taken_from",
    EpisodeVerb.HANDED_OVER: "taken_from",
}


@dataclass(frozen=True)
class Story:
    """An episode's story, read once: what the filter offers, and what it shows."""

    entries: Sequence[Entry]
    messages: Mapping[UUID | str | None, Sequence[Notification]]

    def items(self, show: str = "all") -> list[StoryItem]:
        """The entries, newest first; `show` is one of `SHOWS`."""
        entries = [entry for entry in self.entries if _belongs(entry, show)]
        if show in ("people", "police"):
            return [_item(entry, ()) for entry in entries]
        left = dict(self.messages)
        items = [
            _item(entry, left.pop(entry.row.about_id, ()) if entry.row.verb == StepVerb.FIRED else ())
            for entry in entries
        ]
        if show == "messages":
            items = [item for item in items if item.deliveries]
        items += [_alone(sent) for sent in left.values()]
        return sorted(items, key=lambda item: item.at, reverse=True)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The choices of the filter, each with the number of entries that it shows."""
        return [(value, f"{text} ({len(self.items(value))})") for value, text in SHOWS]


def read_story(episode: MissingEpisode) -> Story:
    """Everything that happened, in a number of queries that does not grow with it."""
    return Story(_entries(episode), _messages(episode))


def _belongs(entry: Entry, show: str) -> bool:
    if show == "messages":
        return entry.row.verb == StepVerb.FIRED
    if show == "police":
        return _is_about_police(entry)
    return show == "all" or entry.row.actor_id is not None


def _is_about_police(entry: Entry) -> bool:
    about = entry.about
    return (
        entry.row.verb in _POLICE
        or (isinstance(about, RiskAssessment) and about.made_by == RiskAssessment.MadeBy.POLICE)
        or (isinstance(about, Disclosure) and about.audience == Disclosure.Audience.POLICE)
    )


# ---- entries with what they are about, in one query a kind ----

_KINDS: Final[Mapping[str, type[Model]]] = {
    kind._meta.model_name or "": kind
    for kind in (
        Action, Challenge, Disclosure, Ending, FindingAnswer, Handover, Indicator, InterviewAttempt, Located,
        LocatedCheck, News, PlacementNotice, PoliceAnswer, PreventionInterview, Referral, ReferralOutcome,
        Return, ReturnInterview, RiskAssessment, SignOff, Spell, UnverifiedInformation,
    )
}  # fmt: skip

_WITH: Final[Mapping[str, tuple[str, ...]]] = {
    "referraloutcome": ("referral",),
    "located": ("proposed_by",),
}


def _entries(episode: MissingEpisode) -> list[Entry]:
    rows = list(story_of(episode))
    abouts = _abouts(rows)
    others = {row.pk: str(row.payload.get(_OTHER_PERSON.get(row.verb, ""), "")) for row in rows}
    named = {UUID(one) for one in others.values() if one}
    names = {str(key): name for key, name in User.objects.filter(pk__in=named).values_list("pk", "name")}
    return [
        Entry(row, abouts.get(row.about_id) if row.about_id else None, names.get(others[row.pk], ""))
        for row in rows
    ]


def _abouts(rows: Iterable[ChronologyEntry]) -> dict[UUID | None, Any]:
    wanted = defaultdict[str, set[UUID]](set)
    for row in rows:
        if row.about_id:
            wanted[row.about_kind].add(row.about_id)
    found: dict[UUID | None, Any] = {}
    for kind, ids in wanted.items():
        if kind == "step_run":
            steps = StepRun.objects.filter(pk__in=ids).select_related("step", "holder")
            found |= {step.pk: step for step in steps}
        elif kind in _KINDS:
            about = _KINDS[kind]._default_manager.filter(pk__in=ids)
            about = about.select_related(*_WITH[kind]) if kind in _WITH else about
            found |= {row.pk: row for row in about}
    return found


def _item(entry: Entry, messages: Sequence[Notification]) -> StoryItem:
    """An entry, with the messages that went out with it."""
    row = entry.row
    said = in_words(entry)
    late_record = (row.recorded_at - row.occurred_at).total_seconds() >= 60
    return StoryItem(
        title=said.title,
        by=_by(row),
        at=row.occurred_at,
        recorded_at=row.recorded_at if late_record else None,
        paragraphs=[paragraph for paragraph in said.paragraphs if paragraph],
        is_system=row.actor_id is None,
        deliveries=_deliveries(messages),
        deliveries_title=_deliveries_title(messages),
    )


def _by(row: ChronologyEntry) -> str:
    if row.actor is None:
        return "the system"
    return f"{row.typed_name}, {row.actor.name}" if row.typed_name else row.actor.name


# ---- messages, each with what became of it ----

_MESSAGES: Final[Mapping[str, str]] = {
    Template.STEP_DUE: "a step is theirs to do",
    Template.STEP_LATE: "a step is late",
    Template.STEP_NOTICE: "for their information",
    Template.STEP_FAILED: "a step could not be carried out",
    Template.STEP_HANDED_OVER: "a step was handed over to them",
    ENQUIRER: "somebody asked for the child",
    NOTICE_GIVEN: "the home gave notice",
    FROM_POLICE: "the police wrote something",
}
_EVENT_WORDS: Final = {
    "queued": "Queued", "tried": "Tried", "sent": "Sent", "put_off": "Not sent", "failed": "Not sent",
    "withdrawn": "Withdrawn", "refused": "Not sent", "delivered": "Delivered",
    "not_delivered": "Not delivered", "unknown": "Perhaps not delivered",
}  # fmt: skip
_GAPS: Final = frozenset({"put_off", "failed", "refused", "withdrawn", "not_delivered", "unknown"})


def _messages(episode: MissingEpisode) -> dict[UUID | str | None, list[Notification]]:
    """The messages of an episode, by the step they speak of; those of no step by what they say."""
    found = defaultdict[UUID | str | None, list[Notification]](list)
    rows = Notification.objects.filter(episode_id=episode.pk).select_related("recipient")
    for row in rows.prefetch_related("events").order_by("recorded_at", "recipient__name"):
        found[row.step_run_id or row.template].append(row)
    return dict(found)


def _alone(messages: Sequence[Notification]) -> StoryItem:
    """Messages that went out with no step of their own coming due: one that was handed over, say."""
    first = messages[0]
    return StoryItem(
        title=f"Message: {_MESSAGES.get(first.template, first.template.replace('_', ' '))}",
        by="the system",
        at=first.recorded_at,
        is_system=True,
        deliveries=_deliveries(messages),
        deliveries_title=_deliveries_title(messages),
    )


def _deliveries_title(messages: Sequence[Notification]) -> str:
    """Carl Penrose, Dee Marlow: sent. Femi Castell (text): waiting to be sent."""
    by_state = defaultdict[str, list[str]](list)
    for row in messages:
        by_text = " (text)" if row.channel == Notification.Channel.SMS else ""
        by_state[row.get_state_display().lower()].append(f"{row.recipient.name}{by_text}")
    return " ".join(f"{', '.join(names)}: {state}." for state, names in by_state.items())


def _deliveries(messages: Sequence[Notification]) -> list[Delivery]:
    """Each message from its making to its end; a gap is a line of its own, with its reason."""
    found = [line for row in messages for line in _lines(row)]
    return sorted(found, key=lambda line: line.at)


def _lines(row: Notification) -> Iterable[Delivery]:
    name = row.recipient.name
    if row.channel == Notification.Channel.SMS:
        name = f"{name}, text message"
    yield Delivery(row.recorded_at, "Created", f"{name}: {_MESSAGES.get(row.template, '')}")
    for event in sorted(row.events.all(), key=lambda event: event.recorded_at):
        word = _EVENT_WORDS.get(event.kind, event.kind.replace("_", " ").capitalize())
        detail = ". ".join(part for part in (name, event.reason) if part)
        yield Delivery(event.recorded_at, word, detail, event.kind in _GAPS)
