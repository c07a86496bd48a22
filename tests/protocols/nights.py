"""Nights for the engine: Carl reports Kit missing, time passes, and the sweep does what is due."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from casework.records.times import now, pretend_now
from incidents.models import MissingEpisode
from incidents.services import reports
from protocols import engine
from protocols.models import StepRun
from protocols.publishing import publish_default
from tests.cast import Cast


def kit_goes_missing(cast: Cast, category: str = "missing", **besides: object) -> MissingEpisode:
    """Carl reports Kit, and the steps are planned, as the page's wake would do."""
    publish_default()
    episode = reports.report_missing(
        by=cast.carl,
        child=cast.kit,
        category=category,
        noticed_at=now(),
        whereabouts="At Jay's." if category == "away" else "",
        **besides,  # type: ignore[arg-type]  # whichever of the report's answers a test is about
    )
    engine.reconcile(episode.pk)
    return episode


def step(episode: MissingEpisode, code: str, *, occurrence: int = 1, rung: int = 0) -> StepRun:
    """The row of a step that counts now."""
    return StepRun.objects.get(
        episode=episode,
        step__code=code,
        occurrence=occurrence,
        rung=rung,
        round=0,
        superseded_at=None,
    )


def rows(episode: MissingEpisode) -> list[tuple[object, ...]]:
    """Every row of every table that the engine writes for an episode, to compare before and after."""
    found: list[tuple[object, ...]] = []
    with connection.cursor() as cursor:
        for query in (
            "SELECT id, state, due_at, fired_at, done_at, reason, holder_id FROM protocols_steprun"
            " WHERE episode_id = %s ORDER BY id",
            "SELECT v.id, v.kind FROM protocols_stepevent v JOIN protocols_steprun s ON s.id = v.step_run_id"
            " WHERE s.episode_id = %s ORDER BY v.id",
            "SELECT id, verb FROM records_chronologyentry WHERE episode_id = %s ORDER BY id",
            "SELECT id, key, recipient_id, state FROM records_notification WHERE episode_id = %s ORDER BY id",
        ):
            cursor.execute(query, [episode.pk])
            found += cursor.fetchall()
    return found


def later(by: timedelta) -> None:
    """Time passes for this transaction; pages and sweeps in it believe so."""
    pretend_now(now() + by)
