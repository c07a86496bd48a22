"""Decisions: who may make which, never without a reason, never edited; going back is never the default."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from casework.records.errors import Conflict, Invalid, NotAllowed
from casework.records.models import User
from casework.records.times import now
from incidents import deciding
from incidents.models import Decision, DecisionKind, DecisionOutcome, MissingEpisode
from incidents.rules import Position
from incidents.services import reports
from incidents.services.decisions import record_decision
from incidents.services.risk import record_indicator
from tests.cast import Cast
from tests.incidents.nights import report, stands_at
from tests.incidents.test_actions import reviewer

pytestmark = pytest.mark.django_db


def decide(by: User, episode: MissingEpisode, kind: str = "placement", **said: Any) -> Decision:
    answers = {"outcome": deciding.QUESTIONS[DecisionKind(kind)].outcomes[0], "reason": "So it is.", **said}
    return record_decision(by=by, episode=episode, kind=kind, **answers)


def test_every_kind_has_its_question_and_every_outcome_belongs_to_one() -> None:
    assert set(deciding.QUESTIONS) == set(DecisionKind)
    assert {one for asked in deciding.QUESTIONS.values() for one in asked.outcomes} == set(DecisionOutcome)


@pytest.mark.parametrize("kind", ["away", "still_away", "law", "publicity", "placement", "need_to_know"])
def test_managers_decide_and_workers_do_not(cast: Cast, kind: str) -> None:
    episode = report(cast)
    said = {"what": "A photo.", "approved_by": "Ruth"} if kind == "publicity" else {}
    for person in (cast.amina, cast.femi, cast.carl, cast.ines, cast.eve):
        with pytest.raises(NotAllowed):
            decide(person, episode, kind, **said)
    assert decide(cast.bev, episode, kind, **said).decided_by == "Bev Aldous"
    assert decide(cast.ruth, episode, kind, decided_by="The director", **said).decided_by == "The director"


def test_going_back_is_a_managers_word_for_a_child_at_greater_risk(cast: Cast) -> None:
    of_kit, of_rosie, of_biniam = report(cast), report(cast, child=cast.rosie), of_fenwick(cast)
    assert decide(cast.amina, of_kit, "going_back").outcome == "not_safe"
    for episode in (of_rosie, of_biniam):  # twelve years old; unaccompanied
        with pytest.raises(NotAllowed, match="a team manager or above decides"):
            decide(cast.amina, episode, "going_back")
        assert decide(cast.bev, episode, "going_back")
    record_indicator(by=cast.amina, child=cast.kit, code="trafficking", words="A car waited.", seen_by="Carl")
    with pytest.raises(NotAllowed, match="a team manager or above decides"):
        decide(cast.amina, of_kit, "going_back")


def of_fenwick(cast: Cast) -> MissingEpisode:
    return reports.report_missing(by=cast.mo, child=cast.biniam, category="missing", noticed_at=now())


def test_ofsted_is_the_providers_and_an_early_review_the_reviewing_officers(cast: Cast) -> None:
    episode, hilary = report(cast), reviewer(cast)
    for kind, able, others in (
        ("ofsted", cast.gita, (cast.carl, cast.bev, cast.ruth, hilary)),
        ("early_review", hilary, (cast.gita, cast.bev, cast.ruth)),
    ):
        for person in others:
            with pytest.raises(NotAllowed):
                decide(person, episode, kind)
        assert decide(able, episode, kind).recorded_by == able


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "lunch", "outcome": "hold"}, "kind"),
        ({"outcome": "safe"}, "outcome"),
        ({"outcome": ""}, "outcome"),
        ({"reason": " "}, "reason"),
        ({"decided_by": "x" * 201}, "decided_by"),
        ({"review_on": "yesterday"}, "review_on"),
        ({"decided_at": "in an hour"}, "decided_at"),
    ],
)
def test_what_cannot_be_decided_is_refused_by_its_name(cast: Cast, said: dict[str, Any], field: str) -> None:
    times = {"yesterday": now().date() - timedelta(days=1), "in an hour": now() + timedelta(hours=1)}
    answers = {"kind": "placement", "outcome": "hold", "reason": "He may come back.", **said}
    answers = {name: times.get(value, value) for name, value in answers.items()}
    with pytest.raises(Invalid) as refusal:
        record_decision(by=cast.bev, episode=report(cast), **answers)
    assert refusal.value.field == field
    assert not Decision.objects.exists()


def test_publicity_says_what_is_published_and_who_approved_it(cast: Cast) -> None:
    episode = report(cast)
    for said in ({"approved_by": "Ruth"}, {"what": "A photo."}):
        with pytest.raises(Invalid):
            decide(cast.bev, episode, "publicity", outcome="publish", **said)
    decide(cast.bev, episode, "publicity", outcome="publish", what="A photo.", approved_by="Ruth")
    decide(cast.bev, episode, "publicity", outcome="no_publicity")


def test_a_decision_is_never_edited_and_a_closed_file_takes_none(cast: Cast) -> None:
    row = decide(cast.bev, report(cast))
    with transaction.atomic(), pytest.raises(DatabaseError):
        Decision.objects.filter(pk=row.pk).update(reason="Another.")
    with transaction.atomic(), pytest.raises(DatabaseError):
        row.delete()
    MissingEpisode.objects.update(state="false_report")
    with pytest.raises(Conflict, match="Open it again"):
        decide(cast.bev, stands_at(cast, Position.CLOSED))
