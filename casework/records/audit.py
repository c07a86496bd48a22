"""Who looked and who changed: one append-only row each, in the transaction of the look or the change.

A look is written here. A change is written by the database itself, whoever makes it (`casework.audited`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from casework.records.copying import copy_in
from casework.records.models import AuditEntry, Child, User
from casework.records.times import now


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request came from. `session` is a digest: the key itself would let its reader in."""

    session: str = ""
    address: str | None = None
    request_id: str = ""


LONGEST_REASON: Final = 500
JUST_NOW: Final = timedelta(minutes=1)

_why: ContextVar[tuple[str, str]] = ContextVar("why", default=("", ""))  # whose doing, for what reason
_caller: ContextVar[Caller] = ContextVar("caller", default=Caller())  # noqa: B039  # frozen: it cannot be shared by mistake


def set_caller(caller: Caller) -> None:
    """Name the caller for the rest of this context."""
    _caller.set(caller)


def caller() -> Caller:
    """Who it is: for what goes on after the request is over, such as a long download."""
    return _caller.get()


@contextmanager
def calling(caller: Caller) -> Iterator[None]:
    """Name the caller for a while: a request, as the middleware does."""
    token = _caller.set(caller)
    try:
        yield
    finally:
        _caller.reset(token)


def looked(
    user: User | None,
    *,
    child: Child | None = None,
    child_ids: Iterable[UUID] = (),
    about_kind: str,
    about_id: UUID | None = None,
    fields: Iterable[str] = (),
    reason: str = "",
) -> None:
    """Somebody was shown something: a child, or a list, which is a row for each authority with its children.

    In the transaction that fetched it: what cannot be written down is not shown. Nobody: at the server's
    command line, where the program is named instead.
    """
    listed = sorted(set(child_ids))
    if listed:
        _write_list(user, listed, about_kind=about_kind, fields=fields, reason=reason)
        return
    _write(
        AuditEntry.Action.READ,
        user,
        child=child,
        about_kind=about_kind,
        about_id=about_id,
        fields=fields,
        reason=reason,
    )


def has_just_looked(user: User, child: Child, field: str) -> bool:
    """Whether this session was shown the child a moment ago, on a page whose row names this field.

    What such a page brings with it, an image say, is the same look: a second row would make two of it.
    """
    session = _caller.get().session
    rows = AuditEntry.objects.filter(
        action=AuditEntry.Action.READ,
        child_id=child.pk,
        actor_id=user.pk,
        session=session,
        fields__contains=[field],
        at__gt=now() - JUST_NOW,
    )
    return bool(session) and rows.exists()


@contextmanager
def because(by: User | None, reason: str = "") -> Iterator[None]:
    """What changes meanwhile in this transaction is `by`'s doing, for this reason; the row writes itself.

    Needed where there is a reason to name, or where others than the person at the page act. Nobody: the
    command line of the server.
    """
    before = _why.get()
    token = _why.set((str(by.pk) if by else "", reason[:LONGEST_REASON] or before[1]))
    _tell(*_why.get())
    try:
        yield
    finally:
        _why.reset(token)
    # Not after an error: the database forgets by itself what it was told in what it takes back.
    _tell(*before)


def _tell(actor: str, reason: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('casework.actor', %s, true), set_config('casework.reason', %s, true)",
            [actor, reason],
        )


def changed(
    user: User | None,
    *,
    about_kind: str,
    about_id: UUID,
    authority_id: UUID | None = None,
    fields: Iterable[str] = (),
    reason: str = "",
) -> AuditEntry:
    """Somebody did what no watched table tells by itself: handed over files, had an invitation sent again."""
    return _write(
        AuditEntry.Action.CHANGE,
        user,
        authority_id=authority_id,
        about_kind=about_kind,
        about_id=about_id,
        fields=fields,
        reason=reason,
    )


def exported(
    user: User | None,
    *,
    authority_id: UUID,
    about_kind: str,
    about_id: UUID | None = None,
    child_ids: Iterable[str] = (),
    fields: Iterable[str] = (),
    reason: str,
) -> AuditEntry:
    """Somebody took a file out of the record. Nobody: at the server's command line.

    `child_ids` and `fields` say which rows of it, and may be very many.
    """
    caller = _caller.get()
    entry = AuditEntry(
        action=AuditEntry.Action.EXPORT,
        actor_id=user.pk if user else None,
        on_behalf_of=_program(user),
        authority_id=authority_id,
        child_ids=list(child_ids) or None,
        about_kind=about_kind,
        about_id=about_id,
        fields=list(fields),
        reason=reason[:LONGEST_REASON],
        session=caller.session,
        address=caller.address,
        request_id=caller.request_id,
    )
    copy_in([entry])
    return entry


def signed_in(user: User) -> AuditEntry:
    return _write(AuditEntry.Action.SIGN_IN, user, about_kind="user", about_id=user.pk)


def refused(user: User, *, about_kind: str, about_id: UUID | None = None, reason: str = "") -> AuditEntry:
    """Somebody asked for what is not theirs, or not theirs to do."""
    return _write(AuditEntry.Action.REFUSED, user, about_kind=about_kind, about_id=about_id, reason=reason)


def _write(
    action: AuditEntry.Action,
    user: User | None,
    *,
    about_kind: str,
    about_id: UUID | None,
    child: Child | None = None,
    authority_id: UUID | None = None,
    fields: Iterable[str] = (),
    reason: str = "",
) -> AuditEntry:
    caller = _caller.get()
    return AuditEntry.objects.create(
        action=action,
        actor_id=user.pk if user else None,
        on_behalf_of=_program(user),
        authority_id=child.authority_id if child else authority_id,
        child_id=child.pk if child else None,
        about_kind=about_kind,
        about_id=about_id,
        fields=list(fields),
        reason=reason[:LONGEST_REASON],
        session=caller.session,
        address=caller.address,
        request_id=caller.request_id,
    )


def _program(user: User | None) -> str:
    """What acts when nobody does."""
    return "" if user else str(connection.settings_dict["OPTIONS"].get("application_name", ""))


_LIST: Final = """
INSERT INTO records_auditentry
    (action, actor_id, authority_id, about_kind, child_ids, fields, reason, session, address, request_id)
SELECT 'read', %s, authority_id, %s, array_agg(id ORDER BY id), %s::varchar[], %s, %s, %s, %s
FROM records_child WHERE id = ANY(%s::uuid[]) GROUP BY authority_id"""


def _write_list(
    user: User | None, child_ids: list[UUID], *, about_kind: str, fields: Iterable[str], reason: str
) -> None:
    caller = _caller.get()
    where = (caller.session, caller.address, caller.request_id)
    with connection.cursor() as cursor:
        cursor.execute(
            _LIST,
            [user.pk if user else None, about_kind, list(fields), reason[:LONGEST_REASON], *where, child_ids],
        )
