"""Floor 1: missing episodes and what belongs to them."""

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
from .interview import (
    InterviewAttempt,
    InterviewCover,
    InterviewShare,
    InterviewState,
    ReturnInterview,
    WhyNotHeld,
)
from .kept import CopyWithdrawal, ReportCopy, UnverifiedInformation
from .meanwhile import LocatedCheck, PlacementNotice, PreventionInterview
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
from .share import EpisodeShare

__all__ = [
    "EXPLOITATION",
    "GRADE_ORDER",
    "NOT_BACK",
    "Category",
    "Challenge",
    "CopyWithdrawal",
    "Correction",
    "EpisodeShare",
    "Grade",
    "Indicator",
    "IndicatorCode",
    "InterviewAttempt",
    "InterviewCover",
    "InterviewShare",
    "InterviewState",
    "Located",
    "LocatedCheck",
    "MissingEpisode",
    "News",
    "PlacementNotice",
    "PoliceAnswer",
    "PreventionInterview",
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
