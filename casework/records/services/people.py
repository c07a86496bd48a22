"""People: inviting, ending a role, suspending. Nobody makes an account for themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q

from casework.records import audit
from casework.records.errors import Conflict, Invalid, NotAllowed
from casework.records.models import (
    AUTHORITY_ROLES,
    HOME_ROLES,
    POLICE_ROLES,
    PROVIDER_ROLES,
    Home,
    LocalAuthority,
    Membership,
    Notification,
    PoliceForce,
    Provider,
    Role,
    Team,
    User,
)
from casework.records.notify import outbox
from casework.records.notify.templates import INVITATION
from casework.records.services.police_keepers import tell_of_police_let_in
from casework.records.services.rows import add, edit
from casework.records.standing import live_memberships, standing_of
from casework.records.times import CaseworkNow, now

LONGEST_EMAIL: Final = 254
MOBILE: Final = re.compile(r"\+447\d{9}")  # the only numbers that text messages can be sent to everywhere


@transaction.atomic
def invite(
    *,
    by: User | None,
    email: str,
    name: str,
    role: str,
    authority: LocalAuthority | None = None,
    team: Team | None = None,
    home: Home | None = None,
    provider: Provider | None = None,
    police_force: PoliceForce | None = None,
) -> Membership:
    """Give a person a role in one organisation, and a sign-in if they have none; a message tells them.

    `by` is None at the server's command line, where the first administrator is made.
    """
    role = _known(role)
    post = _fitting(role, authority or (team.authority if team else None), team, home, provider, police_force)
    if by is not None:
        _require_invite(by, post)
    with audit.because(by):
        user, is_new = _person(email, name)
        if live_memberships(CaseworkNow()).filter(user=user, **_place(post)).exists():
            raise Conflict("This person already has this role here.", code="has_role")
        post.user, post.invited_by = user, by
        add(post)
    outbox.queue(
        key=uuid4().hex,
        recipient_id=user.pk,
        template=INVITATION if is_new else "new_role",
    )
    if post.police_force is not None:
        tell_of_police_let_in(post.police_force, post.pk, but=by)
    return post


@transaction.atomic
def send_invitation(*, by: User, membership: Membership, name: str) -> Membership:
    """Invite a person whom the authority's files only named: they get their name, and a letter with a link.

    Conflict when they have been invited already, or have a sign-in.
    """
    _require_invite(by, membership)
    user = User.objects.select_for_update().get(pk=membership.user_id)
    if not awaits_invitation(user):
        raise Conflict("This person has been invited already.", code="invited")
    if not name.strip():
        raise Invalid("Enter the person’s name.", field="name")
    with audit.because(by):
        User.objects.filter(pk=user.pk).update(name=name.strip(), version=F("version") + 1)
    outbox.queue(key=uuid4().hex, recipient_id=user.pk, template=INVITATION)
    audit.changed(
        by,
        about_kind="membership",
        about_id=membership.pk,
        authority_id=membership.authority_id,
        fields=["invitation"],
    )
    return membership


@transaction.atomic
def send_all_invitations(*, by: User, authority: LocalAuthority) -> int:
    """Invite everybody whom the authority's files named, under the names they have; how many."""
    posts = live_memberships(CaseworkNow()).filter(authority=authority).select_related("user")
    by_user = {post.user_id: post for post in posts.order_by("starts_at")}
    waiting = awaiting_invitation(post.user for post in by_user.values())
    for user_id in sorted(waiting):
        send_invitation(by=by, membership=by_user[user_id], name=by_user[user_id].user.name)
    return len(waiting)


@transaction.atomic
def change_own_number(*, by: User, phone: str) -> None:
    """Where this person gets text messages; empty: nowhere. Invalid for what is no British mobile number."""
    if phone and not MOBILE.fullmatch(phone):
        raise Invalid("Enter a British mobile number, like 07700 900 982.", field="phone")
    with audit.because(by):
        User.objects.filter(pk=by.pk).update(phone=phone, version=F("version") + 1)


def awaits_invitation(user: User) -> bool:
    """Whether this person is known by address only: nobody has sent them a link, and they cannot sign in."""
    return user.pk in awaiting_invitation([user])


def awaiting_invitation(users: Iterable[User]) -> set[UUID]:
    """Those of these people who still have to be invited, in one query."""
    silent = {user.pk for user in users if user.is_active and not _can_sign_in(user)}
    letters = Notification.objects.filter(recipient_id__in=silent, template=INVITATION)
    return silent - set(letters.values_list("recipient_id", flat=True))


def _can_sign_in(user: User) -> bool:
    return user.last_login is not None or user.has_usable_password()


@transaction.atomic
def end_membership(*, by: User, membership: Membership, reason: str = "") -> Membership:
    """End a role from this moment. An authority keeps at least one administrator."""
    _require_invite(by, membership)
    administrators = _locked_administrators(membership) if membership.role == Role.ADMINISTRATOR else []
    membership = Membership.objects.select_for_update(no_key=True, of=("self",)).get(pk=membership.pk)
    moment = now()
    if membership.ends_at is not None and membership.ends_at <= moment:
        raise Conflict("This role has already ended.", code="membership_ended")
    if membership.role == Role.ADMINISTRATOR and not set(administrators) - {membership}:
        raise Conflict("This is the last administrator. Invite another first.", code="last_administrator")
    changes = {"ends_at": max(moment, membership.starts_at)}
    with audit.because(by, reason):
        return edit(membership, version=membership.version, changes=changes, allowed=changes.keys())


@transaction.atomic
def suspend(*, by: User, user: User, reason: str) -> User:
    """Stop a person's sign-in at once, everywhere. Their next request finds them signed out."""
    return _set_active(by, user, False, reason)


@transaction.atomic
def restore(*, by: User, user: User, reason: str) -> User:
    """Let a suspended person sign in again."""
    return _set_active(by, user, True, reason)


def _set_active(by: User, user: User, is_active: bool, reason: str) -> User:
    if not reason.strip():
        raise Invalid("Say why.", field="reason")
    if by == user:
        raise NotAllowed("Another administrator has to do this.", code="not_oneself")
    posts = Membership.objects.filter(user=user).select_related("home", "provider")
    live = posts.filter(pk__in=live_memberships(CaseworkNow()).filter(user=user))
    theirs = [_may_invite(by, post) for post in live] or [any(_may_invite(by, post) for post in posts)]
    if not any(theirs):
        raise NotAllowed("Only an administrator of this person’s organisation can do this.")
    if not all(theirs):
        raise NotAllowed(
            "This person works for others too. End their role here instead.", code="works_elsewhere"
        )
    with audit.because(by, reason):
        User.objects.filter(pk=user.pk).update(is_active=is_active)
    user.refresh_from_db()
    return user


# Who may invite whom ---------------------------------------------------------------------------------


def _require_invite(by: User, post: Membership) -> None:
    if not _may_invite(by, post):
        raise NotAllowed(
            "You can give and end roles where you are administrator or registered manager.",
            code="not_allowed_invite",
        )


def _may_invite(by: User, post: Membership) -> bool:
    """An administrator: in the authority, in the homes it keeps, and its police force.

    Those who answer for a whole provider see the children of all its homes, of other authorities too: only
    the authority that brought the provider in, with its first home, gives those roles. A registered manager:
    staff of the provider's homes, and on-call managers.
    """
    if post.role == Role.POLICE_SYSTEM:  # that account ends with its client, and never comes back
        return False
    standing = standing_of(by)
    inviting = frozenset(
        p.authority_id for p in standing.posts if p.authority_id and p.role == Role.ADMINISTRATOR
    )
    runs = frozenset(p.provider_id for p in standing.posts if p.role == Role.REGISTERED_MANAGER)
    if post.authority_id:
        return post.authority_id in inviting
    if post.home is not None:
        return post.home.kept_by_id in inviting or post.home.provider_id in runs
    if post.provider_id:
        if post.role == Role.ON_CALL_MANAGER and post.provider_id in runs:
            return True
        first = Home.objects.filter(provider_id=post.provider_id).order_by("recorded_at", "pk").first()
        return first is not None and first.kept_by_id in inviting
    return LocalAuthority.objects.filter(pk__in=inviting, police_force_id=post.police_force_id).exists()


def _locked_administrators(leaving: Membership) -> list[Membership]:
    """The administrators of that authority, this one too: locked in one order, so that of two who end each
    other at once the second waits, and finds herself the last."""
    theirs = live_memberships(CaseworkNow()).filter(
        authority_id=leaving.authority_id, role=Role.ADMINISTRATOR, user__is_active=True
    )
    return list(theirs.select_for_update(no_key=True, of=("self",)).order_by("pk"))


# The parts of an invitation --------------------------------------------------------------------------


def _known(role: str) -> Role:
    if role not in Role.values or role == Role.POLICE_SYSTEM:  # that account comes with its client
        raise Invalid("Choose one from the list.", field="role")
    return Role(role)


def _fitting(
    role: Role,
    authority: LocalAuthority | None,
    team: Team | None,
    home: Home | None,
    provider: Provider | None,
    police_force: PoliceForce | None,
) -> Membership:
    """The membership without its person, with just the organisation that its role belongs to."""
    needed, organisation = next(
        (field, given)
        for field, roles, given in (
            ("authority", AUTHORITY_ROLES, authority),
            ("home", HOME_ROLES, home),
            ("provider", PROVIDER_ROLES, provider),
            ("police_force", POLICE_ROLES, police_force),
        )
        if role in roles
    )
    if organisation is None:
        raise Invalid(f"Choose where this person is {role.label.lower()}.", field=needed)
    post = Membership(role=role, **{needed: organisation})
    if needed == "authority" and team is not None:
        if team.authority_id != post.authority_id:
            raise Invalid("Choose one from the list.", field="team")
        post.team = team
    return post


def _place(post: Membership) -> dict[str, object]:
    """Where a membership is, for finding the same one."""
    return {
        "role": post.role,
        "authority_id": post.authority_id,
        "team_id": post.team_id,
        "home_id": post.home_id,
        "provider_id": post.provider_id,
        "police_force_id": post.police_force_id,
    }


def _person(email: str, name: str) -> tuple[User, bool]:
    """The person with this address, made if there is none; whether they still have to choose a password."""
    address = _email_address(email)
    user = User.objects.filter(Q(email__iexact=address)).first()
    if user is None:
        if not name.strip():
            raise Invalid("Enter the person’s name.", field="name")
        user = User(email=address, name=name.strip())
        user.set_unusable_password()
        add(user, conflict="Somebody has just been invited at this address. Look again.")
    if not user.is_active:
        raise Conflict("This person is suspended. Restore them first.", code="suspended")
    return user, not user.has_usable_password()


def _email_address(text: str) -> str:
    """The address in small letters, its domain as mail servers write it; `Invalid` when it is none."""
    wrong = Invalid("Enter an e-mail address, like name@example.org.", field="email")
    local, at, domain = text.strip().rpartition("@")
    if not at or not text.strip(" ").isprintable():  # a line break would be a header of its own
        raise wrong
    try:
        address = f"{local}@{domain.encode('idna').decode('ascii')}".lower()
        validate_email(address)
    except (UnicodeError, ValidationError):
        raise wrong from None
    if len(address) > LONGEST_EMAIL:
        raise wrong
    return address
