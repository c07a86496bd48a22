"""Steps as plain rows, for tests that need no planner."""

from datetime import timedelta

from casework.records.times import now
from incidents.models import MissingEpisode
from protocols.models import ProtocolRun, StepRun
from protocols.publishing import current_version_for, publish_default
from tests.cast import Cast


def waiting_step(cast: Cast, *, due_in: timedelta, code: str = "T3", role: str = "team_manager") -> StepRun:
    """One waiting step of a new episode of Kit's."""
    publish_default()
    moment = now()
    episode = MissingEpisode.objects.create(
        authority=cast.exampleshire, child=cast.kit, home=cast.larch_house, reference="E-2026-0001"
    )
    run = ProtocolRun.objects.create(
        episode=episode, version=current_version_for(cast.exampleshire.pk, moment)
    )
    return StepRun.objects.create(
        run=run,
        episode=episode,
        step=run.version.steps.get(code=code),
        role=role,
        anchor_at=moment + due_in,
        due_at=moment + due_in,
    )
