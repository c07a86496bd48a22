"""What is asked when somebody is put on the list of a record's readers."""

from casework.front.pages.kit.forms import (
    DateField,
    EmailField,
    GovForm,
    NarrativeField,
    RowChoiceField,
    TextField,
    TickField,
)


class AddReaderForm(GovForm):
    person = RowChoiceField("Who?", blank="Somebody else, by e-mail address")
    email = EmailField("Or their e-mail address", hint="Of somebody from elsewhere who has a sign-in")
    reason = NarrativeField("Why do they need the record?", rows=3, limit=300, missing="Say why.")
    until_on = DateField("Until the end of which day?", hint="Needed for a school; others may have no end")
    with_address = TickField("They may also be shown where the child lives, after a reason")


class AssignReviewerForm(GovForm):
    officer = RowChoiceField("Who reviews the child’s plan?", missing="Choose a reviewing officer.")
    reason = NarrativeField("Why?", rows=2, limit=300, missing="Say why.")
    until_on = DateField("Until the end of which day?", hint="Leave it empty for the 18th birthday")


class EndReaderForm(GovForm):
    reason = TextField("Why does it end?", missing="Say why it ends.")
