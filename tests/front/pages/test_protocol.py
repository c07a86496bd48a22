"""The rule book as people read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING

import pytest

from casework.front.pages.setup.protocol_words import due_words, parts_of
from casework.records.models import Membership, Role
from protocols import publishing
from protocols.conditions import Question
from protocols.document import DEFAULT, read_document
from protocols.models import ProtocolVersion
from protocols.rulebook import StepRule, Timing
from tests.front.pages.at_the_desk import at_the_desk, text_of, url

if TYPE_CHECKING:
    from tests.cast import Cast

STEPS = {step.code: step for step in read_document(DEFAULT.read_text(encoding="utf-8")).steps}


@pytest.fixture
def in_force(cast: Cast) -> ProtocolVersion:
    return publishing.publish_default(authority=cast.exampleshire)


def due(*timings: Timing, **changes: timedelta) -> StepRule:
    return replace(STEPS["T3"], timings=timings, repeat=changes.get("repeat"))


def test_everybody_who_works_by_it_is_led_to_the_one_in_force(cast: Cast, in_force: ProtocolVersion) -> None:
    for person in (cast.amina, cast.bev, cast.carl, cast.ada, cast.ines):
        answer = at_the_desk(person).get(url("protocol"))
        assert answer.url == url("protocol-version", in_force.pk)  # type: ignore[attr-defined]  # a redirect


def test_the_version_reads_as_sentences_down_a_time_line(cast: Cast, in_force: ProtocolVersion) -> None:
    page = text_of(at_the_desk(cast.bev).get(url("protocol-version", in_force.pk)))
    assert "<title>Protocol, version 1 - Casework</title>" in page
    assert "When a child is noticed absent" in page
    assert "72 hours after" in page
    assert all(f"Step {code}." in page for code in STEPS)


def test_a_step_that_nobody_can_carry_out_says_so(cast: Cast, in_force: ProtocolVersion) -> None:
    for role in (Role.SERVICE_MANAGER, Role.ASSISTANT_DIRECTOR, Role.REVIEWING_OFFICER):
        Membership.objects.create(user=cast.ruth, role=role, authority=cast.exampleshire)
    address = url("protocol-version", in_force.pk)
    assert "Nothing would happen here" not in text_of(at_the_desk(cast.bev).get(address))
    cast.ines.memberships.update(role="reviewing_officer")
    page = text_of(at_the_desk(cast.bev).get(address))
    assert f"2 of {len(STEPS)} steps would do nothing here" in page
    assert "Nobody holds the role “return interviewer”" in page


def test_eve_finds_neither_exampleshires_protocol_nor_a_draft(cast: Cast, in_force: ProtocolVersion) -> None:
    assert at_the_desk(cast.eve).get(url("protocol-version", in_force.pk)).status_code == 404
    assert at_the_desk(cast.eve).get(url("protocol-document", in_force.pk)).status_code == 404
    draft = publishing.draft_version(by=cast.ada, authority=cast.exampleshire, source=in_force.document)
    assert at_the_desk(cast.bev).get(url("protocol-version", draft.pk)).status_code == 404


def test_the_tablet_and_the_police_do_not_read_it(cast: Cast, in_force: ProtocolVersion) -> None:
    """The tablet's authority has this edition, and so it may be told; the police have no business with it."""
    for person, status in ((cast.tablet, 403), (cast.dee, 404)):
        assert at_the_desk(person).get(url("protocol-version", in_force.pk)).status_code == status


def test_the_document_comes_as_it_was_written(cast: Cast, in_force: ProtocolVersion) -> None:
    answer = at_the_desk(cast.bev).get(url("protocol-document", in_force.pk))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="missing-from-care-version-1.yaml"'
    assert text_of(answer) == in_force.document


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (due(Timing()), "At once"),
        (due(Timing(timedelta(hours=24)), repeat=timedelta(hours=24)), "24 hours after; then every 24 hours"),
        (
            due(Timing(when=Question("under_13")), Timing(timedelta(minutes=10))),
            "10 minutes after, or at once if the child is under 13",
        ),
        (
            due(Timing(timedelta(minutes=30), use_grace=True)),
            "30 minutes after, or after the grace that the home agreed",
        ),
        (due(Timing(calendar="clock_time", at=time(9))), "The next time it is 09:00"),
        (due(Timing(calendar="clock_time", at=time(9), days=1)), "At 09:00, 1 day later"),
        (
            due(Timing(calendar="change_of_cover")),
            "At each change of cover, 09:00 and 17:00 every day",
        ),
        (due(Timing(calendar="age", months=213)), "When the child is 17 years 9 months old"),
        (
            due(Timing(calendar="clock_time", at=time(9), days=7), repeat=timedelta(days=7)),
            "At 09:00, 7 days later; then every 168 hours (7 days)",
        ),
        (due(Timing(calendar="working_days", days=2)), "2 working days after"),
        (due(Timing(calendar="working_days", days=15, at=time(17))), "15 working days after, at 17:00"),
    ],
)
def test_when_a_step_is_due_in_words(step: StepRule, words: str) -> None:
    assert due_words(step) == words


def test_steps_due_at_the_same_time_stand_together_under_what_they_count_from() -> None:
    parts = parts_of([STEPS["E1"], STEPS["E2"], STEPS["E3"], STEPS["R5"]])
    assert [(part.anchor, part.count) for part in parts] == [("E", 3), ("R", 1)]
    assert [part.heading for part in parts] == ["When a child is noticed absent", "When the child is back"]
    assert [[step.code for step in moment.steps] for moment in parts[0].moments] == [["E1", "E2"], ["E3"]]


def test_a_step_says_whom_casework_tells_and_whom_to_ring() -> None:
    (part,) = parts_of([STEPS["T12"]])
    assert part.moments[0].steps[0].who == (
        "Whose work it is: service manager. Casework tells: assistant director and director of children’s"
        " services. To be told by phone: Ofsted."
    )
