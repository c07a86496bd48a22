"""The decisions that an absence asks for: the question, its answers, and who gives them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from casework.records.acts import Act
from incidents.models import DecisionKind, DecisionOutcome

K, To = DecisionKind, DecisionOutcome


@dataclass(frozen=True, slots=True)
class Question:
    """One kind of decision as people meet it."""

    asks: str  # the heading of its page
    outcomes: tuple[DecisionOutcome, ...]
    act: Act
    basis: str  # where the duty to decide comes from, or what to know first


# Sources: the steps of the default protocol (domain notes, section 3), and what their own rows cite.
QUESTIONS: Final[Mapping[DecisionKind, Question]] = {
    K.AWAY: Question(
        "The child is away: what now?",
        (To.FETCH, To.VISIT, To.MISSING, To.STAY_AWAY),
        Act.DECIDE_CASE,
        "After six hours away, or overnight, a team manager decides.",
    ),
    K.STILL_AWAY: Question(
        "Away for 24 hours: is the child missing now?",
        (To.MISSING, To.STAY_AWAY),
        Act.DECIDE_CASE,
        "After 24 hours the child is recorded as missing, unless a manager says why not.",
    ),
    K.GOING_BACK: Question(
        "Is it safe to go back to the same home?",
        (To.NOT_SAFE, To.SAFE_IF, To.SAFE),
        Act.DECIDE_GOING_BACK,
        "Ask the child too. Think of who can find them there, and of why they went.",
    ),
    K.LAW: Question(
        "Court orders and warning notices?",
        (To.ASK_LEGAL, To.NO_LAW),
        Act.DECIDE_CASE,
        "With legal and the police. What is then asked for, and what they say, stands under legal tools.",
    ),
    K.PUBLICITY: Question(
        "Publicity",
        (To.ASK_POLICE, To.PUBLISH, To.NO_PUBLICITY, To.END_PUBLICITY),
        Act.DECIDE_CASE,
        "The police lead. Publicity can also harm: decide with legal, and with whoever has parental "
        "responsibility.",
    ),
    K.PLACEMENT: Question(
        "Is the placement kept open?",
        (To.HOLD, To.END_PLACEMENT),
        Act.DECIDE_CASE,
        "Being missing does not end a placement, or being looked after. If the placement ends, the missing "
        "period stays open in the yearly return (rule 575).",
    ),
    K.NEED_TO_KNOW: Question(
        "Who in the authority needs to know?",
        (To.DIRECTOR, To.DIRECTOR_AND_MEMBER, To.NOBODY_MORE),
        Act.DECIDE_CASE,
        "The assistant director tells the director; the director decides about the lead member.",
    ),
    K.OFSTED: Question(
        "Is Ofsted told?",
        (To.TELL_OFSTED, To.OFSTED_TOLD, To.NOT_OFSTED),
        Act.DECIDE_OFSTED,
        "Being missing alone is not on the list. Exploitation, a serious incident with the police, or an "
        "allegation is (Children’s Homes Regulations 2015, regulation 40).",
    ),
    K.EARLY_REVIEW: Question(
        "Is the care plan reviewed early?",
        (To.EARLY, To.AS_PLANNED),
        Act.DECIDE_EARLY_REVIEW,
        "After repeated or dangerous absences the reviewing officer decides.",
    ),
}

PUBLISHED: Final = frozenset({To.PUBLISH})  # says what is published, and who approved it
ONLY_A_MANAGER: Final = (
    "This child is under 13, unaccompanied or at risk of exploitation: a team manager or above decides "
    "whether it is safe to go back."
)


def act_for(kind: DecisionKind, *, is_at_greater_risk: bool) -> Act:
    """What somebody must be allowed to do in order to decide this, for a child at greater risk or not."""
    if kind == K.GOING_BACK and is_at_greater_risk:
        return Act.DECIDE_CASE
    return QUESTIONS[kind].act
