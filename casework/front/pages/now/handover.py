"""Hand-over: every child who is not back, one line each, accepted by name at each change of cover."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from casework.front.pages.episodes.accepting import HandoverForm
from casework.front.pages.kit.answers import show
from casework.front.pages.kit.door import person, send
from casework.front.pages.kit.forms import Choice, MultipleChoiceField
from casework.front.pages.kit.queries import asked_of_list
from casework.front.pages.now.board import BoardRow, board_rows
from casework.records import audit
from casework.records.access import require
from casework.records.acts import Act, roles_that_may
from casework.records.office_hours import change_at_hand
from casework.records.standing import Standing, standing_of
from casework.records.times import now
from incidents.models import Handover, News
from incidents.services.responsibility import accept_handovers, needs_handover
from protocols import engine

NOTHING_TICKED: Final = "Tick the children whose line you have read."


class HandoversForm(HandoverForm):
    """The lines that were read, and a word to them all."""

    field_order = ("episodes",)

    episodes = MultipleChoiceField("Which have you read?", missing=NOTHING_TICKED)


@dataclass(frozen=True)
class Line:
    """One child who is not back, as whoever comes on reads it."""

    row: BoardRow
    accepted: Handover | None  # at this change
    is_to_accept: bool
    news: News | None  # the last that was heard

    @property
    def key(self) -> str:
        return str(self.row.episode.pk)


@require_http_methods(["GET", "POST"])
def board(request: HttpRequest) -> HttpResponse:
    """The page; ticked lines are accepted in one press."""
    asked_of_list(request)
    user, moment = person(request), now()
    require(user, Act.ACCEPT_RESPONSIBILITY)
    change = change_at_hand(moment)
    rows = [row for row in board_rows(user, moment) if row.is_open and _is_ours(row, standing_of(user))]
    lines = _lines(rows, change)
    form = HandoversForm.read(request)
    waiting = {line.key: line.row.episode for line in lines if line.is_to_accept}
    form.offer_choices("episodes", [Choice(key, one.reference) for key, one in waiting.items()])

    def accepted() -> str:
        chosen = [waiting[key] for key in form.cleaned_data["episodes"]]
        done = accept_handovers(by=user, episodes=chosen, words=form.cleaned_data["words"])
        for row in done:
            engine.wake(row.episode_id)
        messages.success(request, f"Accepted: {len(done)}. They are with you now.")
        return reverse("pages:handover")

    if (sent := send(request, form, accepted)) is not None:
        return sent
    audit.looked(user, child_ids=[row.episode.child_id for row in rows], about_kind="handover")
    context = {"lines": lines, "change_at": change, "waiting": len(waiting), "updated_at": moment}
    return show(request, "now/handover.html", context, form=form)


def _is_ours(row: BoardRow, standing: Standing) -> bool:
    return row.episode.authority_id in standing.authorities_where(roles_that_may(Act.ACCEPT_RESPONSIBILITY))


def _lines(rows: Sequence[BoardRow], change: datetime) -> list[Line]:
    keys = [row.episode.pk for row in rows]
    accepted, news = _accepted(keys, change), _last_news(keys)
    return [
        Line(
            row,
            accepted.get(row.episode.pk),
            row.episode.pk not in accepted and needs_handover(row.episode, change),
            news.get(row.episode.pk),
        )
        for row in rows
    ]


def _accepted(keys: Collection[UUID], change: datetime) -> Mapping[UUID, Handover]:
    rows = Handover.objects.filter(episode__in=keys, change_at=change).select_related("accepted_by")
    return {row.episode_id: row for row in rows}


def _last_news(keys: Collection[UUID]) -> Mapping[UUID, News]:
    rows = News.objects.filter(episode__in=keys).order_by("episode", "-happened_at", "-recorded_at")
    return {row.episode_id: row for row in rows.distinct("episode") if row.episode_id}
