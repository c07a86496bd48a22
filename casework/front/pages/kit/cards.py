"""What the templates in `templates/components/` show. A page turns its rows into these."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Badge:
    """A fact that changes what people do tonight: Under 13, Trafficking concern."""

    text: str
    colour: str = "black"  # red, purple, blue, green, orange, black


@dataclass(frozen=True)
class Identity:
    """Who a page is about. `facts` never holds an address."""

    name: str
    age: int | None
    reference: str
    url: str = ""
    facts: Sequence[str] = ()
    badges: Sequence[Badge] = ()
    child_id: UUID | None = None  # so that the page of a record opened in an emergency says so


@dataclass(frozen=True)
class Picture:
    """A photograph on a page. `alt` says no name: it is read aloud beside others."""

    url: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True)
class Tile:
    """A count, and the address of exactly the rows it counts."""

    count: int | str
    text: str
    url: str
    current: bool = False
    is_late: bool = False


@dataclass(frozen=True)
class Action:
    """Something to do. `about` is read out only, so that two links of the same words differ."""

    text: str
    url: str
    about: str = ""
    is_main: bool = False


@dataclass(frozen=True)
class Why:
    """The arithmetic of a due time: the sum in one line, then why this rule, then where it is written."""

    question: str  # Why 21:40?
    total: str  # Told to police 19:40 + 2 hours = 21:40
    reasons: Sequence[str] = ()
    source: str = ""  # Version 3, step T6. Basis: local option.


@dataclass(frozen=True)
class Ring:
    """A number to ring for a step: as a telephone takes it, as people read it out, and whose it is."""

    number: str
    spoken: str
    whose: str = ""


@dataclass(frozen=True)
class StepCard:
    """A step that waits for somebody."""

    title: str
    due_at: datetime
    paragraphs: Sequence[str] = ()
    acknowledged: str = ""  # "by Bev Aldous 22:31. A promise, not the step: it lapses at 23:31."
    actions: Sequence[Action] = ()
    why: Why | None = None
    reference: str = ""  # on lists that mix children
    ring: Ring | None = None


@dataclass(frozen=True)
class SettledStep:
    """A step that is over, in one line."""

    outcome: str  # Done, Done late, Waived, Not needed
    title: str
    detail: str = ""


@dataclass(frozen=True)
class Delivery:
    """One line of what became of a message. A gap is a line of its own, with its reason."""

    at: datetime
    word: str  # Created, Queued, Not sent, Sent, Delivered, No answer
    detail: str = ""
    is_gap: bool = False


@dataclass(frozen=True)
class StoryItem:
    """One entry of the timeline, a person's or the system's."""

    title: str
    by: str
    at: datetime
    recorded_at: datetime | None = None
    paragraphs: Sequence[str] = ()
    is_system: bool = False
    deliveries: Sequence[Delivery] = field(default=())
    deliveries_title: str = "Full history"


@dataclass(frozen=True)
class SummaryRow:
    """A question and its answer, with the way to change it."""

    key: str
    value: object
    change_url: str = ""
    change_text: str = "Change"
    lines: Sequence[str] = ()
