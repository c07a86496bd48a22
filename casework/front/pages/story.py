"""The story of an episode: what people and the system did, as sentences, with what each entry is about."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Model

from casework.front.pages.cards import Delivery, StoryItem
from casework.front.pages.step_cards import role_words
from casework.front.pages.words import clock_time
from casework.records.models import (
    ChronologyEntry,
    Disclosure,
    Notification,
    User,
)
from casework.records.verbs import RecordVerb
from incidents.models import (
    Challenge,
    Indicator,
    InterviewAttempt,
    Located,
    MissingEpisode,
    News,
    PoliceAnswer,
    Return,
    ReturnInterview,
    RiskAssessment,
    SignOff,
    Spell,
)
from incidents.queries import story_of
from incidents.verbs import EpisodeVerb
from protocols.messages import StepVerb, Template
from protocols.models import StepRun

SHOWS: Final = (
    ("all", "People and system"),
    ("people", "People only"),
    ("messages", "Messages"),
    ("police", "Police"),
)
_POLICE: Final = frozenset({EpisodeVerb.POLICE_ANSWERED, EpisodeVerb.POLICE_CHALLENGED})


@dataclass(frozen=True)
class Said:
    """An entry in words: a headline, and what was written."""

    title: str
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A chronology entry beside the row it is about, which an old entry may have lost from sight."""

    row: ChronologyEntry
    about: Any


def story_items(episode: MissingEpisode, show: str = "all") -> list[StoryItem]:
    """The entries of an episode, newest first; `show` is one of `SHOWS`."""
    entries = [entry for entry in _entries(episode) if _belongs(entry, show)]
    if show in ("people", "police"):
        return [_item(entry, ()) for entry in entries]
    messages = _messages(episode)
    items = [_item(entry, messages.pop(entry.row.about_id, ())) for entry in entries]
    if show == "messages":
        items = [item for item in items if item.deliveries]
    items += [_alone(sent) for sent in messages.values()]
    return sorted(items, key=lambda item: item.at, reverse=True)


def _belongs(entry: Entry, show: str) -> bool:
    if show == "messages":
        return entry.row.verb == StepVerb.FIRED
    if show == "police":
        return _is_about_police(entry)
    return show == "all" or entry.row.actor_id is not None


def chosen(show: str) -> str:
    """The filter that was asked for, or everything."""
    return show if show in dict(SHOWS) else "all"


def counts_by_show(episode: MissingEpisode) -> list[tuple[str, str]]:
    """The choices of the filter, each with the number of entries that it shows."""
    return [(value, f"{text} ({len(story_items(episode, value))})") for value, text in SHOWS]


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
        Challenge, Disclosure, Indicator, InterviewAttempt, Located, News, PoliceAnswer, Return,
        ReturnInterview, RiskAssessment, SignOff, Spell,
    )
}  # fmt: skip


def _entries(episode: MissingEpisode) -> list[Entry]:
    rows = list(story_of(episode))
    abouts = _abouts(rows)
    return [Entry(row, abouts.get(row.about_id) if row.about_id else None) for row in rows]


def _abouts(rows: Iterable[ChronologyEntry]) -> dict[UUID, Any]:
    wanted = defaultdict[str, set[UUID]](set)
    for row in rows:
        if row.about_id:
            wanted[row.about_kind].add(row.about_id)
    found: dict[UUID, Any] = {}
    for kind, ids in wanted.items():
        if kind == "step_run":
            found |= StepRun.objects.select_related("step", "holder").in_bulk(ids)
        elif kind in _KINDS:
            found |= _KINDS[kind]._default_manager.in_bulk(ids)
    return found


def _item(entry: Entry, messages: Sequence[Notification]) -> StoryItem:
    """An entry, with the messages that went out with it."""
    row = entry.row
    said = SENTENCES.get(row.verb, _plain)(entry)
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


# ---- a sentence for each verb ----


def _plain(entry: Entry) -> Said:
    """A verb that has no sentence of its own yet still reads: "placement.started" → "Placement started"."""
    return Said(entry.row.verb.replace(".", " ").replace("_", " ").capitalize())


def _fixed(title: str) -> Callable[[Entry], Said]:
    return lambda entry: Said(title)


def _with(title: str, *fields: str) -> Callable[[Entry], Said]:
    """A headline, then what was written in these fields of the row."""
    return lambda entry: Said(title, tuple(str(getattr(entry.about, name, "") or "") for name in fields))


def _news(entry: Entry) -> Said:
    if entry.about is None:
        return Said("News")
    told_by = f"Told by {entry.about.told_by}." if entry.about.told_by else ""
    return Said(News.Kind(entry.about.kind).label, (entry.about.words, told_by))


def _police(entry: Entry) -> Said:
    if entry.about is None:
        return Said("Told the police")
    answer: PoliceAnswer = entry.about
    titles = {
        PoliceAnswer.Answer.TAKEN: "Told the police",
        PoliceAnswer.Answer.REFUSED: "The police refused the report",
        PoliceAnswer.Answer.GRADED_LOWER: "The police graded the risk lower than we do",
    }
    facts = (("Reference", answer.reference), ("Spoke to", answer.officer), ("Reason given", answer.reason))
    words = " ".join(f"{name}: {text.rstrip('.')}." for name, text in facts if text)
    return Said(titles[PoliceAnswer.Answer(answer.answer)], (words,))


def _challenge(entry: Entry) -> Said:
    if entry.about is None:
        return Said("Challenged the police")
    outcome = f"Outcome: {entry.about.outcome}" if entry.about.outcome else ""
    return Said(f"Challenged the police: {entry.about.made_to}", (entry.about.words, outcome))


def _grade(entry: Entry) -> Said:
    if entry.about is None:
        return Said("Risk graded")
    grade: RiskAssessment = entry.about
    by_another = entry.row.actor is None or grade.assessor != entry.row.actor.name
    by = f"Assessed by {grade.assessor}." if grade.assessor and by_another else ""
    title = f"{grade.get_made_by_display()} grade: {grade.get_grade_display().lower()}"
    return Said(title, (grade.rationale, by))


def _indicator(title: str) -> Callable[[Entry], Said]:
    def say(entry: Entry) -> Said:
        if entry.about is None:
            return Said(title)
        indicator: Indicator = entry.about
        words = indicator.withdrawn_reason if "withdrawn" in title else indicator.words
        return Said(f"{title}: {indicator.get_code_display().lower()}", (words,))

    return say


def _reported(again: str = "") -> Callable[[Entry], Said]:
    def say(entry: Entry) -> Said:
        category = str(entry.row.payload.get("category", ""))
        what = {"concern": "late", "away": "away", "missing": "missing"}.get(category, "")
        late = str(entry.row.payload.get("late_reason", ""))
        return Said(f"Reported {what} {again}".strip(), (f"Reported only now: {late}" if late else "",))

    return say


def _correction(entry: Entry) -> Said:
    """What was put right; old and new stand side by side under Details."""
    fields = entry.row.payload.get("fields") or []
    what = ", ".join(str(name).removesuffix("_at").replace("_", " ") for name in fields)
    return Said(f"Report corrected: {what}" if what else "Report corrected")


def _told(entry: Entry) -> Said:
    if entry.about is None:
        return Said("Somebody was told")
    told: Disclosure = entry.about
    whom = told.told_name or told.get_audience_display()
    if told.how == Disclosure.How.NOT_TOLD:
        return Said(f"Decided not to tell {whom}", (told.reason_not_told,))
    return Said(f"Told {whom}", (f"{told.get_how_display()}.", told.what))


def _located(entry: Entry) -> Said:
    if entry.about is None:
        return Said("Located")
    found: Located = entry.about
    by = f"Found by: {found.get_found_by_display().lower()}."
    return Said("Located, not back", (found.where, by, found.with_whom, found.condition))


def _attempt(entry: Entry) -> Said:
    if entry.about is None:
        return Said("Tried to hold the return interview")
    return Said("Tried to hold the return interview", (entry.about.how, entry.about.outcome))


def _step(title: str) -> Callable[[Entry], Said]:
    """A person's act on a step, with its reason."""

    def say(entry: Entry) -> Said:
        step_run = entry.about
        if step_run is None:
            return Said(title)
        return Said(f"{title}: {step_run.step.title}", (str(entry.row.payload.get("reason", "")),))

    return say


def _done(entry: Entry) -> Said:
    """What was recorded, question by question."""
    if entry.about is None:
        return Said("A step was done")
    answers = entry.about.evidence.items()
    lines = (f"{question}: {answer}" for question, answer in answers if answer)
    return Said(f"Done: {entry.about.step.title}", tuple(lines))


def _promised(entry: Entry) -> Said:
    said = _step("Acknowledged")(entry)
    until = entry.row.payload.get("until")
    lapses = f"The promise lapses at {clock_time(datetime.fromisoformat(until))}." if until else ""
    return Said(said.title, (lapses,))


def _handed_over(entry: Entry) -> Said:
    said = _step("Handed over")(entry)
    to = entry.row.payload.get("to")
    person = User.objects.filter(pk=to).first() if to else None
    return Said(said.title, (f"To {person.name}." if person else "",))


def _fired(entry: Entry) -> Said:
    step_run = entry.about
    if step_run is None:
        return Said("A step came due")
    if step_run.rung:
        return Said(f"Not done, so {role_words(step_run.role)} is told: {step_run.step.title}")
    return Said(f"Came due: {step_run.step.title}")


def _nobody(entry: Entry) -> Said:
    step_run = entry.about
    if step_run is None:
        return Said("Nobody could be told")
    return Said(f"Nobody holds the role of {role_words(step_run.role)}: {step_run.step.title}")


SENTENCES: Final[Mapping[str, Callable[[Entry], Said]]] = {
    EpisodeVerb.REPORTED: _reported(),
    EpisodeVerb.REPORTED_AGAIN: _reported("again"),
    EpisodeVerb.CORRECTED: _correction,
    EpisodeVerb.RECORDED_AWAY: _with("Recorded as away", "whereabouts", "reason"),
    EpisodeVerb.RECORDED_MISSING: _with("Recorded as missing", "reason"),
    EpisodeVerb.LOCATED: _located,
    EpisodeVerb.RETURNED: _with("Back", "how", "condition"),
    EpisodeVerb.RETURN_COMPLETED: _with("The return was written up", "how", "condition", "injuries", "said"),
    EpisodeVerb.SIGNED_OFF: _with("Signed off", "words"),
    EpisodeVerb.REOPENED: _with("Opened again", "words"),
    EpisodeVerb.FALSE_REPORT: lambda entry: Said(
        "The report was mistaken", (str(entry.row.payload.get("reason", "")),)
    ),
    EpisodeVerb.NEWS_ADDED: _news,
    EpisodeVerb.CHILD_SPOKEN_TO: _fixed("Spoke to the child. That is not the same as finding them"),
    EpisodeVerb.POLICE_ANSWERED: _police,
    EpisodeVerb.POLICE_CHALLENGED: _challenge,
    EpisodeVerb.RISK_ASSESSED: _grade,
    EpisodeVerb.INDICATOR_RECORDED: _indicator("Sign of danger"),
    EpisodeVerb.INDICATOR_WITHDRAWN: _indicator("Sign of danger withdrawn"),
    EpisodeVerb.INTERVIEW_OWED: _fixed("A return interview is owed"),
    EpisodeVerb.INTERVIEW_ALLOCATED: _fixed("The return interview was given to somebody"),
    EpisodeVerb.INTERVIEW_OFFERED: _with("Return interview offered", "offer_words"),
    EpisodeVerb.INTERVIEW_TRIED: _attempt,
    EpisodeVerb.INTERVIEW_HELD: _fixed("Return interview held"),
    EpisodeVerb.INTERVIEW_DECLINED: _with("Return interview declined", "reason"),
    EpisodeVerb.INTERVIEW_UNABLE: _with("The return interview could not be held", "reason"),
    RecordVerb.PERSON_TOLD: _told,
    RecordVerb.PERSON_NOT_TOLD: _told,
    StepVerb.FIRED: _fired,
    StepVerb.NOBODY: _nobody,
    StepVerb.DONE: _done,
    StepVerb.ACKNOWLEDGED: _promised,
    StepVerb.HANDED_OVER: _handed_over,
    StepVerb.WAIVED: _step("Waived"),
    StepVerb.REOPENED: _step("Asked for again"),
    StepVerb.MOVED: _step("Worked out again"),
    StepVerb.NOT_NEEDED: _step("Not needed"),
    StepVerb.FAILED: _step("Could not be carried out"),
}


# ---- messages, each with what became of it ----

_MESSAGES: Final[Mapping[str, str]] = {
    Template.STEP_DUE: "a step is theirs to do",
    Template.STEP_LATE: "a step is late",
    Template.STEP_NOTICE: "for their information",
    Template.STEP_FAILED: "a step could not be carried out",
    Template.STEP_HANDED_OVER: "a step was handed over to them",
}
_EVENT_WORDS: Final = {
    "queued": "Queued", "tried": "Tried", "sent": "Sent", "put_off": "Not sent", "failed": "Not sent",
    "withdrawn": "Withdrawn", "refused": "Not sent",
}  # fmt: skip
_GAPS: Final = frozenset({"put_off", "failed", "refused", "withdrawn"})


def _messages(episode: MissingEpisode) -> dict[UUID | None, list[Notification]]:
    """The messages of an episode, by the step they speak of."""
    found = defaultdict[UUID | None, list[Notification]](list)
    rows = Notification.objects.filter(episode_id=episode.pk).select_related("recipient")
    for row in rows.prefetch_related("events").order_by("recorded_at", "recipient__name"):
        found[row.step_run_id].append(row)
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
    """Carl Penrose, Dee Marlow: sent. Femi Castell: waiting to be sent."""
    by_state = defaultdict[str, list[str]](list)
    for row in messages:
        by_state[row.get_state_display().lower()].append(row.recipient.name)
    return " ".join(f"{', '.join(names)}: {state}." for state, names in by_state.items())


def _deliveries(messages: Sequence[Notification]) -> list[Delivery]:
    """Each message from its making to its end; a gap is a line of its own, with its reason."""
    found = [line for row in messages for line in _lines(row)]
    return sorted(found, key=lambda line: line.at)


def _lines(row: Notification) -> Iterable[Delivery]:
    name = row.recipient.name
    yield Delivery(row.recorded_at, "Created", f"{name}: {_MESSAGES.get(row.template, '')}")
    for event in sorted(row.events.all(), key=lambda event: event.recorded_at):
        word = _EVENT_WORDS.get(event.kind, event.kind.replace("_", " ").capitalize())
        detail = ". ".join(part for part in (name, event.reason) if part)
        yield Delivery(event.recorded_at, word, detail, event.kind in _GAPS)
