"""How dangerous it is, in the words of whoever judges; and the signs that were seen."""

from casework.front.pages.kit.forms import (
    ChoiceField,
    GovForm,
    LondonDateTimeField,
    NarrativeField,
    TextField,
    VersionedForm,
)
from incidents.models import Grade, IndicatorCode, RiskAssessment


class GradeForm(GovForm):
    """One grade by one of the two; a new one never replaces the history."""

    made_by = ChoiceField(
        "Whose grade is it?", RiskAssessment.MadeBy.choices, inline=True, missing="Say whose grade it is."
    )
    grade = ChoiceField("Grade", Grade.choices, missing="Choose the grade.")
    rationale = NarrativeField(
        "Why this grade?",
        limit=4000,
        hint="The authority’s grade always says why. For the police’s, what they said.",
    )
    assessor = TextField("Who graded it?", hint="Name and rank or role, when it was not you")
    assessed_at = LondonDateTimeField("When?", missing="Say when it was graded.", initial={"": "now"})


class IndicatorForm(GovForm):
    code = ChoiceField("What was seen or heard?", IndicatorCode.choices, missing="Choose the sign of danger.")
    words = NarrativeField("What exactly?", limit=4000, missing="Enter what was seen or said.")
    seen_by = TextField("Who saw or heard it?", missing="Enter who saw it.")


class WithdrawIndicatorForm(VersionedForm):
    reason = NarrativeField(
        "Why does it no longer hold?", limit=2000, missing="Enter why it no longer holds."
    )
