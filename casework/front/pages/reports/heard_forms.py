"""What is heard while a child is gone: a sighting, words with the child, somebody who asks, a notice."""

from casework.front.pages.kit.forms import (
    ChoiceField,
    ComingDayField,
    GovForm,
    LondonDateTimeField,
    NarrativeField,
    RowChoiceField,
    SignedForm,
    TextField,
)
from incidents.models import News


class SightingForm(SignedForm):
    """Somebody saw the child, or thinks so."""

    happened_at = LondonDateTimeField("When was it?", size="m", missing="Enter the time they were seen.")
    where = TextField("Where?", size="m", limit=300, missing="Enter where they were seen.")
    words = NarrativeField(
        "What was seen?",
        size="m",
        hint="Who with, which way they went, what they wore",
        rows=3,
        missing="Write down what was seen.",
    )
    told_by = TextField("Who saw them?", size="m", hint="Leave it empty if it was you", limit=200)
    how_sure = ChoiceField(
        "How sure are they?", News.HowSure.choices, size="m", missing="Say how sure they are."
    )
    force = RowChoiceField("Was that in another police force’s area?", size="m", blank="No, or not known")


class SpokenForm(SignedForm):
    """Somebody spoke with the child. That is not having found them."""

    happened_at = LondonDateTimeField("When was it?", size="m", missing="Enter the time.")
    words = NarrativeField(
        "What did they say?",
        size="m",
        hint="In their own words",
        rows=4,
        missing="Write down what the child said, in their own words.",
    )
    how_known = TextField(
        "How do you know that it was them?",
        size="m",
        hint="Their voice, a question that only they can answer. A text alone proves nothing",
        limit=300,
        missing="Say how you know that it was them.",
    )
    where = TextField("Where did they say they are?", size="m", hint="Nobody has checked it yet", limit=300)
    number = TextField("On which number?", size="m", width=20, limit=40, kind="tel", inputmode="tel")
    told_by = TextField("Who spoke to them?", size="m", hint="Leave it empty if it was you", limit=200)


class EnquirerForm(SignedForm):
    """Whatever was caught of somebody who asked. Nothing has to be known."""

    said_name = TextField("Who did they say they are?", size="m", limit=200)
    number = TextField(
        "Their number",
        size="m",
        hint="The one they gave, or the one that the telephone shows",
        width=20,
        limit=40,
        kind="tel",
        inputmode="tel",
    )
    what_asked = NarrativeField("What did they ask, or say?", size="m", rows=3)
    how_known = TextField("How did they know to ask here?", size="m", limit=300)


class NoticeForm(GovForm):
    """The home does not keep the place."""

    ends_on = ComingDayField("When does the place end?", size="m", missing="Enter the last day of the place.")
    reason = NarrativeField("Why?", size="m", rows=4, limit=4000, missing="Enter the reason for the notice.")
    given_at = LondonDateTimeField("When was notice given?", size="m", missing="Enter when it was given.")
    given_by = TextField("Who gave it?", size="m", hint="Leave it empty if it was you", limit=200)
