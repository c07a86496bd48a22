"""What was reported about an absence, as questions and answers; and how the child came back."""

from datetime import datetime
from typing import Final

from casework.front.pages.kit import days_only
from casework.front.pages.kit.cards import SummaryRow
from casework.front.pages.kit.days_only import clock_is_day_only
from casework.front.pages.kit.words import calendar_day, moment
from casework.records.models import Death
from incidents.codes import Check
from incidents.models import Ending, MissingEpisode, Return

_CLOCKS: Final = (
    ("Last seen", "last_seen"),
    ("Left", "left"),
    ("Noticed missing", "noticed"),
    ("Authority told", "told_authority"),
    ("Police told", "told_police"),
    ("Located", "located"),
    ("Back", "returned"),
)
_WORDS: Final = (
    ("Last seen where", "last_seen_where"),
    ("Last seen by", "last_seen_by"),
    ("What happened", "circumstances"),
    ("Wearing", "wearing"),
    ("Carrying", "carrying"),
    ("Police reference", "police_reference"),
)
_RETURN_WORDS: Final = (
    ("How they came back", "how"),
    ("Brought or fetched by", "fetched_by"),
    ("Condition", "condition"),
    ("Injuries", "injuries"),
    ("What they said", "said"),
    ("Belongings", "belongings"),
)


def detail_rows(episode: MissingEpisode, now: datetime) -> list[SummaryRow]:
    """Each clock with whether it is a guess and when it was written down; then the words."""
    rows = [SummaryRow("Expected back", _said(episode.expected_at, now))] if episode.expected_at else []
    rows += [_clock_row(episode, label, name, now) for label, name in _CLOCKS]
    rows += [SummaryRow(label, getattr(episode, name)) for label, name in _WORDS]
    checks = [str(Check(code).label) for code in episode.checks_made if code in Check.values]
    rows.append(SummaryRow("Checked", "; ".join(checks)))
    reporter = episode.reported_by.name if episode.reported_by else ""
    rows.append(SummaryRow("Reported by", ", ".join(filter(None, (episode.reported_by_name, reporter)))))
    return rows


def return_rows(back: Return, now: datetime) -> list[SummaryRow]:
    """The return as far as anybody has written it up."""
    guess = " (a guess)" if back.is_estimated else ""
    rows = [SummaryRow("Back at", f"{moment(back.returned_at, now)}{guess}")]
    return rows + [SummaryRow(label, getattr(back, name)) for label, name in _RETURN_WORDS]


def ending_rows(episode: MissingEpisode, now: datetime) -> list[SummaryRow]:
    """How it ended otherwise, with who said so; a death has its own two people."""
    ending = (
        Ending.objects.filter(episode=episode)
        .select_related("to_authority", "joined_to", "recorded_by")
        .first()
    )
    rows = _ending_rows(ending, now) if ending and ending.kind != Ending.Kind.DIED else []
    deaths = Death.objects.filter(child=episode.child, withdrawn_at=None)
    found = deaths.select_related("recorded_by", "confirmed_by").first()
    return [*rows, *_death_rows(found, now)] if found else rows


def _ending_rows(ending: Ending, now: datetime) -> list[SummaryRow]:
    by = ending.recorded_by.name if ending.recorded_by else "By itself"
    said = (
        ("To", ", ".join(filter(None, (str(ending.to_authority or ""), ending.to_name)))),
        ("Joined to", ending.joined_to.reference if ending.joined_to else ""),
        ("Why", ending.reason),
        ("How that is known", ending.evidence),
    )
    rows = [SummaryRow(ending.get_kind_display(), _said(ending.happened_at, now))]
    return [*rows, *(SummaryRow(name, words) for name, words in said if words), SummaryRow("Recorded by", by)]


def _death_rows(death: Death, now: datetime) -> list[SummaryRow]:
    rows = [
        SummaryRow("Died on", calendar_day(death.died_on)),
        SummaryRow("How that is known", death.how_known),
        SummaryRow("Written down by", f"{death.recorded_by.name}, {_said(death.recorded_at, now)}"),
    ]
    if death.confirmed_by is None or death.confirmed_at is None:
        return [*rows, SummaryRow("Confirmed by", "Nobody yet")]
    by = f"{death.confirmed_by.name}, {_said(death.confirmed_at, now)}"
    return [*rows, SummaryRow("Confirmed by", by, lines=[death.confirmed_words])]


def _clock_row(episode: MissingEpisode, label: str, name: str, now: datetime) -> SummaryRow:
    at: datetime | None = getattr(episode, f"{name}_at")
    if at is None:
        never = "Not yet" if episode.is_open else "No"
        return SummaryRow(label, "Not known" if _may_have_been(episode, name) else never)
    if clock_is_day_only(episode, name):
        said = days_only.moment(episode, at, now, estimated=True)
        return SummaryRow(label, said, lines=["From the authority’s files"])
    recorded: datetime | None = getattr(episode, f"{name}_recorded_at")
    lines = ["A guess"] if getattr(episode, f"{name}_estimated") else []
    if recorded and (recorded - at).total_seconds() >= 60:
        lines.append(f"Recorded {_said(recorded, now)}")
    return SummaryRow(label, _said(at, now), lines=lines)


def _may_have_been(episode: MissingEpisode, name: str) -> bool:
    """Whether it may well have happened, and nobody wrote down when."""
    before_this_system = episode.imported_at is not None and name not in ("located", "returned")
    return before_this_system or name in ("last_seen", "left")


def _said(at: datetime, now: datetime) -> str:
    return moment(at, now)
