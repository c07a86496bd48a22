"""The year of the government's return: from 1 April to 31 March. Pure."""

import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, order=True)
class ReturnYear:
    """`ReturnYear(2025)` is 2025-26."""

    year: int

    def __str__(self) -> str:
        return self.label

    @classmethod
    def of(cls, day: date) -> "ReturnYear":
        """The return year in which this day lies."""
        return cls(day.year if (day.month, day.day) >= (4, 1) else day.year - 1)

    @classmethod
    def parse(cls, text: str) -> "ReturnYear":
        """From "2025-26", as folders and people write it. ValueError for anything else, as "2025-27"."""
        found = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text)
        if found is None or (int(found[1]) + 1) % 100 != int(found[2]):
            raise ValueError("A return year is written like 2025-26.")
        if not 1900 <= int(found[1]) <= 2998:  # years in which children's dates of birth can lie
            raise ValueError("That year is no year of the return.")
        return cls(int(found[1]))

    @property
    def label(self) -> str:
        return f"{self.year}-{(self.year + 1) % 100:02d}"

    @property
    def first_day(self) -> date:
        return date(self.year, 4, 1)

    @property
    def last_day(self) -> date:
        return date(self.year + 1, 3, 31)

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day
