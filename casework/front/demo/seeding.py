"""The demo's people, put where they belong through the same services that everybody uses.

They have been there for a while: each step is written in the past, which only a movable clock obeys.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction

from casework.front.demo.arriving import take_in
from casework.front.demo.children import RESIDENTS
from casework.front.demo.people import MOBILES, PEOPLE, Person
from casework.front.demo.places import Places, make_places
from casework.records.models import Child, Notification, User
from casework.records.notify.templates import INVITATION
from casework.records.services.people import invite
from casework.records.services.police_keepers import LET_IN
from casework.records.times import now, pretend_now

SET_UP_BEFORE: Final = timedelta(days=400)
BEGINS_SO: Final = "The demo begins with them let in."

Passwords = Callable[[str], str]


@dataclass(frozen=True)
class Account:
    """One line of the list of who can sign in."""

    email: str
    password: str
    name: str
    role: str


@transaction.atomic
def seed(passwords: Passwords) -> list[Account]:
    """Place everybody who is not there yet, and give each the password that `passwords` has for the address.

    Safe to repeat: a second time only a password that differs is changed.
    """
    today = now()
    pretend_now(today - SET_UP_BEFORE)
    places = make_places()
    _invite_everybody(places)
    for young in RESIDENTS:
        if not Child.objects.filter(authority=places.exampleshire, reference=young.reference).exists():
            take_in(young, places, today)
    pretend_now(None)
    users = {user.email: user for user in User.objects.all()}
    return [_account(person, users[person.email], passwords(person.email)) for person in PEOPLE]


def _invite_everybody(places: Places) -> None:
    known = set(User.objects.values_list("email", flat=True))
    for person in PEOPLE:
        if person.email not in known:
            invite(by=None, email=person.email, name=person.name, role=person.role, **person.post(places))
    for email, mobile in MOBILES.items():
        User.objects.filter(email=email, phone="").update(phone=mobile)
    # They get their passwords from a list, so no letter need tell them to choose one.
    take_back_letters(INVITATION, "The demo's people have their passwords already.")
    take_back_letters(LET_IN, BEGINS_SO)


def take_back_letters(template: str, reason: str) -> None:
    """Nobody is sent a letter about how a demo begins."""
    Notification.objects.filter(template=template, state=Notification.State.QUEUED).update(
        state=Notification.State.WITHDRAWN, reason=reason
    )


def _account(person: Person, user: User, password: str) -> Account:
    is_new = not user.has_usable_password()
    if is_new or not user.check_password(password):  # the same again would sign everybody out
        user.set_password(password)
        user.save(update_fields=["password"])
    return Account(person.email, password, person.name, person.role_words)
