"""Who was told, how and why; or why somebody was not."""

from casework.front.pages.kit.forms import (
    Choice,
    ChoiceField,
    GovForm,
    LondonDateTimeField,
    NarrativeField,
    TextField,
)
from casework.records.models import Disclosure

How = Disclosure.How


class TellForm(GovForm):
    """A call made, or a word in person: it stands beside what Casework sent."""

    audience = ChoiceField("Who was told?", Disclosure.Audience.choices, missing="Choose who was told.")
    told_name = TextField("Their name", missing="Enter the name of whoever was told.")
    told_role = TextField("Their role", limit=120)
    how = ChoiceField(
        "How?", [Choice(one.value, str(one.label)) for one in (How.PHONE, How.IN_PERSON, How.EMAIL)],
        inline=True, missing="Say how they were told.",
    )  # fmt: skip
    told_at = LondonDateTimeField("When?", missing="Say when they were told.")
    what = NarrativeField("What were they told?", rows=3, limit=4000, missing="Enter what they were told.")
    purpose = TextField(
        "What for?", missing="Enter why they were told: to find the child, to keep them safe."
    )


class NotTellForm(GovForm):
    audience = ChoiceField("Who is not told?", Disclosure.Audience.choices, missing="Choose who is not told.")
    told_name = TextField("Their name", missing="Enter who it is.")
    told_role = TextField("Their role", limit=120)
    reason = NarrativeField(
        "Why not?",
        limit=4000,
        hint="That telling them could put the child at risk, say",
        missing="Enter why they are not told.",
    )
