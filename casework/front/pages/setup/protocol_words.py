"""An edition of a protocol as sentences: what is done, when, by whom, and who hears if it is not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Final

from protocols.clock import age_words, duration_words
from protocols.conditions import in_words
from protocols.rulebook import OUTSIDE_ROLES, ROLES, Anchor, Basis, Rung, StepRule, Timing

ANCHOR_HEADINGS: Final[dict[Anchor, str]] = {
    "P": "While a child is placed",
    "E": "When a child is noticed absent",
    "A": "When the child is away, and it is known where",
    "T": "When the child is missing",
    "L": "When the child is located",
    "R": "When the child is back",
    "I": "When an open absence is brought in from the authority’s files",
}
BASES: Final[dict[Basis, tuple[str, str, str]]] = {
    "statutory": ("Statutory", "purple", "the law says so."),
    "national_guidance": ("National guidance", "blue", "government guidance says so."),
    "local": ("Local option", "grey", "agreed here; it can be changed here."),
}
STOP_WORDS: Final = {
    "away": "it is known where the child is",
    "missing": "the child is recorded missing",
    "located": "the child is located",
    "returned": "the child is back",
}


@dataclass(frozen=True)
class StepWords:
    """One step, ready to be read."""

    code: str
    title: str
    what: str
    only_if: str
    who: str
    if_not: str
    stops: str
    evidence: Sequence[str]
    basis: str
    colour: str
    citation: str
    nobody: str  # the role that nobody holds, or ""


@dataclass(frozen=True)
class Moment:
    """Steps that are due at the same time."""

    when: str
    steps: Sequence[StepWords]


@dataclass(frozen=True)
class Part:
    """What is counted from one event."""

    anchor: str
    heading: str
    moments: Sequence[Moment]

    @property
    def count(self) -> int:
        return sum(len(moment.steps) for moment in self.moments)


def parts_of(steps: Iterable[StepRule], unheld: frozenset[str] = frozenset()) -> list[Part]:
    """The steps in the order of the document, under the event each is counted from."""
    by_anchor = {anchor: [step for step in steps if step.anchor == anchor] for anchor in ANCHOR_HEADINGS}
    return [
        Part(anchor, ANCHOR_HEADINGS[anchor], _moments(found, unheld))
        for anchor, found in by_anchor.items()
        if found
    ]


def _moments(steps: Sequence[StepRule], unheld: frozenset[str]) -> list[Moment]:
    return [
        Moment(when, [_step_words(step, unheld) for step in together])
        for when, together in groupby(steps, key=due_words)
    ]


def due_words(step: StepRule) -> str:
    """10 minutes after, or at once if the child is under 13; then every 24 hours."""
    plain = [timing for timing in step.timings if timing.when is None]
    earlier = [timing for timing in step.timings if timing.when is not None]
    said = [timing_words(timing) for timing in [*plain, *earlier]]
    repeats = f"; then every {_repeat_words(step.repeat)}" if step.repeat else ""
    return _capital(", or ".join(said) + repeats)


def _repeat_words(repeat: timedelta) -> str:
    """Long repeats are hours too, so that a change of the clocks moves none; people count them in days."""
    days = repeat / timedelta(days=1)
    in_days = f" ({days:.0f} days)" if days > 1 and days.is_integer() else ""
    return f"{duration_words(repeat)}{in_days}"


def timing_words(timing: Timing) -> str:
    """One way to count, with what it depends on."""
    words = _counting_words(timing)
    return f"{words} if {in_words(timing.when)}" if timing.when else words


def _counting_words(timing: Timing) -> str:
    match timing.calendar:
        case "clock_time" if timing.days is None:
            return f"the next time it is {timing.at:%H:%M}"
        case "clock_time":
            return f"at {timing.at:%H:%M}, {_counted(timing.days, 'day')} later"
        case "working_days":
            by = f", at {timing.at:%H:%M}" if timing.at else ""
            return f"{_counted(timing.days, 'working day')} after{by}"
        case "change_of_cover":
            return "at each change of cover, 09:00 and 17:00 every day"
        case "age":
            return f"when the child is {age_words(timing.months or 0)} old"
    after = f"{duration_words(timing.delay)} after" if timing.delay else duration_words(timing.delay)
    return f"{after}, or after the grace that the home agreed" if timing.use_grace else after


def _step_words(step: StepRule, unheld: frozenset[str]) -> StepWords:
    basis, colour, _ = BASES[step.basis]
    return StepWords(
        step.code,
        step.title,
        step.what,
        only_if=_capital(f"if {in_words(step.applies)}:") if step.applies else "",
        who=_who_words(step),
        if_not=_ladder_words(step.ladder),
        stops=f"Falls away when {_listed([STOP_WORDS[stop] for stop in step.stops], 'or')}."
        if step.stops
        else "",
        evidence=step.evidence,
        basis=basis,
        colour=colour,
        citation=step.citation,
        nobody=ROLES[step.responsible] if step.responsible in unheld else "",
    )


def _who_words(step: StepRule) -> str:
    inside = [_role(role) for role in step.told if role not in OUTSIDE_ROLES]
    outside = [_role(role) for role in step.told if role in OUTSIDE_ROLES]
    told = f" Casework tells: {_listed(inside)}." if inside else ""
    phoned = f" To be told by phone: {_listed(outside)}." if outside else ""
    return f"Whose work it is: {_role(step.responsible)}.{told}{phoned}"


def _ladder_words(ladder: Sequence[Rung]) -> str:
    """If it is not done: after 20 minutes the team manager is told."""
    rungs = [f"after {duration_words(rung.after)} the {_role(rung.role)}" for rung in ladder]
    return f"If it is not done by then, these are told: {'; '.join(rungs)}." if rungs else ""


def _role(role: str) -> str:
    return ROLES.get(role, "everybody who was told").replace("'", "’")


def _listed(words: Sequence[str], last: str = "and") -> str:
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _counted(number: int | None, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
