"""Writing the registers, and finding what was written by the names that the children's rows use."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.db.models.functions import Lower

from casework.front.imports.kept import RowKey
from casework.front.imports.registers import RegisterPlan, RowPlan, Values
from casework.records.copying import copy_in
from casework.records.models import (
    FileKind,
    Home,
    LocalAuthority,
    Neighbour,
    PoliceForce,
    Provider,
    Team,
    User,
)
from casework.records.models.record import EditableRecord
from casework.records.services.registers import (
    add_to_register,
    expect_workers,
    put_right_in_register,
)


@dataclass(frozen=True, slots=True)
class Places:
    """Where children are and who works with them, by what the files call them."""

    authority: LocalAuthority
    homes: Mapping[str, UUID]  # by URN in small letters
    teams: Mapping[str, UUID]
    workers: Mapping[str, UUID]  # by address; those who may be allocated


def write_registers(plan: RegisterPlan, by: User | None) -> Places:
    """Make and put right every organisation and worker of the plan; `plan.about` then knows the new ones."""
    forces = [PoliceForce(name=name) for name in plan.forces]
    copy_in(forces)
    authority = _write_authority(plan.authority, by)

    def add(rows: Sequence[EditableRecord]) -> None:
        add_to_register(by=by, rows=rows, authority=authority)

    add(list(_councils(plan)))
    add([Provider(name=name) for name in plan.providers])
    add([Team(authority=authority, name=name) for name in plan.teams])
    add(_neighbours(plan, authority, by))
    add(_homes(plan, authority, by))
    teams = {row.name.casefold(): row for row in authority.teams.all()}
    expect_workers(
        by=by,
        authority=authority,
        teams={email: teams.get(team.casefold()) for email, team in plan.workers},
    )
    return _places(authority)


def _places(authority: LocalAuthority) -> Places:
    homes = Home.objects.exclude(urn=None).values_list(Lower("urn"), "pk")
    workers = User.objects.filter(memberships__authority=authority, is_active=True).distinct()
    return Places(
        authority,
        homes=dict(homes),
        teams={name.casefold(): pk for name, pk in authority.teams.values_list("name", "pk")},
        workers=dict(workers.values_list(Lower("email"), "pk")),
    )


def _write_authority(plan: RowPlan, by: User | None) -> LocalAuthority:
    values = _Names().to_rows(plan.values)
    if plan.id is None:
        row = LocalAuthority(**values)
        add_to_register(by=by, rows=[row], authority=row)
        return row
    row = LocalAuthority.objects.get(pk=plan.id)
    return put_right_in_register(by=by, row=row, values=values, authority=row)


def _councils(plan: RegisterPlan) -> Iterator[LocalAuthority]:
    """Councils that are no more than names here, each with a short code that nobody has given it."""
    forces, taken = _by_name(PoliceForce), set(LocalAuthority.objects.values_list("code", flat=True))
    for name, force in plan.councils:
        code = _free_code(name, taken)
        taken.add(code)
        yield LocalAuthority(code=code, name=name, police_force=forces.get(force.casefold()))


def _neighbours(plan: RegisterPlan, authority: LocalAuthority, by: User | None) -> list[Neighbour]:
    """Those to be made; the others are put right."""
    councils, new = _by_name(LocalAuthority), []
    for one in plan.neighbours:
        if one.id is None:
            row = Neighbour(authority=authority, other=councils[one.key.casefold()], **one.values)
            plan.about[RowKey(FileKind.NEIGHBOUR, one.key.casefold(), 0)] = row.pk
            new.append(row)
        else:
            row = Neighbour.objects.get(pk=one.id)
            put_right_in_register(by=by, row=row, values=one.values, authority=authority)
    return new


def _homes(plan: RegisterPlan, authority: LocalAuthority, by: User | None) -> list[Home]:
    """Those to be made; the others are put right."""
    names, new = _Names(), []
    for one in plan.homes:
        values = names.to_rows(one.values)
        if one.id is None:
            row = Home(urn=one.key, kept_by=authority, **values)
            plan.about[RowKey(FileKind.HOME, one.key.casefold(), 0)] = row.pk
            new.append(row)
        else:
            row = Home.objects.get(pk=one.id)
            put_right_in_register(by=by, row=row, values=values, authority=authority)
    return new


# ---- names to rows ----


class _Names:
    """Organisations by their names, looked up once."""

    def __init__(self) -> None:
        self.rows: Mapping[str, Mapping[str, Model]] = {
            "police_force": _by_name(PoliceForce),
            "host_authority": _by_name(LocalAuthority),
            "provider": _by_name(Provider),
        }

    def to_rows(self, values: Values) -> dict[str, Any]:
        """The values with rows in place of their names; a blank name is no row."""
        return {
            name: (self.rows[name][str(value).casefold()] if value else None) if name in self.rows else value
            for name, value in values.items()
        }


def _by_name(model: type[PoliceForce] | type[LocalAuthority] | type[Provider]) -> dict[str, Any]:
    return {row.name.casefold(): row for row in model.objects.all()}


def _free_code(name: str, taken: Collection[str]) -> str:
    """WES for Westing, WES2 when that is taken."""
    stem = "".join(letter for letter in name.upper() if letter.isascii() and letter.isalpha())[:3] or "LA"
    codes = (f"{stem}{number if number > 1 else ''}" for number in count(1))
    return next(code for code in codes if code not in taken)
