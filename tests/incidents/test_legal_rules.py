"""Which legal tool is for which child: the table, row by row; what may follow what; how long it lasts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from casework.records.errors import Conflict, Invalid
from incidents import legal
from incidents.models import LegalKind, LegalStage

K, S = LegalKind, LegalStage.Stage

# Kind, legal status, age: whether it may be used.
ROWS: Final = (
    (K.RECOVERY_ORDER, "C1", 15, True),  # interim care order
    (K.RECOVERY_ORDER, "C2", 15, True),
    (K.RECOVERY_ORDER, "L1", 15, True),  # police protection
    (K.RECOVERY_ORDER, "L2", 15, True),  # emergency protection order
    (K.RECOVERY_ORDER, "V2", 15, False),  # section 20
    (K.RECOVERY_ORDER, "V3", 15, False),
    (K.RECOVERY_ORDER, "E1", 15, False),
    (K.RECOVERY_ORDER, "J1", 15, False),
    (K.RECOVERY_ORDER, "L3", 15, False),
    (K.RECOVERY_ORDER, "", 15, False),
    (K.RECOVERY_ORDER, "C2", 18, False),
    (K.ABDUCTION_WARNING, "V2", 15, True),
    (K.ABDUCTION_WARNING, "", 15, True),
    (K.ABDUCTION_WARNING, "V2", 16, False),
    (K.ABDUCTION_WARNING, "C2", 16, True),
    (K.ABDUCTION_WARNING, "C1", 17, True),
    (K.ABDUCTION_WARNING, "C2", 18, False),
    (K.EMERGENCY_PROTECTION, "V2", 17, True),
    (K.EMERGENCY_PROTECTION, "V2", 18, False),
    (K.POLICE_PROTECTION, "V2", 17, True),
    (K.POLICE_PROTECTION, "C2", 18, False),
    (K.SECURE_ACCOMMODATION, "V2", 17, True),
    (K.SECURE_ACCOMMODATION, "V2", 18, False),
)


@pytest.mark.parametrize(("kind", "status", "age", "may"), ROWS)
def test_each_tool_is_for_whom_the_law_says(kind: LegalKind, status: str, age: int, may: bool) -> None:
    assert legal.is_open_to(kind, status, age) is may
    assert bool(legal.why_not(kind, status, age)) is not may


def test_every_tool_has_its_grounds_its_words_and_its_order() -> None:
    for kind in LegalKind:
        assert legal.GROUNDS[kind]
        assert legal.TO_JUDGE[kind]
        assert legal.FIRST[kind]
        assert all(ground.law for ground in legal.GROUNDS[kind])


def test_the_sentence_names_the_section_and_what_the_child_is() -> None:
    said = legal.why_not(K.RECOVERY_ORDER, "V2", 15)
    assert said == (
        "A recovery order is only for a child under a care order, an emergency protection order or police "
        "protection (Children Act 1989 section 50); this child is 15 and accommodated under section 20."
    )
    either = legal.why_not(K.ABDUCTION_WARNING, "V2", 17)
    assert "Child Abduction Act 1984 section 2" in either
    assert "Children Act 1989 section 49" in either


@pytest.mark.parametrize(
    ("kind", "stages", "following"),
    [
        (K.RECOVERY_ORDER, (), {S.ASKED, S.REFUSED, S.GRANTED}),
        (K.RECOVERY_ORDER, (S.ASKED,), {S.APPLIED, S.GRANTED, S.REFUSED, S.ENDED}),
        (K.RECOVERY_ORDER, (S.ASKED, S.REFUSED), set()),
        (K.RECOVERY_ORDER, (S.ASKED, S.GRANTED), {S.SERVED, S.ENDED}),
        (K.EMERGENCY_PROTECTION, (S.GRANTED, S.SERVED), {S.EXTENDED, S.ENDED}),
        (K.EMERGENCY_PROTECTION, (S.GRANTED, S.EXTENDED), {S.SERVED, S.ENDED}),
        (K.EMERGENCY_PROTECTION, (S.GRANTED, S.EXTENDED, S.SERVED), {S.ENDED}),  # extended once
        (K.ABDUCTION_WARNING, (), {S.ASKED, S.REFUSED, S.SERVED}),
        (K.ABDUCTION_WARNING, (S.SERVED,), {S.ENDED}),
        (K.POLICE_PROTECTION, (), {S.REFUSED, S.GRANTED}),  # the police decide it: nobody applies
        (K.POLICE_PROTECTION, (S.GRANTED,), {S.ENDED}),
        (K.POLICE_PROTECTION, (S.GRANTED, S.ENDED), set()),
    ],
)
def test_what_may_follow_what(kind: LegalKind, stages: tuple[str, ...], following: set[str]) -> None:
    assert set(legal.may_follow(kind, stages)) == following


def test_what_does_not_come_next_is_refused() -> None:
    with pytest.raises(Conflict, match="asked for, then refused"):
        legal.refuse_stage(K.RECOVERY_ORDER, (S.ASKED, S.REFUSED), S.GRANTED)
    legal.refuse_stage(K.RECOVERY_ORDER, (S.ASKED,), S.GRANTED)


# Over the night on which the clocks go back: hours are elapsed, days end at the same time on the wall.
BEFORE_THE_NIGHT: Final = datetime(2026, 10, 24, 21, 0, tzinfo=UTC)  # 22:00 summer time


@pytest.mark.parametrize(
    ("kind", "stage", "length", "until"),
    [
        (K.POLICE_PROTECTION, S.GRANTED, None, BEFORE_THE_NIGHT + timedelta(hours=72)),
        (K.POLICE_PROTECTION, S.GRANTED, 12, BEFORE_THE_NIGHT + timedelta(hours=12)),
        (K.EMERGENCY_PROTECTION, S.GRANTED, None, BEFORE_THE_NIGHT + timedelta(days=8, hours=1)),
        (K.EMERGENCY_PROTECTION, S.GRANTED, 3, BEFORE_THE_NIGHT + timedelta(days=3, hours=1)),
        (K.EMERGENCY_PROTECTION, S.EXTENDED, None, BEFORE_THE_NIGHT + timedelta(days=7, hours=1)),
        (K.RECOVERY_ORDER, S.GRANTED, None, None),
        (K.POLICE_PROTECTION, S.ENDED, None, None),
    ],
)
def test_how_long_it_lasts(kind: LegalKind, stage: str, length: int | None, until: datetime | None) -> None:
    assert legal.ends_at(kind, stage, BEFORE_THE_NIGHT, length) == until


@pytest.mark.parametrize(
    ("kind", "stage", "length"),
    [
        (K.POLICE_PROTECTION, S.GRANTED, 73),
        (K.EMERGENCY_PROTECTION, S.GRANTED, 9),
        (K.EMERGENCY_PROTECTION, S.EXTENDED, 8),
        (K.EMERGENCY_PROTECTION, S.EXTENDED, 0),
    ],
)
def test_never_longer_than_the_law_lets_it(kind: LegalKind, stage: str, length: int) -> None:
    with pytest.raises(Invalid, match="at most"):
        legal.ends_at(kind, stage, BEFORE_THE_NIGHT, length)
