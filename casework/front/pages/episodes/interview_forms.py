"""The return interview: offered, tried, held, declined, or why it could not be."""

from collections.abc import Iterable

from casework.front.pages.kit.forms import (
    YES_NO,
    Choice,
    ChoiceField,
    GovForm,
    LondonDateTimeField,
    MultipleChoiceField,
    NarrativeField,
    RowChoiceField,
    TextField,
)
from casework.records.models import Disclosure, User
from casework.records.services.telling import BY_A_PERSON
from incidents.codes import Reason
from incidents.models import WhyNotHeld

NOT_INDEPENDENT = (
    "The interpreter is not independent of the child’s community, so the child may not have said everything. "
    "Think about talking again with another interpreter."
)


class AllocateForm(GovForm):
    to = RowChoiceField("Who holds the interview?", missing="Choose who holds the interview.")

    def offer(self, people: Iterable[User]) -> None:
        field = self.fields["to"]
        if isinstance(field, RowChoiceField):
            field.offer(people, words=lambda one: one.name)


class TakeOnForm(GovForm):
    """Nothing is asked: one button."""


class OfferForm(GovForm):
    offered_at = LondonDateTimeField("When was it offered?", missing="Say when it was offered.")
    words = NarrativeField(
        "How was it offered, and what did they say?",
        rows=3,
        limit=4000,
        missing="Enter how you offered it and what they said.",
    )


class AttemptForm(GovForm):
    tried_at = LondonDateTimeField("When did you try?", missing="Say when you tried.")
    how = TextField("How did you try?", hint="A visit, a call, a message", missing="Enter how you tried.")
    outcome = NarrativeField("What came of it?", rows=3, limit=4000, missing="Enter what came of it.")


class HeldForm(GovForm):
    """The child's words apart from what the interviewer makes of them."""

    held_at = LondonDateTimeField("When was it held?", missing="Say when it was held.")
    where = TextField("Where?", hint="The kind of place, not an address")
    held_by_name = TextField("Who held it?", hint="When it was not you")
    present = TextField("Who else was there?")
    language = TextField("In which language?", hint="When it was not English", limit=80)
    interpreter_name = TextField("The interpreter’s name", hint="When there was one")
    interpreter_agency = TextField("Their agency")
    is_interpreter_independent = ChoiceField(
        "Is the interpreter independent of the child’s own community?",
        YES_NO,
        inline=True,
        hint="Somebody who knows the family, or whom the child may meet, is not",
    )
    is_caring = ChoiceField(
        "Does the interviewer care for the child?", YES_NO, inline=True, missing="Answer this question."
    )
    is_line_managed = ChoiceField(
        "Is the interviewer managed by the team that is responsible for the child?",
        YES_NO,
        inline=True,
        missing="Answer this question.",
    )
    is_trained = ChoiceField(
        "Is the interviewer trained for this?", YES_NO, inline=True, missing="Answer this question."
    )
    own_words = NarrativeField(
        "What the child said",
        rows=8,
        hint="In their own words",
        missing="Enter what the child said, in their own words.",
    )
    harm = NarrativeField("Were they harmed, or afraid of somebody?", rows=3, limit=4000)
    exploitation = NarrativeField(
        "Did anybody use them?", rows=3, limit=4000, hint="For sex, work, drugs or money; gifts, debts, lifts"
    )
    offences = NarrativeField("Was anything against the law, by them or to them?", rows=3, limit=4000)
    slept = NarrativeField("Where did they sleep?", rows=2, limit=4000)
    interpretation = NarrativeField("What you make of it", rows=5, hint="Kept apart from the child’s words")
    reasons = MultipleChoiceField("Why did they go?", Reason.choices)

    def clean(self) -> None:
        """Of an interpreter it has to be said whose side they may be on."""
        said = self.cleaned_data
        if said.get("interpreter_name") and said.get("is_interpreter_independent") == "":
            self.add_error("is_interpreter_independent", "Say whether the interpreter is independent.")

    @property
    def warnings(self) -> list[str]:
        found = super().warnings
        return [*found, NOT_INDEPENDENT] if self.cleaned_data["is_interpreter_independent"] == "no" else found


class ShareForm(GovForm):
    """A text written for whoever has to act on it."""

    audience = ChoiceField("Who is it for?", Disclosure.Audience.choices, missing="Choose who it is for.")
    told_name = TextField("Their name", missing="Enter who it was shared with.")
    how = ChoiceField(
        "How do they get it?",
        [Choice(one.value, str(one.label)) for one in BY_A_PERSON],
        inline=True,
        missing="Say how they get it.",
    )
    words = NarrativeField(
        "What do they need to know?",
        rows=8,
        hint="In your words. What the child said stays here, unless they agreed to this very sentence",
        missing="Write what they need to know.",
    )


class DeclineForm(GovForm):
    declined_at = LondonDateTimeField("When did they decline?", missing="Say when they declined.")
    reason = NarrativeField("Why, as far as they said", rows=3, limit=4000)
    carer_view = NarrativeField(
        "What does the carer or a parent say?", rows=4, limit=4000,
        hint="They are asked when the child does not want to talk",
        missing="Enter what the carer or a parent said, or that they had nothing to add.",
    )  # fmt: skip


class UnableForm(GovForm):
    why = ChoiceField(
        "Why could it not be held?",
        [
            Choice(
                WhyNotHeld.MISSING_AGAIN.value,
                "Missing again",
                hint="The next interview covers this absence too",
            ),
            *((value, label) for value, label in WhyNotHeld.choices if value != WhyNotHeld.MISSING_AGAIN),
        ],
        missing="Choose why it could not be held.",
    )
    reason = NarrativeField("Say more", rows=3, limit=4000)
