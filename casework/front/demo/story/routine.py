"""What a story doesn't tell: colleagues who do their steps in good time, so that only the late ones show."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from casework.front.demo.story.answers import ANSWERS
from casework.front.demo.story.recording import BY_RECORD, make_record
from casework.front.demo.story.tellings import MET_BY_TELLING, tell_for
from casework.records.holders import who_holds
from casework.records.models import User
from casework.records.times import now
from incidents.models import MissingEpisode, Referral
from incidents.services import referrals
from protocols import acts
from protocols.models import Step, StepRun
from protocols.rulebook import ALSO_TICKED

Kind = Referral.Kind
HANDOVER: Final = "handover_accepted"
TOLD_IN_STORIES: Final = ("E1", "E3", "T1", "T9", "L1", "I1")  # done when a story says so, or late, or never
EARLY: Final = timedelta(minutes=10)
SOON: Final = timedelta(minutes=4)


# ---- steps that a record meets ----


def _home_office(kind: str) -> Callable[[User, MissingEpisode], object]:
    def tell(by: User, episode: MissingEpisode) -> object:
        if not episode.child.is_unaccompanied:
            return _need_not(by, episode, Kind.HOME_OFFICE_NOT_TOLD)
        return referrals.tell_home_office(
            by=by,
            episode=episode,
            is_found=kind == Kind.HOME_OFFICE_FOUND,
            told_at=now(),
            told_name="Command and control unit",
            words="They write it down and ask to be rung again.",
        )

    return tell


def _refer(by: User, episode: MissingEpisode) -> object:
    return referrals.refer_to_nrm(by=by, episode=episode, words="Everything that points to exploitation.")


def _guardian(by: User, episode: MissingEpisode) -> object:
    if not episode.child.is_unaccompanied:
        return _need_not(by, episode, Kind.GUARDIAN_NOT_ASKED)
    return referrals.ask_for_guardian(by=by, episode=episode, made_to="Guardianship service")


def _need_not(by: User, episode: MissingEpisode, kind: str) -> object:
    return referrals.decide_not_to(by=by, episode=episode, kind=kind, reason="Not from abroad.")


RECORDS: Final[Mapping[str, Callable[[User, MissingEpisode], object]]] = {
    "home_office_told": _home_office(Kind.HOME_OFFICE_MISSING),
    "home_office_found_told": _home_office(Kind.HOME_OFFICE_FOUND),
    "nrm_referred": _refer,
    "guardian_asked": _guardian,
}


DONE_BY_COLLEAGUES: Final = frozenset(["", HANDOVER, *MET_BY_TELLING, *RECORDS, *BY_RECORD, *ALSO_TICKED])


@dataclass(frozen=True)
class Chore:
    """A step that somebody does without a story, and when."""

    step_run: StepRun
    at: datetime

    @property
    def episode_id(self) -> UUID:
        return episode_of(self.step_run).pk

    @property
    def answers(self) -> dict[str, str]:
        step = self.step_run.step
        return dict(zip(step.evidence, ANSWERS[step.code], strict=True))

    def do(self, by: User) -> None:
        """Answer the step's questions, or make the record that meets it."""
        met_by, episode = self.step_run.step.met_by, episode_of(self.step_run)
        if met_by in RECORDS:
            RECORDS[met_by](by, episode)
        elif met_by in BY_RECORD:
            make_record(met_by, by, episode, tuple(self.answers.values()))
        elif met_by in MET_BY_TELLING:
            tell_for(met_by, episode, by, self.at)
        else:
            acts.complete_step(by=by, step_run=self.step_run, evidence=self.answers)


def next_chore(
    episodes: Collection[UUID], not_before: datetime | None, until: datetime, *, besides: Collection[UUID]
) -> Chore | None:
    """Whatever is done next without a story, up to a moment."""
    rows = (row for row in _left_to_routine(episodes) if row.pk not in besides)
    chores = (Chore(row, _when(row, not_before)) for row in rows)
    due = [chore for chore in chores if chore.at <= until]
    return min(due, key=lambda chore: (chore.at, chore.step_run.step.ordinal), default=None)


def _left_to_routine(episodes: Collection[UUID]) -> list[StepRun]:
    """Asked by episode alone: a database that is being filled guesses badly at what is in it."""
    rows = StepRun.objects.filter(
        episode__in=list(episodes), rung=0, state__in=acts.OPEN, superseded_at=None
    ).select_related("step")
    return [row for row in rows if _is_routine(row.step)]


def _is_routine(step: Step) -> bool:
    is_known = not step.met_by or step.met_by in (
        *MET_BY_TELLING,
        *RECORDS,
        *BY_RECORD,
        *ALSO_TICKED,
        HANDOVER,
    )
    return is_known and step.code not in TOLD_IN_STORIES and step.kind != "tell"


def _when(row: StepRun, not_before: datetime | None) -> datetime:
    """Some minutes before it is late; soon, when it was due at once."""
    at = max(row.due_at - EARLY, row.recorded_at + SOON)
    return max(at, not_before) if not_before else at


def comes_round(row: StepRun) -> bool:
    return row.step.repeat is not None or row.derivation["calendar"] == "change_of_cover"


def holder_of(row: StepRun, at: datetime) -> User | None:
    """Who holds the step's role in the authority. Nobody: then it stays undone."""
    child = episode_of(row).child
    people = who_holds(
        row.role,
        authority_id=child.authority_id,
        team_id=child.team_id,
        allocated_worker_id=child.allocated_worker_id,
        child_id=child.pk,
        at=at,
    )
    return people[0] if people else None


def episode_of(row: StepRun) -> MissingEpisode:
    if row.episode is None:
        raise TypeError("a step of a story belongs to an episode")
    return row.episode
