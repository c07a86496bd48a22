"""What somebody was writing when they lost sight of the record: kept for the authority, shown to nobody else.

Every form sent to a record that one may not see gets the same answer, so that it tells nothing. What was
written is kept only if its page was shown while the person still had sight of the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest

from casework.front.pages.kit import words
from casework.front.pages.kit.forms.moments import PARTS, QUICK
from casework.front.pages.kit.forms.stamps import shown_at
from casework.records.access import lost_sight_since, organisation_names
from casework.records.models import User
from casework.records.services import drafts
from incidents.access import share_ended_since
from incidents.services.keeping import keep_what_was_typed
from protocols.access import Subject, subject_of

_NOT_WORDS: Final = frozenset({"csrfmiddlewaretoken", "form_key", "version", "submit", "children"})


def keep(request: HttpRequest) -> None:
    """Keep the answers of a form whose record is out of sight now and was not when the form was shown."""
    issued, user = shown_at(request.POST.get("form_key", "")), request.user
    if issued is None or not isinstance(user, User) or request.resolver_match is None:
        return
    subjects, before = _subjects(user, request.resolver_match.kwargs)
    lost = [one for one in subjects if _lost_sight(user, one, issued)]
    if lost and (typed := "\n".join([*before, *_posted(request)])):
        sent_from = ", ".join(organisation_names(user, issued))
        for one in lost:
            keep_what_was_typed(
                by=user, child=one.child, episode=one.episode, words=typed, sent_from=sent_from
            )


def _lost_sight(user: User, subject: Subject, issued: datetime) -> bool:
    """Whether the child, or with a force the absence, was theirs to see then and is not now."""
    if lost_sight_since(user, subject.child, issued):
        return True
    return subject.episode is not None and share_ended_since(user, subject.episode, issued)


def _posted(request: HttpRequest) -> Iterator[str]:
    """One line an answer, under the name of its question; the inputs of a day and a time are one answer."""
    given = {
        name: ", ".join(text.strip() for text in answers if text.strip())
        for name, answers in request.POST.lists()
        if name not in _NOT_WORDS
    }
    moments = {name.removesuffix("_day") for name in given if name.endswith("_day")}
    inputs = {f"{moment}_{part}".rstrip("_"): moment for moment in moments for part in PARTS}
    for question in dict.fromkeys(inputs.get(name, name) for name in given):
        answer = _moment(given, question) if question in moments else given[question]
        if answer:
            yield _line(question, answer)


def _moment(given: Mapping[str, str], question: str) -> str:
    """Just now or an hour ago, as the time that was meant; else the day and the time as they were typed."""
    day, month, year, clock, asked = (
        given.get(f"{question}_{part}", "") for part in ("day", "month", "year", "time", "asked")
    )
    ago = QUICK.get(given.get(question, ""))
    try:
        if ago is not None:
            return words.exactly(datetime.fromisoformat(asked) - ago)
    except (ValueError, TypeError, OverflowError):
        pass  # not as we sent it: what was typed is kept as it is
    return f"{'/'.join(filter(None, (day, month, year)))} {clock}".strip()


def _subjects(user: User, ids: Mapping[str, UUID | str]) -> tuple[list[Subject], list[str]]:
    """Whom the address is about, and what the draft behind it held already."""
    draft = drafts.kept_by(user, "report").filter(pk=ids["draft_id"]).first() if "draft_id" in ids else None
    about = [{"child_id": child_id} for child_id in draft.answers.get("children", ())] if draft else [ids]
    subjects = [subject for one in about if (subject := subject_of(one))]
    screens: Mapping[str, Mapping[str, object]] = draft.answers.get("screens", {}) if draft else {}
    before = [_line(name, value) for said in screens.values() for name, value in said.items() if value]
    return subjects, before


def _line(name: str, answer: object) -> str:
    text = ", ".join(map(str, answer)) if isinstance(answer, list) else str(answer)
    return f"{name.replace('_', ' ').capitalize()}: {text}"
