"""What is asked about a conflict of interest."""

from casework.front.pages.kit.forms import GovForm, NarrativeField, RowChoiceField, TextField

_REASON = "What is the conflict?"
_HINT = "A relative, a neighbour, a friend’s family. No more than a manager needs to know"


class OwnConflictForm(GovForm):
    reason = NarrativeField(_REASON, rows=3, limit=500, hint=_HINT, missing="Say what the conflict is.")


class ConflictInWordsForm(GovForm):
    authority = RowChoiceField("Which authority?", missing="Choose one from the list.")
    about = TextField(
        "Which child?",
        limit=300,
        hint="The reference if you have it; otherwise what you know. A manager finds the child",
        missing="Say which child, as well as you know.",
    )
    reason = NarrativeField(_REASON, rows=3, limit=500, hint=_HINT, missing="Say what the conflict is.")


class RecordConflictForm(GovForm):
    person = RowChoiceField("Who has the conflict?", missing="Choose who has the conflict.")
    reason = NarrativeField(_REASON, rows=3, limit=500, hint=_HINT, missing="Say what the conflict is.")


class FoundChildForm(GovForm):
    reference = TextField(
        "The child’s reference", limit=20, width=10, missing="Enter the reference of the child they mean."
    )


class EndConflictForm(GovForm):
    reason = NarrativeField("Why is it over?", rows=3, limit=500, missing="Say why it is over.")
