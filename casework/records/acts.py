"""What a person may do, by role. One table; the rows a role may do it to are `access`'s business."""

from enum import StrEnum
from typing import Final

from casework.records.models import Role


class Act(StrEnum):
    # An absence, as it is lived through.
    REPORT = "report"
    ADD_NEWS = "add_news"
    SAY_BACK = "say_back"
    READ_HISTORY = "read_history"
    CORRECT = "correct"
    CORRECT_LATE = "correct_late"  # more than 30 days back
    RECORD_POLICE_ANSWER = "record_police_answer"
    CHALLENGE_POLICE = "challenge_police"
    GRADE_RISK = "grade_risk"
    RECORD_INDICATOR = "record_indicator"
    RECORD_REFERRAL = "record_referral"  # Home Office, National Referral Mechanism, guardian
    DECIDE_CATEGORY = "decide_category"  # away or missing
    RECORD_LOCATED = "record_located"
    COMPLETE_RETURN = "complete_return"
    GIVE_NOTICE = "give_notice"  # on the place of a child who is missing
    TELL = "tell"
    SHARE_WITH_POLICE = "share_with_police"  # with a second force, or no longer
    WITHDRAW_COPY = "withdraw_copy"  # from the home that keeps it
    PRINT_GRAB_SHEET = "print_grab_sheet"
    ACCEPT_RESPONSIBILITY = "accept_responsibility"  # "I've got this", of one case
    # Meetings, decisions and the law: the authority's own.
    READ_MEETINGS = "read_meetings"
    RECORD_MEETING = "record_meeting"  # and who does what after it
    SETTLE_ACTION = "settle_action"  # one's own, or one's home's
    DECIDE_CASE = "decide_case"
    DECIDE_GOING_BACK = "decide_going_back"  # unless the child is at greater risk: then it is DECIDE_CASE
    DECIDE_OFSTED = "decide_ofsted"  # the provider's
    DECIDE_EARLY_REVIEW = "decide_early_review"
    USE_LEGAL_TOOL = "use_legal_tool"
    # Steps.
    COMPLETE_STEP = "complete_step"
    ACKNOWLEDGE_STEP = "acknowledge_step"
    HAND_OVER_STEP = "hand_over_step"
    ASK_WAIVER = "ask_waiver"  # of whoever may waive it
    WAIVE_STEP = "waive_step"
    REOPEN_STEP = "reopen_step"
    # Afterwards.
    OFFER_INTERVIEW = "offer_interview"
    HOLD_INTERVIEW = "hold_interview"
    READ_INTERVIEW = "read_interview"
    SHARE_INTERVIEW = "share_interview"  # in a text written for it
    RECORD_PREVENTION = "record_prevention"  # what came of the police's own talk
    SIGN_OFF = "sign_off"
    REOPEN = "reopen"
    CALL_FALSE = "call_false"
    END_OTHERWISE = "end_otherwise"  # taken over by another authority, or one report too many
    RECORD_DEATH = "record_death"
    CONFIRM_DEATH = "confirm_death"  # never by whoever recorded it
    # Children and where they live.
    REGISTER_CHILD = "register_child"
    CHANGE_CHILD = "change_child"
    ALLOCATE_WORKER = "allocate_worker"
    SEARCH_CHILDREN = "search_children"
    RECORD_FACT = "record_fact"
    ADD_PHOTO = "add_photo"
    APPROVE_PHOTO = "approve_photo"  # for the police
    PUBLISH_PHOTO = "publish_photo"  # approve it for the public
    WITHDRAW_PHOTO = "withdraw_photo"
    PLACE_CHILD = "place_child"
    VIEW_LOCATION = "view_location"  # where the child lives, after a reason
    RESTRICT_CHILD = "restrict_child"
    GRANT_ACCESS = "grant_access"
    ASSIGN_REVIEWER = "assign_reviewer"  # the child's independent reviewing officer, by a grant with an end
    BREAK_GLASS = "break_glass"
    REVIEW_GLASS = "review_glass"
    RECORD_CONFLICT = "record_conflict"
    VIEW_AUDIT = "view_audit"  # who looked at whom; nobody who may change the protocol has it
    # Organisations, people, the rule book.
    SET_UP = "set_up"
    KEEP_ROTA = "keep_rota"  # and the leave of other people
    INVITE = "invite"
    KEEP_POLICE_CLIENTS = "keep_police_clients"  # what a force’s own system may do here, and its secrets
    IMPORT_FILES = "import_files"
    READ_PROTOCOL = "read_protocol"
    EDIT_PROTOCOL = "edit_protocol"
    # The police's own side of an absence that is shared with their force.
    READ_SHARED = "read_shared"
    POLICE_ACKNOWLEDGE = "police_acknowledge"
    POLICE_REFERENCE = "police_reference"
    POLICE_GRADE = "police_grade"
    POLICE_SIGHTING = "police_sighting"
    POLICE_FOUND = "police_found"
    # Figures and returns.
    EXPORT_RETURN = "export_return"  # every child of the authority in one file


# All that a record opened in an emergency is open for.
READING: Final = frozenset(
    {
        Act.READ_HISTORY,
        Act.READ_INTERVIEW,
        Act.READ_MEETINGS,
        Act.READ_PROTOCOL,
        Act.PRINT_GRAB_SHEET,
        Act.VIEW_LOCATION,
    }
)

# The police's answer is part of the report: at night the tablet may be all there is, and the camera at hand.
_TABLET: Final = frozenset({Act.REPORT, Act.ADD_NEWS, Act.SAY_BACK, Act.RECORD_POLICE_ANSWER, Act.ADD_PHOTO})
_HOME: Final = _TABLET | {
    Act.READ_HISTORY,
    Act.CORRECT,
    Act.RECORD_POLICE_ANSWER,
    Act.CHALLENGE_POLICE,
    Act.DECIDE_CATEGORY,
    Act.RECORD_INDICATOR,
    Act.RECORD_LOCATED,
    Act.COMPLETE_RETURN,
    Act.GIVE_NOTICE,
    Act.TELL,
    Act.PRINT_GRAB_SHEET,
    Act.COMPLETE_STEP,
    Act.ACKNOWLEDGE_STEP,
    Act.HAND_OVER_STEP,
    Act.SETTLE_ACTION,
    Act.RECORD_FACT,
    Act.APPROVE_PHOTO,
    Act.WITHDRAW_PHOTO,
    Act.READ_PROTOCOL,
}
_CASE_WORK: Final = _HOME | {
    Act.GRADE_RISK,
    Act.ACCEPT_RESPONSIBILITY,
    Act.READ_MEETINGS,
    Act.RECORD_MEETING,
    Act.DECIDE_GOING_BACK,
    Act.USE_LEGAL_TOOL,
    Act.RECORD_REFERRAL,
    Act.RECORD_DEATH,
    Act.OFFER_INTERVIEW,
    Act.READ_INTERVIEW,
    Act.SHARE_INTERVIEW,
    Act.RECORD_PREVENTION,
    Act.REOPEN_STEP,
    Act.ASK_WAIVER,
    Act.REGISTER_CHILD,
    Act.SEARCH_CHILDREN,
    Act.CHANGE_CHILD,
    Act.PLACE_CHILD,
    Act.VIEW_LOCATION,
    Act.BREAK_GLASS,
    Act.SHARE_WITH_POLICE,
    Act.ASSIGN_REVIEWER,
}
_DECIDING: Final = _CASE_WORK | {
    Act.CORRECT_LATE,
    Act.DECIDE_CASE,
    Act.PUBLISH_PHOTO,
    Act.WAIVE_STEP,
    Act.SIGN_OFF,
    Act.REOPEN,
    Act.CALL_FALSE,
    Act.END_OTHERWISE,
    Act.CONFIRM_DEATH,
    Act.ALLOCATE_WORKER,
    Act.RESTRICT_CHILD,
    Act.GRANT_ACCESS,
    Act.VIEW_AUDIT,
    Act.REVIEW_GLASS,
    Act.RECORD_CONFLICT,
    Act.WITHDRAW_COPY,
    Act.KEEP_ROTA,
}
# Whoever answers for the whole authority's return. Not a team manager, who answers for a team; not an
# administrator, who gives out roles and has no part in what happens to children.
_ANSWERING: Final = _DECIDING | {Act.EXPORT_RETURN}
_READING: Final = frozenset({Act.READ_HISTORY, Act.READ_PROTOCOL, Act.SEARCH_CHILDREN})
_INTERVIEWING: Final = _READING | {
    Act.RECORD_INDICATOR,
    Act.OFFER_INTERVIEW,
    Act.HOLD_INTERVIEW,
    Act.READ_INTERVIEW,
    Act.SHARE_INTERVIEW,
    Act.COMPLETE_STEP,
    Act.ACKNOWLEDGE_STEP,
    Act.HAND_OVER_STEP,
    Act.SETTLE_ACTION,
}
# What a person from elsewhere may do with a record that was granted them, if their own role allows it.
GRANTED: Final = frozenset(
    {
        Act.READ_HISTORY,
        Act.RECORD_INDICATOR,
        Act.READ_MEETINGS,
        Act.DECIDE_EARLY_REVIEW,
        Act.OFFER_INTERVIEW,
        Act.HOLD_INTERVIEW,
        Act.READ_INTERVIEW,
    }
)
_SETTING_UP: Final = frozenset(
    {
        Act.SET_UP,
        Act.KEEP_ROTA,
        Act.INVITE,
        Act.KEEP_POLICE_CLIENTS,
        Act.IMPORT_FILES,
        Act.REGISTER_CHILD,
        Act.SEARCH_CHILDREN,
        Act.CHANGE_CHILD,
        Act.PLACE_CHILD,
        Act.ALLOCATE_WORKER,
        Act.READ_PROTOCOL,
        Act.EDIT_PROTOCOL,
    }
)
# Their officers on pages, and their system by the API: the same acts, each in its own name.
_POLICE: Final = frozenset(
    {
        Act.READ_SHARED,
        Act.POLICE_ACKNOWLEDGE,
        Act.POLICE_REFERENCE,
        Act.POLICE_GRADE,
        Act.POLICE_SIGHTING,
        Act.POLICE_FOUND,
    }
)

ROLE_ACTS: Final[dict[Role, frozenset[Act]]] = {
    Role.HOME_TABLET: _TABLET,
    Role.HOME_STAFF: _HOME,
    Role.REGISTERED_MANAGER: _HOME | {Act.INVITE, Act.DECIDE_OFSTED, Act.KEEP_ROTA},
    Role.ON_CALL_MANAGER: _HOME,
    Role.SOCIAL_WORKER: _CASE_WORK,
    Role.DUTY_WORKER: _CASE_WORK,
    Role.TEAM_MANAGER: _DECIDING,
    Role.SERVICE_MANAGER: _ANSWERING,
    Role.HEAD_OF_SERVICE: _ANSWERING,
    Role.ASSISTANT_DIRECTOR: _ANSWERING,
    Role.DIRECTOR: _ANSWERING,
    Role.COORDINATOR: _CASE_WORK | {Act.HOLD_INTERVIEW},
    Role.RETURN_INTERVIEWER: _INTERVIEWING,
    Role.REVIEWING_OFFICER: _READING
    | {
        Act.RECORD_INDICATOR,
        Act.READ_INTERVIEW,
        Act.READ_MEETINGS,
        Act.DECIDE_EARLY_REVIEW,
        Act.COMPLETE_STEP,
        Act.ACKNOWLEDGE_STEP,
        Act.HAND_OVER_STEP,
        Act.SETTLE_ACTION,
    },
    Role.PERFORMANCE_OFFICER: frozenset({Act.READ_PROTOCOL, Act.EXPORT_RETURN}),
    Role.SCHOOL_CONTACT: frozenset(),  # reads one list, of children whom somebody let them hear of
    Role.ADMINISTRATOR: _SETTING_UP,
    Role.POLICE_LIAISON: _POLICE,
    Role.POLICE_SYSTEM: _POLICE,
}


def roles_that_may(act: Act) -> tuple[Role, ...]:
    """Who may do it, lowest first: for a sentence that tells a person whom to ask."""
    return tuple(role for role in Role if act in ROLE_ACTS[role])


def may_stand_in(deputy: Role, role: Role) -> bool:
    """Whether whoever has the one role may do all the work of the other."""
    return ROLE_ACTS[role] <= ROLE_ACTS[deputy]
