"""What a look showed, in words: the audit's kinds as people know the pages."""

from collections.abc import Sequence
from typing import Final

KINDS: Final = {
    "child": "Opened the record",
    "episode": "Opened an absence",
    "board": "Saw the child on Now",
    "overdue": "Saw the child among overdue steps",
    "overview": "Saw the child in the overview",
    "decisions": "Saw the child among decisions that wait",
    "often": "Saw the child among those who go missing often",
    "interviews": "Saw the child in the list of return interviews",
    "reviewing": "Saw the child among those they review",
    "shared": "Saw the child among those shared with the police force",
    "shared_episode": "Opened an absence, for the police force with which it is shared",
    "pupils": "Saw whether the child is back, for a school",
    "my_work": "Saw the child in My work",
    "children": "Saw the child in the list of children",
    "children_to_report": "Saw the child when choosing whom to report",
    "home": "Saw the child among those who live there",
    "report": "Saw the child when reporting",
    "emergency": "Opened the record in an emergency",
    "address": "Was shown",
    "reason": "Said why, to open the record",
    "search": "Found the child by name",
    "photo": "Opened a photograph",
    "photos": "Opened the photographs",
    "disclosure": "Saw who was told of the child",
    "emergencies": "Saw the child among emergencies to review",
    "conflicts": "Saw the child among conflicts of interest",
    "ssda903_missing": "The return, with this child in it",
    "grab_sheet": "Made the grab sheet",
    "who_looked": "Looked who had looked",
    "unexplained": "Saw the child in the list of looks to check",
}
FIELDS: Final = {
    "address": "where the child lives",
    "indicators": "signs of danger",
    "interview": "the return interview",
    "photo": "a photograph",
}


def kind_words(kind: str) -> str:
    """The page; a kind without words of its own still says what it was about."""
    return KINDS.get(kind, f"Saw the child ({kind.replace('_', ' ')})")


def look_words(kind: str, fields: Sequence[str]) -> str:
    """The page, and what on it deserves a name of its own."""
    shown = [FIELDS[field] for field in fields if field in FIELDS]
    return f"{kind_words(kind)}: {', '.join(shown)}" if shown else kind_words(kind)
