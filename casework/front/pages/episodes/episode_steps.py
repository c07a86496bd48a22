"""All the steps of one episode, sorted by what people do with them, and the edition they come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from casework.front.pages.episodes.responsible import Responsibility
from casework.front.pages.episodes.step_cards import (
    Coming,
    Reader,
    card_of,
    coming,
    settled_of,
    was_passed_over,
)
from casework.front.pages.episodes.step_tellings import ring_for
from casework.front.pages.kit.cards import SettledStep, StepCard
from casework.records.access import may_within
from casework.records.acts import Act
from casework.records.standing import Standing
from incidents.models import MissingEpisode
from protocols.models import ProtocolRun, ProtocolVersion, StepRun, StepState
from protocols.queries import OWED

_SHOWN = 6
_SETTLED_SHOWN = 8
_NEAR = timedelta(hours=24)  # what is due later is not what to do next, though it may be done early
_AT_LEAST = 2


@dataclass(frozen=True)
class Settled:
    """A step that is over, and the address where a mistaken tick is taken back."""

    step: SettledStep
    reopen_url: str


@dataclass(frozen=True)
class Steps:
    to_do: Sequence[StepCard]
    later: Sequence[StepCard]
    settled: Sequence[Settled]
    unneeded: Sequence[SettledStep]
    earlier: Sequence[SettledStep]  # rows that were worked out again: kept, with why
    coming: Sequence[Coming]

    @property
    def settled_lately(self) -> Sequence[Settled]:
        return self.settled[:_SETTLED_SHOWN]

    @property
    def settled_before(self) -> Sequence[Settled]:
        return self.settled[_SETTLED_SHOWN:]

    @property
    def soon(self) -> Sequence[Coming]:
        """What stands on the page; the rest opens below it."""
        return self.coming[:_SHOWN]

    @property
    def after(self) -> Sequence[Coming]:
        return self.coming[_SHOWN:]


@dataclass(frozen=True)
class RunningEdition:
    """The edition an episode runs on, and the one in force now, when that is another."""

    run: ProtocolRun
    current: ProtocolVersion | None


def steps_of(episode: MissingEpisode, people: Responsibility, standing: Standing, now: datetime) -> Steps:
    """The episode's steps as this person meets them."""
    rows = list(
        StepRun.objects.filter(episode=episode)
        .select_related("step", "run__version", "holder", "acknowledged_by", "done_by")
        .order_by("due_at", "step__ordinal", "rung")
    )
    reader = Reader(
        lambda act: may_here(standing, act, episode),
        people.of_step,
        ring=lambda row: ring_for(row.step.met_by or "", episode, now),
    )
    own = [row for row in rows if row.rung == 0]
    owed = [row for row in own if row.state in OWED and not _is_the_clocks(row)]
    near = max(sum(row.due_at <= now + _NEAR for row in owed), _AT_LEAST)
    return Steps(
        to_do=[card_of(row, reader, now) for row in owed[:near]],
        later=[card_of(row, reader, now) for row in owed[near:]],
        settled=[
            _settled(row, reader, now) for row in sorted(own, key=_over_at, reverse=True) if _is_over(row)
        ],
        unneeded=[
            settled_of(row, now) for row in own if row.state == StepState.NOT_NEEDED and not _is_over(row)
        ],
        earlier=[settled_of(row, now) for row in own if row.state == StepState.SUPERSEDED],
        coming=coming(rows, now),
    )


def _is_the_clocks(row: StepRun) -> bool:
    """To tell people is what the clock does; it stands among what happens next."""
    return row.step.kind == "tell" and row.state == StepState.WAITING


def _is_over(row: StepRun) -> bool:
    """Settled by people: done, waived, or left undone until it came round again."""
    return row.state in (StepState.DONE, StepState.WAIVED) or was_passed_over(row)


def _over_at(row: StepRun) -> datetime:
    return row.done_at or row.due_at


def may_here(standing: Standing, act: Act, episode: MissingEpisode) -> bool:
    """Whether this person may do it in this episode: by the authority's roles or the home's."""
    return may_within(
        standing,
        act,
        authority_id=episode.authority_id,
        home_id=episode.home_id,
        child_id=episode.child_id,
    )


def _settled(row: StepRun, reader: Reader, now: datetime) -> Settled:
    by_hand = row.state == StepState.DONE and row.done_by_id and "met" not in row.evidence
    can = by_hand and reader.may(Act.REOPEN_STEP)
    return Settled(settled_of(row, now), reverse("pages:step-reopen", args=[row.pk]) if can else "")


def run_of(episode: MissingEpisode) -> RunningEdition | None:
    """The live run; None until the clock has had its first look."""
    run = (
        ProtocolRun.objects.filter(episode=episode, stopped_at=None)
        .select_related("version__protocol")
        .first()
    )
    if run is None:
        return None
    published = ProtocolVersion.objects.filter(
        protocol=run.version.protocol, state=ProtocolVersion.State.PUBLISHED
    ).exclude(pk=run.version_id)
    return RunningEdition(run, published.first())
