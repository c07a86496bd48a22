"""Every question of a form answered, each text with a word of its own, and where those words ended up."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final
from unittest.mock import patch

from django.db import connection

from casework.front.pages.children.child_forms import NhsNumberField
from casework.front.pages.kit.forms import (
    ChoiceField,
    ComingDayField,
    DateField,
    DayAheadField,
    EmailField,
    FilesField,
    GovForm,
    LondonDateTimeField,
    MobileField,
    MultipleChoiceField,
    NarrativeField,
    NumberField,
    PhoneField,
    PostcodeField,
    TextField,
    TickField,
)
from casework.front.pages.kit.forms.fields import GovField, VersionField
from casework.front.pages.setup.home_forms import ClockTimeField
from casework.front.pages.setup.police_client_forms import NetworksField
from casework.records.field_rules import Place
from tests.a_photo import jpeg, upload
from tests.access.canaries import is_history, our_models

# Text is a word of its own each time; what has a form of its own is at least nobody else's.
A_NUMBER, A_MOBILE, A_POSTCODE = "01632 960987", "07700 900987", "ZQ1 4QZ"
_SAID: Final = r"wq\d{4}qw|1632960987|7700900987|ZQ1 ?4QZ"
_WORD: Final = re.compile(_SAID)
_words = count()


def a_word(field: GovField) -> str:
    return f"wq{next(_words):04}qw"


def a_moment(field: GovField) -> dict[str, str]:
    """Now, as the quick choice or in full."""
    assert isinstance(field, LondonDateTimeField)
    if field.quick:
        return {"": "now"}
    today: datetime = field.the_time()
    return {
        "day": str(today.day),
        "month": str(today.month),
        "year": str(today.year),
        "time": f"{today:%H:%M}",
    }


def a_day_ahead(field: GovField) -> dict[str, str]:
    tomorrow = field.the_time() + timedelta(days=1)
    return {"day": str(tomorrow.day), "month": str(tomorrow.month), "year": str(tomorrow.year)}


def a_choice(field: GovField) -> object:
    assert isinstance(field, ChoiceField)
    values = [choice.value for choice in field.choices if choice.value and not choice.is_none]
    return values[:1] if field.takes_many else values[0] if values else ""


# How each kind of question is answered, the more particular kinds first.
ANSWERS: Final[Mapping[type[GovField], Callable[[GovField], object]]] = {
    VersionField: lambda field: None,
    NhsNumberField: lambda field: "943 476 5919",
    ClockTimeField: lambda field: "22:00",
    NetworksField: lambda field: "192.0.2.0/24",
    NumberField: lambda field: str(getattr(field, "least", 1)),
    EmailField: lambda field: f"{a_word(field)}@casework.example",
    MobileField: lambda field: A_MOBILE,
    PhoneField: lambda field: A_NUMBER,
    PostcodeField: lambda field: A_POSTCODE,
    NarrativeField: a_word,
    TextField: a_word,
    LondonDateTimeField: a_moment,
    DayAheadField: a_day_ahead,
    ComingDayField: lambda field: {"day": "1", "month": "1", "year": str(field.the_time().year + 1)},
    DateField: lambda field: {"day": "1", "month": "1", "year": "2013"},
    MultipleChoiceField: a_choice,
    ChoiceField: a_choice,
    TickField: lambda field: "yes",
    FilesField: lambda field: upload(jpeg(colour=(1, 2, 3))),
}


def answers_to(form: GovForm) -> dict[str, object]:
    """Every question answered; what was there already stays where it is no text."""
    found: dict[str, object] = {}
    for name, field in form.questions.items():
        answer = next((make(field) for kind, make in ANSWERS.items() if isinstance(field, kind)), None)
        if answer is None:
            found[name] = form[name].value()
        elif isinstance(answer, dict):
            found |= {f"{name}_{part}" if part else name: words for part, words in answer.items()}
        else:
            found[name] = answer
    return {name: answer for name, answer in found.items() if answer not in (None, "", [])}


@contextmanager
def forms_noted() -> Iterator[list[GovForm]]:
    """Every form that a page makes for a request, as it makes it."""
    noted: list[GovForm] = []
    made = GovForm.read.__func__  # type: ignore[attr-defined]  # a class method has one

    def read(form: type[GovForm], *about: Any, **more: Any) -> GovForm:
        noted.append(made(form, *about, **more))
        return noted[-1]

    with patch.object(GovForm, "read", classmethod(read)):
        yield noted


def words_in_the_record() -> set[Place]:
    """Every field in which such a word stands now. (Former values are kept beside, by triggers.)"""
    models = {model._meta.db_table: model for model in our_models() if not is_history(model)}
    rows = [
        f"SELECT '{table}', to_jsonb(one) FROM {table} AS one WHERE one::text ~ %(said)s" for table in models
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(rows), {"said": _SAID})
        found = cursor.fetchall()
    return {
        (model._meta.label, field.name)
        for table, row in found
        for model in (models[table],)
        for field in model._meta.concrete_fields
        if _WORD.search(str(_as_read(row)[str(field.column)]))
    }


def _as_read(row: str | dict[str, object]) -> dict[str, object]:
    """A row as JSON, which Django asks the driver to leave as it comes."""
    read: dict[str, object] = json.loads(row) if isinstance(row, str) else row
    return read
