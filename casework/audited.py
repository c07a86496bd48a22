"""Which tables leave a row in the audit when they change, and why the others need none.

One list for the whole house. `migrate` makes the database's triggers agree with it, so that bulk writes, raw
SQL and psql are caught like a page; a new table must be named here (`tests/house/test_audited.py`). A row of
the audit names who, why, which row of what, whose child and which columns: never what they held.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connections


@dataclass(frozen=True, slots=True)
class Whose:
    """How a row `r` leads to the child and the authority it belongs to, as SQL; `about` is its own id."""

    child: str = "NULL"
    authority: str = "NULL"
    through: str = ""
    about: str = "r.id"


_EPISODE = "LEFT JOIN incidents_missingepisode e ON e.id = {}"
_INTERVIEW = (
    "LEFT JOIN incidents_returninterview i ON i.id = r.interview_id "
    "LEFT JOIN records_child c ON c.id = i.child_id"
)
_ANSWER = "LEFT JOIN incidents_policeanswer a ON a.id = r.answer_id " + _EPISODE.format("a.episode_id")
_LOCATED = "LEFT JOIN incidents_located l ON l.id = r.located_id " + _EPISODE.format("l.episode_id")
_COPY = "LEFT JOIN incidents_reportcopy k ON k.id = r.copy_id " + _EPISODE.format("k.episode_id")
_MEETING = "LEFT JOIN incidents_meeting m ON m.id = r.meeting_id " + _EPISODE.format("m.episode_id")
_TOOL = "LEFT JOIN incidents_legaltool t ON t.id = r.tool_id " + _EPISODE.format("t.episode_id")
_REFERRAL = (
    "LEFT JOIN incidents_referral f ON f.id = r.referral_id LEFT JOIN records_child c ON c.id = f.child_id"
)
_PHOTO = "LEFT JOIN records_photo h ON h.id = r.photo_id LEFT JOIN records_child c ON c.id = h.child_id"
_VERSION = (
    "LEFT JOIN protocols_protocolversion v ON v.id = {} "
    "LEFT JOIN protocols_protocol p ON p.id = v.protocol_id"
)
_STEP = "LEFT JOIN protocols_step s ON s.id = r.step_id " + _VERSION.format("s.version_id")

OF_CHILD: Final = Whose("r.child_id", "c.authority_id", "LEFT JOIN records_child c ON c.id = r.child_id")
OF_EPISODE: Final = Whose("e.child_id", "e.authority_id", _EPISODE.format("r.episode_id"))
OF_INTERVIEW: Final = Whose("i.child_id", "c.authority_id", _INTERVIEW)
OF_REFERRAL: Final = Whose("f.child_id", "c.authority_id", _REFERRAL)
OF_AUTHORITY: Final = Whose(authority="r.authority_id")
OF_NOBODY: Final = Whose()

AUDITED: Final[Mapping[str, Whose]] = {
    # A child, and what is known of the child.
    "records_child": Whose("r.id", "r.authority_id"),
    "records_legalstatus": OF_CHILD,
    "records_placement": OF_CHILD,
    "records_profilefact": OF_CHILD,
    "records_photo": OF_CHILD,
    "records_photoapproval": Whose("h.child_id", "c.authority_id", _PHOTO),
    "records_disclosure": OF_CHILD,
    "records_death": OF_CHILD,
    # Who may see the child, and who asked to.
    "records_childgrant": Whose(
        "r.content_object_id", "c.authority_id", "LEFT JOIN records_child c ON c.id = r.content_object_id"
    ),
    "records_conflictofinterest": Whose("r.child_id", "r.authority_id"),
    "records_brokenglass": Whose("r.child_id", "r.authority_id"),
    "records_addresslookup": OF_CHILD,
    "records_reasongiven": OF_CHILD,
    # An absence.
    "incidents_missingepisode": Whose("r.child_id", "r.authority_id"),
    "incidents_spell": OF_EPISODE,
    "incidents_correction": OF_EPISODE,
    "incidents_news": OF_CHILD,
    "incidents_located": OF_EPISODE,
    "incidents_findinganswer": Whose("e.child_id", "e.authority_id", _LOCATED),
    "incidents_return": OF_EPISODE,
    "incidents_locatedcheck": OF_EPISODE,
    "incidents_placementnotice": OF_EPISODE,
    "incidents_preventioninterview": OF_EPISODE,
    "incidents_signoff": OF_EPISODE,
    "incidents_ending": OF_EPISODE,
    "incidents_riskassessment": OF_EPISODE,
    "incidents_policeanswer": OF_EPISODE,
    "incidents_challenge": Whose("e.child_id", "e.authority_id", _ANSWER),
    "incidents_indicator": OF_CHILD,
    "incidents_referral": OF_CHILD,
    "incidents_referraloutcome": OF_REFERRAL,
    "incidents_returninterview": OF_CHILD,
    "incidents_interviewcover": OF_INTERVIEW,
    "incidents_interviewattempt": OF_INTERVIEW,
    "incidents_interviewshare": OF_INTERVIEW,
    "incidents_episodeshare": OF_EPISODE,
    "incidents_handover": OF_EPISODE,
    "incidents_reportcopy": OF_EPISODE,
    "incidents_copywithdrawal": Whose("e.child_id", "e.authority_id", _COPY),
    "incidents_unverifiedinformation": OF_CHILD,
    "incidents_meeting": OF_EPISODE,
    "incidents_attendee": Whose("e.child_id", "e.authority_id", _MEETING),
    "incidents_action": OF_EPISODE,
    "incidents_decision": OF_EPISODE,
    "incidents_legaltool": OF_EPISODE,
    "incidents_legalstage": Whose("e.child_id", "e.authority_id", _TOOL),
    # People and what they are here.
    "records_user": OF_NOBODY,
    "records_user_groups": Whose(about="r.user_id"),
    "records_user_user_permissions": Whose(about="r.user_id"),
    "records_membership": Whose(
        authority="coalesce(r.authority_id, h.kept_by_id)",
        through="LEFT JOIN records_home h ON h.id = r.home_id",
    ),
    # Organisations.
    "records_localauthority": Whose(authority="r.id"),
    "records_neighbour": OF_AUTHORITY,
    "records_team": OF_AUTHORITY,
    "records_home": Whose(authority="r.kept_by_id"),
    "records_provider": OF_NOBODY,
    "records_policeforce": OF_NOBODY,
    # What the forces' own systems may do here. A force may be that of several authorities.
    "records_policeclient": OF_NOBODY,
    "records_clientsecret": Whose(about="r.client_id"),
    # Who is on duty, and who is away.
    "records_rotashift": OF_AUTHORITY,
    "records_leave": OF_NOBODY,
    # What an authority's files said.
    "records_importedrow": OF_AUTHORITY,
    # The rule book.
    "protocols_protocol": OF_AUTHORITY,
    "protocols_protocolversion": Whose(
        authority="p.authority_id", through="LEFT JOIN protocols_protocol p ON p.id = r.protocol_id"
    ),
    "protocols_step": Whose(authority="p.authority_id", through=_VERSION.format("r.version_id")),
    "protocols_steptiming": Whose(authority="p.authority_id", through=_STEP),
    "protocols_rung": Whose(authority="p.authority_id", through=_STEP),
}

# The tables that pghistory writes are history themselves; these have their reasons one by one.
NOT_AUDITED: Final[Mapping[str, str]] = {
    "records_auditentry": "it is the audit",
    "records_chronologyentry": "append-only, each with its actor; whatever it tells of changed a table above",
    "records_photocontent": "append-only, written with its Photo, which is above; nobody copies the bytes",
    "records_notification": "the outbox: each of its changes is a NotificationEvent, append-only",
    "records_notificationevent": "append-only, the outbox's own history",
    "incidents_sharedevent": "append-only numbers of what changed in the tables above, for a force to read",
    "protocols_protocolrun": "the engine's; what it does is in StepEvent",
    "protocols_steprun": "the engine's, rewritten with each claim; StepEvent has what happened and by whom",
    "protocols_stepevent": "append-only, the clock's own history",
    "protocols_engineversion": "one number: which engine may sweep",
    "records_upload": "an authority's files for an hour, while they are imported into the tables above",
    "records_childsearch": "append-only, with its user and what it found; the list is a look of its own",
    "records_draft": "what one person is typing, theirs alone until they send it",
    "records_formkey": "one-time keys of forms, used up",
    "records_clientuse": "counted at each call of a force's system; what it read and wrote is told of",
    "records_clientday": "the same, by day",
    "oauth2_provider_application": "the library's half of a PoliceClient; its own secret opens nothing",
    "oauth2_provider_accesstoken": "the digest of a token for half an hour; what it is used for is told of",
    "oauth2_provider_refreshtoken": "the library's, unused: the application may not write it",
    "oauth2_provider_idtoken": "the library's, unused: the application may not write it",
    "oauth2_provider_grant": "the library's, unused: the application may not write it",
    "oauth2_provider_devicegrant": "the library's, unused: the application may not write it",
    "records_heartbeat": "when a part of the service last did its round",
    "records_episodenumber": "a counter",
    "auth_group": "Django's, unused: a role is a Membership",
    "auth_group_permissions": "Django's, unused: a role is a Membership",
    "auth_permission": "Django's list of names, written by migrations",
    "django_content_type": "Django's list of names, written by migrations",
    "django_session": "who is signed in now; signing in is in the audit",
    "account_emailaddress": "allauth's copy of a person's address, which is in records_user",
    "account_emailconfirmation": "allauth's, unused: people are invited",
    "guardian_userobjectpermission": "guardian's generic grants, unused: a grant is a ChildGrant",
    "guardian_groupobjectpermission": "guardian's generic grants, unused: a grant is a ChildGrant",
    "pghistory_context": "who and why of the history tables",
}

# A row in which nothing but these changed is not a change that anybody asks about.
UNTOLD: Final = ("version", "last_login", "last_used_at")

_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO records_auditentry (action, about_kind, about_id, child_id, authority_id, fields,
            actor_id, on_behalf_of, reason, session, address, request_id)
        SELECT 'change', '{kind}', {about}, {child}, {authority}, differing.columns, who.*
        FROM added r JOIN gone ON gone.id = r.id
        CROSS JOIN LATERAL (
            SELECT nullif(array_remove(ARRAY[{differing}], NULL), '{{}}')) AS differing (columns)
        {through} CROSS JOIN audit_caller() who
        WHERE differing.columns IS NOT NULL;
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO records_auditentry (action, about_kind, about_id, child_id, authority_id,
            actor_id, on_behalf_of, reason, session, address, request_id)
        SELECT 'add', '{kind}', {about}, {child}, {authority}, who.*
        FROM added r {through} CROSS JOIN audit_caller() who;
    ELSE
        INSERT INTO records_auditentry (action, about_kind, about_id, child_id, authority_id,
            actor_id, on_behalf_of, reason, session, address, request_id)
        SELECT 'remove', '{kind}', {about}, {child}, {authority}, who.*
        FROM gone r {through} CROSS JOIN audit_caller() who;
    END IF;
    RETURN NULL;
END $$;"""
_TRIGGERS: Final = """
CREATE OR REPLACE TRIGGER audited_insert AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE OR REPLACE TRIGGER audited_update AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE OR REPLACE TRIGGER audited_delete AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION {function}();"""
_STRAY: Final = """
SELECT format('DROP TRIGGER %%I ON %%s;', tgname, tgrelid::regclass) FROM pg_trigger
WHERE starts_with(tgname, 'audited_') AND tgrelid::regclass::text <> ALL(%s)"""
_THERE: Final = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relname = ANY(%s)"
_COLUMNS: Final = """
SELECT attrelid::regclass::text, array_agg(attname::text ORDER BY attname) FROM pg_attribute
WHERE attrelid = ANY(%s::regclass[]) AND attnum > 0 AND NOT attisdropped AND attname <> ALL(%s)
GROUP BY attrelid"""
_DIFFERS: Final = """CASE WHEN r."{0}" IS DISTINCT FROM gone."{0}" THEN '{0}' END"""
_MADE_BY: Final = "SELECT obj_description(to_regprocedure('audit_caller()')::oid, 'pg_proc')"


def sql_for(table: str, whose: Whose, columns: Sequence[str]) -> str:
    """The function and the three triggers that watch one table, column by column: rows as JSON took half as
    long again.
    """
    names = {
        "table": table,
        "function": f"audited_{table}",
        "kind": kind_of(table),
        "differing": ", ".join(_DIFFERS.format(column) for column in columns),
    }
    parts = {
        "child": whose.child,
        "authority": whose.authority,
        "through": whose.through,
        "about": whose.about,
    }
    return (_FUNCTION + _TRIGGERS).format(**names, **parts)


def kind_of(table: str) -> str:
    """What the audit calls a row of this table: its model's name."""
    return table.split("_", 1)[1]


def make_triggers(using: str = "default", **_: object) -> None:
    """Make the database's triggers agree with the list. Needs the owner's role, unless they agree already."""
    with connections[using].cursor() as cursor:
        cursor.execute(_MADE_BY)
        made_by = cursor.fetchone()[0]
        cursor.execute(_THERE, [list(AUDITED)])
        there = [name for (name,) in cursor.fetchall()]
        cursor.execute(_COLUMNS, [there, list(UNTOLD)])
        columns = dict(cursor.fetchall())
        wanted = "".join(
            sql_for(table, whose, columns[table]) for table, whose in AUDITED.items() if table in columns
        )
        mark = hashlib.sha256(wanted.encode()).hexdigest()
        # None: a database of before, or halfway through its migrations.
        if made_by is None or made_by == mark:
            return
        cursor.execute(_STRAY, [list(AUDITED)])
        strays = "".join(drop for (drop,) in cursor.fetchall())
        cursor.execute(strays + wanted)
        cursor.execute(f"COMMENT ON FUNCTION audit_caller() IS '{mark}'")
