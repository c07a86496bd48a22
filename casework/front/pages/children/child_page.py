"""What the page of one child shows: facts with their age, placements, absences, and what may be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.urls import reverse

from casework.front.pages.children.child_bar import (
    child_bar,
    current_legal_status,
    current_placement,
    not_back_line,
    sees,
)
from casework.front.pages.children.fact_forms import StillTrueForm
from casework.front.pages.children.plan_card import plan_card
from casework.front.pages.kit import days_only, words
from casework.front.pages.kit.cards import SummaryRow
from casework.front.pages.kit.freshness import Freshness, freshness
from casework.front.pages.kit.referral_lines import lines_of
from casework.records import code_lists
from casework.records.access import (
    children_audited_within,
    current_home_id,
    location_granted,
    may_see_location,
    may_within,
)
from casework.records.acts import Act
from casework.records.models import Child, FactKind, Placement, ProfileFact, User
from casework.records.services.grants import reviewers_of
from casework.records.standing import Standing, standing_of
from casework.records.times import CaseworkNow
from incidents.models import MissingEpisode, News, Referral, UnverifiedInformation
from incidents.queries import EpisodeLine, enquiries_about, episodes_of

GROUPS: Final = (
    (
        "If you are looking for them",
        (FactKind.DESCRIPTION, FactKind.PHONE, FactKind.SOCIAL_MEDIA, FactKind.VEHICLE),
    ),
    ("If you are with them", (FactKind.MEDICAL, FactKind.VULNERABILITY, FactKind.SAY)),
    (
        "Where and with whom",
        (
            FactKind.FAMILY,
            FactKind.FRIEND,
            FactKind.PLACE,
            FactKind.SCHOOL,
            FactKind.MONEY,
            FactKind.TRAVEL,
        ),
    ),
)


@dataclass(frozen=True)
class FactLine:
    fact: ProfileFact
    fresh: Freshness


@dataclass(frozen=True)
class FactGroup:
    """Facts that are asked for together, and the kinds nobody has recorded yet."""

    title: str
    facts: Sequence[FactLine]
    unknown: Sequence[FactKind]


@dataclass(frozen=True)
class PlacementCard:
    """Where the child lives, lived or will live. The home's name, never where it is."""

    placement: Placement
    title: str
    kind: str
    dates: str
    length: str
    is_current: bool
    may_end: bool


@dataclass(frozen=True)
class EpisodeRow:
    """An absence in one line."""

    line: EpisodeLine
    url: str
    lasted: str


def record_of(user: User, child: Child, at: datetime) -> dict[str, object]:
    """The context of the child's page for this reader."""
    standing, absence = standing_of(user), not_back_line(user, child)
    groups = fact_groups(child, at) if sees(standing, child, ProfileFact, "words") else []
    facts = [line for group in groups for line in group.facts]
    placements = placement_cards(placements_shown(standing, child), at)
    return {
        "child": child,
        "identity": child_bar(child, at, absence, reader=standing),
        "absence_url": episode_url(standing, absence.episode) if absence else "",
        "absence": absence,
        "groups": groups,
        "reads_cases": sees(standing, child, MissingEpisode, "reference"),
        "fact_count": len(facts),
        "old_count": sum(line.fresh.is_old for line in facts),
        "placements": placements,
        "plan": plan_card(standing, child, at),
        "unverified": unverified_of(standing, child),
        "enquiries": enquiries_shown(standing, child),
        "lives_somewhere": any(card.is_current for card in placements),
        "still": StillTrueForm(),
        "episodes": [_episode_row(standing, line, at) for line in episodes_of(user, child)],
        "referrals": lines_of(child) if sees(standing, child, Referral, "reference") else [],
        "rows": _rows_of_record(child),
        "may": acts_on(standing, child),
        "sees_addresses": may_see_location(user, child),
        "sees_lookers": children_audited_within(standing).filter(pk=child.pk).exists(),
    }


def acts_on(standing: Standing, child: Child) -> set[str]:
    """The acts this person may do to this child, by name: a button asks before it is shown."""
    where = {"authority_id": child.authority_id, "home_id": current_home_id(child), "child_id": child.pk}
    return {act.value for act in Act if may_within(standing, act, **where)}


def live_facts(child: Child) -> QuerySet[ProfileFact]:
    """Facts that stand: nobody withdrew them or put another in their place."""
    return child.facts.filter(withdrawn_at__isnull=True, replaced_by__isnull=True).order_by("-confirmed_at")


def fact_groups(child: Child, at: datetime) -> list[FactGroup]:
    standing = [FactLine(fact, freshness(fact.confirmed_at, at)) for fact in live_facts(child)]
    by_kind = {kind: [line for line in standing if line.fact.kind == kind] for kind in FactKind}
    return [
        FactGroup(
            title,
            [line for kind in kinds for line in by_kind[kind]],
            [kind for kind in kinds if not by_kind[kind]],
        )
        for title, kinds in GROUPS
    ]


def placements_shown(standing: Standing, child: Child) -> QuerySet[Placement]:
    """All of them for the authority; a home sees its own, neither where a child was before nor where next.

    Somebody from elsewhere who was granted the address sees the present one.
    """
    placements = child.placements.select_related("home").order_by("-period")
    if child.authority_id in standing.authority_ids:
        return placements
    theirs = Q(home_id__in=standing.home_ids)
    if location_granted(standing, child):
        theirs |= Q(period__contains=CaseworkNow())
    return placements.filter(theirs)


def unverified_of(standing: Standing, child: Child) -> QuerySet[UnverifiedInformation]:
    """What came about the child, and about no absence, from people who may not read the record any more.

    For the authority to look at, and for nobody else.
    """
    rows = UnverifiedInformation.objects.filter(child=child, episode=None).order_by("-recorded_at")
    is_theirs = child.authority_id in standing.authority_ids
    return rows if is_theirs and sees(standing, child, UnverifiedInformation, "words") else rows.none()


def enquiries_shown(standing: Standing, child: Child) -> QuerySet[News]:
    """Who asked for a child who was not missing. A home reads what came while the child lived there."""
    rows = enquiries_about(child)
    if not sees(standing, child, News, "words"):
        return rows.none()
    if child.authority_id in standing.authority_ids:
        return rows
    lives = current_placement(child)
    if lives is None or lives.home_id not in standing.home_ids:
        return rows.none()
    return rows.filter(happened_at__gte=lives.period.lower)


def placement_cards(placements: QuerySet[Placement], at: datetime) -> list[PlacementCard]:
    return [_placement_card(placement, at) for placement in placements]


def _placement_card(placement: Placement, at: datetime) -> PlacementCard:
    start, end = placement.period.lower, placement.period.upper
    since = words.calendar_day(words.wall(start).date())
    dates = f"{since} to {words.calendar_day(words.wall(end).date())}" if end else f"Since {since}"
    days = ((end or at) - start).days
    return PlacementCard(
        placement,
        title=placement.home.name if placement.home else "Not in a home",
        kind=_kind_of(placement),
        dates=f"From {since}" if start > at else dates,
        length=_days(days) if start <= at else "",
        is_current=start <= at and (end is None or end > at),
        may_end=end is None or end > at,
    )


def _kind_of(placement: Placement) -> str:
    """As the return calls it, in words; a code of a year long past has its words too."""
    if words_of_code := code_lists.label(code_lists.PLACE, placement.place_code):
        return f"{words_of_code} ({placement.place_code})"
    return ""


def episode_url(standing: Standing, episode: MissingEpisode) -> str:
    """The authority's page of the absence, or the home's own."""
    page = "report-detail" if standing.is_provider_only else "episode-detail"
    return reverse(f"pages:{page}", args=[episode.pk])


def _episode_row(standing: Standing, line: EpisodeLine, at: datetime) -> EpisodeRow:
    episode = line.episode
    length = days_only.gone_for(episode, at)
    lasted = length if episode.returned_at else f"{length} so far"
    return EpisodeRow(line, episode_url(standing, episode), lasted)


def _rows_of_record(child: Child) -> list[SummaryRow]:
    status = current_legal_status(child)
    law = f"{status.get_code_display()} since {words.calendar_day(status.from_on)}" if status else ""
    interpreter = "needs an interpreter" if child.needs_interpreter else "no interpreter"
    worker = child.allocated_worker.name if child.allocated_worker else "Nobody allocated"
    reviewers = dict.fromkeys(grant.user.name for grant in reviewers_of(child))
    return [
        SummaryRow("Born", words.calendar_day(child.born_on)),
        SummaryRow("Legal status", law or "Not recorded"),
        SummaryRow("Language", f"{child.languages or 'Not recorded'}; {interpreter}"),
        SummaryRow("Social worker", worker, lines=[child.team.name] if child.team else []),
        SummaryRow("Reviewing officer", " and ".join(reviewers) or "Nobody assigned"),
        SummaryRow("Authority", child.authority.name),
    ]


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"
