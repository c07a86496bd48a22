"""What an absence lies between: the child's birth, the absence before it, its own end, the one after it.

So the rules of the SSDA903 return hold when the words are typed (567, 574, 586). Corrections alone are
refused: a report of a child and "They're back" are taken as they come, and readiness asks afterwards.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Max, QuerySet

from casework.records.errors import Invalid
from casework.records.times import LONDON
from incidents import moments
from incidents.models import NO_ABSENCE, Category, MissingEpisode

ABSENT = (Category.AWAY, Category.MISSING)


def refuse_impossible_beginning(
    episode: MissingEpisode, fields: Collection[str], *, noticed_before: datetime
) -> None:
    """Invalid when the absence would now begin before the child was born, before the last one was over, or
    after the child was found. `fields` were changed; until then it was noticed at `noticed_before`.
    """
    begins = episode.missing_from
    field = next((name for name in fields if getattr(episode, name) == begins), next(iter(fields), None))
    found_at = _found_at(episode)
    if found_at is not None and begins > found_at:
        words = moments.clock_words(found_at, begins)
        raise Invalid(f"The child was found at {words}. Enter an earlier time.", code="too_late", field=field)
    if _day(begins) <= episode.child.born_on:
        born = f"{episode.child.born_on:%-d %B %Y}"
        raise Invalid(f"The child was born on {born}. Enter a later time.", code="before_birth", field=field)
    last = _over_at(_others(episode).filter(noticed_at__lt=noticed_before))
    if last is not None and _day(begins) < _day(last):
        raise Invalid(
            f"The absence before this one ended on {moments.day_words(last)}. Enter a later time.",
            code="before_last_end",
            field=field,
        )


def refuse_end_after_next(episode: MissingEpisode, at: datetime) -> None:
    """Invalid when the child was gone again on a day before that of the return."""
    later = _others(episode).filter(noticed_at__gt=episode.noticed_at).order_by("noticed_at").first()
    if later is not None and _day(at) > _day(later.missing_from):
        gone_again = moments.day_words(later.missing_from)
        raise Invalid(
            f"The child was gone again on {gone_again}. Enter an earlier time.",
            code="after_next",
            field="returned_at",
        )


def _found_at(episode: MissingEpisode) -> datetime | None:
    """When the first spell of being missing or away ended, as far as it has."""
    spells = list(episode.spells.filter(category__in=ABSENT).order_by("ordinal")[:2])
    ends = [spells[0].ended_at] if spells else []
    if len(spells) == 1:
        ends.append(episode.located_at)
    return min((end for end in ends if end), default=None)


def _others(episode: MissingEpisode) -> QuerySet[MissingEpisode]:
    """The child's other absences that count in the return."""
    rows = MissingEpisode.objects.filter(child_id=episode.child_id, spells__category__in=ABSENT)
    return rows.exclude(pk=episode.pk).exclude(state__in=NO_ABSENCE)


def _over_at(episodes: QuerySet[MissingEpisode]) -> datetime | None:
    ends = episodes.aggregate(back=Max("returned_at"), over=Max("spells__ended_at"))
    return max((at for at in ends.values() if at), default=None)


def _day(at: datetime) -> date:
    return at.astimezone(LONDON).date()
