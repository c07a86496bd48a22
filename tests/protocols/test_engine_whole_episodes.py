"""Two whole episodes of 28 days, one across each change of the clocks, lived through step by step.

Nobody does anything until the last day, so everything fires that can. What should have happened stands here
as London times worked out by hand from the shipped protocol's document, not by the planner.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from casework.records.times import LONDON, now, pretend_now
from incidents.models import MissingEpisode
from incidents.services import reports, returns
from protocols import engine
from protocols.models import ProtocolRun, StepEvent, StepRun, StepState
from tests.cast import Cast
from tests.incidents.nights import sign_off
from tests.protocols.nights import kit_goes_missing

pytestmark = [pytest.mark.django_db, pytest.mark.ac("T16.1")]

# Exampleshire has no service manager, assistant director or missing coordinator: their rungs find nobody, are
# noted, and bring the next rung forward to that very minute.
SPRING = {
    ("E1", 0): "22 Mar 22:40",
    ("E1", 1): "22 Mar 23:00",
    ("T1", 0): "22 Mar 22:40",
    ("T1", 1): "22 Mar 23:10",
    ("T1", 2): "22 Mar 23:40",
    ("T0", 0): "22 Mar 22:50",
    ("T0", 1): "22 Mar 22:55",
    ("T0", 2): "22 Mar 23:05",
    ("T3", 0): "22 Mar 23:40",
    ("T3", 1): "23 Mar 00:10",
    ("T3", 2): "23 Mar 01:10",
    ("T9", 0): "23 Mar 22:40",
    ("T9", 1): "23 Mar 23:40",
    ("T9", 2): "24 Mar 02:40",
    # Back on Friday 26 March at 12:00 GMT; the clocks go forward on Sunday; Monday is Easter Monday.
    ("R2a", 0): "26 Mar 13:00",
    ("R4", 0): "27 Mar 12:00",
    ("R4", 1): "27 Mar 14:00",
    ("R4", 2): "27 Mar 14:00",  # no coordinator: the team manager at once
    ("R5", 0): "29 Mar 13:00",  # 72 elapsed hours: 13:00 by summer time
    ("R5", 1): "29 Mar 14:00",
    ("R5", 2): "29 Mar 17:00",
    ("R5", 3): "29 Mar 17:00",
    ("R9", 0): "19 Apr 17:00",  # 15 working days, Easter Monday not among them
}
AUTUMN = {
    ("E1", 0): "25 Oct 22:40",
    ("E1", 1): "25 Oct 23:00",
    ("T1", 0): "25 Oct 22:40",
    ("T1", 1): "25 Oct 23:10",
    ("T1", 2): "25 Oct 23:40",
    ("T0", 0): "25 Oct 22:50",
    ("T0", 1): "25 Oct 22:55",
    ("T0", 2): "25 Oct 23:05",
    ("T3", 0): "25 Oct 23:40",
    ("T3", 1): "26 Oct 00:10",
    ("T3", 2): "26 Oct 01:10",
    ("T9", 0): "26 Oct 22:40",
    ("T9", 1): "26 Oct 23:40",
    ("T9", 2): "27 Oct 02:40",
    # Back on Friday 29 October at 12:00 BST; the clocks go back on Sunday.
    ("R2a", 0): "29 Oct 13:00",
    ("R4", 0): "30 Oct 12:00",
    ("R4", 1): "30 Oct 14:00",
    ("R4", 2): "30 Oct 14:00",
    ("R5", 0): "1 Nov 11:00",  # 72 elapsed hours: 11:00 by winter time
    ("R5", 1): "1 Nov 12:00",
    ("R5", 2): "1 Nov 15:00",
    ("R5", 3): "1 Nov 15:00",
    ("R9", 0): "19 Nov 17:00",
    ("R9", 1): "20 Nov 17:00",
    ("R9", 2): "20 Nov 17:00",
}


def _london(words: str) -> datetime:
    """'22 Mar 22:40' of 2027, as a moment. None of the times here is one that happened twice."""
    return datetime.strptime(f"2027 {words}", "%Y %d %b %H:%M").replace(tzinfo=LONDON).astimezone(UTC)


def _live(cast: Cast, *, reported: str, back: str, signed_off: str) -> MissingEpisode:
    pretend_now(_london(reported))
    episode = kit_goes_missing(cast)
    engine.live_through(episode.pk, _london(back))
    returns.record_return(by=cast.carl, episode=episode)
    engine.live_through(episode.pk, _london(signed_off))
    sign_off(cast, episode)
    engine.reconcile(episode.pk)
    return episode


def _fired(episode: MissingEpisode) -> dict[tuple[str, int], datetime]:
    rows = StepRun.objects.filter(episode=episode, fired_at__isnull=False).select_related("step")
    found = {(row.step.code, row.rung, row.round): row.fired_at for row in rows if row.fired_at}
    assert len(found) == len(rows)  # each fired once
    return {(code, rung): at for (code, rung, number), at in found.items() if not number}


@pytest.mark.parametrize(
    ("expected", "reported", "back", "signed_off"),
    [
        pytest.param(SPRING, "22 Mar 22:40", "26 Mar 12:00", "19 Apr 18:00", id="clocks go forward"),
        pytest.param(AUTUMN, "25 Oct 22:40", "29 Oct 12:00", "22 Nov 10:00", id="clocks go back"),
    ],
)
def test_a_whole_episode(
    cast: Cast, expected: dict[tuple[str, int], str], reported: str, back: str, signed_off: str
) -> None:
    episode = _live(cast, reported=reported, back=back, signed_off=signed_off)

    spine = {key: at for key, at in _fired(episode).items() if key[0] in {code for code, _ in expected}}
    assert spine == {key: _london(words) for key, words in expected.items()}
    ended = StepRun.objects.filter(episode=episode).exclude(
        state__in=[StepState.DONE, StepState.NOT_NEEDED, StepState.SUPERSEDED]
    )
    assert list(ended) == []
    assert ProtocolRun.objects.get(episode=episode).settled_at is not None
    fired = StepRun.objects.filter(episode=episode, fired_at__isnull=False)
    assert [row.step.code for row in fired if row.fired_at != row.due_at] == []
    assert StepEvent.objects.filter(step_run__episode=episode, kind="fired").count() == fired.count()


def test_the_same_days_lived_twice_are_lived_once(cast: Cast) -> None:
    """The clock never goes back, but a sweep may come twice in the same second."""
    pretend_now(_london("22 Mar 22:40"))
    episode = kit_goes_missing(cast)
    engine.live_through(episode.pk, _london("24 Mar 09:00"))
    before = _fired(episode)

    assert engine.live_through(episode.pk, _london("24 Mar 09:00")) == 0
    assert _fired(episode) == before


def test_episodes_side_by_side_each_fire_at_their_own_times(cast: Cast) -> None:
    """Ola goes ten minutes after Kit; whoever tells it is asked at each stop, at that time."""
    pretend_now(_london("22 Mar 22:40"))
    kit = kit_goes_missing(cast)
    pretend_now(_london("22 Mar 22:50"))
    ola = _goes_missing_too(cast)
    stops: list[tuple[UUID, datetime]] = []
    engine.live_through_together(
        [kit.pk, ola.pk], _london("23 Mar 00:30"), after_each=lambda key: stops.append((key, now()))
    )

    fired = StepRun.objects.filter(episode__in=[kit, ola], step__code="T3", rung=0)
    assert {row.episode_id: row.fired_at for row in fired} == {
        kit.pk: _london("22 Mar 23:40"),
        ola.pk: _london("22 Mar 23:50"),
    }
    assert (kit.pk, _london("22 Mar 23:40")) in stops
    assert [at for _, at in stops] == sorted(at for _, at in stops)
    assert now() == _london("23 Mar 00:30")


def _goes_missing_too(cast: Cast) -> MissingEpisode:
    episode = reports.report_missing(by=cast.carl, child=cast.ola, category="missing", noticed_at=now())
    engine.fire_due(episode.pk)
    return episode
