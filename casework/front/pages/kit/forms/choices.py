"""Questions answered from a list. Anything that is not in the list gets one and the same sentence."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Unpack

from django import forms
from django.db.models import Model

from casework.front.pages.kit.forms.fields import GovBoundField, GovField, Wording

NOT_IN_LIST = "Choose one from the list."


@dataclass(frozen=True)
class Choice:
    """One answer. `reveals` names the field that is only asked when this one is chosen."""

    value: str
    label: str
    hint: str = ""
    reveals: str = ""
    is_none: bool = False  # "None of these": alone, after an "or"


@dataclass(frozen=True)
class Option:
    """A choice on its page."""

    choice: Choice
    id: str
    is_chosen: bool
    revealed: GovBoundField | None


def as_choices(choices: Iterable[Choice | tuple[str, str]]) -> list[Choice]:
    """Ours as they are, and the pairs of Django's TextChoices."""
    return [one if isinstance(one, Choice) else Choice(str(one[0]), str(one[1])) for one in choices]


class ChoiceBoundField(GovBoundField):
    field: "ChoiceField"

    @property
    def options(self) -> list[Option]:
        chosen = self._chosen()
        return [
            Option(
                choice,
                id=self.auto_id if at == 0 else f"{self.auto_id}-{at + 1}",
                is_chosen=choice.value in chosen,
                revealed=self._revealed(choice.reveals),
            )
            for at, choice in enumerate(self.field.choices)
        ]

    def _chosen(self) -> set[str]:
        value = self.value()
        many = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
        return {str(one) for one in many if one is not None}

    def _revealed(self, name: str) -> GovBoundField | None:
        found = self.form[name] if name else None
        return found if isinstance(found, GovBoundField) else None


class ChoiceField(GovField):
    """One from a list: radios, or a select where the list is long."""

    template = "govuk/radios.html"
    bound_field_class = ChoiceBoundField

    def __init__(
        self,
        label: str,
        choices: Iterable[Choice | tuple[str, str]] = (),
        *,
        as_select: bool = False,
        inline: bool = False,
        blank: str = "Choose one",
        **wording: Unpack[Wording],
    ) -> None:
        widget = forms.SelectMultiple() if self.takes_many else forms.TextInput()
        super().__init__(label, widget=widget, **wording)
        self.choices: list[Choice] = as_choices(choices)
        self.inline, self.blank = inline, blank
        if as_select:
            self.template_name = "govuk/select.html"

    def to_python(self, value: Any) -> str:
        text = str(value or "")
        if text and text not in {choice.value for choice in self.choices}:
            raise self.wrong(NOT_IN_LIST)
        return text

    def reveals(self, answer: object) -> set[str]:
        """The fields that this answer asks for."""
        given = set(answer) if isinstance(answer, (list, tuple)) else {answer}
        return {choice.reveals for choice in self.choices if choice.reveals and choice.value in given}

    def may_reveal(self) -> set[str]:
        return {choice.reveals for choice in self.choices if choice.reveals}


class MultipleChoiceField(ChoiceField):
    """As many as are true: checkboxes. The answer is a list of values, in the list's order."""

    template = "govuk/checkboxes.html"
    takes_many = True

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]  # many answers where the parent has one
        given = [str(one) for one in value or []]
        known = [choice.value for choice in self.choices]
        if len(set(given)) != len(given) or not set(given) <= set(known):
            raise self.wrong(NOT_IN_LIST)
        nothing = {choice.value for choice in self.choices if choice.is_none}
        if len(given) > 1 and nothing & set(given):
            raise self.wrong("Choose what applies, or “none”, not both.")
        return [value for value in known if value in given]


class RowChoiceField(ChoiceField):
    """One of the rows that this person may choose; somebody else's row is refused like nonsense."""

    def __init__(
        self, label: str, *, as_select: bool = True, blank: str = "Choose one", **wording: Unpack[Wording]
    ) -> None:
        super().__init__(label, as_select=as_select, blank=blank, **wording)
        self.rows: dict[str, Model] = {}

    def offer(self, rows: Iterable[Model], words: Callable[[Any], str] = str) -> None:
        """Fill the list, from a query that access has already narrowed."""
        self.rows = {str(row.pk): row for row in rows}
        self.choices = [Choice(key, words(row)) for key, row in self.rows.items()]

    def clean(self, value: Any) -> Model | None:
        return self.rows.get(super().clean(value))


class TickField(GovField):
    """One box that is ticked or not. With a `missing` sentence it has to be."""

    template = "govuk/tick.html"

    def __init__(self, label: str, **wording: Unpack[Wording]) -> None:
        super().__init__(label, widget=forms.TextInput(), **wording)

    def to_python(self, value: Any) -> bool:
        if value not in (None, "", False, True, "yes"):
            raise self.wrong(NOT_IN_LIST)
        return bool(value)

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise self.wrong(str(self.error_messages["required"]))


YES_NO: Sequence[Choice] = (Choice("yes", "Yes"), Choice("no", "No"))
YES_NO_UNKNOWN: Sequence[Choice] = (*YES_NO, Choice("unknown", "Not known"))
