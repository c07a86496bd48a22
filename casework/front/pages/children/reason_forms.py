"""Why this record is opened."""

from casework.front.pages.kit.forms import ChoiceField, GovForm, TextField
from casework.records.models import WhyLook

_CHOICES = [choice for choice in WhyLook.choices if choice[0] != WhyLook.REGISTERED]


class ReasonForm(GovForm):
    kind = ChoiceField("Why do you need it?", _CHOICES, size="m", missing="Choose why you need it.")
    words = TextField(
        "In your own words",
        size="m",
        hint="Whoever answers for the child can read this. Name nobody.",
        limit=300,
        missing="Say in a few words why you need this record.",
    )
