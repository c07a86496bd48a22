"""Floor 1: missing episodes and what belongs to them."""

from .decision import Decision, DecisionKind, DecisionOutcome
from .episode import (
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
from .interview import InterviewAttempt, InterviewCover, InterviewState, ReturnInterview, WhyNotHeld
from .kept import CopyWithdrawal, ReportCopy, UnverifiedInformation
from .legal import LegalKind, LegalStage, LegalTool
from .meeting import Action, Agency, Attendee, Meeting, MeetingKind
from .risk import GRADE_ORDER, Challenge, Grade, Indicator, IndicatorCode, PoliceAnswer, RiskAssessment
from .share import EpisodeShare

__all__ = [
    "GRADE_ORDER",
    "NOT_BACK",
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
    "EpisodeShare",
    "Grade",
    "Indicator",
    "IndicatorCode",
    "InterviewAttempt",
    "InterviewCover",
    "InterviewState",
    "LegalKind",
    "LegalStage",
    "LegalTool",
    "Located",
    "Meeting",
    "MeetingKind",
    "MissingEpisode",
    "News",
    "PoliceAnswer",
    "ReportCopy",
    "Return",
    "ReturnInterview",
    "RiskAssessment",
    "SignOff",
    "Spell",
    "State",
    "UnverifiedInformation",
    "WhyNotHeld",
]
