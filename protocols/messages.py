"""What the protocol says happened, and which message each person is owed; ids and fixed words only."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID


class StepVerb(StrEnum):
    """What the chronology says of a step."""

    FIRED = "step.fired"
    DONE = "step.done"
    ACKNOWLEDGED = "step.acknowledged"
    HANDED_OVER = "step.handed_over"
    WAIVED = "step.waived"
    REOPENED = "step.reopened"
    WAIVER_ASKED = "step.waiver_asked"
    WAIVER_KEPT = "step.waiver_kept"
    MOVED = "step.moved"
    NOT_NEEDED = "step.not_needed"
    NOBODY = "step.nobody"
    FAILED = "step.failed"


class Template(StrEnum):
    """The messages of a step, by the name of their template; none says anything about a child."""

    STEP_DUE = "step_due"  # yours to do, now
    STEP_LATE = "step_late"  # somebody's step is late, and you are next on its ladder
    STEP_NOTICE = "step_notice"  # for you to know: the step tells you, or another does it
    STEP_FAILED = "step_failed"  # the system could not carry the step out: ring round
    STEP_HANDED_OVER = "step_handed_over"  # a colleague gave you this step


# Of these anchors nothing may be sent once the child is back; what counts from the return goes on.
STOPPED_BY_RETURN = frozenset("EATLI")


# What is urgent goes by text message as well as by letter, to whoever has a mobile number: for each anchor,
# the steps whose delay is shorter than this, by day and outside office hours. By day people sit at desks.
_ALL, _NONE, _HOUR, _DAY = timedelta.max, timedelta(0), timedelta(hours=1), timedelta(days=1)
URGENT: Final = frozenset({Template.STEP_DUE, Template.STEP_LATE, Template.STEP_FAILED})
TEXTED_WITHIN: Final[Mapping[str, tuple[timedelta, timedelta]]] = {
    "E": (_HOUR, _ALL),
    "A": (_NONE, _ALL),
    "T": (_HOUR, _ALL),
    "L": (_HOUR, _ALL),
    "R": (_NONE, _DAY),
    "I": (_NONE, _ALL),
}


def goes_by_text(template: str, anchor: str, delay: timedelta, *, by_day: bool) -> bool:
    """Whether a message of a step rings somebody's phone too; `delay` is the step's shortest.

    That the clock itself failed is told at any hour.
    """
    within = TEXTED_WITHIN.get(anchor, (_NONE, _NONE))[0 if by_day else 1]
    return template == Template.STEP_FAILED or (template in URGENT and delay < within)


def message_key(step_run_id: UUID, channel: str, recipient_id: UUID, template: Template) -> str:
    """The one key of one message about one step run to one person: the outbox takes it once."""
    return hashlib.sha256(f"{step_run_id}|{channel}|{recipient_id}|{template}".encode()).hexdigest()
