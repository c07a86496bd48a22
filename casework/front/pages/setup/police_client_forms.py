"""What is asked about a police force's own system."""

from typing import Any

from casework.front.pages.kit.forms import (
    DayAheadField,
    GovForm,
    MultipleChoiceField,
    NarrativeField,
    NumberField,
    TextField,
    VersionedForm,
)
from casework.records.models.police_client import MOST_CALLS
from casework.records.scopes import SCOPES


class NetworksField(NarrativeField):
    """Addresses and networks, one a line; the answer is a list."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]  # a list where the parent has a text
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class PoliceClientQuestions(GovForm):
    name = TextField("What is the system called?", limit=60, missing="Enter the system’s name.")
    scopes = MultipleChoiceField(
        "What may it do?",
        SCOPES.items(),
        hint="Of what is shared with this force, and of nothing else",
        missing="Choose what it may do.",
    )
    networks = NetworksField(
        "From which networks does it call?",
        rows=3,
        limit=1000,
        hint="One a line, like 192.0.2.0/24. Leave it empty when the force does not know them",
    )
    calls_a_minute = NumberField(
        "How many calls may it make in a minute?",
        least=1,
        most=MOST_CALLS,
        hint="60 are plenty for most",
        missing="Enter how many.",
    )


class MakePoliceClientForm(PoliceClientQuestions):
    ends_on = DayAheadField("Until which day?", missing="Enter the last day.")


class ChangePoliceClientForm(PoliceClientQuestions, VersionedForm):
    """The same questions, and the edition that they are about."""


class RenewPoliceClientForm(VersionedForm):
    ends_on = DayAheadField("Until which day?", missing="Enter the last day.")


class NewSecretForm(GovForm):
    """Nothing is asked: one button."""


class EndSecretForm(GovForm):
    """Nothing is asked: one button."""


class RevokePoliceClientForm(GovForm):
    reason = NarrativeField("Why?", rows=3, limit=300, missing="Enter why.")
