"""Floor 1: missing episodes and what belongs to them."""

from .decision import Decision, DecisionKind, DecisionOutcome
from .ending import Ending
from .episode import (
    NO_ABSENCE,
    NOT_BACK,
    Category,
    Correction,
    Located,
    MissingEpisode,
    News,
    Return,
    SignOff,
    Spell,
    State,
)
from .handover import Handover
from .interview import (
    InterviewAttempt,
    InterviewCover,
    InterviewShare,
    InterviewState,
    ReturnInterview,
    WhyNotHeld,
)
from .kept import CopyWithdrawal, ReportCopy, UnverifiedInformation
from .legal import LegalKind, LegalStage, LegalTool
from .meanwhile import LocatedCheck, PlacementNotice, PreventionInterview
from .meeting import Action, Agency, Attendee, Meeting, MeetingKind
from .referral import Referral, ReferralOutcome
from .risk import (
    EXPLOITATION,
    GRADE_ORDER,
    Challenge,
    Grade,
    Indicator,
    IndicatorCode,
    PoliceAnswer,
    RiskAssessment,
)
from .share import EpisodeShare, FindingAnswer, SharedEvent

__all__ = [
    "EXPLOITATION",
    "GRADE_ORDER",
    "NOT_BACK",
    "NO_ABSENCE",
    "Action",
    "Agency",
    "Attendee",
    "Category",
    "Challenge",
    "CopyWithdrawal",
    "Correction",
    "Decision",
    "DecisionKind",
    "DecisionOutcome",
    "Ending",
    "EpisodeShare",
    "FindingAnswer",
    "Grade",
    "Handover",
    "Indicator",
    "IndicatorCode",
    "InterviewAttempt",
    "InterviewCover",
    "InterviewShare",
    "InterviewState",
    "LegalKind",
    "LegalStage",
    "LegalTool",
    "Located",
    "LocatedCheck",
    "Meeting",
    "MeetingKind",
    "MissingEpisode",
    "News",
    "PlacementNotice",
    "PoliceAnswer",
    "PreventionInterview",
    "Referral",
    "ReferralOutcome",
    "ReportCopy",
    "Return",
    "ReturnInterview",
    "RiskAssessment",
    "SharedEvent",
    "SignOff",
    "Spell",
    "State",
    "UnverifiedInformation",
    "WhyNotHeld",
]
