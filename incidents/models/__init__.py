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
from .interview import InterviewAttempt, InterviewCover, InterviewState, ReturnInterview, WhyNotHeld
from .risk import GRADE_ORDER, Challenge, Grade, Indicator, IndicatorCode, PoliceAnswer, RiskAssessment

__all__ = [
    "GRADE_ORDER",
    "NOT_BACK",
    "Category",
    "Challenge",
    "Correction",
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
    "Return",
    "ReturnInterview",
    "RiskAssessment",
    "SignOff",
    "Spell",
    "State",
    "WhyNotHeld",
]
