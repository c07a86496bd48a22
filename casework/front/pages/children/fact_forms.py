"""Facts to have ready before a child goes missing."""

from casework.front.pages.kit.forms import ChoiceField, GovForm, NarrativeField, RowChoiceField, TextField
from casework.records.models import FactKind


class FactForm(GovForm):
    kind = ChoiceField(
        "What kind of fact?", FactKind.choices, as_select=True, missing="Choose the kind of fact."
    )
    words = NarrativeField("What do you know?", rows=4, limit=4000, missing="Enter what you know.")
    source = TextField("Who says so?", hint="The child, a parent, what you saw yourself")


class NewerFactForm(GovForm):
    """Takes the place of a fact of the same kind."""

    words = NarrativeField("What is true now?", rows=4, limit=4000, missing="Enter what is true now.")
    source = TextField("Who says so?", hint="The child, a parent, what you saw yourself")


class WithdrawFactForm(GovForm):
    reason = TextField("Why is it not true any more?", missing="Enter why.")


class StillTrueForm(GovForm):
    """One press beside a fact."""

    fact = RowChoiceField("Fact", missing="Press “Still true” beside a fact.")
