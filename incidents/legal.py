"""Which legal tool may be used for which child, how long it lasts, and what may follow what. Pure.

Sources: Children Act 1989 sections 25, 44, 46, 49 and 50; Child Abduction Act 1984 section 2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from casework.records.code_lists import LegalStatusCode
from casework.records.errors import Conflict, Invalid
from casework.records.times import LONDON
from incidents.models import LegalKind, LegalStage

L, K, S = LegalStatusCode, LegalKind, LegalStage.Stage

CARE_ORDERS: Final = frozenset({L.C1, L.C2})  # an interim order is a care order too


@dataclass(frozen=True, slots=True)
class Ground:
    """One law on which a tool stands: what the child must be for it."""

    law: str
    words: str  # "under a care order"
    statuses: frozenset[LegalStatusCode] | None = None  # None: whatever the status
    under_age: int = 18

    def holds(self, status: str, age: int) -> bool:
        return age < self.under_age and (self.statuses is None or status in self.statuses)


# ---- what must be so before anybody asks: one row a law ----

GROUNDS: Final[Mapping[LegalKind, tuple[Ground, ...]]] = {
    K.RECOVERY_ORDER: (
        Ground(
            "Children Act 1989 section 50",
            "under a care order, an emergency protection order or police protection",
            CARE_ORDERS | {L.L1, L.L2},
        ),
    ),
    K.ABDUCTION_WARNING: (
        Ground("Child Abduction Act 1984 section 2", "under 16", under_age=16),
        Ground("Children Act 1989 section 49", "under 18 and under a care order", CARE_ORDERS),
    ),
    K.EMERGENCY_PROTECTION: (Ground("Children Act 1989 section 44", "under 18"),),
    K.POLICE_PROTECTION: (Ground("Children Act 1989 section 46", "under 18"),),
    K.SECURE_ACCOMMODATION: (Ground("Children Act 1989 section 25", "under 18"),),
}

# What a person has to judge: said before anybody asks, never worked out here.
TO_JUDGE: Final[Mapping[LegalKind, str]] = {
    K.RECOVERY_ORDER: "The court can make somebody produce the child or say where they are, and let the "
    "police search a place.",
    K.ABDUCTION_WARNING: "The police warn an adult who harbours the child. Name the adult.",
    K.EMERGENCY_PROTECTION: "Lasts up to 8 days, and can be extended once by up to 7.",
    K.POLICE_PROTECTION: "The police decide, and it lasts up to 72 hours. Record it once they have.",
    K.SECURE_ACCOMMODATION: "The child has run away before, is likely to again and would then be likely to "
    "suffer significant harm; or is likely to injure themselves or others.",
}

_PRESENT: Final[Mapping[str, str]] = {
    L.C1: "under an interim care order",
    L.C2: "under a full care order",
    L.E1: "under a placement order",
    L.V2: "accommodated under section 20",
    L.V3: "in short breaks",
    L.V4: "in short breaks",
    L.J1: "on remand",
    L.J2: "detained under PACE",
    L.J3: "sentenced, with a residence requirement",
    L.L1: "in police protection",
    L.L2: "under an emergency protection order",
    L.L3: "under a child assessment order",
    L.D1: "freed for adoption",
}


def is_open_to(kind: LegalKind, status: str, age: int) -> bool:
    """Whether any of the tool's laws covers a child of this legal status and age."""
    return any(ground.holds(status, age) for ground in GROUNDS[kind])


def why_not(kind: LegalKind, status: str, age: int) -> str:
    """Why it is not for this child, in one sentence: the law, and what the child is. Nothing if it is."""
    if is_open_to(kind, status, age):
        return ""
    needed = ", or ".join(f"{ground.words} ({ground.law})" for ground in GROUNDS[kind])
    name = str(kind.label).lower()
    article = "An" if name[0] in "aeiou" else "A"
    return f"{article} {name} is only for a child {needed}; this child is {age} and {present(status)}."


def present(status: str) -> str:
    """ "accommodated under section 20"."""
    return _PRESENT.get(status, "has no legal status on record here")


def refuse_not_open(kind: LegalKind, status: str, age: int) -> None:
    """Invalid with the reason, when no law covers this child."""
    if words := why_not(kind, status, age):
        raise Invalid(words, code="not_open_to_this_child", field="kind")


# ---- what may follow what ----

_IN_COURT: Final[Mapping[str, tuple[LegalStage.Stage, ...]]] = {
    S.ASKED: (S.APPLIED, S.GRANTED, S.REFUSED, S.ENDED),
    S.APPLIED: (S.GRANTED, S.REFUSED, S.ENDED),
    S.GRANTED: (S.SERVED, S.ENDED),
    S.SERVED: (S.ENDED,),
}
AFTER: Final[Mapping[LegalKind, Mapping[str, tuple[LegalStage.Stage, ...]]]] = {
    K.RECOVERY_ORDER: _IN_COURT,
    K.SECURE_ACCOMMODATION: _IN_COURT,
    K.EMERGENCY_PROTECTION: {
        **_IN_COURT,
        S.GRANTED: (S.SERVED, S.EXTENDED, S.ENDED),
        S.SERVED: (S.EXTENDED, S.ENDED),
        S.EXTENDED: (S.SERVED, S.ENDED),
    },
    K.ABDUCTION_WARNING: {S.ASKED: (S.SERVED, S.REFUSED, S.ENDED), S.SERVED: (S.ENDED,)},
    K.POLICE_PROTECTION: {S.GRANTED: (S.ENDED,)},
}
# A refusal may be written down by itself: legal, or the police, were asked by phone.
FIRST: Final[Mapping[LegalKind, tuple[LegalStage.Stage, ...]]] = {
    K.RECOVERY_ORDER: (S.ASKED, S.REFUSED, S.GRANTED),
    K.SECURE_ACCOMMODATION: (S.ASKED, S.REFUSED, S.GRANTED),
    K.EMERGENCY_PROTECTION: (S.ASKED, S.REFUSED, S.GRANTED),
    K.ABDUCTION_WARNING: (S.ASKED, S.REFUSED, S.SERVED),
    K.POLICE_PROTECTION: (S.REFUSED, S.GRANTED),
}


def may_follow(kind: LegalKind, stages: Sequence[str]) -> tuple[LegalStage.Stage, ...]:
    """What can be recorded next; an order is served once, and extended once."""
    if not stages:
        return FIRST[kind]
    following = AFTER[kind].get(stages[-1], ())
    return tuple(stage for stage in following if stage not in stages)


def refuse_stage(kind: LegalKind, stages: Sequence[str], wanted: str) -> None:
    """Conflict unless the stage may come next."""
    if wanted not in may_follow(kind, stages):
        done = ", then ".join(str(S(stage).label).lower() for stage in stages) or "not yet asked for"
        raise Conflict(
            f"This cannot be recorded now. {kind.label}: {done}.",
            code=f"not_after_{stages[-1:] or 'nothing'}",
        )


# ---- how long it lasts ----


@dataclass(frozen=True, slots=True)
class Limit:
    """The longest that the law lets it run, in its own unit."""

    most: int
    unit: str  # hours, which are elapsed; days, which end at the same time on the wall

    def after(self, at: datetime, length: int) -> datetime:
        if self.unit == "hours":
            return at.astimezone(UTC) + timedelta(hours=length)
        return (at.astimezone(LONDON) + timedelta(days=length)).astimezone(UTC)


LIMITS: Final[Mapping[tuple[LegalKind, str], Limit]] = {
    (K.POLICE_PROTECTION, S.GRANTED): Limit(72, "hours"),
    (K.EMERGENCY_PROTECTION, S.GRANTED): Limit(8, "days"),
    (K.EMERGENCY_PROTECTION, S.EXTENDED): Limit(7, "days"),
}


def ends_at(kind: LegalKind, stage: str, from_at: datetime, length: int | None) -> datetime | None:
    """When it ends by itself: the length given, or the longest there is; None when the law sets none.

    Invalid when the length is more than the law lets it run. An extension counts from the end of the first.
    """
    limit = LIMITS.get((kind, stage))
    if limit is None:
        return None
    if length is not None and not 1 <= length <= limit.most:
        raise Invalid(
            f"{kind.label} lasts {limit.most} {limit.unit} at most.", code="too_long", field="length"
        )
    return limit.after(from_at, length or limit.most)
