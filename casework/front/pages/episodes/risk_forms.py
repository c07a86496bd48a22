"""How dangerous it is, in the words of whoever judges; and the signs that were seen."""

from typing import Any

from casework.front.pages.kit.forms import (
    Choice,
    ChoiceField,
    GovForm,
    LondonDateTimeField,
    MultipleChoiceField,
    NarrativeField,
    TextField,
    VersionedForm,
)
from incidents.codes import SIGNS_OF
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


def _signs(concern: IndicatorCode) -> MultipleChoiceField:
    return MultipleChoiceField(
        "What of this?",
        [Choice(sign.value, str(sign.label)) for sign in SIGNS_OF[concern]],
        hint="Tick all that somebody saw or heard. None of them has to be proved",
    )


class IndicatorForm(GovForm):
    """A concern, and the signs of it: for whoever sees them. It counts at once."""

    code = ChoiceField(
        "What was seen or heard?",
        [
            Choice(one.value, str(one.label), reveals=f"{one}_signs" if one in SIGNS_OF else "")
            for one in IndicatorCode
        ],
        missing="Choose the sign of danger.",
    )
    trafficking_signs = _signs(IndicatorCode.TRAFFICKING)
    sexual_exploitation_signs = _signs(IndicatorCode.SEXUAL_EXPLOITATION)
    criminal_exploitation_signs = _signs(IndicatorCode.CRIMINAL_EXPLOITATION)
    words = NarrativeField(
        "What exactly?", limit=4000, hint="In the words of whoever saw it. Always, where nothing was ticked"
    )
    seen_by = TextField("Who saw or heard it?", missing="Enter who saw it.")
    seen_at = LondonDateTimeField("When?", initial={"": "now"})

    @property
    def said(self) -> dict[str, Any]:
        """What `record_indicator` is told."""
        answers = self.cleaned_data
        told = {name: answers[name] for name in ("code", "words", "seen_by", "seen_at")}
        return {**told, "signs": answers.get(f"{answers['code']}_signs") or []}


class WithdrawIndicatorForm(VersionedForm):
    reason = NarrativeField(
        "Why does it no longer hold?", limit=2000, missing="Enter why it no longer holds."
    )
