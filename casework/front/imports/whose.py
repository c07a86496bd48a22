"""Which authority of the record an authority.csv is about."""

from dataclasses import dataclass
from typing import Final

from casework.front.imports.faults import Fault, FaultyFiles
from casework.front.imports.rows import Authority
from casework.records.access import require
from casework.records.acts import Act
from casework.records.errors import NotAllowed
from casework.records.models import Child, LocalAuthority, User
from casework.records.services.police_keepers import NOT_HERE, is_alone

PLACEHOLDER: Final = "NEW"  # what `first_administrator` makes, until it is given its name
FILE: Final = "authority.csv"


@dataclass(frozen=True, slots=True)
class Found:
    """`row` is None where the authority is not here yet; `is_taken_over`: the row gets this code and name."""

    row: LocalAuthority | None
    is_taken_over: bool = False


def authority_of(said: Authority, by: User | None) -> Found:
    """The authority with this code; else one that was only a name so far; else the first one, still nameless.

    NotAllowed when `by` is not its administrator; FaultyFiles when its name is that of another tenant, or
    when an administrator would name the police force of an authority that is not alone here.
    """
    found = _found(said)
    if by is not None:
        if found.row is None:
            raise NotAllowed("These files are of an authority that is not here yet.", code="not_here")
        require(by, Act.IMPORT_FILES, authority_id=found.row.pk)
        if said.police_force.casefold() != _force_of(found.row).casefold() and not is_alone(found.row):
            raise FaultyFiles([Fault(FILE, said.line, "POLICE_FORCE", NOT_HERE)])
    return found


def _force_of(row: LocalAuthority) -> str:
    return row.police_force.name if row.police_force else ""


def _found(said: Authority) -> Found:
    rows = LocalAuthority.objects
    by_code = rows.filter(code__iexact=said.code).first()
    by_name = rows.filter(name__iexact=said.name).first()
    if by_name is not None and by_name != by_code and (by_code is not None or by_name.is_tenant):
        reason = f"An authority of this name is already here, with the code {by_name.code}."
        raise FaultyFiles([Fault(FILE, said.line, "NAME", reason)])
    if by_code is not None:
        return Found(by_code, is_taken_over=not by_code.is_tenant)
    if by_name is not None:
        return Found(by_name, is_taken_over=True)
    nameless = rows.filter(code=PLACEHOLDER, is_tenant=True).first()
    if nameless is not None and not Child.objects.filter(authority=nameless).exists():
        return Found(nameless, is_taken_over=True)
    return Found(None)
