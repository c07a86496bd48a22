"""What is asked about a home."""

from datetime import time, timedelta
from typing import Any

from casework.front.pages.kit.forms import (
    ChoiceField,
    EmailField,
    GovForm,
    NarrativeField,
    NumberField,
    PhoneField,
    PostcodeField,
    RowChoiceField,
    TextField,
    VersionedForm,
)
from casework.front.pages.kit.forms.moments import read_clock
from casework.records.models import HomeKind, Sector


class ClockTimeField(TextField):
    """A time of day, such as 22:00; empty is None."""

    def __init__(self, label: str, *, hint: str = "", missing: str = "") -> None:
        super().__init__(label, limit=10, width=5, hint=hint, missing=missing)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def clean(self, value: Any) -> time | None:
        text = super().clean(value)
        try:
            return read_clock(text) if text else None
        except ValueError as wrong:
            raise self.wrong(str(wrong)) from None


class MinutesField(NumberField):
    """A length of time, asked in minutes."""

    def prepare_value(self, value: Any) -> Any:
        return str(int(value.total_seconds() // 60)) if isinstance(value, timedelta) else value

    def clean(self, value: Any) -> timedelta | None:  # type: ignore[override]  # a length where the parent has a number
        minutes = super().clean(value)
        return None if minutes is None else timedelta(minutes=minutes)


class HomeQuestions(GovForm):
    name = TextField("Name", missing="Enter the home’s name.")
    kind = ChoiceField("Kind", HomeKind.choices, as_select=True, missing="Choose the kind of home.")
    sector = ChoiceField("Who runs it?", Sector.choices, as_select=True, missing="Choose who runs it.")
    urn = TextField("Ofsted URN", limit=20, width=10)
    host_authority = RowChoiceField(
        "In which authority’s area is it?",
        blank="Not known",
        hint="Decides whether a placement is out of area, and who else has to be told",
    )
    police_force = RowChoiceField("Police force", blank="Not known")
    capacity = NumberField("Places", least=1, most=200)
    address = NarrativeField("Address", rows=3, limit=500, hint="Kept for the police; no page shows it")
    postcode = PostcodeField("Postcode")
    phone = PhoneField("Telephone")
    on_call_phone = PhoneField("On-call manager’s telephone")
    email = EmailField("E-mail")
    curfew = ClockTimeField("When do the children have to be back?", hint="For example 22:00")
    grace = MinutesField(
        "How long after that before they count as absent?",
        least=0,
        most=720,
        hint="In minutes",
        missing="Enter the minutes, 0 for none.",
    )


class RegisterHomeForm(HomeQuestions):
    field_order = ("name", "provider")

    provider = RowChoiceField("Provider", missing="Choose the provider.")


class ChangeHomeForm(HomeQuestions, VersionedForm):
    """The address that is there is not shown here either; a new one takes its place."""

    address = NarrativeField(
        "New address", rows=3, limit=500, hint="Leave it empty to keep the one there is. No page shows it"
    )
    postcode = PostcodeField("New postcode")
