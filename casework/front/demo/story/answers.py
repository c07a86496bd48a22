"""What people write under a step's own questions, in their order, when nothing about it is remarkable."""

from collections.abc import Mapping, Sequence
from typing import Final

ANSWERS: Final[Mapping[str, Sequence[str]]] = {
    "E1": ("House, garden and the lane behind. Phone rings out. Two friends have not seen them.",),
    "E3": ("Expected back within the half hour; staff will ring again then.",),
    "T1": (
        "Form and photo sent to the control room and to the duty team.",
        "Parent rung and told. Will ring us if they hear anything.",
    ),
    "T4": (
        "Home Office told by phone; reference noted on the file.",
        "Ports, the two known addresses and the car wash on the ring road.",
        "Referral made by the social worker in the first week; a copy was sent again.",
    ),
    "T9": (
        "Police sergeant, health, the home’s manager and the social worker.",
        "Police visit the two addresses; the home rings friends each evening; we meet again in two days.",
    ),
    "L1": (
        "An officer is with them in the station’s front office.",
        "Staff are on their way, within the hour.",
    ),
    "L2": ("Back to the same home. Nothing there made them go, and they want to.",),
}
