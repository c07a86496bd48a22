"""What the tab of referrals shows: for each thing that is told or asked, where it stands and its history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse

from casework.front.pages.kit.cards import Action
from casework.front.pages.kit.referral_lines import Line
from casework.front.pages.kit.words import calendar_day, wall
from incidents.models import Category, MissingEpisode, Referral, ReferralOutcome
from protocols.clock import working_days_after

Kind = Referral.Kind
Outcome = ReferralOutcome.Outcome
FIRST_DECISION_DAYS: Final = 5  # working days: the target for reasonable grounds
CONCLUSIVE_AFTER: Final = timedelta(days=30)  # at the earliest, calendar days


@dataclass(frozen=True)
class Paper:
    """One section of the page: what it is, where it stands, what to do, and its history."""

    title: str
    standing: Sequence[str]
    is_owed: bool
    action: Action
    lines: Sequence[Line]


def papers_of(episode: MissingEpisode, lines: Sequence[Line]) -> list[Paper]:
    """Home Office, National Referral Mechanism, guardian: in the order in which a night asks for them."""
    return [_home_office(episode, lines), _nrm(episode, lines), _guardian(episode, lines)]


# ---- the Home Office ----


def _home_office(episode: MissingEpisode, lines: Sequence[Line]) -> Paper:
    told = _of(lines, Kind.HOME_OFFICE_MISSING, Kind.HOME_OFFICE_FOUND, Kind.HOME_OFFICE_NOT_TOLD)
    here = [line.referral for line in told if line.referral.episode_id == episode.pk]
    spells = [spell for spell in episode.spells.order_by("ordinal") if spell.category == Category.MISSING]
    last = spells[-1] if spells else None
    owed = []
    need_not = _told_since(here, Kind.HOME_OFFICE_NOT_TOLD, _before(spells))
    if last is not None and not need_not:
        if not _told_since(here, Kind.HOME_OFFICE_MISSING, _before(spells)):
            owed.append("Not told yet that the child is missing.")
        if last.ended_at and not _told_since(here, Kind.HOME_OFFICE_FOUND, last.started_at):
            owed.append("Not told yet that the child is found.")
    standing = owed or [
        _last_told(here) if here else "Nothing to tell: the child is not recorded as missing."
    ]
    action = _action("Record that the Home Office was told", "home-office-tell", episode, is_main=bool(owed))
    return Paper("Home Office", standing, bool(owed), action, told)


def _before(spells: Sequence[object]) -> datetime | None:
    """When the missing spell before the last one was over."""
    return getattr(spells[-2], "ended_at", None) if len(spells) > 1 else None


def _told_since(rows: Iterable[Referral], kind: str, since: datetime | None) -> bool:
    return any(row.kind == kind and (since is None or row.made_at > since) for row in rows)


def _last_told(rows: Sequence[Referral]) -> str:
    match rows[0].kind:
        case Kind.HOME_OFFICE_NOT_TOLD:
            return "Need not be told: somebody decided so for this absence."
        case Kind.HOME_OFFICE_FOUND:
            return "Told that the child is found."
    return "Told that the child is missing."


# ---- the National Referral Mechanism, the guardian ----


def _nrm(episode: MissingEpisode, lines: Sequence[Line]) -> Paper:
    asked, declined = _of(lines, Kind.NRM), _declined(episode, lines, Kind.NRM_NOT_MADE)
    is_owed = not asked and not declined
    standing = _nrm_stands(asked[0]) if asked else "Not referred."
    if declined and not asked:
        standing = "Need not be referred: somebody decided so for this absence."
    action = _action("Record a referral", "nrm-refer", episode, is_main=is_owed)
    return Paper("National Referral Mechanism", [standing], is_owed, action, [*asked, *declined])


def _nrm_stands(line: Line) -> str:
    answer = line.decision
    if answer is None:
        target, _ = working_days_after(line.referral.made_at, FIRST_DECISION_DAYS)
        day = calendar_day(wall(target).date())
        return f"Waits for the first decision; the target is five working days, {day}."
    if answer.outcome == Outcome.REASONABLE_POSITIVE:
        day = calendar_day(answer.decided_on + CONCLUSIVE_AFTER)
        return f"Reasonable grounds to believe it. The conclusive decision comes on {day} at the earliest."
    return f"{answer.get_outcome_display()}, on {calendar_day(answer.decided_on)}."


def _guardian(episode: MissingEpisode, lines: Sequence[Line]) -> Paper:
    asked, declined = _of(lines, Kind.GUARDIAN), _declined(episode, lines, Kind.GUARDIAN_NOT_ASKED)
    answer = asked[0].decision if asked else None
    if answer is not None and answer.outcome == Outcome.APPOINTED:
        since = calendar_day(answer.decided_on)
        standing = f"The guardian is {answer.who}, since {since}. Tell them of this absence."
    elif answer is not None:
        standing = f"{answer.get_outcome_display()}, said on {calendar_day(answer.decided_on)}."
    elif declined and not asked:
        standing = "Need not be asked for: somebody decided so for this absence."
    else:
        standing = "Asked for; nobody is appointed yet." if asked else "Not asked for."
    is_owed = not asked and not declined
    action = _action("Record that one was asked for", "guardian-ask", episode, is_main=is_owed)
    title = "Independent child trafficking guardian"
    return Paper(title, [standing], is_owed, action, [*asked, *declined])


def _declined(episode: MissingEpisode, lines: Sequence[Line], kind: Kind) -> list[Line]:
    return [line for line in _of(lines, kind) if line.referral.episode_id == episode.pk]


def _of(lines: Sequence[Line], *kinds: Kind) -> list[Line]:
    return [line for line in lines if line.referral.kind in kinds]


def _action(text: str, page: str, episode: MissingEpisode, *, is_main: bool) -> Action:
    return Action(text, reverse(f"pages:{page}", args=[episode.pk]), is_main=is_main)
