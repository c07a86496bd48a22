"""The ground: people, organisations, children, placements, what was told and what was done."""

from casework.records.code_lists import LegalStatusCode

from .audit import AuditEntry
from .child import Child, FactKind, LegalStatus, ProfileFact, Sex
from .chronology import ChronologyEntry
from .conflict import ConflictOfInterest
from .death import Death
from .emergency import BrokenGlass
from .front_door import Draft, FormKey, Heartbeat
from .grant import ChildGrant
from .imported import FileKind, ImportedRow
from .look_up import AddressLookUp
from .organisation import (
    EpisodeNumber,
    Home,
    HomeKind,
    LocalAuthority,
    Neighbour,
    PoliceForce,
    Provider,
    Sector,
    Team,
    TeamKind,
)
from .person import AUTHORITY_ROLES, HOME_ROLES, POLICE_ROLES, PROVIDER_ROLES, Membership, Role, User
from .photo import Photo, PhotoApproval, PhotoContent
from .placement import Placement
from .police_client import ClientDay, ClientSecret, ClientUse, PoliceClient
from .reason import ReasonGiven, WhyLook
from .rota import Leave, RotaShift, Weekday
from .search import ChildSearch
from .telling import Disclosure, Notification, NotificationEvent
from .upload import Upload, UploadState

__all__ = [
    "AUTHORITY_ROLES",
    "HOME_ROLES",
    "POLICE_ROLES",
    "PROVIDER_ROLES",
    "AddressLookUp",
    "AuditEntry",
    "BrokenGlass",
    "Child",
    "ChildGrant",
    "ChildSearch",
    "ChronologyEntry",
    "ClientDay",
    "ClientSecret",
    "ClientUse",
    "ConflictOfInterest",
    "Death",
    "Disclosure",
    "Draft",
    "EpisodeNumber",
    "FactKind",
    "FileKind",
    "FormKey",
    "Heartbeat",
    "Home",
    "HomeKind",
    "ImportedRow",
    "Leave",
    "LegalStatus",
    "LegalStatusCode",
    "LocalAuthority",
    "Membership",
    "Neighbour",
    "Notification",
    "NotificationEvent",
    "Photo",
    "PhotoApproval",
    "PhotoContent",
    "Placement",
    "PoliceClient",
    "PoliceForce",
    "ProfileFact",
    "Provider",
    "ReasonGiven",
    "Role",
    "RotaShift",
    "Sector",
    "Sex",
    "Team",
    "TeamKind",
    "Upload",
    "UploadState",
    "User",
    "Weekday",
    "WhyLook",
]
