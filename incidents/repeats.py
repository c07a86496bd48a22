"""Children who go missing again and again: the tiers, who meets which, and since when.

No national number says what is often; these are the defaults of the shipped protocol (`domain` §3).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from incidents.models import Category, MissingEpisode, Spell, State


@dataclass(frozen=True, slots=True)
class Tier:
    """So many absences in so many days, and who is to look at the child then."""

    times: int
    days: int
    who: str


# The highest first.
TIERS: Final = (
    Tier(10, 90, "The assistant director"),
    Tier(6, 90, "The head of service and the exploitation panel"),
    Tier(3, 90, "A strategy meeting"),
    Tier(2, 28, "The team manager"),
)
LOOKED_BACK: Final = timedelta(days=max(tier.days for tier in TIERS))
SOON_AGAIN: Final = TIERS[-1]
OFTEN: Final = TIERS[-2]


@dataclass(frozen=True, slots=True)
class Reached:
    """The tier that a child meets, the absence with which they met it, and how many it counts by now."""

    tier: Tier
    since: datetime
    times: int


def reached(noticed: Iterable[datetime], at: datetime) -> Reached | None:
    """The highest tier that these absences meet at `at`; since the n-th of those that still count."""
    times = sorted(noticed)
    for tier in TIERS:
        counted = [one for one in times if at - timedelta(days=tier.days) < one <= at]
        if len(counted) >= tier.times:
            return Reached(tier, counted[tier.times - 1], len(counted))
    return None


def gone_lately(episodes: QuerySet[MissingEpisode], at: datetime) -> QuerySet[MissingEpisode]:
    """Of these, the absences that count: away or missing, not only late, and no mistake."""
    gone = Spell.objects.filter(episode=OuterRef("pk")).exclude(category=Category.CONCERN)
    recent = episodes.filter(Exists(gone), noticed_at__gt=at - LOOKED_BACK, noticed_at__lte=at)
    return recent.exclude(state=State.FALSE_REPORT)


def gone_often(
    episodes: QuerySet[MissingEpisode], at: datetime
) -> QuerySet[MissingEpisode, Mapping[str, Any]]:
    """The children who meet a tier, as `child_id` and counts; those who went most often first."""
    soon = Q(noticed_at__gt=at - timedelta(days=SOON_AGAIN.days))
    by_child = gone_lately(episodes, at).order_by().values("child_id")
    counted = by_child.annotate(often=Count("pk"), soon_again=Count("pk", filter=soon))
    met = counted.filter(Q(often__gte=OFTEN.times) | Q(soon_again__gte=SOON_AGAIN.times))
    return met.order_by("-often", "-soon_again", "child_id")


def absences_by_child(
    episodes: QuerySet[MissingEpisode], children: Collection[UUID], at: datetime
) -> Mapping[UUID, list[datetime]]:
    """When each of these children was noticed gone, of the absences that count."""
    found = defaultdict[UUID, list[datetime]](list)
    rows = gone_lately(episodes, at).filter(child_id__in=children)
    for child_id, noticed_at in rows.values_list("child_id", "noticed_at"):
        found[child_id].append(noticed_at)
    return found
