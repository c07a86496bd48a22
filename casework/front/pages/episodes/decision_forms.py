"""A decision: its answer, its reason, who made it, when it is looked at again."""

from casework.front.pages.kit.forms import (
    Choice,
    ChoiceField,
    DayAheadField,
    GovForm,
    LondonDateTimeField,
    NarrativeField,
    TextField,
)
from incidents import deciding
from incidents.models import DecisionKind


class DecisionForm(GovForm):
    """No answer is chosen beforehand: whoever decides, decides."""

    outcome = ChoiceField("What is decided?", missing="Choose what is decided.")
    reason = NarrativeField("Why?", rows=4, limit=4000, missing="Enter the reason.")
    decided_by = TextField("Who decided?", hint="Name and role, when it was not you")
    decided_at = LondonDateTimeField("When?", missing="Say when it was decided.", initial={"": "now"})
    review_on = DayAheadField("When is it looked at again?", hint="Leave empty if no day is agreed")

    def offer(self, kind: DecisionKind) -> None:
        field = self.fields["outcome"]
        if isinstance(field, ChoiceField):
            outcomes = deciding.QUESTIONS[kind].outcomes
            field.choices = [Choice(one.value, str(one.label)) for one in outcomes]
        if kind == DecisionKind.OFSTED:  # told, or not: nothing to look at again
            del self.fields["review_on"]


class PublicityForm(DecisionForm):
    what = NarrativeField(
        "What may be published?",
        rows=3,
        limit=4000,
        hint="When publicity is agreed: which words, which photo, where",
    )
    approved_by = TextField("Who approved it?", hint="When publicity is agreed: name and role")
    field_order = ("form_key", "outcome", "what", "approved_by")
