"""An absence that was brought in from an authority's files: nobody is asked for what was due before that."""

from dataclasses import replace
from datetime import timedelta

from incidents.facts import EpisodeFacts
from protocols.clock import explain
from protocols.plan import PlannedStep, plan
from protocols.rulebook import Rung, Timing
from tests.protocols.kits_night import KIT_MISSING, NIGHT, RULES, back_at, london, planned, spell

HOUR = timedelta(hours=1)
ELEVEN_MINUTES_ON = NIGHT + timedelta(minutes=11)
BEFORE = "Before this system."
IMPORTED = replace(KIT_MISSING, imported_at=NIGHT + 20 * HOUR)


def kept(facts: EpisodeFacts) -> set[str]:
    return {code for (code, _, rung), step in planned(facts).items() if not rung and not step.stopped}


def test_what_was_due_before_the_import_is_not_needed_and_what_comes_later_is() -> None:
    steps = planned(IMPORTED)
    assert {code for (code, _, rung), step in steps.items() if step.stopped == BEFORE} == {
        *("E1", "E3", "T0", "T1", "T3", "T7a", "T7b", "T8a", "T8b"),
    }
    assert kept(IMPORTED) == {
        *("T9", "T10a", "T11", "T12", "T13", "T14", "T15", "T16", "T17", "I1"),
    }
    assert steps["T9", 1, 0].due_at == NIGHT + 24 * HOUR  # from the true anchor


def test_a_ladder_goes_with_its_step() -> None:
    steps = planned(IMPORTED)
    assert {step.stopped for (code, _, _), step in steps.items() if code == "T0"} == {BEFORE}
    assert steps["T0", 1, 2].due_at < NIGHT + 20 * HOUR
    late = planned(replace(KIT_MISSING, imported_at=ELEVEN_MINUTES_ON))
    assert late["T0", 1, 2].due_at > ELEVEN_MINUTES_ON
    assert late["T0", 1, 2].stopped == BEFORE  # nobody hears of a step that nobody was asked to do


def test_what_is_due_at_the_very_moment_is_asked_for() -> None:
    assert "T3" in kept(replace(KIT_MISSING, imported_at=NIGHT + HOUR))


def test_the_record_is_reviewed_within_the_hour() -> None:
    review = planned(IMPORTED)["I1", 1, 0]
    assert (review.role, review.due_at) == ("duty_worker", NIGHT + 21 * HOUR)
    assert explain(review.derivation) == "Imported 18:40 + 1 hour = 19:40"
    assert planned(back_at(IMPORTED, NIGHT + 20 * HOUR))["I1", 1, 0].stopped == "The child is back."


def test_what_the_files_knew_the_day_of_is_explained_by_the_day() -> None:
    midnight = london(19, 0)
    facts = replace(IMPORTED, noticed_at=midnight, spells=(spell("missing", midnight),))
    assert explain(planned(facts)["T9", 1, 0].derivation) == (
        "Recorded missing Thu 19 Nov + 24 hours = Fri 20 Nov 00:00"
    )


def test_an_absence_recorded_here_has_nothing_to_review() -> None:
    assert "I1" not in {code for code, _, _ in planned(KIT_MISSING)}


def test_the_return_of_an_imported_absence_is_followed_up_in_full() -> None:
    facts = back_at(IMPORTED, NIGHT + 30 * HOUR)
    assert {code for code in kept(facts) if code.startswith("R")} == {
        *("R1", "R2a", "R2b", "R3", "R4", "R5", "R6", "R7", "R9")
    }


def test_of_the_rounds_before_the_import_the_first_stands_for_all() -> None:
    every_four_hours = replace(
        next(rule for rule in RULES if rule.code == "T3"),
        timings=(Timing(delay=4 * HOUR),),
        repeat=4 * HOUR,
        ladder=(Rung(HOUR, "team_manager"),),
    )

    def rounds(now_hours: int) -> list[PlannedStep]:
        steps = plan([every_four_hours], IMPORTED, NIGHT + now_hours * HOUR)
        return [step for step in steps if not step.rung]

    at_import = rounds(20)
    assert [(step.round, step.stopped) for step in at_import] == [(0, BEFORE), (4, None), (5, None)]
    assert [step.due_at for step in at_import] == [NIGHT + 4 * HOUR, NIGHT + 20 * HOUR, NIGHT + 24 * HOUR]
    assert [step.round for step in rounds(25)] == [0, 4, 5, 6]  # and they count on as they would have


def test_months_before_the_import_come_to_one_row_a_step() -> None:
    long_gone = replace(KIT_MISSING, imported_at=london(19, 12, month=3, year=2027))
    steps = planned(long_gone, now=london(19, 12, month=3, year=2027))
    assert kept(long_gone) == {"T17", "I1"}
    assert {key[0] for key, step in steps.items() if step.stopped != BEFORE} == {"T17", "I1"}
    assert len({code for code, _, rung in steps if not rung}) == len([key for key in steps if not key[2]])
