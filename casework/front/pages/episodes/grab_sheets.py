"""The grab sheet: what the police need to look for a child, on paper, with the age of every fact."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from casework.front.pages.children.photo_cards import picture_of, taken_of
from casework.front.pages.episodes.allowed import episode_to
from casework.front.pages.episodes.episode_frame import episode_url
from casework.front.pages.kit.door import person
from casework.front.pages.kit.freshness import Freshness, freshness
from casework.front.pages.kit.identity import age_at, danger_badges
from casework.records import audit
from casework.records.acts import Act
from casework.records.models import FactKind, ProfileFact
from casework.records.photos import for_police
from casework.records.times import now
from incidents.facts import facts_of
from incidents.models import Indicator, MissingEpisode

# In the order in which somebody who looks for a child needs them.
_KINDS: Final = (
    FactKind.DESCRIPTION, FactKind.VULNERABILITY, FactKind.MEDICAL, FactKind.SAY, FactKind.PHONE,
    FactKind.SOCIAL_MEDIA, FactKind.FRIEND, FactKind.FAMILY, FactKind.PLACE, FactKind.TRAVEL,
    FactKind.VEHICLE, FactKind.MONEY, FactKind.SCHOOL,
)  # fmt: skip


@dataclass(frozen=True)
class SheetFact:
    """A fact with its age: old news is worse than none when it is not known to be old."""

    words: str
    source: str
    fresh: Freshness


@require_GET
def show_sheet(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """The newest facts for the police. Making one is logged as an export."""
    episode = episode_to(Act.PRINT_GRAB_SHEET, request, episode_id)
    child, moment = episode.child, now()
    photos = for_police(child)
    audit.looked(
        person(request),
        child=child,
        about_kind="grab_sheet",
        about_id=episode.pk,
        fields=[*FactKind.values, "indicators", *(["photo"] if photos else [])],
    )
    facts = facts_of([episode.pk])[episode.pk]
    context = {
        "episode": episode,
        "child": child,
        "age": age_at(child, moment),
        "badges": danger_badges(facts, is_restricted=child.is_restricted),
        "indicators": Indicator.objects.filter(child=child, withdrawn_at=None).order_by("-seen_at"),
        "sections": _sections(episode),
        "picture": picture_of(photos[0]) if photos else None,
        "taken": taken_of(photos[0]) if photos else "",
        "force": episode.home.police_force if episode.home else None,
        "made_by": person(request).name,
        "made_at": moment,
        "back_url": episode_url(episode),
    }
    return render(request, "episodes/grab_sheet.html", context)


def _sections(episode: MissingEpisode) -> list[tuple[str, Sequence[SheetFact]]]:
    """Every kind of fact; one of which nothing is known says so, since that is news for the police too."""
    moment = now()
    rows = ProfileFact.objects.filter(child=episode.child, replaced_by=None, withdrawn_at=None)
    by_kind: dict[str, list[SheetFact]] = {kind: [] for kind in _KINDS}
    for row in rows.order_by("-confirmed_at"):
        by_kind[row.kind].append(SheetFact(row.words, row.source, freshness(row.confirmed_at, moment)))
    return [(str(kind.label), by_kind[kind]) for kind in _KINDS]
