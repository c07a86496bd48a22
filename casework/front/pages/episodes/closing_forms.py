"""The end of an episode: signed off, opened again, or never one at all; and its category meanwhile."""

from casework.front.pages.kit.forms import (
    YES_NO,
    Choice,
    ChoiceField,
    GovForm,
    LondonDateTimeField,
    NarrativeField,
    VersionedForm,
)


class SignOffForm(VersionedForm):
    words = NarrativeField(
        "What was learnt, and what changes in the child’s plan?",
        missing="Enter what was learnt, if only that it was nothing new.",
    )


class ReopenForm(GovForm):
    reason = NarrativeField("Why is it opened again?", limit=2000, missing="Enter why you open it again.")


class FalseReportForm(GovForm):
    reason = NarrativeField(
        "How was the report mistaken?",
        limit=2000,
        hint="Where the child was all the time, and who saw them there",
        missing="Enter how the report was mistaken.",
    )


class CategoryForm(GovForm):
    """Away: we know where. Missing: we don't. Each asks for what only it needs."""

    category = ChoiceField(
        "What is it now?",
        [
            Choice(
                "away",
                "Away without permission",
                hint="We know where they are, and they don’t come back",
                reveals="whereabouts",
            ),
            Choice("missing", "Missing", hint="We don’t know where they are", reveals="reason"),
        ],
        missing="Choose away or missing.",
    )
    whereabouts = NarrativeField(
        "Where are they, with whom, and how was that checked?",
        rows=3,
        limit=2000,
        missing="Enter where they are, and how you know.",
    )
    reason = NarrativeField(
        "Why do you think so?", rows=3, limit=2000, missing="Enter why you now think they are missing."
    )
    at = LondonDateTimeField("Since when?", missing="Say since when.", initial={"": "now"})
    spoken_to = ChoiceField("If away: has somebody spoken to the child?", YES_NO, inline=True)
    is_free_to_return = ChoiceField(
        "If away: are they free to come back?",
        YES_NO,
        inline=True,
        hint="In custody, in hospital or under police protection they are located, not away",
    )
