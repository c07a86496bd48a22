"""What the protocol says happened, and which message each person is owed; ids and fixed words only."""

import hashlib
from enum import StrEnum
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


def message_key(step_run_id: UUID, channel: str, recipient_id: UUID, template: Template) -> str:
    """The one key of one message about one step run to one person: the outbox takes it once."""
    return hashlib.sha256(f"{step_run_id}|{channel}|{recipient_id}|{template}".encode()).hexdigest()
