"""Floor 1: missing episodes and what belongs to them."""

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
from .interview import InterviewAttempt, InterviewCover, InterviewState, ReturnInterview, WhyNotHeld
from .kept import CopyWithdrawal, ReportCopy, UnverifiedInformation
from .referral import Referral, ReferralOutcome
from .risk import GRADE_ORDER, Challenge, Grade, Indicator, IndicatorCode, PoliceAnswer, RiskAssessment
from .share import EpisodeShare

__all__ = [
    "GRADE_ORDER",
    "NOT_BACK",
    "NO_ABSENCE",
    "Category",
    "Challenge",
    "CopyWithdrawal",
    "Correction",
    "Ending",
    "EpisodeShare",
    "Grade",
    "Indicator",
    "IndicatorCode",
    "InterviewAttempt",
    "InterviewCover",
    "InterviewState",
    "Located",
    "MissingEpisode",
    "News",
    "PoliceAnswer",
    "Referral",
    "ReferralOutcome",
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
