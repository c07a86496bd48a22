"""What a force's system may be let do. Without any import, so that the settings can name it too."""

from collections.abc import Mapping
from typing import Final

SCOPES: Final[Mapping[str, str]] = {
    "episodes:read": "Read what is shared with the force, and hear what changes",
    "episodes:ack": "Say that the force has an absence in hand",
    "reference:write": "Give the force’s own reference",
    "grade:write": "Give the police’s grade",
    "sightings:write": "Report a sighting",
    "found:write": "Say that the child has been found: located, until the authority or the home confirms it",
    "receipts:write": "Say how much of what changed it has read",
}
