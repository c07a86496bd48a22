"""The identity bar above the pages about a child, whether or not the child is missing."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Model

from casework.front.pages.kit.cards import Badge, Identity
from casework.front.pages.kit.identity import INDICATOR_BADGES, age_at, identity_of
from casework.records.access import current_home_id, may_see
from casework.records.models import Child, LegalStatus, Placement, User
from casework.records.standing import Standing
from casework.records.times import CaseworkNow
from incidents.access import episodes_visible_to
from incidents.models import NOT_BACK, Indicator
from incidents.queries import EpisodeLine, lines, live_indicators_of


def not_back_line(user: User, child: Child) -> EpisodeLine | None:
    """The absence that this child has not come back from, as far as this person may see it."""
    found = lines(episodes_visible_to(user).filter(child=child, state__in=NOT_BACK))
    return found[0] if found else None


def child_bar(
    child: Child, at: datetime, absence: EpisodeLine | None, *, reader: Standing, url: str = ""
) -> Identity:
    """Who the page is about. Needs the child's worker and team fetched."""
    if absence is not None:
        absence.episode.child = child
        return identity_of(absence.episode, absence.facts, child_url=url)
    age = age_at(child, at)
    asked, badges = _what_people_ask(child), _badges(child, age, reader)
    return Identity(child.name, age, child.reference, url, asked, badges, child.pk)


def sees(reader: Standing, child: Child, model: type[Model], field: str) -> bool:
    """Whether this field of an open child's record is shown to this reader."""
    where = {"authority_id": child.authority_id, "home_id": current_home_id(child)}
    return may_see(reader, model, field, **where)


def current_placement(child: Child) -> Placement | None:
    """Where the child lives at this moment."""
    return child.placements.select_related("home").filter(period__contains=CaseworkNow()).first()


def current_legal_status(child: Child) -> LegalStatus | None:
    return child.legal_statuses.filter(until_on__isnull=True).first()


def _what_people_ask(child: Child) -> Sequence[str]:
    placement, status, found = current_placement(child), current_legal_status(child), list[str]()
    if placement is None:
        found.append("no placement recorded")
    elif placement.home:
        found.append(f"placed at {placement.home.name}")
    if status:
        found.append(str(status.get_code_display()).lower())
    worker = child.allocated_worker
    found.append(f"social worker {worker.name}" if worker else "no social worker allocated")
    return [*found, child.team.name] if child.team else found


def _badges(child: Child, age: int, reader: Standing) -> Sequence[Badge]:
    signs = live_indicators_of(child) if sees(reader, child, Indicator, "code") else Indicator.objects.none()
    codes = set(signs.values_list("code", flat=True))
    found = [Badge("Under 13", "red")] if age < 13 else []
    found += [badge for code, badge in INDICATOR_BADGES.items() if code in codes]
    found += [Badge("Unaccompanied", "purple")] if child.is_unaccompanied else []
    return [*found, Badge("Restricted record")] if child.is_restricted else found
