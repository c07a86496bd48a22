"""When a step applies: small named questions about an episode's facts, joined by all, any and not."""

from dataclasses import dataclass

Argument = str | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A named predicate with its arguments, in the order in which its table row names them."""

    name: str
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Condition"


Condition = Question | AllOf | AnyOf | Not
