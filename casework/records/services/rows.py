"""New rows and edited rows, checked the same way everywhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Model

from casework.records.errors import Changed, Conflict, Invalid
from casework.records.models.record import EditableRecord

Row = TypeVar("Row", bound=Model)
Editable = TypeVar("Editable", bound=EditableRecord)


def add(row: Row, *, conflict: str = "This is already recorded.", code: str = "exists") -> Row:
    """Check and insert a row; `Invalid` names the answer to mend, `Conflict` says what is there already."""
    _check(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:  # the database has the last word: somebody may have been first
        raise Conflict(conflict, code=code) from error
    return row


def edit(row: Editable, *, version: int, changes: Mapping[str, object], allowed: Collection[str]) -> Editable:
    """Change the named fields of the version the person saw; `Changed` when it is no longer that version.

    One conditional UPDATE, never read-check-write, so that two people cannot both win.
    """
    for name, value in changes.items():
        if name not in allowed:
            raise Invalid("This field cannot be set.", code="not_a_field", field=name)
        setattr(row, name, value)
    _check(row)
    values = {name: getattr(row, name) for name in changes}
    try:
        with transaction.atomic():
            seen = type(row)._default_manager.filter(pk=row.pk, version=version)
            edited = seen.update(version=F("version") + 1, **values)
    except IntegrityError as error:
        raise Conflict("Something else already has this value.", code="exists") from error
    if not edited:
        raise Changed
    row.refresh_from_db()
    return row


def _check(row: Model) -> None:
    """The field rules of the model: lengths, choices, kinds. Constraints are the database's to enforce."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(value, str) and not _can_be_kept(value):
            raise Invalid("This has a character that cannot be kept. Type it again.", field=field.name)
    try:
        row.clean_fields()
    except ValidationError as error:
        name, faults = next(iter(error.error_dict.items()))
        message = " ".join(str(text) for text in faults[0].messages)
        raise Invalid(message, code=faults[0].code or "invalid", field=name) from error


def _can_be_kept(text: str) -> bool:
    """PostgreSQL refuses NUL, and half a surrogate pair is not a character."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
