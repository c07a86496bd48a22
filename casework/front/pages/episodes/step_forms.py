"""What people say about a step: what they did, when they will have, who else does it, why nobody need."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from casework.front.pages.kit.forms import ChoiceField, GovForm, NarrativeField, RowChoiceField
from casework.records.models import User

PROMISES = (
    ("15", "15 minutes"),
    ("30", "30 minutes"),
    ("60", "1 hour"),
    ("120", "2 hours"),
    ("240", "4 hours"),
)


class DoneForm(GovForm):
    """The evidence that a step asks for, question by question."""

    def __init__(self, post: Any = None, *, questions: Sequence[str], **options: Any) -> None:
        super().__init__(post, **options)
        self.evidence_names = {f"evidence_{number}": text for number, text in enumerate(questions, start=1)}
        for name, text in self.evidence_names.items():
            self.fields[name] = NarrativeField(text, rows=3, missing=_missing(text), limit=4000)

    @property
    def evidence(self) -> Mapping[str, str]:
        """What was asked, with what was answered."""
        return {text: self.cleaned_data[name] for name, text in self.evidence_names.items()}


def _missing(question: str) -> str:
    """A question that begins with "If" may find nothing to ask about; any other wants an answer."""
    return (
        "" if question.startswith("If ") else "Write what happened, so that the next person can rely on it."
    )


class AcknowledgeForm(GovForm):
    """A promise with an end. It is not the step."""

    within = ChoiceField(
        "I will have done it within", PROMISES, missing="Choose how long your promise holds."
    )

    @property
    def promise(self) -> timedelta:
        return timedelta(minutes=int(self.cleaned_data["within"]))


class HandOverForm(GovForm):
    to = RowChoiceField("Who takes it over?", missing="Choose who takes it over.")

    def offer(self, people: Iterable[User]) -> None:
        field = self.fields["to"]
        if isinstance(field, RowChoiceField):
            field.offer(people, words=lambda one: one.name)


class ReasonForm(GovForm):
    """A decision that has to give its reason."""

    reason = NarrativeField("Why?", rows=4, limit=2000, missing="Give the reason.")
