"""A manager's first page: counts that open their lists; who owes most, is longest gone, or has nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casework.front.dashboards.counting import counts_of
from casework.front.dashboards.decisions import waiting_rows
from casework.front.dashboards.scope import Scope
from casework.front.dashboards.shows import BY_NAME, GROUPS, STEPS, Show, not_back, overdue, tiles_of
from casework.front.pages.kit.cards import Tile
from casework.front.pages.kit.owed import owed_soon
from casework.records import audit
from casework.records.holders import Holders
from casework.records.models import Role
from incidents.models import MissingEpisode

A_PAGE: Final = 100
SHOWN: Final = 5  # lines of each short list


@dataclass(frozen=True)
class Owing:
    """Somebody, or a role, with steps that are late."""

    name: str  # "" for the role
    role: str
    steps: int
    oldest_due_at: datetime


@dataclass(frozen=True)
class Short:
    """The three short lists under the tiles."""

    owing: Sequence[Owing]
    longest: Sequence[MissingEpisode]
    nobodys: Sequence[MissingEpisode]

    @property
    def child_ids(self) -> set[UUID]:
        return {episode.child_id for episode in (*self.longest, *self.nobodys)}


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The tiles; under them what needs a manager first, or the list of the tile that was opened."""
    scope = Scope.read(request, show=frozenset(BY_NAME), page=None)
    show = BY_NAME.get(scope.asked.get("show", ""))
    context = {"scope": scope, "show": show, "tiles": _tiles(scope, show), "updated_at": scope.at}
    if show is None:
        short = _short(scope)
        audit.looked(scope.user, child_ids=short.child_ids, about_kind="overview")
        owed = owed_soon(scope.user, scope.at)
        return render(request, "dashboards/overview.html", {**context, "short": short, "owed": owed})
    shown = Paginator(show.rows(scope), A_PAGE).get_page(scope.asked.get("page"))
    audit.looked(scope.user, child_ids=_children(show, shown), about_kind="overview")
    listed = {"shown": shown, "rows": shown.object_list, "keep": f"{scope.keep}&show={show.name}"}
    return render(request, "dashboards/overview.html", {**context, **listed})


def _tiles(scope: Scope, show: Show | None) -> list[tuple[str, list[Tile]]]:
    """Each group with its tiles, all counted in one question; the decisions lead to a page of their own."""
    waiting = waiting_rows(scope)
    rows = {name: one.rows(scope) for name, one in BY_NAME.items()}
    counts = counts_of({**rows, **{f"decide_{name}": one for name, one in waiting.items()}})
    url, name = f"{reverse('dashboards:overview')}?{scope.keep}", show.name if show else ""
    groups = [(group.title, tiles_of(group, counts, name, url)) for group in GROUPS]
    decisions = sum(counts[f"decide_{kind}"] for kind in waiting)
    groups[-1][1].append(
        Tile(decisions, "Decisions waiting", f"{reverse('dashboards:decisions')}?{scope.keep}")
    )
    return groups


def _short(scope: Scope) -> Short:
    gone = list(not_back(scope))
    holders = Holders.load({episode.authority_id for episode in gone}, (), at=scope.at)
    nobodys = [episode for episode in gone if not _is_somebodys(episode, holders)]
    return Short(_owing(scope), gone[:SHOWN], nobodys[:SHOWN])


def _is_somebodys(episode: MissingEpisode, holders: Holders) -> bool:
    """Somebody said “I’ve got this” and has it still, or somebody is on duty for the child."""
    child, taken_by, since = episode.child, episode.holder_id, episode.holder_at
    if (
        taken_by
        and since
        and holders.still_has(
            taken_by, since, episode.authority_id, child.team_id, child.allocated_worker_id, child_id=child.pk
        )
    ):
        return True
    on_duty = holders.of(
        Role.DUTY_WORKER,
        authority_id=episode.authority_id,
        team_id=child.team_id,
        allocated_worker_id=child.allocated_worker_id,
        child_id=child.pk,
    )
    return bool(on_duty)


def _owing(scope: Scope) -> list[Owing]:
    """Whoever took a step over owes it; otherwise the role that it is the work of."""
    rows = overdue(scope).order_by().values("holder__name", "role")
    most = rows.annotate(steps=Count("pk"), oldest=Min("due_at")).order_by("-steps", "oldest")[:SHOWN]
    return [Owing(row["holder__name"] or "", row["role"], row["steps"], row["oldest"]) for row in most]


def _children(show: Show, shown: Page[Any]) -> set[UUID]:
    return {row.episode.child_id if show.kind == STEPS else row.child_id for row in shown}
