"""Legal is asked, and refuses for the right reason; police protection ends by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from casework.records.errors import Conflict, Invalid, NotAllowed, NotFound
from casework.records.models import ChronologyEntry, LegalStatus
from casework.records.times import now
from incidents.models import LegalTool, MissingEpisode
from incidents.rules import Position
from incidents.services.legal import begin_tool, record_stage
from tests.cast import Cast
from tests.incidents.nights import report, stands_at

pytestmark = pytest.mark.django_db


def section_20(cast: Cast) -> None:
    LegalStatus.objects.filter(child=cast.kit).update(code="V2")


def ask(cast: Cast, episode: MissingEpisode, **said: Any) -> LegalTool:
    answers = {"kind": "recovery_order", "stage": "asked", "why": "A cousin hides him.", **said}
    return begin_tool(by=cast.amina, episode=episode, **answers)


def test_no_recovery_order_for_a_child_under_section_20_and_the_refusal_is_written_down(cast: Cast) -> None:
    episode = report(cast)
    assert ask(cast, episode).stages.get().stage == "asked"  # Kit is under a care order
    section_20(cast)
    with pytest.raises(Invalid, match=r"section 50.*accommodated under section 20") as refusal:
        ask(cast, episode)
    assert refusal.value.field == "kind"
    refused = ask(cast, episode, stage="refused", by_whom="Ms Adeyemi, legal", words="Not under any order.")
    assert (refused.legal_status, refused.stages.get().words) == ("V2", "Not under any order.")
    assert LegalTool.objects.count() == 2


def test_a_refusal_says_why_and_a_warning_names_whom(cast: Cast) -> None:
    episode = report(cast)
    with pytest.raises(Invalid, match="the reason they gave"):
        ask(cast, episode, stage="refused")
    with pytest.raises(Invalid, match="who is to be warned"):
        ask(cast, episode, kind="abduction_warning")
    with pytest.raises(Invalid, match="why it is needed"):
        ask(cast, episode, why=" ")
    for strange in ({"kind": "asbo"}, {"stage": "maybe"}):
        with pytest.raises(Invalid, match="from the list"):
            ask(cast, episode, **strange)
    assert not LegalTool.objects.exists()


def test_each_stage_follows_the_one_before_and_the_story_tells_of_it(cast: Cast) -> None:
    episode = report(cast)
    tool = ask(cast, episode)
    for stage in ("applied", "granted", "served", "ended"):
        record_stage(by=cast.bev, tool=tool, stage=stage)
    with pytest.raises(Conflict, match="cannot be recorded now"):
        record_stage(by=cast.bev, tool=tool, stage="granted")
    stages = ["asked", "applied", "granted", "served", "ended"]
    assert [row.stage for row in tool.stages.all()] == stages
    told = ChronologyEntry.objects.filter(verb="legal_tool.used").order_by("recorded_at")
    assert {row.payload["stage"] for row in told} == set(stages)


def test_police_protection_is_72_hours_and_an_order_is_extended_from_its_end(cast: Cast) -> None:
    episode = report(cast)
    protected = ask(cast, episode, kind="police_protection", stage="granted").stages.get()
    assert protected.until == protected.at + timedelta(hours=72)
    order = ask(cast, episode, kind="emergency_protection", stage="granted", length=2)
    first = order.stages.get()
    longer = record_stage(by=cast.bev, tool=order, stage="extended", length=7)
    assert first.until is not None
    assert longer.until is not None
    assert timedelta(days=6, hours=22) < longer.until - first.until < timedelta(days=7, hours=2)
    with pytest.raises(Invalid, match="72 hours at most"):
        ask(cast, episode, kind="police_protection", stage="granted", length=73)


def test_what_ended_by_itself_is_not_extended(cast: Cast) -> None:
    episode = report(cast)
    MissingEpisode.objects.filter(pk=episode.pk).update(noticed_at=now() - timedelta(days=20))
    ten_days_ago = now() - timedelta(days=10)
    order = ask(cast, episode, kind="emergency_protection", stage="granted", at=ten_days_ago)
    with pytest.raises(Conflict, match="ended by itself"):
        record_stage(by=cast.bev, tool=order, stage="extended")


def test_times_are_neither_ahead_nor_before_the_stage_that_came_first(cast: Cast) -> None:
    tool = ask(cast, report(cast))
    with pytest.raises(Invalid, match="in the future"):
        record_stage(by=cast.bev, tool=tool, stage="granted", at=now() + timedelta(minutes=6))
    with pytest.raises(Invalid, match="The stage before"):
        record_stage(by=cast.bev, tool=tool, stage="granted", at=now() - timedelta(hours=2))


def test_homes_reviewers_and_eve_use_none_and_nothing_is_added_to_a_closed_file(cast: Cast) -> None:
    episode = report(cast)
    tool = ask(cast, episode)
    for person in (cast.carl, cast.ines):
        with pytest.raises(NotAllowed):
            record_stage(by=person, tool=tool, stage="granted")
    with pytest.raises((NotFound, NotAllowed)):
        record_stage(by=cast.eve, tool=tool, stage="granted")
    closed = stands_at_closed(cast)
    with pytest.raises(Conflict, match="Open it again"):
        begin_tool(by=cast.amina, episode=closed, kind="recovery_order", stage="asked", why="Late.")


def stands_at_closed(cast: Cast) -> MissingEpisode:
    MissingEpisode.objects.update(state="false_report")
    return stands_at(cast, Position.CLOSED)
