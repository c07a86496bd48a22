"""Legal tools: which one, how it stands, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from casework.front.pages.kit.forms import (
    Choice,
    ChoiceField,
    GovForm,
    LondonDateTimeField,
    NarrativeField,
    NumberField,
    TextField,
)
from incidents import legal
from incidents.models import LegalKind, LegalStage

Stage = LegalStage.Stage
# What is only asked of one tool.
_REVEALS: Final = {
    LegalKind.ABDUCTION_WARNING: "against",
    LegalKind.EMERGENCY_PROTECTION: "days",
    LegalKind.POLICE_PROTECTION: "hours",
}


class LegalToolForm(GovForm):
    """Which tool, and how it stands. What is not open to this child says so beside its name."""

    kind = ChoiceField("Which one?", missing="Choose one.")
    against = TextField("Who is to be warned?", hint="The adult’s name")
    days = NumberField("If it is in force, for how many days?", least=1, most=8, hint="Empty: 8, the most")
    hours = NumberField("For how many hours?", least=1, most=72, hint="Empty: 72, the most")
    stage = ChoiceField(
        "How does it stand?",
        [
            Choice(Stage.ASKED.value, "It is asked for", hint="Of legal; a warning notice, of the police"),
            Choice(Stage.REFUSED.value, "It was asked for and refused", reveals="words"),
            Choice(Stage.GRANTED.value, "It is in force already"),
            Choice(Stage.SERVED.value, "It was served", hint="A warning notice"),
        ],
        missing="Say how it stands.",
    )
    words = NarrativeField("What reason did they give?", rows=3, limit=4000)
    at = LondonDateTimeField("Since when?", missing="Say since when.", initial={"": "now"})
    by_whom = TextField("Whom did you ask, or who decided?", hint="Name and role")
    why = NarrativeField("Why is it needed?", rows=3, limit=4000, missing="Enter why it is needed.")

    def offer(self, status: str, age: int) -> None:
        """Each tool with what it needs, or with why it is not for this child."""
        field = self.fields["kind"]
        if isinstance(field, ChoiceField):
            field.choices = [
                Choice(one.value, str(one.label), hint_of(one, status, age), _REVEALS.get(one, ""))
                for one in LegalKind
            ]

    @property
    def length(self) -> int | None:
        """As long as was said, in the unit of the tool that was chosen."""
        given = self.cleaned_data["days"] or self.cleaned_data["hours"]
        return given if isinstance(given, int) else None


def hint_of(kind: LegalKind, status: str, age: int) -> str:
    """What to know before choosing it."""
    if words := legal.why_not(kind, status, age):
        return f"Not for this child. {words}"
    return legal.TO_JUDGE[kind]


class LegalStageForm(GovForm):
    """What came next."""

    stage = ChoiceField("What happened?", missing="Choose what happened.")
    at = LondonDateTimeField("When?", missing="Say when.", initial={"": "now"})
    length = NumberField(
        "If it is in force or extended: for how many days?", least=1, most=8, hint="Empty: the most"
    )
    by_whom = TextField("By whom?", hint="The court, the officer, the lawyer")
    words = NarrativeField("What was said?", rows=3, limit=4000, hint="If it was refused: the reason")

    def offer(self, kind: LegalKind, stages: Sequence[str]) -> None:
        field = self.fields["stage"]
        following = legal.may_follow(kind, stages)
        if isinstance(field, ChoiceField):
            field.choices = [Choice(one.value, str(one.label)) for one in following]
        if not any((kind, stage) in legal.LIMITS for stage in following):
            del self.fields["length"]

    @property
    def length_given(self) -> int | None:
        given = self.cleaned_data.get("length")
        return given if isinstance(given, int) else None
