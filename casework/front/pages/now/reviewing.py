"""Children I review: the first page of an independent reviewing officer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casework.front.pages.kit.cards import Tile
from casework.front.pages.kit.door import person
from casework.front.pages.kit.identity import age_at
from casework.front.pages.kit.owed import owed_soon
from casework.front.pages.kit.queries import asked_of_list
from casework.records import audit
from casework.records.access import children_granted_to, children_within
from casework.records.errors import NotAllowed
from casework.records.models import Child, ChildGrant, Role, User
from casework.records.services.grants import live_grants_of
from casework.records.standing import standing_of
from casework.records.times import now
from incidents.access import episodes_to_list
from incidents.models import NOT_BACK
from incidents.queries import EpisodeLine, lines
from incidents.repeats import LOOKED_BACK, gone_lately
from protocols.models import StepRun
from protocols.queries import owed_steps_visible_to

SHOWS = ("all", "gone", "due")


@dataclass(frozen=True)
class Reviewed:
    """One child, why they are the reader's, where they are now, and which reviews wait."""

    child: Child
    age: int
    grant: ChildGrant | None
    absence: EpisodeLine | None
    times: int
    reviews: Sequence[StepRun]
    is_late: bool


@require_safe
def children_reviewed(request: HttpRequest) -> HttpResponse:
    """Those assigned to this officer, a review that is due first, then who is not back."""
    user, standing = person(request), standing_of(person(request))
    if not standing.authorities_where({Role.REVIEWING_OFFICER}):
        raise NotAllowed("This list is for independent reviewing officers.")
    show, moment = asked_of_list(request, show=frozenset(SHOWS)).get("show", "all"), now()
    everyone = _rows(user, moment)
    rows = rows_of(everyone, show)
    audit.looked(user, child_ids=[row.child.pk for row in rows], about_kind="reviewing")
    context = {
        "rows": rows,
        "tiles": _tiles(everyone, show),
        "days": LOOKED_BACK.days,
        "owed": owed_soon(user, moment),
    }
    return render(request, "work/reviewing.html", context)


def rows_of(rows: Sequence[Reviewed], show: str) -> list[Reviewed]:
    """The rows that a tile counts."""
    holds = {"gone": lambda row: row.absence is not None, "due": lambda row: bool(row.reviews)}
    return [row for row in rows if show not in holds or holds[show](row)]


def _tiles(rows: Sequence[Reviewed], shown: str) -> list[Tile]:
    words = {"all": "Children I review", "gone": "Not back now", "due": "With a review due"}
    return [
        Tile(
            len(rows_of(rows, name)),
            text,
            f"?show={name}",
            current=name == shown,
            is_late=name == "due" and any(row.is_late for row in rows),
        )
        for name, text in words.items()
    ]


def _rows(user: User, at: datetime) -> list[Reviewed]:
    """The number of queries does not grow with the children."""
    standing = standing_of(user)
    granted = children_within(standing).filter(pk__in=children_granted_to(standing).values("pk"))
    children = list(granted.select_related("allocated_worker", "team").order_by("last_name", "first_name"))
    episodes = episodes_to_list(user).filter(child__in=children)
    gone = {line.episode.child_id: line for line in lines(episodes.filter(state__in=NOT_BACK))}
    times = Counter(gone_lately(episodes, at).values_list("child_id", flat=True))
    grants = {grant.content_object_id: grant for grant in live_grants_of(user)}
    reviews = _reviews(user)
    rows = [
        Reviewed(
            child,
            age_at(child, at),
            grants.get(child.pk),
            gone.get(child.pk),
            times[child.pk],
            reviews.get(child.pk, []),
            is_late=any(step.due_at <= at for step in reviews.get(child.pk, [])),
        )
        for child in children
    ]
    return sorted(rows, key=lambda row: (not row.is_late, not row.reviews, row.absence is None))


def _reviews(user: User) -> Mapping[UUID, list[StepRun]]:
    """What the reviewing officer owes, by child."""
    found = defaultdict[UUID, list[StepRun]](list)
    for step in owed_steps_visible_to(user).filter(role=Role.REVIEWING_OFFICER):
        if step.episode:
            found[step.episode.child_id].append(step)
    return found
