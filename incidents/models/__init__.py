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
from .handover import Handover
from .interview import InterviewAttempt, InterviewCover, InterviewState, ReturnInterview, WhyNotHeld
from .kept import CopyWithdrawal, ReportCopy, UnverifiedInformation
from .risk import GRADE_ORDER, Challenge, Grade, Indicator, IndicatorCode, PoliceAnswer, RiskAssessment
from .share import EpisodeShare

__all__ = [
    "GRADE_ORDER",
    "NOT_BACK",
    "Category",
    "Challenge",
    "CopyWithdrawal",
    "Correction",
    "EpisodeShare",
    "Grade",
    "Handover",
    "Indicator",
    "IndicatorCode",
    "InterviewAttempt",
    "InterviewCover",
    "InterviewState",
    "Located",
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
