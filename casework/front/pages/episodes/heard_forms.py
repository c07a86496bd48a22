"""Why another force needs to know; what the police's own talk came to; who fetches a child who is found."""

from casework.front.pages.kit.forms import (
    ChoiceField,
    GovForm,
    LondonDateTimeField,
    NarrativeField,
    TextField,
)
from incidents.models import PreventionInterview


class ShareSightingForm(GovForm):
    reason = TextField("Why do they need to know?", limit=300, missing="Enter why this force needs to know.")


class PreventionForm(GovForm):
    """Held, not held, or asked for again."""

    outcome = ChoiceField(
        "Have the police talked to the child?",
        PreventionInterview.Outcome.choices,
        missing="Say whether the police have talked to the child.",
    )
    happened_at = LondonDateTimeField("When was that?", missing="Enter the time.")
    officer = TextField("Which officer?", hint="A name or a collar number")
    words = NarrativeField(
        "What came of it?",
        rows=4,
        limit=4000,
        hint="If it was not held: why not. If you asked again: whom, and what they answered",
        missing="Write down what came of it.",
    )


class LocatedCheckForm(GovForm):
    """For as long as the child is located and not back."""

    with_whom = TextField("Who is with the child now?", limit=300, missing="Enter who is with the child.")
    fetched_by = TextField(
        "Who fetches them, and by when?", missing="Enter who fetches the child, and by when."
    )
    why_not_back = NarrativeField("Why are they not back yet?", rows=3, limit=4000)
