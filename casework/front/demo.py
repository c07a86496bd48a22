"""The demo's people, put where they belong through the same services that everybody uses.

They have been there for a while: each step is written in the past, which only a movable clock obeys.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final

from django.db import transaction

from casework.front.demo_people import ADA, AMINA, CHILDREN, PEOPLE, Person, Places, Young, make_places
from casework.records.models import Child, LocalAuthority, Notification, User
from casework.records.notify.templates import INVITATION
from casework.records.services.children import allocate_worker, record_legal_status, register_child
from casework.records.services.people import invite
from casework.records.services.placements import start_placement
from casework.records.services.profile import record_fact
from casework.records.times import now, pretend_now

SET_UP_BEFORE: Final = timedelta(days=400)
PLACED_BEFORE: Final = timedelta(days=160)
IN_CARE_BEFORE: Final = timedelta(days=700)
CHILDREN_HOME: Final = "K2"
PRIVATE: Final = "PR4"

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
    if not LocalAuthority.objects.filter(code="EXS").exists():
        _place_everybody(now())
        pretend_now(None)
    return [_account(person, passwords(person.email)) for person in PEOPLE]


def _place_everybody(today: datetime) -> None:
    pretend_now(today - SET_UP_BEFORE)
    places = make_places()
    for person in PEOPLE:
        invite(by=None, email=person.email, name=person.name, role=person.role, **person.post(places))
    # They get their passwords from a list, so no letter need tell them to choose one.
    Notification.objects.filter(template=INVITATION, state=Notification.State.QUEUED).update(
        state=Notification.State.WITHDRAWN, reason="The demo's people have their passwords already."
    )
    staff = {user.email: user for user in User.objects.all()}
    for young in CHILDREN:
        pretend_now(today - PLACED_BEFORE)
        child = _take_in(young, places, staff, today)
        for fact in sorted(young.facts, key=attrgetter("days_ago"), reverse=True):
            pretend_now(today - timedelta(days=fact.days_ago))
            by = staff[young.recorder]
            record_fact(by=by, child=child, kind=fact.kind, words=fact.words, source=fact.source)


def _take_in(young: Young, places: Places, staff: dict[str, User], today: datetime) -> Child:
    """Register one child, allocated to Amina and placed in a home since then."""
    ada = staff[ADA]
    child = register_child(
        by=ada,
        authority=places.exampleshire,
        reference=young.reference,
        first_name=young.first_name,
        last_name=young.last_name,
        born_on=young.born_on(today.date()),
        sex=young.sex,
        is_unaccompanied=young.is_unaccompanied,
        languages=young.languages,
        needs_interpreter=young.needs_interpreter,
    )
    in_care_on = (today - IN_CARE_BEFORE).date()
    record_legal_status(by=ada, child=child, code=young.legal_status, from_on=in_care_on)
    child = allocate_worker(by=ada, child=child, worker=staff[AMINA], team=places.team)
    start_placement(
        by=ada,
        child=child,
        home=young.home(places),
        starts_at=today - PLACED_BEFORE,
        place_code=CHILDREN_HOME,
        provider_code=PRIVATE,
    )
    return child


def _account(person: Person, password: str) -> Account:
    user = User.objects.get(email=person.email)
    if not user.check_password(password):  # the same again would sign everybody out
        user.set_password(password)
        user.save(update_fields=["password"])
    return Account(person.email, password, person.name, person.role_words)
