"""Who is who: authorities, their neighbours, police forces, providers, homes, teams."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Final

from django.db import transaction

from casework.records import audit
from casework.records.access import require
from casework.records.acts import Act
from casework.records.errors import Invalid
from casework.records.models import (
    Home,
    HomeKind,
    LocalAuthority,
    Membership,
    Neighbour,
    PoliceForce,
    Provider,
    Role,
    Sector,
    Team,
    TeamKind,
    User,
)
from casework.records.services.police_keepers import refuse_force_named_by_one
from casework.records.services.rows import add, edit
from casework.records.standing import live_memberships
from casework.records.times import CaseworkNow

LONGEST_GRACE: Final = timedelta(hours=12)
AUTHORITY_FIELDS: Final = frozenset(
    {
        "code",
        "name",
        "police_force",
        "duty_phone",
        "out_of_hours_phone",
        "duty_email",
        "data_protection_contact",
    }
)
HOME_FIELDS: Final = frozenset(
    {
        "name",
        "urn",
        "kind",
        "sector",
        "host_authority",
        "police_force",
        "capacity",
        "address",
        "postcode",
        "phone",
        "on_call_phone",
        "email",
        "curfew",
        "grace",
    }
)


@transaction.atomic
def register_authority(
    *,
    by: User | None,
    code: str,
    name: str,
    is_tenant: bool = False,
    police_force: PoliceForce | None = None,
    duty_phone: str = "",
    out_of_hours_phone: str = "",
    duty_email: str = "",
) -> LocalAuthority:
    """Add a council: one that works here (then `by` becomes its administrator), or a name and a number."""
    _require_set_up(by)
    if is_tenant:
        refuse_force_named_by_one(by, police_force, authority=None)
    authority = LocalAuthority(
        code=code,
        name=name,
        is_tenant=is_tenant,
        police_force=police_force,
        duty_phone=duty_phone,
        out_of_hours_phone=out_of_hours_phone,
        duty_email=duty_email,
    )
    with audit.because(by):
        add(authority, conflict="An authority with this name or code is already here.")
        if by is not None and is_tenant:
            add(Membership(user=by, role=Role.ADMINISTRATOR, authority=authority, invited_by=by))
    return authority


@transaction.atomic
def change_authority(
    *, by: User, authority: LocalAuthority, version: int, changes: Mapping[str, object]
) -> LocalAuthority:
    """Change an authority's name, code, force or duty numbers; the force only where it is alone here."""
    require(by, Act.SET_UP, authority_id=authority.pk)
    if isinstance(force := changes.get("police_force"), PoliceForce) and force != authority.police_force:
        refuse_force_named_by_one(by, force, authority=authority)
    if isinstance(contact := changes.get("data_protection_contact"), User):
        _check_works_here(contact, authority)
    with audit.because(by):
        return edit(authority, version=version, changes=changes, allowed=AUTHORITY_FIELDS)


@transaction.atomic
def register_neighbour(
    *,
    by: User | None,
    authority: LocalAuthority,
    other: LocalAuthority,
    is_adjoining: bool,
    duty_phone: str = "",
    out_of_hours_phone: str = "",
    duty_email: str = "",
) -> Neighbour:
    """Write down what one authority knows of another: whether they adjoin, and whom to ring."""
    _require_set_up(by, authority)
    if authority == other:
        raise Invalid("Choose another authority.", field="other")
    neighbour = Neighbour(
        authority=authority,
        other=other,
        is_adjoining=is_adjoining,
        duty_phone=duty_phone,
        out_of_hours_phone=out_of_hours_phone,
        duty_email=duty_email,
    )
    with audit.because(by):
        return add(neighbour, conflict="This neighbour is already in your list.")


@transaction.atomic
def register_police_force(*, by: User | None, name: str, control_room_phone: str = "") -> PoliceForce:
    """Add a police force, with its control room's number."""
    _require_set_up(by)
    force = PoliceForce(name=name, control_room_phone=control_room_phone)
    with audit.because(by):
        return add(force, conflict="A police force with this name is already here.")


@transaction.atomic
def register_provider(*, by: User | None, name: str, phone: str = "") -> Provider:
    """Add a provider of homes."""
    _require_set_up(by)
    provider = Provider(name=name, phone=phone)
    with audit.because(by):
        return add(provider, conflict="A provider with this name is already here.")


@transaction.atomic
def register_home(
    *,
    by: User | None,
    kept_by: LocalAuthority,
    provider: Provider,
    name: str,
    kind: str = HomeKind.CHILDREN_HOME,
    sector: str = Sector.PRIVATE,
    urn: str | None = None,
    host_authority: LocalAuthority | None = None,
    police_force: PoliceForce | None = None,
    capacity: int | None = None,
    address: str = "",
    postcode: str = "",
    phone: str = "",
    on_call_phone: str = "",
    email: str = "",
    curfew: time | None = None,
    grace: timedelta = timedelta(minutes=30),
) -> Home:
    """Add a home. `kept_by` keeps its details; `host_authority` is where it stands (None: not known)."""
    _require_set_up(by, kept_by)
    _check_grace(grace)
    home = Home(
        name=name,
        urn=urn or None,
        kind=kind,
        sector=sector,
        provider=provider,
        kept_by=kept_by,
        host_authority=host_authority,
        police_force=police_force,
        capacity=capacity,
        address=address,
        postcode=postcode,
        phone=phone,
        on_call_phone=on_call_phone,
        email=email,
        curfew=curfew,
        grace=grace,
    )
    with audit.because(by):
        return add(home, conflict="A home with this Ofsted number is already here.")


@transaction.atomic
def change_home(*, by: User, home: Home, version: int, changes: Mapping[str, object]) -> Home:
    """Change a home's details; the administrators of the authority that keeps them may."""
    require(by, Act.SET_UP, authority_id=home.kept_by_id)
    if isinstance(grace := changes.get("grace"), timedelta):
        _check_grace(grace)
    with audit.because(by):
        return edit(home, version=version, changes=changes, allowed=HOME_FIELDS)


@transaction.atomic
def register_team(
    *,
    by: User | None,
    authority: LocalAuthority,
    name: str,
    kind: str = TeamKind.CASE_HOLDING,
    phone: str = "",
) -> Team:
    """Add a team to an authority."""
    _require_set_up(by, authority)
    team = Team(authority=authority, name=name, kind=kind, phone=phone)
    with audit.because(by):
        return add(team, conflict="A team with this name is already here.")


def _require_set_up(by: User | None, authority: LocalAuthority | None = None) -> None:
    """Nobody is at the command line of the server, where the first authority is made."""
    if by is not None:
        require(by, Act.SET_UP, authority_id=authority.pk if authority else None)


def _check_works_here(contact: User, authority: LocalAuthority) -> None:
    """Whoever hears of look-ups and emergencies works for the authority itself."""
    posts = live_memberships(CaseworkNow()).filter(user=contact, user__is_active=True, authority=authority)
    if not posts.exists():
        raise Invalid("Choose one from the list.", field="data_protection_contact")


def _check_grace(grace: timedelta) -> None:
    if not timedelta(0) <= grace <= LONGEST_GRACE:
        raise Invalid("The grace is between nothing and 12 hours.", field="grace")
