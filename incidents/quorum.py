"""Which agencies a meeting needs at its table. Pure."""

from collections.abc import Collection, Mapping
from typing import Final

from incidents.models import Agency, MeetingKind

# Working Together: a strategy discussion is at least children's services, police and health. A joint plan is
# made with the police.
AT_LEAST: Final[Mapping[str, tuple[Agency, ...]]] = {
    MeetingKind.STRATEGY: (Agency.AUTHORITY, Agency.POLICE, Agency.HEALTH),
    MeetingKind.JOINT_PLAN: (Agency.AUTHORITY, Agency.POLICE),
}


def not_there(kind: str, present: Collection[str]) -> list[Agency]:
    """The agencies that should have been there and were not, in the order of the rule."""
    return [agency for agency in AT_LEAST.get(kind, ()) if agency not in present]


def in_words(kind: str, absent: Collection[Agency]) -> str:
    """ "Police and health were not there: …", or nothing when everybody was."""
    if not absent:
        return ""
    names = [str(agency.label).lower() for agency in absent]
    who = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    verb = "were" if len(names) > 1 else "was"
    what = str(MeetingKind(kind).label).lower()
    return f"{who[:1].upper()}{who[1:]} {verb} not there. A {what} needs them (Working Together)."
