"""Organisations and workers as an authority's own files name them.

The caller has the transaction, has asked whether the person may, and has compared the files with the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

from django.contrib.auth.hashers import make_password
from django.db.models.functions import Lower

from casework.records import audit
from casework.records.copying import copy_in
from casework.records.models import LocalAuthority, Membership, PoliceForce, Role, Team, User
from casework.records.models.record import EditableRecord
from casework.records.services.police_keepers import refuse_force_named_by_one
from casework.records.services.rows import edit
from casework.records.standing import CASE_ROLES

REASON: Final = "Import of the authority’s files"
Editable = TypeVar("Editable", bound=EditableRecord)


def add_to_register(*, by: User | None, rows: Sequence[EditableRecord], authority: LocalAuthority) -> None:
    """Insert rows of one kind of organisation, for the authority whose files named them."""
    for row in rows:
        if isinstance(row, LocalAuthority) and row.is_tenant:
            refuse_force_named_by_one(by, row.police_force, authority=None)
    copy_in(rows)
    for row in rows:
        _note(by, row, authority)


def put_right_in_register(
    *, by: User | None, row: Editable, values: Mapping[str, object], authority: LocalAuthority
) -> Editable:
    """Change values of an organisation's row; nothing when there are none."""
    if not values:
        return row
    if isinstance(row, LocalAuthority) and isinstance(force := values.get("police_force"), PoliceForce):
        refuse_force_named_by_one(by, force, authority=row)
    row = edit(row, version=row.version, changes=values, allowed=values.keys())
    _note(by, row, authority, sorted(values))
    return row


def expect_workers(*, by: User | None, authority: LocalAuthority, teams: Mapping[str, Team | None]) -> None:
    """Social workers named by an address, each with a team, and invited later: no letter, no sign-in yet.

    Somebody who is here already keeps their name, and gets the role only if they have none for case work.
    """
    people = {user.email.lower(): user for user in _people(teams)}
    new = [User(email=email, name=name_from(email)) for email in teams if email not in people]
    for user in new:
        user.password = make_password(None)
    copy_in(new)
    people |= {user.email: user for user in new}
    here = Membership.objects.filter(authority=authority, ends_at__isnull=True, role__in=CASE_ROLES)
    at_work = set(here.filter(user__in=people.values()).values_list("user_id", flat=True))
    posts = [
        Membership(
            user=people[email],
            role=Role.SOCIAL_WORKER,
            authority=authority,
            team=team,
            invited_by=by,
        )
        for email, team in teams.items()
        if people[email].pk not in at_work
    ]
    copy_in(posts)
    for post in posts:
        _note(by, post, authority, [Role.SOCIAL_WORKER])


def _people(emails: Iterable[str]) -> Iterable[User]:
    return User.objects.annotate(small=Lower("email")).filter(small__in=list(emails))


def name_from(email: str) -> str:
    """Amina Rahal, from amina.rahal@…: what people are called until they are invited by their name."""
    words = re.findall(r"[^\W\d_]+|\d+", email.partition("@")[0])
    return " ".join(word.capitalize() for word in words)[:120] or email[:120]


def _note(
    by: User | None, row: EditableRecord, authority: LocalAuthority, fields: Iterable[str] = ()
) -> None:
    audit.changed(
        by,
        about_kind=(row._meta.model_name or "").removeprefix("local"),
        about_id=row.pk,
        authority_id=authority.pk,
        fields=fields,
        reason=REASON,
    )
