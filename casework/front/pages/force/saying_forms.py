"""What an officer says of a shared absence, asked on one page each."""

from casework.front.pages.kit.forms import (
    ChoiceField,
    GovForm,
    LondonDateTimeField,
    NarrativeField,
    TextField,
    TickField,
    VersionedForm,
)
from incidents.models import Grade, News


class AcknowledgeForm(GovForm):
    """Nothing is asked: one button."""


class ReferenceForm(VersionedForm):
    reference = TextField(
        "Your force’s reference",
        hint="The number under which your force keeps this",
        limit=40,
        width=20,
        missing="Enter the reference.",
    )


class PoliceGradeForm(GovForm):
    """One grade by the police; a new one never replaces the history."""

    grade = ChoiceField("Grade", Grade.choices, missing="Choose the grade.")
    rationale = NarrativeField("Why this grade?", rows=4, limit=4000, missing="Enter why it is graded so.")
    assessor = TextField(
        "Who graded it?", hint="Name, rank and number", limit=200, missing="Enter who graded it."
    )
    assessed_at = LondonDateTimeField("When?", missing="Say when it was graded.", initial={"": "now"})


class PoliceSightingForm(GovForm):
    """Somebody saw the child, or thinks so."""

    words = NarrativeField(
        "What was seen?",
        hint="Who with, which way they went, what they wore",
        rows=4,
        missing="Write down what was seen.",
    )
    where = TextField("Where?", limit=300, missing="Enter where they were seen. “Not known” is an answer.")
    happened_at = LondonDateTimeField("When was it?", missing="Enter the time they were seen.")
    how_sure = ChoiceField("How sure are they?", News.HowSure.choices, missing="Say how sure they are.")
    told_by = TextField("Who saw them?", hint="An officer, a member of the public, a camera", limit=200)


class FoundForm(GovForm):
    """Located is not returned: it is for others to say that the child is back."""

    located_at = LondonDateTimeField("When were they found?", missing="Say when they were found.")
    where = NarrativeField("Where are they?", rows=2, limit=1000, missing="Enter where the child is.")
    with_whom = TextField("Who is with them?", limit=200)
    condition = NarrativeField("How are they?", rows=3, limit=4000)
    identity_confirmed = TickField("An officer has confirmed that it is them")
