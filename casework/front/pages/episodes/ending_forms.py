"""The other ends of an absence: what each of them has to know."""

from casework.front.pages.kit.forms import (
    Choice,
    ChoiceField,
    DateField,
    GovForm,
    LondonDateTimeField,
    NarrativeField,
    RowChoiceField,
    TextField,
    VersionedForm,
)


class TransferForm(VersionedForm):
    to_authority = RowChoiceField("Which authority has taken over?", missing="Choose the authority.")
    to_name = TextField("Who there?", hint="Name and role", missing="Enter who took it over there.")
    at = LondonDateTimeField("Since when?", missing="Say since when.", initial={"": "now"})
    reason = NarrativeField("Why?", rows=3, limit=2000, missing="Enter why it is handed over.")
    evidence = NarrativeField(
        "How did they say that they have it?",
        rows=3,
        limit=2000,
        hint="Their letter or e-mail, its day and who signed it",
        missing="Enter how they said that they have it.",
    )


class JoinForm(VersionedForm):
    reference = TextField(
        "Reference of the report that goes on",
        limit=20,
        width=20,
        hint="For example E-2026-0412",
        missing="Enter the reference of the other report.",
    )
    reason = NarrativeField(
        "How do you know that both tell of one absence?",
        rows=3,
        limit=2000,
        missing="Enter how you know that both tell of one absence.",
    )


class DeathForm(GovForm):
    died_on = DateField("On which day did the child die?", missing="Enter the day, as far as it is known.")
    how_known = NarrativeField(
        "How is it known, and from whom?",
        rows=4,
        limit=4000,
        missing="Enter how this is known, and from whom.",
    )


class ConfirmDeathForm(VersionedForm):
    is_so = ChoiceField(
        "Have you made sure?",
        [
            Choice("yes", "Yes: the child has died", hint="This cannot be undone"),
            Choice("no", "No: it was a mistake", hint="The search goes on, and messages go out again"),
        ],
        missing="Say whether it is so.",
    )
    words = NarrativeField(
        "With whom did you make sure, or how did the mistake come about?",
        rows=4,
        limit=4000,
        missing="Enter with whom you made sure, or how the mistake came about.",
    )
