"""Who was told, how and why; or why somebody was not; and who of them hears how it went on."""

from collections.abc import Sequence

from casework.front.pages.kit.forms import (
    Choice,
    ChoiceField,
    GovForm,
    LondonDateTimeField,
    MultipleChoiceField,
    NarrativeField,
    PhoneField,
    TextField,
)
from casework.front.pages.kit.telephones import spoken
from casework.records.models import Disclosure

How = Disclosure.How
WAYS = [Choice(one.value, str(one.label)) for one in (How.PHONE, How.IN_PERSON, How.EMAIL)]


class TellForm(GovForm):
    """A call made, or a word in person: it stands beside what Casework sent."""

    audience = ChoiceField("Who was told?", Disclosure.Audience.choices, missing="Choose who was told.")
    told_name = TextField("Their name", missing="Enter the name of whoever was told.")
    told_role = TextField("Their role", limit=120)
    told_phone = PhoneField("Their number, to ring them again")
    told_of = ChoiceField(
        "Of what?", Disclosure.Of.choices, missing="Say of what they were told.", as_select=True
    )
    how = ChoiceField("How?", WAYS, inline=True, missing="Say how they were told.")
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


class TellAgainForm(GovForm):
    """One press for everybody who was rung; the rest stay on the list."""

    told = MultipleChoiceField("Tick those whom you have told", size="m")
    how = ChoiceField("How?", WAYS, inline=True)
    told_at = LondonDateTimeField("When?")
    not_told = MultipleChoiceField("Is there anybody who is not to be told?", size="m")
    reason = NarrativeField("Why not?", rows=2, limit=4000)

    def take(self, tellings: Sequence[Disclosure], left: Sequence[Disclosure]) -> None:
        """Take any of the tellings for an answer, and offer those whose people are left.

        A page that is sent twice names people who are not left any more: that is for the service to say.
        """
        self.rows = {str(row.pk): row for row in tellings}
        self._offer(tellings)
        if self.is_bound:
            self.is_valid()  # once: what it finds stays
        self._offer(left)

    def _offer(self, people: Sequence[Disclosure]) -> None:
        for name in ("told", "not_told"):
            field = self.fields[name]
            if isinstance(field, MultipleChoiceField):
                field.choices = [_choice(row, with_number=name == "told") for row in people]

    def chosen(self, name: str) -> list[Disclosure]:
        return [self.rows[key] for key in self.cleaned_data[name]]

    def clean(self) -> None:
        asked = self.cleaned_data
        if asked.get("told"):
            self._require("how", "Say how they were told.")
            self._require("told_at", "Say when they were told.")
        if asked.get("not_told"):
            self._require("reason", "Enter why they are not told.")

    def _require(self, name: str, sentence: str) -> None:
        if name in self.cleaned_data and not self.cleaned_data[name]:
            self.add_error(name, sentence)


def _choice(row: Disclosure, *, with_number: bool) -> Choice:
    """Mrs Hale, aunt, 01632 960417."""
    audience = str(row.get_audience_display())
    parts = [row.told_name or audience, row.told_role or (audience if row.told_name else "")]
    hint = spoken(row.told_phone) if with_number and row.told_phone else ""
    return Choice(str(row.pk), ", ".join(part for part in parts if part), hint)
