"""The lines of the list of children; the number of queries does not grow with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.front.pages.kit.identity import age_at
from casework.records.access import children_open_to
from casework.records.models import Child, Placement, User
from casework.records.standing import standing_of
from casework.records.times import CaseworkNow
from incidents.access import episodes_visible_to
from incidents.models import NOT_BACK
from incidents.queries import EpisodeLine, lines


@dataclass(frozen=True)
class ChildRow:
    """A child with what tells one from another, and the absence that is not over.

    Where the reader has no part in the case, only name, reference and worker are shown.
    """

    child: Child
    opens: bool
    age: int
    home: str
    absence: EpisodeLine | None


def child_rows(user: User, children: Sequence[Child], at: datetime) -> list[ChildRow]:
    """The children in the order given, each with home and absence."""
    open_to_them = children_open_to(standing_of(user)).filter(pk__in=[child.pk for child in children])
    opens = set(open_to_them.values_list("pk", flat=True))
    living = Placement.objects.filter(child__in=children, period__contains=CaseworkNow())
    homes = dict(living.exclude(home=None).values_list("child_id", "home__name"))
    absent = episodes_visible_to(user).filter(child__in=children, state__in=NOT_BACK)
    absences = {line.episode.child_id: line for line in lines(absent)}
    return [
        ChildRow(child, child.pk in opens, age_at(child, at), homes.get(child.pk, ""), absences.get(child.pk))
        for child in children
    ]
