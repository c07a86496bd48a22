"""The authority, its neighbours, homes, teams and workers: the files against what is recorded. Reads only.

- Names tell organisations from each other, whatever their capitals; a URN tells homes, an address workers.
- What an authority says of a neighbour is its own. A neighbour that is not here yet becomes a name.
- A home belongs to the authority that brought it in. What others say of it is listed, and its owner's stays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import phonenumbers
from django.db.models.functions import Lower

from casework.front.imports.differences import Correction as Corrected
from casework.front.imports.differences import Difference, Left, Noun
from casework.front.imports.kept import RowKey, Rows
from casework.front.imports.rows import Authority, Child, Home, Neighbour, Row
from casework.front.imports.verdicts import CHANGED_HERE, Verdict, shown, verdict
from casework.front.imports.whose import Found
from casework.records.models import Home as HomeRow
from casework.records.models import (
    HomeKind,
    LocalAuthority,
    PoliceForce,
    Provider,
    Sector,
    Team,
    User,
)
from casework.records.models import Neighbour as NeighbourRow

KIND_OF_PLACE: Final[Mapping[str, HomeKind]] = {
    "K1": HomeKind.SECURE_HOME,
    "K2": HomeKind.CHILDREN_HOME,
    "K3": HomeKind.SUPPORTED,
    "H5": HomeKind.SUPPORTED,
    "S1": HomeKind.SCHOOL,
}
FOSTERING: Final = frozenset("UA")
SECTOR_OF: Final[Mapping[str, Sector]] = {
    "PR1": Sector.OWN,
    "PR2": Sector.OTHER_AUTHORITY,
    "PR3": Sector.PUBLIC,
    "PR4": Sector.PRIVATE,
    "PR5": Sector.VOLUNTARY,
}
A_COUNCIL: Final = frozenset({Sector.OWN, Sector.OTHER_AUTHORITY})  # one's own is another's "another"

Values = dict[str, object]

AUTHORITY_WORDS: Final = {
    "code": "code",
    "name": "name",
    "police_force": "police force",
    "duty_phone": "duty phone",
    "out_of_hours_phone": "out-of-hours phone",
    "duty_email": "duty e-mail",
}
NEIGHBOUR_WORDS: Final = {
    "is_adjoining": "adjoining",
    "duty_phone": "duty phone",
    "out_of_hours_phone": "out-of-hours phone",
    "duty_email": "duty e-mail",
}
HOME_WORDS: Final = {
    "name": "name",
    "provider": "provider",
    "kind": "kind",
    "sector": "sector",
    "capacity": "capacity",
    "host_authority": "authority where it is",
    "police_force": "police force",
    "phone": "phone",
    "email": "e-mail",
}


@dataclass(frozen=True, slots=True)
class RowPlan:
    """One row to be made (`id` None) or put right; `values` by field, organisations by their names."""

    key: str
    id: UUID | None
    values: Values


@dataclass(slots=True)
class RegisterPlan:
    """What is to be done to the registers. `about` has the recorded row by kind and key of the file's."""

    authority: RowPlan
    forces: list[str] = field(default_factory=list)
    councils: list[tuple[str, str]] = field(default_factory=list)  # name, police force
    neighbours: list[RowPlan] = field(default_factory=list)
    providers: list[str] = field(default_factory=list)
    homes: list[RowPlan] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    workers: list[tuple[str, str]] = field(default_factory=list)  # e-mail, team
    about: dict[RowKey, UUID] = field(default_factory=dict)


def compare_registers(old: Rows, new: Rows, found: Found, difference: Difference) -> RegisterPlan:
    """What the registers need; what is added, put right and left is told to `difference`."""
    return _Registers(old, new, found, difference).compared()


class _Registers:
    def __init__(self, old: Rows, new: Rows, found: Found, difference: Difference) -> None:
        self.old, self.new, self.found, self.difference = old, new, found, difference
        self.said = next(row for row in new.values() if isinstance(row, Authority))
        self.changed = {key: row for key, row in new.items() if old.get(key) != row}

    def compared(self) -> RegisterPlan:
        plan = RegisterPlan(self._authority())
        plan.councils = list(self._new_councils())
        plan.forces = self._new_forces()
        plan.neighbours = list(self._neighbours(plan))
        plan.providers = self._missing_names(
            Noun.PROVIDER,
            Provider.objects.values_list("name", flat=True),
            (h.provider for h in self._homes()),
        )
        plan.homes = list(self._home_plans(plan))
        plan.teams = self._missing_names(
            Noun.TEAM,
            Team.objects.filter(authority=self.found.row).values_list("name", flat=True),
            (child.team for child in self._children()),
        )
        plan.workers = self._new_workers()
        return plan

    def _homes(self) -> list[Home]:
        return [row for row in self.changed.values() if isinstance(row, Home)]

    def _children(self) -> list[Child]:
        return [row for row in self.changed.values() if isinstance(row, Child)]

    def _neighbour_rows(self) -> list[tuple[RowKey, Neighbour]]:
        """All of them: which adjoin is said in the authority's own row."""
        return [(key, row) for key, row in self.new.items() if isinstance(row, Neighbour)]

    # ---- the authority ----

    def _authority(self) -> RowPlan:
        row, wanted = self.found.row, _authority_values(self.said)
        if row is None:
            self.difference.added[Noun.AUTHORITY] += 1
            return RowPlan(self.said.code, None, {**wanted, "is_tenant": True})
        is_now: Values = {
            "code": row.code,
            "name": row.name,
            "police_force": row.police_force.name if row.police_force else "",
            "duty_phone": row.duty_phone,
            "out_of_hours_phone": row.out_of_hours_phone,
            "duty_email": row.duty_email,
        }
        if self.found.is_taken_over:
            self.difference.added[Noun.AUTHORITY] += 1
            return RowPlan(row.code, row.pk, {**wanted, "is_tenant": True})
        before = next((row for row in self.old.values() if isinstance(row, Authority)), None)
        said_before = _authority_values(before) if before else None
        return RowPlan(
            row.code,
            row.pk,
            self._settle(Noun.AUTHORITY, self.said.code, AUTHORITY_WORDS, wanted, is_now, said_before),
        )

    # ---- neighbours ----

    def _new_councils(self) -> Iterable[tuple[str, str]]:
        here = {name.casefold() for name in LocalAuthority.objects.values_list("name", flat=True)}
        here.add(self.said.name.casefold())
        forces = {row.name.casefold(): row.police_force for _, row in self._neighbour_rows()}
        named = [row.name for _, row in self._neighbour_rows()]
        named += [home.host_authority for home in self._homes() if home.host_authority]
        for name in named:
            if name.casefold() not in here:
                here.add(name.casefold())
                yield name, forces.get(name.casefold(), "")

    def _new_forces(self) -> list[str]:
        named = [self.said.police_force]
        named += [row.police_force for _, row in self._neighbour_rows()]
        named += [home.police_force for home in self._homes()]
        return self._missing_names(
            Noun.POLICE_FORCE, PoliceForce.objects.values_list("name", flat=True), named
        )

    def _neighbours(self, plan: RegisterPlan) -> Iterable[RowPlan]:
        recorded = {
            row.other.name.casefold(): row
            for row in NeighbourRow.objects.filter(authority=self.found.row).select_related("other")
        }
        before = next((row for row in self.old.values() if isinstance(row, Authority)), None)
        for key, row in self._neighbour_rows():
            wanted = _neighbour_values(row, self.said)
            if (here := recorded.get(key.key)) is None:
                if key in self.changed:
                    self.difference.added[Noun.NEIGHBOUR] += 1
                    yield RowPlan(row.name, None, wanted)
                continue
            plan.about[key] = here.pk
            older = self.old.get(key)
            said = _neighbour_values(older, before) if isinstance(older, Neighbour) and before else None
            is_now = {name: getattr(here, name) for name in NEIGHBOUR_WORDS}
            values = self._settle(Noun.NEIGHBOUR, row.name, NEIGHBOUR_WORDS, wanted, is_now, said)
            if values:
                yield RowPlan(row.name, here.pk, values)

    # ---- homes ----

    def _home_plans(self, plan: RegisterPlan) -> Iterable[RowPlan]:
        keys = [key for key, row in self.changed.items() if isinstance(row, Home)]
        recorded = _recorded_homes(key.key for key in keys)
        for key in keys:
            row = self.changed[key]
            if not isinstance(row, Home):
                continue
            here = recorded.get(key.key)
            if here is None:
                self.difference.added[Noun.HOME] += 1
                yield RowPlan(row.urn, None, _home_values(row))
                continue
            plan.about[key] = here.pk
            values = self._settle_home(row, here, self.old.get(key))
            if values:
                yield RowPlan(row.urn, here.pk, values)

    def _settle_home(self, row: Home, here: HomeRow, older: Row | None) -> Values:
        wanted, is_now = _home_values(row), _home_is_now(here)
        said = _home_values(older) if isinstance(older, Home) else None
        if (
            here.kept_by_id is not None
            and self.found.row is not None
            and here.kept_by_id == self.found.row.pk
        ):
            return self._settle(Noun.HOME, row.urn, HOME_WORDS, wanted, is_now, said)
        keeper = here.kept_by.name if here.kept_by else "nobody"
        for name, words in HOME_WORDS.items():
            if wanted[name] == (said or {}).get(name) or _is_same_home_value(
                name, wanted[name], is_now[name]
            ):
                continue
            reason = f"It is kept by {keeper}, and stays as it is recorded."
            self.difference.left.append(Left(Noun.HOME, row.urn, words, reason))
        return {}

    # ---- teams and workers ----

    def _new_workers(self) -> list[tuple[str, str]]:
        """Workers whom nobody has invited yet, each with the team in which most of their children are."""
        teams: dict[str, dict[str, int]] = {}
        for child in self._children():
            if child.worker_email:
                counts = teams.setdefault(child.worker_email.lower(), {})
                counts[child.team] = counts.get(child.team, 0) + 1
        here = set(
            User.objects.annotate(small=Lower("email"))
            .filter(small__in=list(teams), memberships__authority=self.found.row)
            .values_list("small", flat=True)
            if self.found.row
            else []
        )
        fresh = [
            (email, max(counts, key=lambda team: (counts[team], team)))
            for email, counts in sorted(teams.items())
            if email not in here
        ]
        self.difference.added[Noun.WORKER] += len(fresh)
        return fresh

    # ---- ----

    def _missing_names(self, noun: Noun, here: Iterable[str], named: Iterable[str]) -> list[str]:
        """The names that nothing recorded has, whatever the capitals; each once."""
        known = {name.casefold() for name in here}
        fresh: dict[str, str] = {}
        for name in named:
            if name and name.casefold() not in known:
                fresh.setdefault(name.casefold(), name)
        self.difference.added[noun] += len(fresh)
        return list(fresh.values())

    def _settle(
        self,
        noun: Noun,
        subject: str,
        words: Mapping[str, str],
        wanted: Values,
        is_now: Values,
        said: Values | None,
    ) -> Values:
        """The values that the files put right; what is put right and what is left is told."""
        values: Values = {}
        for name, word in words.items():
            if _is_same(name, wanted[name], is_now[name]):
                continue
            said_before = (said or {}).get(name)
            match verdict(wanted[name], is_now[name], said_before=said_before, is_known=said is not None):
                case Verdict.APPLY:
                    values[name] = wanted[name]
                    old, new = shown(is_now[name]), shown(wanted[name])
                    self.difference.corrections.append(Corrected(noun, subject, word, old, new))
                case Verdict.LEAVE:
                    self.difference.left.append(Left(noun, subject, word, CHANGED_HERE))
        return values


# ---- values ----


def _authority_values(row: Authority) -> Values:
    return {
        "code": row.code,
        "name": row.name,
        "police_force": row.police_force,
        "duty_phone": kept_phone(row.duty_phone),
        "out_of_hours_phone": kept_phone(row.out_of_hours_phone),
        "duty_email": row.email,
    }


def _neighbour_values(row: Neighbour, of: Authority) -> Values:
    return {
        "is_adjoining": row.name.casefold() in {name.casefold() for name in of.adjoining},
        "duty_phone": kept_phone(row.duty_phone),
        "out_of_hours_phone": kept_phone(row.out_of_hours_phone),
        "duty_email": row.email,
    }


def _home_values(row: Home) -> Values:
    return {
        "name": row.name,
        "provider": row.provider,
        "kind": kind_of_place(row.place),
        "sector": SECTOR_OF[row.sector],
        "capacity": row.capacity,
        "host_authority": row.host_authority,
        "police_force": row.police_force,
        "phone": kept_phone(row.phone),
        "email": row.email,
    }


def _home_is_now(row: HomeRow) -> Values:
    return {
        "name": row.name,
        "provider": row.provider.name,
        "kind": row.kind,
        "sector": row.sector,
        "capacity": row.capacity,
        "host_authority": row.host_authority.name if row.host_authority else "",
        "police_force": row.police_force.name if row.police_force else "",
        "phone": row.phone,
        "email": row.email,
    }


def _recorded_homes(urns: Iterable[str]) -> dict[str, HomeRow]:
    rows = (
        HomeRow.objects.annotate(small=Lower("urn"))
        .filter(small__in=list(urns))
        .select_related("provider", "host_authority", "police_force", "kept_by")
    )
    return {(row.urn or "").casefold(): row for row in rows}


def kind_of_place(place: str) -> HomeKind:
    """What kind of home a placement of this code is in."""
    return KIND_OF_PLACE.get(place, HomeKind.FOSTERING if place[:1] in FOSTERING else HomeKind.OTHER)


def kept_phone(said: str) -> str:
    """A number as pages keep it, +441632960001; what is no number, as it was written."""
    try:
        number = phonenumbers.parse(said, "GB")
    except phonenumbers.NumberParseException:
        return said
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _is_same(name: str, one: object, other: object) -> bool:
    """Names are one whatever their capitals, numbers however they are written."""
    if not (isinstance(one, str) and isinstance(other, str)):
        return one == other
    if name.endswith("phone"):
        return kept_phone(one) == kept_phone(other)
    return one.casefold() == other.casefold()


def _is_same_home_value(name: str, one: object, other: object) -> bool:
    return _is_same(name, one, other) or (name == "sector" and {one, other} <= A_COUNCIL)
