"""Which spell a call to the police was about."""

from datetime import UTC, datetime, timedelta

from incidents.facts import SpellFacts, call_counts_from

NIGHT = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)


def spell(ordinal: int, category: str, starts: int, ends: int | None) -> SpellFacts:
    ended = None if ends is None else NIGHT + timedelta(minutes=ends)
    return SpellFacts(ordinal, category, NIGHT + timedelta(minutes=starts), ended)


def test_ringing_before_recording_counts_for_the_first_missing_spell() -> None:
    spells = (spell(1, "concern", 0, 40), spell(2, "missing", 40, None))
    assert call_counts_from(spells[1], spells) is None


def test_a_call_while_it_was_known_where_the_child_was_does_not_count() -> None:
    spells = (spell(1, "away", 0, 180), spell(2, "missing", 180, None))
    assert call_counts_from(spells[1], spells) == NIGHT + timedelta(minutes=165)


def test_a_call_about_the_last_time_does_not_count() -> None:
    spells = (spell(1, "missing", 0, 60), spell(2, "away", 60, 62), spell(3, "missing", 62, None))
    assert call_counts_from(spells[2], spells) == NIGHT + timedelta(minutes=60)
