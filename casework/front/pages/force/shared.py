"""Shared with us: whom a force is told of, those who are not back first; and the page of one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casework.front.images import jpeg
from casework.front.pages.force.known import known_of
from casework.front.pages.force.opened import opened
from casework.front.pages.force.saying_forms import AcknowledgeForm
from casework.front.pages.force.shown import Shown
from casework.front.pages.force.whom_to_ring import whom_to_ring
from casework.front.pages.kit.cards import Tile
from casework.front.pages.kit.door import person
from casework.front.pages.kit.queries import asked_of_list
from casework.records import audit
from casework.records.acts import Act
from casework.records.errors import NotAllowed
from casework.records.models import User
from casework.records.photos import content_of, photo_for_police
from casework.records.standing import standing_of
from casework.records.times import now
from incidents.access import episodes_shared_with, shared_episode_for
from incidents.models import NOT_BACK
from incidents.shared import shared_views

A_PAGE: Final = 25
# A tile's name, its words, whether it is bad when there are any, and which rows it counts.
SHOWS: Final[Sequence[tuple[str, str, bool, Callable[[Shown], bool]]]] = (
    ("all", "Not back", False, lambda row: True),
    ("unseen", "Not acknowledged", True, lambda row: not row.is_acknowledged),
    ("ungraded", "Not graded by the police", False, lambda row: not row.is_graded),
    ("unnumbered", "Without your reference", False, lambda row: not row.it.force_reference),
    ("high", "High, by either grade", False, lambda row: row.is_high),
    ("located", "Located, not back", False, lambda row: not row.is_looked_for),
)
FILTERS: Final = frozenset(name for name, *_ in SHOWS)


@require_safe
def shared_list(request: HttpRequest) -> HttpResponse:
    """Everybody shared with the reader's force. It refreshes itself (`board.js`)."""
    user, moment = person(request), now()
    if not standing_of(user).may(Act.READ_SHARED):
        raise NotAllowed("This list is for police forces.")
    asked = asked_of_list(request, show=FILTERS, page=None)
    shown, shares = asked.get("show", "all"), _Shares.of(user, moment, asked.get("page", "1"))
    rows = rows_of(shares.not_back, shown)
    is_all = shown == "all"
    seen = [*rows, *(shares.ended if is_all else ())]
    audit.looked(user, child_ids=[shares.children[row.id] for row in seen], about_kind="shared")
    context = {
        "rows": rows,
        "ended": shares.ended if is_all else (),
        "shown": shares.page if is_all else None,
        "tiles": tiles_of(shares.not_back, shown, reverse("pages:shared-list")),
        "is_filtered": not is_all,
        "updated_at": moment,
    }
    return render(request, "force/shared.html", context)


@require_safe
def detail(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """All that the force is shown of one absence, in the order in which a search asks for it."""
    _, shown = opened(request, episode_id)
    context = {
        "shown": shown,
        "it": shown.it,
        "identity": shown.identity,
        "ring": whom_to_ring(shown.it, shown.at),
        "known": known_of(shown.it, shown.at),
        "acknowledge": AcknowledgeForm(auto_id="acknowledge-%s") if shown.is_alarm else None,
    }
    return render(request, "force/detail.html", context)


@require_safe
def photo(request: HttpRequest, episode_id: UUID, photo_id: UUID) -> HttpResponse:
    """A photograph that was approved for the police; any other is not there."""
    user = person(request)
    episode = shared_episode_for(user, episode_id)
    shot = photo_for_police(episode.child, photo_id)
    if not audit.has_just_looked(user, episode.child, "photo"):
        audit.looked(user, child=episode.child, about_kind="photo", about_id=shot.pk, fields=["photo"])
    return jpeg(content_of(shot), shot.digest)


@dataclass(frozen=True)
class _Shares:
    """All that is shared: who is not back, most urgent first; and a page of those who are, the last first."""

    not_back: Sequence[Shown]
    ended: Sequence[Shown]
    page: Page[UUID]
    children: dict[UUID, UUID]

    @classmethod
    def of(cls, user: User, at: datetime, page: str) -> _Shares:
        """A constant number of queries. A share ends four weeks after its absence: the ids stay few."""
        rows = episodes_shared_with(user).order_by("-noticed_at", "pk").values_list("pk", "child_id", "state")
        found = list(rows)
        open_ids = [key for key, _, state in found if state in NOT_BACK]
        ended = Paginator([key for key, _, state in found if state not in NOT_BACK], A_PAGE).get_page(page)
        listed = shared_views(user, [*open_ids, *ended.object_list], with_photos=False)
        views = {view.id: Shown(view, at) for view in listed}
        not_back = sorted((views[key] for key in open_ids if key in views), key=lambda row: row.urgency)
        return cls(
            not_back,
            [views[key] for key in ended.object_list if key in views],
            ended,
            {key: child for key, child, _ in found},
        )


def rows_of(rows: Sequence[Shown], shown: str) -> list[Shown]:
    """The rows that a tile counts."""
    holds = next(holds for name, _, _, holds in SHOWS if name == shown)
    return [row for row in rows if holds(row)]


def tiles_of(rows: Sequence[Shown], shown: str, url: str) -> list[Tile]:
    """Each count is the length of the list that its tile opens, because both are `rows_of`."""
    return [
        Tile(
            count := len(rows_of(rows, name)),
            text,
            url if name == "all" else f"{url}?show={name}",
            current=name == shown,
            is_late=is_bad and count > 0,
        )
        for name, text, is_bad, _ in SHOWS
    ]
