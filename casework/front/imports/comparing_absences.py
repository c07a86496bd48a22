"""Missing periods: the files against the record. Pure.

What an import made and nobody has worked on since becomes what the files say. What people have worked on, or
reported here as it happened, stays; where the files say otherwise, that is told.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from casework.front.imports.deriving import Absence, Period
from casework.front.imports.differences import Noun
from casework.front.imports.plans import ChildPlan, Rewriting
from casework.front.imports.recorded import RecordedEpisode, RecordedSpell
from casework.front.imports.verdicts import shown
from incidents.models import State

NO_LONGER = "no longer in the files"
NaturalKey = tuple[str, date, int]


def compare_absences(
    plan: ChildPlan,
    old: Sequence[Absence],
    new: Sequence[Absence],
    recorded: Sequence[RecordedEpisode],
    about: Mapping[str, UUID],
) -> None:
    """Add, rewrite or take back absences. `about` has the spell that each known period became."""
    _Comparison(plan, old, new, recorded, about).run()


class _Comparison:
    """One child's absences: what the files said before (`said`), and which spell each period is (`bound`)."""

    def __init__(
        self,
        plan: ChildPlan,
        old: Sequence[Absence],
        new: Sequence[Absence],
        recorded: Sequence[RecordedEpisode],
        about: Mapping[str, UUID],
    ) -> None:
        self.plan, self.new = plan, new
        self.said = {period.key: period for absence in old for period in absence.periods}
        self.episodes = {episode.id: episode for episode in recorded}
        self.spells = {spell.id: spell for episode in recorded for spell in episode.spells}
        self.became = about.keys()
        self.bound = self._bind(about)
        self.not_back = {episode.id for episode in recorded if episode.is_not_back}
        self.to_add: list[Absence] = []
        plan.about |= {key: spell.id for key, spell in self.bound.items()}

    def run(self) -> None:
        self._take_back()
        for absence in self.new:
            self._compare(absence)
        for absence in self.to_add:
            self._add(absence)

    def _bind(self, about: Mapping[str, UUID]) -> dict[str, RecordedSpell]:
        """By the period's key: the spell that it became, or else the one of the same kind, day and order."""
        bound = {key: self.spells[row_id] for key, row_id in about.items() if row_id in self.spells}
        taken = {spell.id for spell in bound.values()}
        free = {key: spell for key, spell in _natural(self.spells.values()) if spell.id not in taken}
        for absence in self.new:
            for period in absence.periods:
                if period.key not in bound and (spell := free.get(_natural_key(period))) is not None:
                    bound[period.key] = spell
        return bound

    # ---- what the files have no more ----

    def _take_back(self) -> None:
        standing = {period.key for absence in self.new for period in absence.periods}
        for key, period in self.said.items():
            spell = self.bound.get(key)
            if key in standing or spell is None or spell.episode_id in self.plan.mistaken:
                continue
            episode = self.episodes[spell.episode_id]
            if episode.is_ours:
                self.plan.mistaken.append(episode.id)
                self.plan.correct(Noun.ABSENCE, f"{_words(period)}: {NO_LONGER}")
            else:
                self.plan.leave(Noun.ABSENCE, f"{_words(period)}: {NO_LONGER}", _worked_on(episode))
        self.not_back.difference_update(self.plan.mistaken)
        for key, spell in list(self.bound.items()):
            if spell.episode_id in self.plan.mistaken:
                del self.bound[key]
                self.said.pop(key, None)  # what is left of that absence is recorded anew
                if key in standing:
                    self.plan.about.pop(key, None)

    # ---- what they have ----

    def _compare(self, absence: Absence) -> None:
        episode_ids = dict.fromkeys(
            self.bound[period.key].episode_id for period in absence.periods if period.key in self.bound
        )
        unbound = [period for period in absence.periods if period.key not in self.bound]
        if not episode_ids:
            if any(self._is_to_add(period) for period in unbound):
                self.to_add.append(absence)
            return
        for episode in [self.episodes[episode_id] for episode_id in episode_ids]:
            part = [p for p in absence.periods if self._belongs(p, episode)]
            if not episode.is_ours:
                self._leave(part, episode)
                continue
            whole = [p for p in absence.periods if p in part or p in unbound]
            unbound = []
            self._rewrite(episode, Absence(tuple(whole), absence.stay_from, absence.is_of_age))
        self.to_add += [
            Absence((period,), absence.stay_from, absence.is_of_age)
            for period in unbound
            if self._is_to_add(period)
        ]

    def _is_to_add(self, period: Period) -> bool:
        """New; or read before and made to wait for another to be over. Not what a person called false."""
        return period.key not in self.said or period.key not in self.became

    def _belongs(self, period: Period, episode: RecordedEpisode) -> bool:
        spell = self.bound.get(period.key)
        return spell is not None and spell.episode_id == episode.id

    def _leave(self, periods: Iterable[Period], episode: RecordedEpisode) -> None:
        for period in periods:
            before = self.said.get(period.key)
            is_new = before is None or before.end_on != period.end_on
            if is_new and self.bound[period.key].end_on != period.end_on:
                self.plan.leave(Noun.ABSENCE, f"{_words(period)}, end", _worked_on(episode))

    def _rewrite(self, episode: RecordedEpisode, absence: Absence) -> None:
        """Make it what the files say. A moment that moves within its day is moved without a word."""
        if _is_recorded_so(episode, absence, self.plan.stay_ids):
            return
        if absence.is_open and self.not_back - {episode.id}:
            self.plan.leave(Noun.ABSENCE, f"{_words(absence.periods[-1])}, end", self._another_is_open())
            return
        told = len(self.plan.corrections)
        for period in absence.periods:
            self._tell(period)
        is_told = len(self.plan.corrections) > told
        self.plan.rewritten.append(Rewriting(episode.id, absence, is_told))
        if absence.is_open:
            self.not_back.add(episode.id)
        else:
            self.not_back.discard(episode.id)

    def _tell(self, period: Period) -> None:
        spell = self.bound.get(period.key)
        if spell is None:
            self.plan.correct(Noun.ABSENCE, f"{_words(period)}: added")
        elif spell.end_on != period.end_on:
            self.plan.correct(
                Noun.ABSENCE, f"{_words(period)}, end", shown(spell.end_on), shown(period.end_on)
            )

    def _add(self, absence: Absence) -> None:
        if absence.is_open and self.not_back:
            if absence.periods[0].key not in self.said:  # else it was told when it was first read
                self.plan.leave(Noun.ABSENCE, _words(absence.periods[0]), self._another_is_open())
        else:
            self.plan.new_absences.append(absence)

    def _another_is_open(self) -> str:
        reference = min(self.episodes[episode_id].reference for episode_id in self.not_back)
        return f"{reference} is not over yet, and a child is away or missing once at a time."


def _is_recorded_so(episode: RecordedEpisode, absence: Absence, stay_ids: Mapping[date, UUID]) -> bool:
    spells = [(spell.category, spell.started_at, spell.ended_at) for spell in episode.spells]
    if absence.stay_from is not None and absence.stay_from not in stay_ids:
        return False  # the placement that it began in has just become known
    placement_id = stay_ids.get(absence.stay_from) if absence.stay_from else None
    return (
        spells == [(period.category, period.started_at, period.ended_at) for period in absence.periods]
        and episode.state == state_of(absence)
        and episode.placement_id == placement_id
    )


def state_of(absence: Absence) -> str:
    """Where an imported absence stands while nobody has worked on it."""
    if absence.is_open:
        return State.OPEN
    return State.AGED_OUT if absence.is_of_age else State.CLOSED


def _natural(spells: Iterable[RecordedSpell]) -> Iterable[tuple[NaturalKey, RecordedSpell]]:
    """Spells by kind, day and which of that day's, counted from the longest as `kept.keyed_periods` does."""
    counts: dict[tuple[str, date], int] = {}
    for spell in sorted(spells, key=lambda spell: -(spell.end_on or date.max).toordinal()):
        same = (spell.category, spell.start_on)
        counts[same] = counts.get(same, -1) + 1
        yield (*same, counts[same]), spell


def _natural_key(period: Period) -> NaturalKey:
    return period.category, period.start_on, int(period.key.rpartition("|")[2])


def _words(period: Period) -> str:
    return f"{period.category} from {shown(period.start_on)}"


def _worked_on(episode: RecordedEpisode) -> str:
    return f"It is {episode.reference} here, which people have worked on, and stays as it is recorded."
