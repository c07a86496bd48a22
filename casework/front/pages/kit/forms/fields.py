"""What every field of ours knows: its question, its hint, and the sentence for when it is left empty."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from casework.front.pages.kit.forms.cleaning import showable
from casework.front.pages.kit.forms.stamps import key_of, stamped
from casework.records import times


class GovBoundField(BoundField):
    """A field on its page: what the templates under `templates/govuk/` read."""

    field: "GovField"

    def __str__(self) -> SafeString:
        """The whole question with its label, hint and error, not the bare input."""
        return self.as_field_group()

    __html__ = __str__

    @property
    def message(self) -> str:
        """The first thing to mend."""
        return str(self.errors[0]) if self.errors else ""

    @property
    def code(self) -> str:
        """Which part the first error is about, for questions of several inputs."""
        found = self.errors.as_data() if self.errors else []
        return str(found[0].code or "") if found else ""

    @property
    def shown(self) -> str:
        value = self.value()
        return "" if value is None else showable(str(value))

    @property
    def control_id(self) -> str:
        """Where a link in the error summary leads."""
        return str(self.auto_id)

    @property
    def described_by(self) -> str:
        ids = [f"{self.auto_id}-hint"] if self.field.hint else []
        return " ".join([*ids, f"{self.auto_id}-error"] if self.errors else ids)


@dataclass(frozen=True)
class Part:
    """One of several inputs of a question."""

    label: str
    id: str
    name: str
    value: str
    width: int
    is_wrong: bool
    kind: str = "numeric"


class PartsWidget(forms.Widget):
    """Reads an answer of several inputs, `name_day`, `name_month` and so on, as one dict of texts."""

    def __init__(self, parts: Sequence[str]) -> None:
        super().__init__()
        self.parts = tuple(parts)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        return {part: str(data.get(part_name(name, part)) or "").strip() for part in self.parts}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return all(part_name(name, part) not in data for part in self.parts)


def part_name(name: str, part: str) -> str:
    """`last_seen_at` itself for the part "", `last_seen_at_day` for "day"."""
    return f"{name}_{part}" if part else name


class Wording(TypedDict, total=False):
    """What every question may say beside its label."""

    missing: str  # shown when it is left empty; without it the question is optional
    hint: str
    size: str  # of the label: "m" for a section, "l" where it is the heading of the page
    initial: object


class GovField(forms.Field):
    """A question. It must be answered when it has a `missing` sentence, which is then shown."""

    template = "govuk/text.html"
    bound_field_class = GovBoundField
    takes_many = False

    def __init__(self, label: str, *, widget: forms.Widget | None = None, **wording: Unpack[Wording]) -> None:
        missing = wording.get("missing", "")
        super().__init__(
            label=label,
            required=bool(missing),
            initial=wording.get("initial"),
            widget=widget,
            template_name=self.template,
        )
        self.error_messages["required"] = missing
        self.hint, self.size = wording.get("hint", ""), wording.get("size", "")
        self.now: datetime | None = None  # the record's clock; the form brings it
        self.warnings: list[str] = []

    def posted_names(self, name: str) -> Iterable[str]:
        """Every input that belongs to this question; any other in a post is refused."""
        return [name]

    def the_time(self) -> datetime:
        """The record's clock, which a form with a question about time has to be given."""
        if self.now is None:
            raise TypeError(f"the form that asks {self.label!r} needs now=…")
        return self.now

    def wrong(self, message: str, part: str = "") -> ValidationError:
        return ValidationError(message, code=part or "invalid")


class FormKeyBoundField(GovBoundField):
    """The key on the page, with the moment at which the page was shown."""

    @property
    def shown(self) -> str:
        if self.form.is_bound:
            return super().shown
        return stamped(super().shown, self.field.now or times.now())


class FormKeyField(GovField):
    """A key made for one showing of a form, so that the same press twice is done once."""

    template = "govuk/hidden.html"
    bound_field_class = FormKeyBoundField

    def __init__(self) -> None:
        super().__init__("Form key", widget=forms.HiddenInput())

    def to_python(self, value: Any) -> uuid.UUID:
        try:
            return uuid.UUID(key_of(str(value))) if value else uuid.uuid4()
        except ValueError:
            raise self.wrong("Open this page again and send it once more.") from None


class VersionField(GovField):
    """Which edition of a row the person was looking at."""

    template = "govuk/hidden.html"

    def __init__(self) -> None:
        super().__init__("Version", missing="Open this page again.", widget=forms.HiddenInput())

    def to_python(self, value: Any) -> int | None:
        text = str(value or "")
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise self.wrong("Open this page again.")
        return int(text)
