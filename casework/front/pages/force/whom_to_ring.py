"""Whom the police ring about a child: the home, and whoever answers for the authority at this hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.records.office_hours import in_office_hours
from incidents.shared import SharedEpisode, SharedOffice


@dataclass(frozen=True)
class Number:
    """One number to ring. `words` say when it is answered, or by whom."""

    number: str
    words: str


@dataclass(frozen=True)
class ToRing:
    """One office, the number that is answered now first."""

    who: str
    numbers: Sequence[Number]


def whom_to_ring(it: SharedEpisode, now: datetime) -> list[ToRing]:
    """The home, where somebody is up at any hour, and the authority, which has a number for the night."""
    home = [ToRing(it.home.name, _numbers(it.home, "", "manager on call"))] if it.home else []
    by_day, by_night = (
        Number(it.authority.phone, "in office hours"),
        Number(it.authority.other_phone, "nights and weekends"),
    )
    order = (by_day, by_night) if in_office_hours(now) else (by_night, by_day)
    desk = [one for one in order if one.number]
    return [*home, ToRing(f"{it.authority.name}, children’s services", desk)]


def _numbers(office: SharedOffice, first: str, second: str) -> list[Number]:
    both = (Number(office.phone, first), Number(office.other_phone, second))
    return [one for one in both if one.number]
