"""Reports we made: what the home sent, word for word, whoever looks after the child now."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casework.front.pages.kit import words
from casework.front.pages.kit.cards import SummaryRow
from casework.front.pages.kit.door import person
from casework.front.pages.kit.queries import page_asked
from casework.front.pages.reports import carers
from casework.records import audit
from casework.records.errors import NotAllowed
from casework.records.models import User
from casework.records.times import now
from incidents.access import copies_visible_to, copy_for, episodes_to_tell_of
from incidents.codes import Check
from incidents.models import Category, IndicatorCode, News, PoliceAnswer, ReportCopy

A_PAGE: Final = 50

_QUESTIONS: Final[Mapping[str, str]] = {
    "category": "What it is",
    "at": "Since when",
    "whereabouts": "Where they were said to be",
    "expected_at": "Expected back",
    "noticed_at": "Noticed gone",
    "last_seen_at": "Last seen",
    "last_seen_estimated": "The time is a guess",
    "last_seen_where": "Last seen where",
    "last_seen_by": "Last seen by",
    "left_at": "Left",
    "checks_made": "What was checked",
    "wearing": "Wearing",
    "carrying": "With them",
    "circumstances": "Before they went",
    "indicators": "What makes it urgent",
    "late_reason": "Reported only now because",
    "police": "The police",
    "kind": "Kind of news",
    "words": "What was said",
    "happened_at": "When it was",
    "told_by": "Told by",
    "where": "Where",
    "how_sure": "How sure they are",
    "force": "Police force of that area",
    "number": "Number",
    "how_known": "How that is known",
    "given_at": "Notice given at",
    "ends_on": "The place ends on",
    "returned_at": "Back at",
    "how": "How they got back",
    "fetched_by": "Brought or fetched by",
    "condition": "How they were",
    "injuries": "Injuries",
    "said": "What they said",
    "belongings": "Belongings",
    "reason": "Reason",
    "answer": "What the police said",
    "told_at": "Phoned at",
    "officer": "Spoke to",
    "reference": "Police reference",
    "made_to": "Challenged",
    "made_at": "Phoned at",
    "outcome": "What they answered",
    "spoken_to": "Spoke to the child",
}
_LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "category": dict(Category.choices),
    "checks_made": dict(Check.choices),
    "indicators": dict(IndicatorCode.choices),
    "kind": dict(News.Kind.choices),
    "how_sure": dict(News.HowSure.choices),
    "answer": dict(PoliceAnswer.Answer.choices),
}


@require_safe
def ours(request: HttpRequest) -> HttpResponse:
    """Everything one's homes sent, the newest first; and the children whom one may still write about."""
    user = _reader(request)
    copies = copies_visible_to(user).select_related("home", "episode", "withdrawal").order_by("-recorded_at")
    shown = Paginator(copies, A_PAGE).get_page(page_asked(request))
    rows = list(shown.object_list)
    audit.looked(user, child_ids={row.episode.child_id for row in rows}, about_kind="report_copies")
    several = len(carers.provider_standing(user).home_ids) > 1
    context = {"copies": rows, "shown": shown, "tell_of": episodes_to_tell_of(user), "several": several}
    return render(request, "reports/ours.html", context)


@require_safe
def detail(request: HttpRequest, copy_id: UUID) -> HttpResponse:
    """One copy. Of what came after it, only whether the case is open."""
    user = person(request)
    copy = copy_for(user, copy_id)
    child = copy.episode.child
    audit.looked(user, child=child, about_kind="report_copy", about_id=copy.pk)
    is_withdrawn = hasattr(copy, "withdrawal")
    rows = [] if is_withdrawn else answers_of(copy, now())
    return render(request, "reports/copy.html", {"copy": copy, "rows": rows, "is_withdrawn": is_withdrawn})


def answers_of(copy: ReportCopy, at: datetime) -> list[SummaryRow]:
    """What was sent, question by question."""
    answers: Sequence[tuple[str, object]] = json.loads(copy.text)
    return [_row(name, value, at) for name, value in answers]


def _row(name: str, value: object, at: datetime) -> SummaryRow:
    lines = _lines(name, value, at)
    question = _QUESTIONS.get(name, name.replace("_", " ").capitalize())
    return SummaryRow(question, lines[0] if lines else "", lines=lines[1:])


def _lines(name: str, value: object, at: datetime) -> list[str]:
    labels = _LABELS.get(name, {})
    match value:
        case True:
            return ["Yes"]
        case False:
            return ["No"]
        case list():
            return [_line(name, one, labels, at) for one in value]
        case str() if name.endswith("_at") or name == "at":
            return [words.exactly(datetime.fromisoformat(value))]
        case str() if name.endswith("_on"):
            return [words.calendar_day(date.fromisoformat(value))]
    return [labels.get(str(value), str(value))]


def _line(name: str, one: object, labels: Mapping[str, str], at: datetime) -> str:
    """A ticked box; or a sign of danger, or a line about the police, with what was said of it."""
    if not isinstance(one, list):
        return labels.get(str(one), str(one))
    key, said = one
    if name == "indicators":
        return f"{labels.get(key, key)}: {said}" if said else str(labels.get(key, key))
    question = _QUESTIONS.get(key, str(key))
    return f"{question}: {', '.join(_lines(key, said, at))}" if said else ""


def _reader(request: HttpRequest) -> User:
    """Somebody with a name of their own who works in a home."""
    user = person(request)
    if carers.provider_standing(user).is_tablet:
        raise NotAllowed("The shared tablet shows no reports. Sign in with your own name to read them.")
    return user
