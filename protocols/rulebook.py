"""What one line of a protocol says, as plain values: read from a document, kept in rows, planned from."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final, Literal

from protocols.conditions import Condition

Kind = Literal["task", "tell", "decide", "meeting", "escalate"]
Basis = Literal["statutory", "national_guidance", "local"]
Anchor = Literal["P", "E", "A", "T", "L", "R", "I"]
Calendar = Literal["elapsed", "clock_time", "working_days", "change_of_cover", "age"]
StopEvent = Literal["away", "missing", "located", "returned"]

KINDS: Final[tuple[Kind, ...]] = ("task", "tell", "decide", "meeting", "escalate")
BASES: Final[tuple[Basis, ...]] = ("statutory", "national_guidance", "local")
ANCHORS: Final[tuple[Anchor, ...]] = ("P", "E", "A", "T", "L", "R", "I")
STOP_EVENTS: Final[tuple[StopEvent, ...]] = ("away", "missing", "located", "returned")

EVERYONE_TOLD: Final = "everyone_told"
ROLES: Final[dict[str, str]] = {
    "carer": "staff of the child's home",
    "duty_worker": "social worker (out of hours the emergency duty team)",
    "social_worker": "social worker",
    "team_manager": "team manager",
    "service_manager": "service manager",
    "head_of_service": "head of service",
    "assistant_director": "assistant director",
    "director": "director of children's services",
    "return_interviewer": "return interviewer",
    "reviewing_officer": "independent reviewing officer",
    "coordinator": "missing coordinator",
    "police": "police",
    "host_authority": "authority where the home is",
    "parents": "parents or whoever has parental responsibility",
    "home_office": "Home Office",
    "guardian": "independent child trafficking guardian",
    "school": "school",
    "health": "health services",
    "legal": "authority's solicitors",
    "lead_member": "lead member for children",
    "panel": "multi-agency exploitation panel",
    "safeguarding_partnership": "safeguarding partnership",
    "missing_people": "charity Missing People",
    "ofsted": "Ofsted",
}
# Told by a person, mostly by phone: nobody signs in to be told, and no step is their work.
OUTSIDE_ROLES: Final = (
    "police",
    "host_authority",
    "parents",
    "home_office",
    "guardian",
    "school",
    "health",
    "legal",
    "lead_member",
    "panel",
    "safeguarding_partnership",
    "missing_people",
    "ofsted",
)
RESPONSIBLE_ROLES: Final = tuple(role for role in ROLES if role not in OUTSIDE_ROLES)
FACTS_THAT_MEET: Final = (
    "told_police",
    "police_settled",
    "authority_graded",
    "interview_offered",
    "interview_settled",
    "interview_shared",
    "child_spoken_to",
    "finding_answered",
    "escort_known",
    "why_not_back",
    "prevention_settled",
    "signed_off",
    "duty_accepted",
    "parents_settled",
    "host_told",
    "school_told",
    "everyone_told_located",
    "everyone_retold",
    "home_office_told",
    "home_office_found_told",
    "nrm_referred",
    "guardian_asked",
    "handover_accepted",
    # meetings and decisions (`incidents/facts/agreed.py`)
    "joint_plan_made",
    "strategy_held",
    "agencies_met",
    "placement_settled",
    "long_term_review_held",
    "met_after_return",
    "away_decided",
    "still_away_decided",
    "need_to_know_decided",
    "law_and_publicity_decided",
    "ofsted_decided",
    "going_back_decided",
    "early_review_decided",
)
# These may be ticked as well, for what was done can be more than the record has: an adult was spoken to and
# not the child; nobody has to fetch them; the safety plan changed, and nothing was shared.
ALSO_TICKED: Final = frozenset(
    {"child_spoken_to", "escort_known", "why_not_back", "prevention_settled", "interview_shared"}
)


@dataclass(frozen=True, slots=True)
class Timing:
    """One way to count to the due time; the earliest whose condition holds applies.

    `elapsed` adds `delay`; `clock_time` is the next local `at`, or that of `days` days later; `working_days`
    is `days` working days later, at `at` or else at the anchor's own clock time. `change_of_cover` is the
    next change between the offices and the emergency duty team, and each one after it. `age` is the morning
    on which the child is `months` old, or the anchor when that is past. `use_grace` puts the grace that the
    home agreed in place of `delay`.
    """

    delay: timedelta = timedelta(0)
    calendar: Calendar = "elapsed"
    at: time | None = None
    days: int | None = None
    months: int | None = None
    when: Condition | None = None
    use_grace: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """Who hears next when the step is not done this long after it was due."""

    after: timedelta
    role: str


@dataclass(frozen=True, slots=True)
class StepRule:
    """One step: what to do, who does it, counted from what, and what makes it unnecessary."""

    code: str
    title: str
    what: str
    kind: Kind
    basis: Basis
    citation: str
    anchor: Anchor
    responsible: str
    told: tuple[str, ...]
    timings: tuple[Timing, ...]
    applies: Condition | None = None
    stops: tuple[StopEvent, ...] = ()
    met_by: str | None = None
    each_spell: bool = False
    repeat: timedelta | None = None
    warn: timedelta | None = None
    evidence: tuple[str, ...] = ()
    ladder: tuple[Rung, ...] = ()

    @property
    def comes_round(self) -> bool:
        """Whether it falls due again and again while it counts."""
        return self.repeat is not None or any(one.calendar == "change_of_cover" for one in self.timings)

    @property
    def shortest_delay(self) -> timedelta:
        """How soon after its anchor it can be due. A day of the calendar counts as a day, a grace as none."""
        return min((_at_least(timing) for timing in self.timings), default=timedelta(0))


def _at_least(timing: Timing) -> timedelta:
    if timing.calendar == "elapsed":
        return timedelta(0) if timing.use_grace else timing.delay
    return timedelta(days=max(timing.days or 1, 1))


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who agreed the document, and as what."""

    name: str
    position: str


@dataclass(frozen=True, slots=True)
class ProtocolDocument:
    """A whole edition of a protocol, before it becomes rows."""

    slug: str
    name: str
    citation: str
    effective_from: date
    signatories: tuple[Signatory, ...]
    steps: tuple[StepRule, ...]
