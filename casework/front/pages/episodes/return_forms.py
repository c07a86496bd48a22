"""Found, back, and what there is to write about it afterwards."""

from casework.front.pages.kit.forms import (
    ChoiceField,
    GovForm,
    LondonDateTimeField,
    NarrativeField,
    TextField,
    TickField,
    VersionedForm,
)
from incidents.models import Located


class LocatedForm(GovForm):
    """Located is not returned, and contact is not located."""

    located_at = LondonDateTimeField("When were they found?", missing="Say when they were found.")
    where = NarrativeField("Where are they?", rows=2, limit=1000, missing="Enter where the child is.")
    found_by = ChoiceField("Who found them?", Located.FoundBy.choices, missing="Choose who found them.")
    with_whom = TextField("Who is with them?")
    condition = NarrativeField("How are they?", rows=3, limit=4000)
    identity_confirmed = TickField("Somebody who knows the child, or the police, confirmed that it is them")


class ReturnForm(GovForm):
    """They're back: the time and nothing else has to be said now."""

    returned_at = LondonDateTimeField(
        "When did they get back?", missing="Say when they got back.", initial={"": "now"}
    )
    is_estimated = TickField("This is my best guess")
    how = NarrativeField(
        "How did they come back?", rows=2, limit=2000, hint="On foot, fetched, brought by the police"
    )
    condition = NarrativeField("How are they?", rows=3, limit=4000)
    injuries = NarrativeField("Injuries", rows=2, limit=4000)
    said = NarrativeField("What did they say?", rows=3, hint="In their own words, as far as you can")
    belongings = NarrativeField("What have they got with them?", rows=2, limit=2000, hint="New things too")


RETURN_DETAILS = ("how", "condition", "injuries", "said", "belongings")


class CompleteReturnForm(VersionedForm):
    """The right time, when the first could not be; and the rest."""

    returned_at = LondonDateTimeField(
        "When did they get back?", quick=False, missing="Enter the time they got back."
    )
    reason = TextField("Why is the time corrected?", hint="Only when you change it")
    how = NarrativeField("How did they come back?", rows=2, limit=2000)
    condition = NarrativeField("How are they?", rows=3, limit=4000)
    injuries = NarrativeField("Injuries", rows=2, limit=4000)
    said = NarrativeField("What did they say?", rows=3)
    belongings = NarrativeField("What have they got with them?", rows=2, limit=2000)
