"""What somebody will do by when: asked by itself, or in rows below a meeting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from casework.front.pages.kit.forms import (
    GovForm,
    LondonDateTimeField,
    NarrativeField,
    RowChoiceField,
    TextField,
    VersionedForm,
)
from casework.front.pages.kit.forms.fields import GovBoundField
from casework.records.models import Home, User
from incidents.models import Action
from incidents.services.actions import Agreed

ROWS: Final = 6
OPEN_ROWS: Final = 3  # the others open with a press
NOBODY: Final = "Choose who does it, or write who it is."
Owner = User | Home


def owner_words(owner: Owner) -> str:
    """Amina Rahal; Staff of Larch House."""
    return f"Staff of {owner.name}" if isinstance(owner, Home) else owner.name


class ActionQuestions(GovForm):
    """One action."""

    what = NarrativeField("What is to be done?", rows=2, limit=1000, missing="Enter what is to be done.")
    owner = RowChoiceField("Who does it?", blank="Nobody of these")
    owner_words = TextField(
        "Or somebody outside", hint="Name and organisation. With somebody chosen above: who helps them"
    )
    due_at = LondonDateTimeField("By when?", quick=False, may_be_future=True, missing="Enter by when.")

    def offer(self, owners: Sequence[Owner]) -> None:
        self.offer_rows("owner", owners, owner_words)

    @property
    def agreed(self) -> Agreed:
        return agreed_in(self.cleaned_data)

    def clean(self) -> None:
        if not (self.cleaned_data.get("owner") or self.cleaned_data.get("owner_words") or self.errors):
            self.add_error("owner", NOBODY)


class ActionForm(ActionQuestions):
    """A new one."""


class ActionChangeForm(ActionQuestions, VersionedForm):
    """Puts one right that is still to be done."""

    @staticmethod
    def standing(action: Action) -> dict[str, object]:
        """What it says, by the form's names."""
        return {
            "what": action.what,
            "owner": action.owner_id or action.owner_home_id,
            "owner_words": action.owner_words,
            "due_at": action.due_at,
        }


class ActionDoneForm(GovForm):
    outcome = NarrativeField("What came of it?", rows=3, limit=4000, missing="Enter what came of it.")


class ActionDropForm(GovForm):
    reason = NarrativeField(
        "Why does nobody do it any more?", rows=3, limit=2000, missing="Enter why nobody does it any more."
    )


# ---- in rows below a meeting ----


@dataclass(frozen=True)
class ActionRow:
    """One row; empty, it is no action."""

    number: int
    what: GovBoundField
    owner: GovBoundField
    words: GovBoundField
    due: GovBoundField

    @property
    def is_open(self) -> bool:
        return self.number <= OPEN_ROWS or bool(self.what.value()) or self.is_wrong

    @property
    def is_wrong(self) -> bool:
        return any(field.errors for field in (self.what, self.owner, self.words, self.due))


def add_action_rows(form: GovForm, owners: Sequence[Owner]) -> None:
    """Put the empty rows into a form."""
    for number in range(1, ROWS + 1):
        owner = RowChoiceField("Who?", blank="Nobody of these")
        owner.offer(owners, owner_words)
        form.fields[_name(number, "what")] = TextField("What is to be done?", limit=1000)
        form.fields[_name(number, "owner")] = owner
        form.fields[_name(number, "owner_words")] = TextField("Or somebody outside")
        form.fields[_name(number, "due_at")] = LondonDateTimeField(
            "By when?", quick=False, may_be_future=True
        )


def rows_of_actions(form: GovForm) -> list[ActionRow]:
    """The rows as the page shows them."""
    return [
        ActionRow(number, *(_bound(form, _name(number, part)) for part in _PARTS))
        for number in range(1, ROWS + 1)
    ]


def agreed_in_rows(form: GovForm) -> list[Agreed]:
    """The rows in which somebody wrote what is to be done."""
    numbers = [one for one in range(1, ROWS + 1) if form.cleaned_data.get(_name(one, "what"))]
    return [agreed_in(form.cleaned_data, number) for number in numbers]


def check_rows(form: GovForm) -> None:
    """Whoever writes what is to be done says by whom and by when; and the other way round."""
    for number in range(1, ROWS + 1):
        what, owner, words, due = (form.cleaned_data.get(_name(number, part)) for part in _PARTS)
        if not what and (owner or words or due):
            form.add_error(_name(number, "what"), "Enter what is to be done.")
        if what and not (owner or words):
            form.add_error(_name(number, "owner"), NOBODY)
        if what and due is None and not form[_name(number, "due_at")].errors:
            form.add_error(_name(number, "due_at"), "Enter by when.")


def agreed_in(answers: Mapping[str, Any], number: int = 0) -> Agreed:
    """What the service takes: of the one action of a form, or of one of its rows."""
    said = {part: answers[_name(number, part)] for part in _PARTS}
    owner = said["owner"]
    return Agreed(
        what=said["what"],
        due_at=said["due_at"],
        owner=owner if isinstance(owner, User) else None,
        owner_home=owner if isinstance(owner, Home) else None,
        owner_words=said["owner_words"],
        row=number,
    )


_PARTS: Final = ("what", "owner", "owner_words", "due_at")


def _name(number: int, part: str) -> str:
    return f"action_{number}_{part}" if number else part


def _bound(form: GovForm, name: str) -> GovBoundField:
    found = form[name]
    if not isinstance(found, GovBoundField):
        raise TypeError(f"{name} is no question of ours")
    return found
