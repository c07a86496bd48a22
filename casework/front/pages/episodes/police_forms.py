"""A call to the police, what they answered, and the challenge when that is not enough."""

from casework.front.pages.kit.forms import (
    ChoiceField,
    GovForm,
    LondonDateTimeField,
    NarrativeField,
    TextField,
)
from incidents.models import PoliceAnswer


class PoliceAnswerForm(GovForm):
    """A reference can follow; it never holds the record up."""

    answer = ChoiceField(
        "What did the police say?", PoliceAnswer.Answer.choices, missing="Choose what they said."
    )
    told_at = LondonDateTimeField("When were they told?", missing="Say when the police were told.")
    officer = TextField("Who answered?", hint="Name, rank and number, as far as they gave them")
    reference = TextField("Police reference", hint="It can follow later", limit=40, width=10)
    reason = NarrativeField(
        "Why did they refuse, or grade it lower?", limit=4000, hint="Leave empty when they took the report"
    )


class ChallengeForm(GovForm):
    made_to = TextField(
        "Whom did you speak to?", hint="The duty inspector, by name", missing="Enter whom you spoke to."
    )
    made_at = LondonDateTimeField("When?", missing="Say when you spoke to them.")
    words = NarrativeField("What did you say?", limit=4000, missing="Enter what you said.")
    outcome = NarrativeField("What came of it?", rows=3, limit=4000, hint="Leave empty while it is open")
