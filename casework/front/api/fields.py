"""What may be sent, field by field. A text is no number, one is not true, and nothing else is taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_NO_OFFSET: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?", re.ASCII)
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
FARTHEST_OFFSET: Final = timedelta(hours=14)
YEARS: Final = range(1900, 2200)
PLACES: Final = 5  # of a degree: about a metre
# As a schema says it, and as it is checked: no control characters but tab and new lines.
_UNSHOWN: Final = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff"
MAYBE_WORDS: Final = rf"^[^{_UNSHOWN}]*$"
WORDS: Final = rf"^[^{_UNSHOWN}]*[^\s{_UNSHOWN}][^{_UNSHOWN}]*$"


class Strict(serializers.Serializer[Any]):
    """An object of exactly these names. `read_only_names` are shown elsewhere and cannot be set here."""

    read_only_names: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def refuse_size(cls, given: Any) -> None:
        """413 for more than is taken at once, before any of it is looked at."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (strange := [name for name in data if name not in self.fields]):
            raise serializers.ValidationError({name: [self._why(name)] for name in strange})
        return super().to_internal_value(data)

    def _why(self, name: str) -> ErrorDetail:
        if name in self.read_only_names:
            return ErrorDetail("This cannot be changed here.", "read_only")
        return ErrorDetail("Nobody asked for this.", "unknown")


class Shown(serializers.Serializer[Any]):
    """Something to read. Every name is always there; what is not known is `""` or `null`."""


class Text(serializers.CharField):
    """Words, and no number that looks like some; nothing that no screen can show."""

    default_error_messages = {
        "characters": "Remove the characters that can’t be shown.",
        "blank": "Say something.",
    }

    def __init__(self, **more: Any) -> None:
        super().__init__(trim_whitespace=False, **more)

    @property
    def pattern(self) -> str:
        return MAYBE_WORDS if self.allow_blank else WORDS

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if not re.fullmatch(MAYBE_WORDS, data):
            self.fail("characters")
        if not (self.allow_blank or re.search(WORDS, data)):
            self.fail("blank")
        return super().to_internal_value(data)


class Cursor(serializers.CharField):
    """A place in a list, as it was given."""

    def __init__(self, **more: Any) -> None:
        super().__init__(trim_whitespace=False, **more)


class Choice(serializers.ChoiceField):
    """One of the words on the list."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=type(data).__name__)
        return super().to_internal_value(data)


class YesOrNo(serializers.BooleanField):
    """`true` or `false`, as JSON has them."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=type(data).__name__)
        return data


class Whole(serializers.IntegerField):
    """A whole number, as JSON has it: 7 and 7.0 are the same there."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int | float) or data != int(data):
            self.fail("invalid")
        return int(data)


class Degrees(serializers.FloatField):
    """A part of a position, rounded to a metre."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return round(float(data), PLACES)


class Moment(serializers.DateTimeField):
    """A moment with its offset. Given in UTC; what is sent may have any offset that exists."""

    default_error_messages = {
        "offset": "timezone required: end the time with Z or an offset such as +01:00.",
        "moment": "Give a time as 2026-11-22T22:40:00Z.",
        "years": "Give a year between 1900 and 2199.",
    }

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str):
            self.fail("moment")
        found = _MOMENT.fullmatch(value)
        if found is None:
            self.fail("offset" if _NO_OFFSET.fullmatch(value) else "moment")
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail("moment")
        if moment.year not in YEARS:
            self.fail("years")
        if abs(moment.utcoffset() or timedelta(0)) > FARTHEST_OFFSET:
            self.fail("moment")
        return moment.astimezone(UTC)

    def to_representation(self, value: Any) -> str:
        return shown(value)


def shown(moment: datetime) -> str:
    """In UTC, to the microsecond: `2026-11-22T22:40:00.000000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Id(serializers.UUIDField):
    """Lower-case and with dashes, as we give it."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str) or not _UUID.fullmatch(data):
            self.fail("invalid", value=type(data).__name__)
        return UUID(data)


class Digits(serializers.IntegerField):
    """A number from one on, in an address, where everything is text."""

    def __init__(self, **more: Any) -> None:
        super().__init__(min_value=1, **more)

    def to_internal_value(self, data: Any) -> int:
        if not re.fullmatch(r"[1-9]\d{0,17}", data, re.ASCII):
            self.fail("invalid")
        return int(data)
