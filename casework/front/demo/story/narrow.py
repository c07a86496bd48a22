"""Narrow sight: a reviewing officer with two children; a school that hears whether one of them is back."""

from __future__ import annotations

from datetime import timedelta

from casework.front.demo.people import BEV, HILARY, VERA
from casework.front.demo.story.stage import Stage
from casework.records.services.grants import assign_reviewing_officer, grant_access


def hilary_reviews_two_children(stage: Stage) -> None:
    stage.until(stage.on_day(16, "10:20"))
    for reference in ("EX-20655", "EX-20540"):
        assign_reviewing_officer(
            by=stage.user(BEV),
            child=stage.child(reference),
            officer=stage.user(HILARY),
            reason="Chairs the reviews of the care plan.",
        )


def vera_hears_of_shanice(stage: Stage) -> None:
    stage.until(stage.on_day(15, "09:40"))
    grant_access(
        by=stage.user(BEV),
        child=stage.child("EX-20540"),
        to=stage.user(VERA),
        reason="Her tutor group asks each morning whether to expect her.",
        until=stage.today + timedelta(days=60),
    )
