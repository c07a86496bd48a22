"""The page of decisions that wait: counts by kind, and each line leads to where it is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casework.front.dashboards.counting import counts_of
from casework.front.dashboards.decisions import DECIDING, KINDS, Kind, Line, kinds_for, waiting_rows
from casework.front.dashboards.scope import Scope
from casework.front.pages.kit.cards import Tile
from casework.records import audit
from casework.records.acts import Act

A_PAGE: Final = 50  # lines of each kind


@dataclass(frozen=True)
class Section:
    """One kind with its lines, and whether there are more than are shown."""

    kind: Kind
    count: int
    lines: Sequence[Line]
    url: str

    @property
    def has_more(self) -> bool:
        return self.count > len(self.lines)


@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """Every kind that this reader decides, or the one whose tile was opened."""
    names = frozenset(kind.name for kind in KINDS)
    scope = Scope.read(request, roles=DECIDING, show=names, page=None)
    show, waiting = scope.asked.get("show", ""), waiting_rows(scope)
    counts = counts_of(waiting)
    kinds = [kind for kind in kinds_for(scope) if show in ("", kind.name)]
    pages = {kind.name: _page(waiting[kind.name], scope.asked.get("page"), one=show != "") for kind in kinds}
    sections = [
        Section(kind, counts[kind.name], [kind.line(row) for row in pages[kind.name]], _url(scope, kind.name))
        for kind in kinds
    ]
    children = {line.child_id for section in sections for line in section.lines if line.child_id}
    audit.looked(scope.user, child_ids=children, about_kind="decisions")
    context = {
        "scope": scope,
        "sections": sections,
        "total": sum(counts.values()),
        "tiles": _tiles(scope, counts, show),
        "shown": pages.get(show),
        "looks_after": scope.standing.may(Act.REVIEW_GLASS),
        "keep": f"{scope.keep}&show={show}",
    }
    return render(request, "dashboards/decisions.html", context)


def _page(rows: Any, number: str | None, *, one: bool) -> Page[Any]:
    """One kind is shown page by page; of several, each shows its first."""
    return Paginator(rows, A_PAGE).get_page(number if one else 1)


def _tiles(scope: Scope, counts: dict[str, int], show: str) -> list[Tile]:
    return [
        Tile(counts[kind.name], kind.title, _url(scope, kind.name), current=kind.name == show)
        for kind in kinds_for(scope)
    ]


def _url(scope: Scope, name: str) -> str:
    return f"{reverse('dashboards:decisions')}?{scope.keep}&show={name}"
