"""Who can sign in. All invented: e-mail addresses and telephone numbers lead nowhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypedDict

from casework.front.demo.places import Places
from casework.records.models import Home, LocalAuthority, PoliceForce, Provider, Role, Team


class Post(TypedDict, total=False):
    """Where a role is held."""

    authority: LocalAuthority
    team: Team
    home: Home
    provider: Provider
    police_force: PoliceForce


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in, and the one role they hold."""

    name: str
    organisation: str  # the first part of their mail's domain
    role: Role
    where: str
    post: Callable[[Places], Post]
    mailbox: str = ""

    @property
    def email(self) -> str:
        return f"{self.mailbox or self.name.lower().replace(' ', '.')}@{self.organisation}.example"

    @property
    def role_words(self) -> str:
        return f"{self.role.label}, {self.where}"


def _staff(name: str, organisation: str, where: str) -> Person:
    """Of the home of that name."""
    field = where.lower().replace(" ", "_")
    return Person(name, organisation, Role.HOME_STAFF, where, lambda at: {"home": getattr(at, field)})


def _of_team(name: str, role: Role, number: int) -> Person:
    where = f"Exampleshire, Looked-after Team {number}"
    return Person(name, "exampleshire", role, where, lambda at: {"team": getattr(at, f"team_{number}")})


def _on_duty(name: str) -> Person:
    where = "Exampleshire, out of hours"
    return Person(name, "exampleshire", Role.DUTY_WORKER, where, lambda at: {"team": at.duty_team})


def _of_council(name: str, role: Role) -> Person:
    return Person(name, "exampleshire", role, "Exampleshire", lambda at: {"authority": at.exampleshire})


def _of_northmoor(name: str, role: Role) -> Person:
    return Person(name, "northmoor", role, "Northmoor", lambda at: {"authority": at.northmoor})


CARL: Final = _staff("Carl Penrose", "larchwood", "Larch House")
LARCH_TABLET: Final = Person(
    "Larch House tablet",
    "larchwood",
    Role.HOME_TABLET,
    "Larch House",
    lambda at: {"home": at.larch_house},
    mailbox="tablet.larch",
)
MO: Final = _staff("Mo Fenn", "larchwood", "Fenwick House")
GITA: Final = Person(
    "Gita Larch",
    "larchwood",
    Role.REGISTERED_MANAGER,
    "Larchwood Care",
    lambda at: {"provider": at.larchwood},
)
JOSS: Final = _staff("Joss Tarrant", "rowan", "Rowan Court")
NIAMH: Final = _staff("Niamh Torrance", "rowan", "Tern Lodge")
PAVEL: Final = _staff("Pavel Roskin", "alder", "Alder View")
WINNIE: Final = _staff("Winnie Adeyo", "harbour", "Harbour Place")
DUNCAN: Final = _staff("Duncan Frayne", "bridge", "Bridge Fostering")
AMINA: Final = _of_team("Amina Rahal", Role.SOCIAL_WORKER, 2)
THEO: Final = _of_team("Theo Brandt", Role.SOCIAL_WORKER, 2)
BEV: Final = _of_team("Bev Aldous", Role.TEAM_MANAGER, 2)
CALLUM: Final = _of_team("Callum Reyes", Role.SOCIAL_WORKER, 1)
PETRA: Final = _of_team("Petra Sands", Role.TEAM_MANAGER, 1)
FEMI: Final = _on_duty("Femi Castell")
OMAR: Final = _on_duty("Omar Lisle")
SONIA: Final = _of_council("Sonia Grieve", Role.SERVICE_MANAGER)
RUTH: Final = _of_council("Ruth Sandiford", Role.HEAD_OF_SERVICE)
PRIYA: Final = _of_council("Priya Vance", Role.ASSISTANT_DIRECTOR)
INES: Final = _of_council("Ines Vale", Role.RETURN_INTERVIEWER)
NADIA: Final = _of_council("Nadia Penhale", Role.COORDINATOR)
HILARY: Final = _of_council("Hilary Moss", Role.REVIEWING_OFFICER)
LEN: Final = _of_council("Len Corby", Role.PERFORMANCE_OFFICER)
VERA: Final = _of_council("Vera Lane", Role.SCHOOL_CONTACT)
ADA: Final = _of_council("Ada Quill", Role.ADMINISTRATOR)
DEE: Final = Person(
    "Dee Marlow",
    "constabulary",
    Role.POLICE_LIAISON,
    "Exampleshire Constabulary",
    lambda at: {"police_force": at.police},
)
EVE: Final = _of_northmoor("Eve Northcott", Role.SOCIAL_WORKER)
RHYS: Final = _of_northmoor("Rhys Calloway", Role.DUTY_WORKER)
SIAN: Final = _of_northmoor("Sian Holloway", Role.ADMINISTRATOR)

# Who gets text messages. Ofcom keeps these numbers for drama: they ring nowhere.
MOBILES: Final[Mapping[str, str]] = {
    CARL.email: "+447700900151",
    JOSS.email: "+447700900152",
    FEMI.email: "+447700900161",
    OMAR.email: "+447700900162",
    BEV.email: "+447700900163",
    SONIA.email: "+447700900164",
}

PEOPLE: Final = (
    *(CARL, LARCH_TABLET, MO, GITA, JOSS, NIAMH, PAVEL, WINNIE, DUNCAN),
    *(AMINA, THEO, BEV, CALLUM, PETRA, FEMI, OMAR, SONIA, RUTH, PRIYA, INES, NADIA, HILARY, LEN, VERA, ADA),
    *(DEE, EVE, RHYS, SIAN),
)
