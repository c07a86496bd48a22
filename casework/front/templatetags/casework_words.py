"""Time, tags and ages in templates. Each tag reads `now` from the page's context: the record's clock."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from django import template
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from casework.front.pages.kit import days_only, telephones, words
from casework.front.pages.kit.telephones import duty_number
from casework.records import access
from casework.records.models import LocalAuthority
from casework.records.standing import Standing
from incidents.models import Grade, MissingEpisode, Spell
from protocols.rulebook import ROLES

register = template.Library()

_REFERENCE: Final = re.compile(r"(\b[A-Z]{1,3}-\d[\d-]*)")  # a child's, an absence's
_UNBROKEN: Final = '<span class="cw-nowrap">{}</span>'


@register.simple_tag(takes_context=True)
def when(context: Context, at: datetime | None, text: str = "") -> str | SafeString:
    """<time>Today 22:41</time>, exact on hover. Nothing for a moment that is not known."""
    if at is None:
        return ""
    now = context.get("now")
    shown = text or (words.moment(at, now) if now else words.exactly(at))
    return time_element(at, shown)


@register.simple_tag
def time_element(at: datetime, text: str) -> SafeString:
    """<time> with words of the page's own."""
    machine = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, words.exactly(at), text)


@register.inclusion_tag("components/due.html", takes_context=True)
def due(context: Context, at: datetime) -> dict[str, object]:
    """A due time: words, then the clock time. It doubts itself when nobody checks the clock."""
    now, clock = context["now"], context.get("clock")
    unknown = getattr(clock, "state", "ok") == "unknown"
    return {"at": at, "now": now, "due": words.due(at, now), "unknown": unknown, "machine": at.isoformat()}


@register.simple_tag(takes_context=True)
def due_state(context: Context, at: datetime) -> str:
    """late, soon or later; late as well when nobody checks the clock."""
    if getattr(context.get("clock"), "state", "ok") == "unknown":
        return "late"
    return words.due(at, context["now"]).state


@register.simple_tag(takes_context=True)
def time_since(context: Context, at: datetime) -> SafeString:
    """5 h 22 min since `at`, counted on by script."""
    return format_html('<span data-since="{}">{}</span>', at.isoformat(), words.span(context["now"] - at))


@register.simple_tag(takes_context=True)
def number_now(context: Context, authority: LocalAuthority) -> str:
    """The number of children's services that is answered at this hour."""
    return duty_number(authority, context["now"])


@register.simple_tag
def time_between(start: datetime, end: datetime) -> str:
    """5 h 22 min, when nothing counts any more."""
    return words.span(end - start)


@register.simple_tag(takes_context=True)
def gone_from(context: Context, episode: MissingEpisode) -> str | SafeString:
    """From when the child was gone; the day alone, where nobody knows the time."""
    if days_only.is_gone_from_day(episode):
        return days_only.gone_from(episode, context["now"])
    return when(context, episode.missing_from)


@register.simple_tag(takes_context=True)
def gone_for(context: Context, episode: MissingEpisode) -> str | SafeString:
    """How long, counted on by script while the child is not back and the time is known."""
    if episode.is_open and not days_only.is_gone_from_day(episode):
        return time_since(context, episode.missing_from)
    return days_only.gone_for(episode, context["now"])


@register.simple_tag(takes_context=True)
def when_of(
    context: Context, episode: MissingEpisode, at: datetime, estimated: bool = True
) -> str | SafeString:
    """A moment of an episode; the day alone, where it came with the authority's files."""
    if days_only.is_day_only(episode, at, estimated=estimated):
        return days_only.moment(episode, at, context["now"], estimated=estimated)
    return when(context, at)


@register.simple_tag(takes_context=True)
def spell_times(context: Context, episode: MissingEpisode, spell: Spell) -> str | SafeString:
    """From when to when; days alone, where it came with the authority's files."""
    start, end = spell.started_at, spell.ended_at
    if days := days_only.spell_days(episode, start, end):
        return days
    if end is None:
        return format_html("{}, still so", when(context, start))
    return format_html("{} to {}", when_of(context, episode, start), when(context, end))


@register.filter
def is_gone_from_day(episode: MissingEpisode) -> bool:
    """Whether only the day is known from which the child was gone."""
    return days_only.is_gone_from_day(episode)


@register.filter
def ago(at: datetime, now: datetime) -> str:
    """2 hours ago."""
    return words.ago(at, now)


@register.filter
def span(length: timedelta) -> str:
    """1 h 32 min."""
    return words.span(length)


@register.filter
def span_in_full(length: timedelta) -> str:
    """1 hour 32 minutes."""
    return words.span_in_full(length)


@register.filter
def clock_time(at: datetime) -> str:
    """22:41, with its zone when the clocks change that day."""
    return words.clock_time(at)


@register.filter
def clock_seconds(at: datetime) -> str:
    """23:12:08."""
    return words.clock_seconds(at)


@register.filter
def exactly(at: datetime) -> str:
    """Thursday 19 November 2026, 22:41."""
    return words.exactly(at)


@register.filter
def spaced(name: str) -> str:
    """The name of a field as words: last seen at."""
    return name.replace("_", " ")


@register.filter
def calendar_day(day: date) -> str:
    """3 February 2012."""
    return words.calendar_day(day)


@register.filter
def telephone(number: str) -> str:
    """01632 960101."""
    return telephones.spoken(number)


@register.simple_tag(takes_context=True)
def emergency(context: Context, child_id: UUID | None) -> datetime | None:
    """Until when the reader has this child's record open in an emergency, if they have."""
    found = context.get("emergencies") or {}
    until: datetime | None = found.get(child_id)
    return until


@register.filter
def whole(text: str) -> SafeString:
    """EX-20417 is never broken at its hyphen: on a telephone a heading has several lines."""
    pieces = enumerate(_REFERENCE.split(text))  # a reference at every odd place
    whole_ones = (format_html(_UNBROKEN, piece) if place % 2 else piece for place, piece in pieces)
    return format_html_join("", "{}", ((one,) for one in whole_ones))


@register.filter
def only_reads(standing: Standing, child_id: UUID) -> bool:
    """Whether the reader has this child's record open in an emergency and for no other reason."""
    return access.only_reads(standing, child_id)


# Red is rare: late, missing, high, nobody. Every colour also says so in words.
TAG_COLOURS = {
    "missing": "red", "high": "red", "not told": "red", "nobody": "red", "failed": "red", "not sent": "red",
    "medium": "orange", "done late": "orange",
    "low": "yellow", "delivered": "yellow", "concern": "yellow",
    "away": "blue", "acknowledged": "blue", "located": "blue", "draft": "blue",
    "done": "green", "read": "green", "returned": "green", "published": "green",
}  # fmt: skip


@register.filter
def category_tag(category: str) -> str:
    """Missing, Away, Late; Located, where no spell runs."""
    return {"concern": "Late", "": "Located"}.get(category, category.capitalize())


@register.filter
def grade_words(grade: str) -> str:
    """High."""
    return str(Grade(grade).label)


@register.filter
def role_of_step(role: str) -> str:
    """Team manager: whose work a step is, where nobody took it over."""
    words_of_role = ROLES.get(role, role.replace("_", " "))
    return f"{words_of_role[0].upper()}{words_of_role[1:]}"


@register.inclusion_tag("components/tag.html")
def tag(text: str, colour: str = "") -> dict[str, str]:
    """A grade, category or state as a tag: {% tag "High" %}. Unknown words are grey."""
    return {"text": text, "colour": colour or TAG_COLOURS.get(str(text).lower(), "grey")}


@register.inclusion_tag("components/badge.html")
def badge(text: str, colour: str = "black") -> dict[str, str]:
    """A fact about the child in the identity bar: {% badge "Under 13" "red" %}."""
    return {"text": text, "colour": colour}
