"""The Now board: what stands where the police's grade would."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils.html import strip_tags

from casework.records.times import now
from incidents.models import Grade
from incidents.services import reports, risk
from incidents.services.police import record_police_answer
from protocols.publishing import publish_default
from tests.front.pages.at_the_desk import at_the_desk, text_of, url

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_until_the_police_have_graded_their_last_word_stands_there(cast: Cast) -> None:
    publish_default(authority=cast.exampleshire)
    kit = reports.report_missing(by=cast.carl, child=cast.kit, category="missing", noticed_at=now())
    femi = at_the_desk(cast.femi)
    assert "Police no call recorded" in _read(femi)
    said = {"officer": "PC 4471", "reason": "He always comes back."}
    told_at = now() - timedelta(minutes=1)  # of both, told to the minute: what was written down last counts
    for answer, words in (("refused", "refused"), ("graded_lower", "graded lower")):
        record_police_answer(by=cast.carl, episode=kit, answer=answer, told_at=told_at, **said)
        assert f"Police {words}" in _read(femi)
    record_police_answer(by=cast.carl, episode=kit, answer="taken", told_at=told_at, officer="PC 4471")
    assert "Police not graded" in _read(femi)
    risk.assess_risk(
        by=cast.femi, episode=kit, made_by="police", grade=Grade.LOW, rationale="", assessor="PC 4471"
    )
    assert "Police Low" in _read(femi)


def _read(client: Client) -> str:
    """The board's words, as they are read."""
    return " ".join(strip_tags(text_of(client.get(url("now")))).split())
