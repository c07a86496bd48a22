"""Who is on duty when, and who is away: what is asked."""

from casework.front.pages.kit.forms import (
    ChoiceField,
    DateField,
    GovForm,
    MultipleChoiceField,
    RowChoiceField,
    VersionedForm,
)
from casework.front.pages.setup.home_forms import ClockTimeField
from casework.records.models import Weekday


class ProviderShiftForm(GovForm):
    """A line of a provider's rota: on-call managers alone stand on it."""

    person = RowChoiceField("Who?", missing="Choose who is on duty.")
    weekdays = MultipleChoiceField(
        "On which days?",
        [(str(value), label) for value, label in Weekday.choices],
        missing="Choose the days of the week.",
    )
    starts = ClockTimeField("From when?", hint="For example 17:00", missing="Enter when it starts.")
    ends = ClockTimeField(
        "Until when?",
        hint="For example 09:00. No later than the start means: on the next day",
        missing="Enter when it ends.",
    )
    from_on = DateField("First day", missing="Enter the first day.")
    until_on = DateField("Last day", hint="Leave it empty when it goes on until somebody ends it")


class ShiftForm(ProviderShiftForm):
    field_order = ("role",)

    role = ChoiceField("On duty as", as_select=True, missing="Choose the role.")


class EndShiftForm(VersionedForm):
    last_on = DateField(
        "Last day",
        hint="The last day on which it starts. Yesterday takes it off at once",
        missing="Enter the last day.",
    )


class LeaveForm(GovForm):
    person = RowChoiceField("Who is away?", missing="Choose who is away.")
    starts_on = DateField("First day", missing="Enter the first day.")
    ends_on = DateField("Last day", missing="Enter the last day.")
    deputy = RowChoiceField(
        "Who stands in?",
        blank="Nobody by name",
        hint="Somebody whose role may do the work. Without one, those who share the role go on",
    )


class BackForm(GovForm):
    """Nothing is asked: one button."""
