"""Days, typed as day, month and year: quicker than a calendar, and a date of birth is known by heart."""

from datetime import date
from typing import Any, Unpack

from casework.front.pages.kit import words
from casework.front.pages.kit.forms.fields import (
    GovBoundField,
    GovField,
    Part,
    PartsWidget,
    Wording,
    part_name,
)

NOT_A_DATE = "Enter a real date."
OLDEST = date(1900, 1, 1)

DAY_PARTS = (("day", "Day", 2), ("month", "Month", 2), ("year", "Year", 4))


def read_day(parts: dict[str, str]) -> date | None:
    """The day, or None when nothing was typed. ValueError for 31/06, 00/00/0000 and the year 20226."""
    typed = [parts[name] for name, _, _ in DAY_PARTS]
    if not any(typed):
        return None
    if not all(
        one.isdecimal() and len(one) <= most for one, (_, _, most) in zip(typed, DAY_PARTS, strict=True)
    ):
        raise ValueError(NOT_A_DATE)
    day = date(int(typed[2]), int(typed[1]), int(typed[0]))
    if day < OLDEST:
        raise ValueError(NOT_A_DATE)
    return day


def day_as_parts(day: date) -> dict[str, str]:
    return {"day": str(day.day), "month": str(day.month), "year": str(day.year)}


class PartsBoundField(GovBoundField):
    """A question of several inputs."""

    @property
    def answers(self) -> dict[str, str]:
        value = self.value()
        return value if isinstance(value, dict) else {}

    def part(self, name: str, label: str, width: int, *, is_wrong: bool, kind: str = "numeric") -> Part:
        full = part_name(self.html_name, name)
        id_ = part_name(str(self.auto_id), name)
        return Part(label, id_, full, self.answers.get(name, ""), width, is_wrong, kind)

    @property
    def day_parts(self) -> list[Part]:
        wrong = bool(self.errors) and self.code not in {"time", "which", "choice"}
        return [self.part(name, label, width, is_wrong=wrong) for name, label, width in DAY_PARTS]

    @property
    def control_id(self) -> str:
        return part_name(str(self.auto_id), "day")


class DateField(GovField):
    """A day of the calendar."""

    template = "govuk/date.html"
    bound_field_class = PartsBoundField

    def __init__(self, label: str, **wording: Unpack[Wording]) -> None:
        parts = [name for name, _, _ in DAY_PARTS]
        super().__init__(label, widget=PartsWidget(parts), **wording)

    def posted_names(self, name: str) -> list[str]:
        return [part_name(name, part) for part, _, _ in DAY_PARTS]

    def prepare_value(self, value: Any) -> Any:
        return day_as_parts(value) if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:
        self.warnings = []
        try:
            day = read_day(value or {name: "" for name, _, _ in DAY_PARTS})
        except ValueError:
            raise self.wrong(NOT_A_DATE) from None
        if day is not None:
            self.judge(day)
        return day

    def judge(self, day: date) -> None:
        """What else this day must be; fields with a meaning say more."""


class DateOfBirthField(DateField):
    """When a child was born. Care leavers are let in with a word; nobody is 120."""

    ADULT, OLDEST_LEAVER = 18, 25

    def judge(self, day: date) -> None:
        today = words.wall(self.the_time()).date()
        if day > today:
            raise self.wrong("A date of birth is in the past.")
        age = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
        if age > self.OLDEST_LEAVER:
            raise self.wrong(f"That makes them {age}. Check the year.")
        if age >= self.ADULT:
            self.warnings.append(
                f"They are {age}: a care leaver, not a child in care. Check the year if not."
            )


class ComingDayField(DateField):
    """Today or a day to come: when something ends, or has to be done."""

    def judge(self, day: date) -> None:
        if day < words.wall(self.the_time()).date():
            raise self.wrong("Enter today or a day to come.")
