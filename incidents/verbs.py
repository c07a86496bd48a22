"""What can happen in an episode, in the past tense: the verbs of its chronology."""

from enum import StrEnum


class EpisodeVerb(StrEnum):
    REPORTED = "episode.reported"
    REPORTED_AGAIN = "episode.reported_again"
    ACCEPTED = "episode.accepted"
    HANDED_OVER = "episode.handed_over"
    CORRECTED = "episode.corrected"
    RECORDED_AWAY = "episode.recorded_away"
    RECORDED_MISSING = "episode.recorded_missing"
    LOCATED = "episode.located"
    RETURNED = "episode.returned"
    RETURN_COMPLETED = "episode.return_completed"
    SIGNED_OFF = "episode.signed_off"
    REOPENED = "episode.reopened"
    FALSE_REPORT = "episode.false_report"
    SHARED = "episode.shared"
    SHARE_ENDED = "episode.share_ended"
    INFORMATION_KEPT = "information.kept"
    NEWS_ADDED = "news.added"
    CHILD_SPOKEN_TO = "child.spoken_to"
    POLICE_ANSWERED = "police.answered"
    POLICE_CHALLENGED = "police.challenged"
    RISK_ASSESSED = "risk.assessed"
    INDICATOR_RECORDED = "indicator.recorded"
    INDICATOR_WITHDRAWN = "indicator.withdrawn"
    INTERVIEW_OWED = "interview.owed"
    INTERVIEW_ALLOCATED = "interview.allocated"
    INTERVIEW_OFFERED = "interview.offered"
    INTERVIEW_TRIED = "interview.tried"
    INTERVIEW_HELD = "interview.held"
    INTERVIEW_DECLINED = "interview.declined"
    INTERVIEW_UNABLE = "interview.unable"
    IMPORTED = "episode.imported"
    IMPORT_CORRECTED = "episode.import_corrected"


# What an import does is not work on the episode: a later import may do it again.
IMPORT_VERBS = frozenset({EpisodeVerb.IMPORTED, EpisodeVerb.IMPORT_CORRECTED})
