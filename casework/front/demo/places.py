"""The demo's organisations: two councils that work here, two that are names, forces, providers, homes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from casework.records.models import (
    Home,
    LocalAuthority,
    Neighbour,
    PoliceForce,
    Provider,
    Sector,
    Team,
    TeamKind,
)
from casework.records.models import HomeKind as Kind
from casework.records.services.organisations import (
    register_authority,
    register_home,
    register_neighbour,
    register_police_force,
    register_provider,
    register_team,
)


@dataclass(frozen=True)
class Places:
    """The organisations, by the names that the lists beside this one use."""

    police: PoliceForce
    exampleshire: LocalAuthority
    northmoor: LocalAuthority
    team_1: Team
    team_2: Team
    duty_team: Team
    larchwood: Provider
    larch_house: Home
    fenwick_house: Home
    rowan_court: Home
    tern_lodge: Home
    alder_view: Home
    harbour_place: Home
    bridge_fostering: Home


# Name, provider, host, kind, sector, beds, address. Their Ofsted and telephone numbers follow from the order.
HOMES: Final = (
    (
        "Larch House",
        "Larchwood Care",
        "EXS",
        Kind.CHILDREN_HOME,
        Sector.PRIVATE,
        6,
        "1 Larch Lane, Exampleton",
    ),
    (
        "Fenwick House",
        "Larchwood Care",
        "NMR",
        Kind.CHILDREN_HOME,
        Sector.PRIVATE,
        6,
        "8 Fenwick Row, Moorby",
    ),
    (
        "Rowan Court",
        "Rowan and Tern",
        "EXS",
        Kind.CHILDREN_HOME,
        Sector.PRIVATE,
        5,
        "14 Rowan Road, Exampleton",
    ),
    ("Tern Lodge", "Rowan and Tern", "EXS", Kind.CHILDREN_HOME, Sector.PRIVATE, 5, "3 Tern Lane, Exmarket"),
    ("Alder View", "Alder Trust", "NMR", Kind.CHILDREN_HOME, Sector.VOLUNTARY, 4, "27 Alder Hill, Moorby"),
    (
        "Harbour Place",
        "Harbour Living",
        "EXS",
        Kind.SUPPORTED,
        Sector.PRIVATE,
        10,
        "5 Harbour Place, Exmarket",
    ),
    (
        "Bridge Fostering",
        "Bridge Fostering",
        "EXS",
        Kind.FOSTERING,
        Sector.PRIVATE,
        60,
        "2 Bridge Street, Exampleton",
    ),
)

EXAMPLESHIRE_POLICE: Final = "Exampleshire Constabulary"
FORCES: Final = (EXAMPLESHIRE_POLICE, "Westing Police", "Farshire Police")

# Name, code, force, adjoining, duty phone, out-of-hours phone: as Exampleshire's own files have them.
NEIGHBOURS: Final = (
    ("Northmoor", "NMR", EXAMPLESHIRE_POLICE, True, "01632 960010", "01632 960020"),
    ("Westing", "WST", "Westing Police", True, "01632 960011", "01632 960021"),
    ("Farshire", "FRS", "Farshire Police", False, "01632 960012", "01632 960022"),
)


def make_places() -> Places:
    """Everything by its name, registered unless it is there. Nobody signs for it: they come afterwards."""
    forces = {
        name: PoliceForce.objects.filter(name=name).first()
        or register_police_force(by=None, name=name, control_room_phone=f"01632 96010{number}")
        for number, name in enumerate(FORCES, start=1)
    }
    exampleshire = LocalAuthority.objects.filter(code="EXS").first() or register_authority(
        by=None,
        code="EXS",
        name="Exampleshire",
        is_tenant=True,
        police_force=forces[EXAMPLESHIRE_POLICE],
        duty_phone="01632 960001",
        out_of_hours_phone="01632 960002",
        duty_email="duty@exampleshire.example",
    )
    neighbours = {row[1]: _neighbour(exampleshire, forces, *row) for row in NEIGHBOURS}
    homes = _homes(exampleshire, neighbours, forces[EXAMPLESHIRE_POLICE])
    return Places(
        police=forces[EXAMPLESHIRE_POLICE],
        exampleshire=exampleshire,
        northmoor=neighbours["NMR"],
        team_1=_team(exampleshire, "Looked-after Team 1"),
        team_2=_team(exampleshire, "Looked-after Team 2"),
        duty_team=_team(exampleshire, "Emergency duty team", TeamKind.OUT_OF_HOURS),
        larchwood=homes["larch_house"].provider,
        **homes,
    )


def _team(authority: LocalAuthority, name: str, kind: TeamKind = TeamKind.CASE_HOLDING) -> Team:
    found = Team.objects.filter(authority=authority, name=name).first()
    return found or register_team(by=None, authority=authority, name=name, kind=kind)


def _neighbour(
    exampleshire: LocalAuthority,
    forces: dict[str, PoliceForce],
    name: str,
    code: str,
    force: str,
    is_adjoining: bool,
    duty_phone: str,
    out_of_hours_phone: str,
) -> LocalAuthority:
    """Northmoor works here too; the others are names and telephone numbers."""
    email = f"duty@{name.lower()}.example"
    other = LocalAuthority.objects.filter(code=code).first() or register_authority(
        by=None,
        code=code,
        name=name,
        is_tenant=code == "NMR",
        police_force=forces[force],
        duty_phone=duty_phone,
        out_of_hours_phone=out_of_hours_phone,
        duty_email=email,
    )
    if not Neighbour.objects.filter(authority=exampleshire, other=other).exists():
        register_neighbour(
            by=None,
            authority=exampleshire,
            other=other,
            is_adjoining=is_adjoining,
            duty_phone=duty_phone,
            out_of_hours_phone=out_of_hours_phone,
            duty_email=email,
        )
    return other


def _homes(
    exampleshire: LocalAuthority, neighbours: dict[str, LocalAuthority], police: PoliceForce
) -> dict[str, Home]:
    hosts = {"EXS": exampleshire, **neighbours}
    return {
        name.lower().replace(" ", "_"): Home.objects.filter(urn=f"SC10000{number}").first()
        or register_home(
            by=None,
            kept_by=exampleshire,
            provider=_provider(provider),
            name=name,
            urn=f"SC10000{number}",
            kind=kind,
            sector=sector,
            host_authority=hosts[host],
            police_force=police,
            capacity=capacity,
            address=address,
            phone=f"01632 96020{number}",
            on_call_phone="01632 960209",
        )
        for number, (name, provider, host, kind, sector, capacity, address) in enumerate(HOMES, start=1)
    }


def _provider(name: str) -> Provider:
    return Provider.objects.filter(name=name).first() or register_provider(
        by=None, name=name, phone="01632 960200"
    )
