"""Looking for a child by name: narrow, counted, and in the audit with what it found (T30.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Q, QuerySet, Value, When

from casework.records import audit
from casework.records.access import children_visible_to, require
from casework.records.acts import Act
from casework.records.errors import Invalid, NotFound, TooMany
from casework.records.models import Child, ChildSearch, Home, Team, User
from casework.records.services.one_at_a_time import hold
from casework.records.services.rows import add
from casework.records.times import CaseworkNow, now

LETTERS: Final = 3
LETTERS_BESIDES: Final = 2  # with a date of birth, a team or a home
MOST: Final = 100  # more is no answer to a search for one child
AN_HOUR: Final = timedelta(hours=1)

TOO_FEW: Final = (
    f"Enter {LETTERS} letters or more of the name, or {LETTERS_BESIDES} with a date of birth, a team or "
    "a home."
)
TOO_MANY: Final = "You have searched very often within an hour. Open the list of children, or wait a while."


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom somebody looks for. The name, part of it or the reference; and what narrows it down."""

    words: str
    born_on: date | None = None
    team: Team | None = None
    home: Home | None = None

    @property
    def is_narrowed(self) -> bool:
        return any((self.born_on, self.team, self.home))


@transaction.atomic
def find_children(*, by: User, wanted: Wanted) -> ChildSearch:
    """The children among those this person may see, by name. The search counts, whatever it finds.

    Invalid for too few letters. TooMany beyond `SEARCHES_AN_HOUR` of one person: nothing was looked for.
    """
    require(by, Act.SEARCH_CHILDREN)
    _check(wanted)
    hold(by, "search")
    _refuse_too_many(by)
    found = _matching(children_visible_to(by), wanted).values_list("pk", flat=True)[:MOST]
    search = add(ChildSearch(user=by, found=list(found)))
    audit.looked(by, child_ids=search.found, about_kind="search", about_id=search.pk, fields=[str(search.pk)])
    return search


def children_found(user: User, search_id: UUID) -> QuerySet[Child]:
    """What a search of one's own found within the hour, as far as it is still one's own to see."""
    mine = ChildSearch.objects.filter(pk=search_id, user=user, recorded_at__gt=now() - AN_HOUR).first()
    if mine is None:
        raise NotFound
    order = [When(pk=child_id, then=Value(at)) for at, child_id in enumerate(mine.found)]
    found = children_visible_to(user).filter(pk__in=mine.found)
    return found.order_by(Case(*order, default=Value(len(order)))) if order else found.none()


def _check(wanted: Wanted) -> None:
    letters = sum(one.isalnum() for one in wanted.words)
    if letters >= LETTERS or (letters >= LETTERS_BESIDES and wanted.is_narrowed):
        return
    raise Invalid(TOO_FEW, code="too_few_letters", field="words")


def _refuse_too_many(by: User) -> None:
    made = ChildSearch.objects.filter(user=by, recorded_at__gt=now() - AN_HOUR).count()
    if made >= settings.SEARCHES_AN_HOUR:
        raise TooMany(TOO_MANY, code="too_many_searches")


def _matching(children: QuerySet[Child], wanted: Wanted) -> QuerySet[Child]:
    """Every word of the search begins, or is part of, a name or the reference; `%` and `_` are only signs."""
    for word in wanted.words.split():
        children = children.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(known_as__icontains=word)
            | Q(reference__icontains=word)
        )
    if wanted.born_on:
        children = children.filter(born_on=wanted.born_on)
    if wanted.team:
        children = children.filter(team=wanted.team)
    if wanted.home:
        lives_there = Q(placements__home=wanted.home, placements__period__contains=CaseworkNow())
        children = children.filter(lives_there)
    return children.order_by("last_name", "first_name", "reference")
