"""What is asked about a child, and about the worker and the law behind a child."""

import re
from typing import Any

from casework.front.pages.kit.forms import (
    ChoiceField,
    DateField,
    DateOfBirthField,
    GovForm,
    NarrativeField,
    RowChoiceField,
    TextField,
    TickField,
    VersionedForm,
)
from casework.records import code_lists
from casework.records.models import Sex


class NhsNumberField(TextField):
    """Ten digits, the last of which checks the others (modulus 11). Kept without spaces."""

    WRONG = "Enter an NHS number of 10 digits, like 943 476 5919."

    def __init__(self, label: str) -> None:
        super().__init__(label, limit=20, width=10, inputmode="numeric", hint="10 digits, if you know it")

    def read(self, text: str) -> str:
        digits = re.sub(r"[\s-]", "", text)
        if not re.fullmatch(r"[0-9]{10}", digits):
            raise self.wrong(self.WRONG)
        check = -sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
        if check != int(digits[9]):
            raise self.wrong("That is not an NHS number: its last digit does not fit. Check each digit.")
        return digits

    def clean(self, value: Any) -> str | None:
        return super().clean(value) or None


class ChildQuestions(GovForm):
    """Who a child is, as the record keeps it."""

    reference = TextField(
        "Reference",
        limit=20,
        width=10,
        hint="The authority’s own number for the child, as in its SSDA903 return",
        missing="Enter the authority’s reference for the child.",
    )
    first_name = TextField("First name", limit=100, missing="Enter the child’s first name.")
    last_name = TextField("Last name", limit=100, missing="Enter the child’s last name.")
    known_as = TextField("Known as", limit=100, hint="If people call them something else")
    born_on = DateOfBirthField("Date of birth", missing="Enter the child’s date of birth.")
    sex = ChoiceField("Sex", Sex.choices, inline=True, missing="Choose one, or “Not known”.")
    ethnicity = ChoiceField(
        "Ethnic background",
        code_lists.labels(code_lists.ETHNICITY).items(),
        as_select=True,
        blank="Not recorded",
    )
    languages = TextField("Languages", hint="First the one they speak best")
    needs_interpreter = TickField("They need an interpreter")
    is_unaccompanied = TickField("They are an unaccompanied asylum-seeking child")
    nhs_number = NhsNumberField("NHS number")
    upn = TextField("Unique pupil number", limit=13, width=20)


class RegisterChildForm(ChildQuestions):
    """A new record. It says which authority answers, and which team."""

    field_order = ("authority", "team")  # of several authorities, it comes first

    authority = RowChoiceField("Which authority looks after them?", missing="Choose one from the list.")
    team = RowChoiceField("Team", blank="None yet")


class ChangeChildForm(ChildQuestions, VersionedForm):
    pass


class AllocateForm(GovForm):
    worker = RowChoiceField("Social worker", missing="Choose who works with this child.")
    team = RowChoiceField("Team", blank="As it is", hint="Its team manager answers for the work")


class LegalStatusForm(GovForm):
    code = ChoiceField(
        "Under which law are they looked after?",
        code_lists.labels(code_lists.LEGAL_STATUS, code_lists.NEWEST_SETS).items(),
        as_select=True,
        missing="Choose the legal status.",
    )
    from_on = DateField("Since which day?", missing="Enter the day it began.")


class RestrictForm(GovForm):
    reason = NarrativeField("Why?", rows=3, limit=500, missing="Enter why.")
