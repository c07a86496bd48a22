"""When something happened, as people in a hurry say it: just now, half an hour ago, a day and a time."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Unpack

from casework.front.pages.kit import words
from casework.front.pages.kit.forms.dates import (
    DAY_PARTS,
    NOT_A_DATE,
    PartsBoundField,
    day_as_parts,
    read_day,
)
from casework.front.pages.kit.forms.fields import GovField, Part, PartsWidget, Wording, part_name
from casework.records.local_time import Ambiguous, NonExistent, Which, parse_local

FUTURE = "That time is in the future."
NEVER_WAS = "That time did not exist: clocks went forward. Use 02:00 or later."
WHICH = "That time happened twice: the clocks went back. Say which."
NO_TIME = "Enter a time, like 18:40."
CHOOSE = "Choose one from the list."
GRACE = timedelta(minutes=5)  # a phone's clock may be fast

GIVE = "give"
QUICK = {"now": timedelta(0), "30": timedelta(minutes=30), "60": timedelta(hours=1)}
QUICK_WORDS = {"now": "Just now", "30": "About 30 minutes ago", "60": "About an hour ago"}
WHICH_WORDS: tuple[tuple[Which, str, str], ...] = (
    ("before", "Before the clocks went back", "summer time"),
    ("after", "After the clocks went back", "winter time"),
)
PARTS = ("", "asked", "day", "month", "year", "time", "which")

_CLOCK = re.compile(r"(\d{1,2})[:. ]?(\d{2})?\s*(am|pm)?", re.IGNORECASE)


def read_clock(text: str) -> time:
    """22:10, 2210, 22.10, 9:05pm, 9pm. ValueError with a sentence for anything else."""
    found = _CLOCK.fullmatch(text)
    try:
        if found is None or not (found[2] or found[3]):
            raise ValueError
        hour, half = int(found[1]), (found[3] or "").lower()
        if half and not 1 <= hour <= 12:
            raise ValueError
        return time(hour % 12 + (12 if half == "pm" else 0) if half else hour, int(found[2] or 0))
    except ValueError:
        raise ValueError(f"{text[:20]} is not a time. Write it like 22:10.") from None


@dataclass(frozen=True)
class Radio:
    """One of the radios of the question."""

    value: str
    label: str
    id: str
    is_chosen: bool
    hint: str = ""


class MomentBoundField(PartsBoundField):
    field: "LondonDateTimeField"

    @property
    def asked_at(self) -> str:
        """When the quick choices were worded: "just now, 22:50" still means 22:50 when it is sent."""
        return self.field.asked_at(self.answers).isoformat()

    @property
    def quick_choices(self) -> list[Radio]:
        """Just now, 22:50; About 30 minutes ago, 22:20."""
        asked, chosen = self.field.asked_at(self.answers), self.field.choice(self.answers)
        return [
            Radio(
                value,
                f"{QUICK_WORDS[value]}, {words.clock_time(asked - before)}",
                str(self.auto_id) if at == 0 else f"{self.auto_id}-{at + 1}",
                is_chosen=chosen == value,
            )
            for at, (value, before) in enumerate(QUICK.items())
        ]

    @property
    def gives_time(self) -> bool:
        return self.field.choice(self.answers) == GIVE

    @property
    def clock_part(self) -> Part:
        wrong = bool(self.errors) and self.code in {"time", "which", "required"}
        return self.part("time", "Time, for example 18:40", 5, is_wrong=wrong, kind="text")

    @property
    def day_parts(self) -> list[Part]:
        """As typed; before anything was typed, today."""
        parts = super().day_parts
        if self.form.is_bound or any(part.value for part in parts):
            return parts
        today = day_as_parts(words.wall(self.field.the_time()).date())
        return [
            Part(part.label, part.id, part.name, today[name], part.width, part.is_wrong)
            for part, (name, _, _) in zip(parts, DAY_PARTS, strict=True)
        ]

    @property
    def asks_which(self) -> bool:
        """Only in the hour that happened twice."""
        return self.code == "which" or bool(self.answers.get("which"))

    @property
    def which_choices(self) -> list[Radio]:
        name = part_name(str(self.auto_id), "which")
        given = self.answers.get("which")
        return [
            Radio(value, label, name if at == 0 else f"{name}-{at + 1}", given == value, hint)
            for at, (value, label, hint) in enumerate(WHICH_WORDS)
        ]

    @property
    def control_id(self) -> str:
        if self.code == "which":
            return part_name(str(self.auto_id), "which")
        if self.code == "time":
            return part_name(str(self.auto_id), "time")
        if self.field.quick and not self.gives_time:
            return str(self.auto_id)
        return part_name(str(self.auto_id), "day")


class LondonDateTimeField(GovField):
    """A moment, asked in English local time and kept in UTC. Needs the form's `now`."""

    template = "govuk/moment.html"
    bound_field_class = MomentBoundField

    def __init__(
        self,
        label: str,
        *,
        quick: bool = True,
        may_be_future: bool = False,
        **wording: Unpack[Wording],
    ) -> None:
        super().__init__(label, widget=PartsWidget(PARTS), **wording)
        self.quick, self.may_be_future = quick, may_be_future

    def posted_names(self, name: str) -> list[str]:
        return [part_name(name, part) for part in PARTS]

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, datetime):
            return value
        local = words.wall(value)
        which = "after" if local.fold else ""
        return {**day_as_parts(local.date()), "": GIVE, "time": f"{local:%H:%M}", "which": which}

    def choice(self, answers: dict[str, str]) -> str:
        """Which radio. Without script the time can be typed with no radio pressed; that is an answer too."""
        chosen = answers.get("", "") if self.quick else GIVE
        return chosen or (GIVE if answers.get("time") else "")

    def asked_at(self, answers: dict[str, str]) -> datetime:
        """The moment of the first showing, to the minute; now, when the post says nothing or nonsense."""
        now = self.the_time()
        try:
            asked = datetime.fromisoformat(answers.get("asked", "")).astimezone(UTC)
        except (ValueError, OverflowError):
            asked = now
        return min(asked, now).astimezone(UTC).replace(second=0, microsecond=0)

    def to_python(self, value: Any) -> datetime | None:
        answers: dict[str, str] = value if isinstance(value, dict) else {}
        chosen = self.choice(answers)
        if not chosen or (not self.quick and not answers.get("time") and not self.required):
            return None
        if chosen in QUICK:
            return self.asked_at(answers) - QUICK[chosen]
        if chosen != GIVE:
            raise self.wrong(CHOOSE, "choice")
        return self._given(answers)

    def _given(self, answers: dict[str, str]) -> datetime:
        try:
            day = read_day({name: answers.get(name, "") for name, _, _ in DAY_PARTS})
        except ValueError:
            raise self.wrong(NOT_A_DATE, "date") from None
        if not answers.get("time"):
            raise self.wrong(str(self.error_messages["required"]) or NO_TIME, "time")
        if day is None:
            raise self.wrong(NOT_A_DATE, "date")
        try:
            clock = read_clock(answers["time"])
        except ValueError as wrong:
            raise self.wrong(str(wrong), "time") from None
        which = next((one for one, _, _ in WHICH_WORDS if one == answers.get("which")), None)
        try:
            return self._possible(parse_local(day, clock, which))
        except NonExistent:
            raise self.wrong(NEVER_WAS, "time") from None
        except Ambiguous:
            raise self.wrong(WHICH, "which") from None

    def _possible(self, at: datetime) -> datetime:
        if not self.may_be_future and at > self.the_time() + GRACE:
            raise self.wrong(FUTURE, "time")
        return at
