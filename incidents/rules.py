"""What may follow what in an absence, as tables; and which absences owe an interview, by when."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from casework.records.errors import Conflict
from incidents.models import Category, InterviewState, State

# ---- where an episode stands, and what may come next ----


class Position(StrEnum):
    """An open episode stands where its running spell is; any other stands where its state is."""

    CONCERN = "concern"
    AWAY = "away"
    MISSING = "missing"
    LOCATED = "located"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"
    LATE_BACK = "late_back"
    FALSE_REPORT = "false_report"
    TRANSFERRED = "transferred"
    AGED_OUT = "aged_out"
    DIED = "died"
    MERGED = "merged"


class Move(StrEnum):
    AWAY = "away"
    MISSING = "missing"
    LOCATED = "located"
    RETURN = "return"
    SIGN_OFF = "sign_off"
    REOPEN = "reopen"
    FALSE_REPORT = "false_report"
    TRANSFER = "transfer"
    AGE_OUT = "age_out"
    DEATH = "death"
    JOIN = "join"


P = Position
NOT_BACK: Final = (P.CONCERN, P.AWAY, P.MISSING, P.LOCATED)
_ANY: Final = (*NOT_BACK, P.FOLLOW_UP, P.CLOSED, P.LATE_BACK)

TRANSITIONS: Final[Mapping[Move, Mapping[Position, Position]]] = {
    Move.AWAY: {P.CONCERN: P.AWAY, P.MISSING: P.AWAY, P.LOCATED: P.AWAY},
    Move.MISSING: {P.CONCERN: P.MISSING, P.AWAY: P.MISSING, P.LOCATED: P.MISSING},
    Move.LOCATED: {P.AWAY: P.LOCATED, P.MISSING: P.LOCATED},
    Move.RETURN: {
        P.CONCERN: P.LATE_BACK,
        P.AWAY: P.FOLLOW_UP,
        P.MISSING: P.FOLLOW_UP,
        P.LOCATED: P.FOLLOW_UP,
    },
    Move.SIGN_OFF: {P.FOLLOW_UP: P.CLOSED},
    Move.REOPEN: {P.CLOSED: P.FOLLOW_UP},
    Move.FALSE_REPORT: dict.fromkeys((P.CONCERN, P.AWAY, P.MISSING), P.FALSE_REPORT),
    Move.TRANSFER: dict.fromkeys(_ANY, P.TRANSFERRED),
    Move.AGE_OUT: dict.fromkeys(_ANY, P.AGED_OUT),
    Move.DEATH: dict.fromkeys(_ANY, P.DIED),
    Move.JOIN: dict.fromkeys(_ANY, P.MERGED),
}

# A second report of a child who is not back is taken as the move it tells of, on the same episode; a report
# that tells nothing new is refused, and its teller sent to the first one.
REPORTED_AGAIN: Final[Mapping[tuple[Position, Category], Move]] = {
    (P.CONCERN, Category.AWAY): Move.AWAY,
    (P.CONCERN, Category.MISSING): Move.MISSING,
    (P.AWAY, Category.MISSING): Move.MISSING,
    (P.LOCATED, Category.AWAY): Move.AWAY,
    (P.LOCATED, Category.MISSING): Move.MISSING,
}

# Why not: for a move from one position, or else for any move from it.
_REFUSALS: Final[Mapping[tuple[Move, Position], str]] = {
    (Move.AWAY, P.AWAY): "The child is already recorded as away. Add what you know as news.",
    (Move.MISSING, P.MISSING): "The child is already recorded as missing. Add what you know as news.",
    (Move.LOCATED, P.LOCATED): "The child is already recorded as located. Add what you know as news.",
    (
        Move.LOCATED,
        P.CONCERN,
    ): "The child is only late. If they are elsewhere and not coming, record them as away.",
    (
        Move.FALSE_REPORT,
        P.LOCATED,
    ): "The child was away and has been located, so the report was not mistaken.",
    (
        Move.SIGN_OFF,
        P.LATE_BACK,
    ): "The child came back late and was never away or missing. Nothing to sign off.",
    (Move.REOPEN, P.FOLLOW_UP): "This episode is not closed.",
    (Move.REOPEN, P.LATE_BACK): "This episode is not closed.",
    (
        Move.REOPEN,
        P.AGED_OUT,
    ): "The person turned 18. What happens now is adults’ work, so it can’t be opened again.",
    (Move.REOPEN, P.DIED): "A death was confirmed by two people. It can’t be opened again.",
}
_REFUSALS_FROM: Final[Mapping[Position, str]] = {
    **dict.fromkeys(NOT_BACK, "The child is not back yet."),
    P.FOLLOW_UP: "The child is back. If they have gone again, make a new report.",
    P.LATE_BACK: "The child is back. If they have gone again, make a new report.",
    P.CLOSED: "This episode is closed. If the child has gone again, make a new report.",
    P.FALSE_REPORT: "This report was mistaken. If the child has gone, make a new report.",
    P.TRANSFERRED: "Another authority has taken this episode over.",
    P.AGED_OUT: "This episode ended when the person turned 18.",
    P.DIED: "This record is closed.",
    P.MERGED: "This report was joined to another one. Go on there.",
}

STATE_OF: Final[Mapping[Position, State]] = {
    **{position: State(position.value) for position in Position if position.value in State.values},
    **dict.fromkeys((P.CONCERN, P.AWAY, P.MISSING), State.OPEN),
}
_WORKED_ON: Final = frozenset({*NOT_BACK, P.FOLLOW_UP, P.LATE_BACK})


def position(state: str, category: str | None) -> Position:
    """Where an episode stands: `category` is its running spell's, None when none runs."""
    return Position(category) if state == State.OPEN and category else Position(state)


def follow(move: Move, at: Position) -> Position:
    """Where the move leads; Conflict with a sentence when it is not in the table."""
    try:
        return TRANSITIONS[move][at]
    except KeyError:
        raise Conflict(_REFUSALS.get((move, at)) or _REFUSALS_FROM[at], code=f"not_from_{at}") from None


def is_worked_on(at: Position) -> bool:
    """Whether people still write in this episode: it is open, or its follow-up is."""
    return at in _WORKED_ON


def refuse_if_ended(at: Position) -> None:
    """Conflict with a sentence unless people still write in this episode."""
    if at == Position.CLOSED:
        raise Conflict("This episode is closed. Open it again to add to it.", code="not_from_closed")
    if not is_worked_on(at):
        raise Conflict(_REFUSALS_FROM[at], code=f"not_from_{at}")


def words_for(state: str, category: str | None) -> str:
    """Where the episode stands, as staff say it: "Missing", "Away without permission", "Back, follow-up"."""
    return Category(category).label if state == State.OPEN and category else State(state).label


# ---- the interview ----

TIME_FOR_INTERVIEW: Final = timedelta(hours=72)  # DfE 2014: elapsed hours from the return
_UNSETTLED: Final = frozenset({InterviewState.DUE, InterviewState.OFFERED})
_NOT_HELD: Final = frozenset({*_UNSETTLED, InterviewState.DECLINED, InterviewState.UNABLE})

INTERVIEW_MOVES: Final[Mapping[InterviewState, frozenset[InterviewState]]] = {
    InterviewState.OFFERED: _UNSETTLED,
    InterviewState.HELD: _NOT_HELD,  # a child may change their mind, and is always welcome to
    InterviewState.DECLINED: _UNSETTLED,
    InterviewState.UNABLE: _UNSETTLED,
}


def owes_interview(categories: Iterable[str]) -> bool:
    """Whether these spells owe the child an interview: being late alone does not."""
    return any(category != Category.CONCERN for category in categories)


def interview_due_at(returned_at: datetime) -> datetime:
    """72 hours of elapsed time; added in UTC, since a local clock loses or gains an hour twice a year."""
    return returned_at.astimezone(UTC) + TIME_FOR_INTERVIEW


def is_settled(state: str) -> bool:
    """Whether an interview has its outcome: held, declined, or why it could not be held."""
    return state not in _UNSETTLED


def refuse_interview_move(state: str, wanted: InterviewState) -> None:
    """Conflict with a sentence unless the interview may become what is wanted."""
    now_it_is = InterviewState(state)
    if now_it_is not in INTERVIEW_MOVES[wanted]:
        raise Conflict(
            f"This interview already has an outcome: {now_it_is.label.lower()}.",
            code=f"interview_{now_it_is}",
        )
