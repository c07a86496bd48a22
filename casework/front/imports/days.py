"""Which day a cell means. One that can be read in two ways is refused, with what to write instead."""

import re
from datetime import date
from functools import lru_cache
from typing import Final

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2999


class Wrong(ValueError):
    """A cell that cannot be taken; the message says what to write instead."""


def shown(cell: str) -> str:
    """A cell in a sentence: short, and with nothing that would not print."""
    return (
        f"“{''.join(one if one.isprintable() else '?' for one in cell[:20])}{'…' if len(cell) > 20 else ''}”"
    )


def day(cell: str, year: int) -> date:
    """A day as DD/MM/YYYY, or ISO (YYYY-MM-DD)."""
    return _day(cell)


@lru_cache(maxsize=20_000)
def _day(cell: str) -> date:
    if found := re.fullmatch(r"([0-9]{2})/([0-9]{2})/([0-9]{4})", cell):
        return _that_day(cell, int(found[3]), int(found[2]), int(found[1]))
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", cell):
        return _that_day(cell, int(found[1]), int(found[2]), int(found[3]))
    raise Wrong(f"{shown(cell)} {_why_no_day(cell)}")


def _that_day(cell: str, year: int, month: int, number: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Wrong(f"{shown(cell)} is in a year that cannot be meant.")
    try:
        return date(year, month, number)
    except ValueError:
        turned = "/" in cell and number <= 12 < month <= 31
        hint = " The day comes first, then the month." if turned else ""
        raise Wrong(f"{shown(cell)} is no day of the calendar.{hint}") from None


def _why_no_day(cell: str) -> str:
    if re.fullmatch(r"[0-9]{5}(?:\.[0-9]+)?", cell):
        return "is Excel’s own count of days. Format the column as DD/MM/YYYY and save again."
    if re.fullmatch(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}", cell):
        return "can be read in several ways. Write the day as DD/MM/YYYY, with four digits for the year."
    if re.match(r"[0-9/-]{8,10}[ T]", cell):
        return "has a time with the day. Write the day alone, as DD/MM/YYYY."
    if re.fullmatch(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}", cell):
        return "may mean the month first. Write two digits each and slashes: DD/MM/YYYY."
    return "is no day. Write it as DD/MM/YYYY."
