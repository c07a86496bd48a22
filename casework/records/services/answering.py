"""Who hears that somebody looked, or must not look: a child's managers, the data-protection contact."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid5

from casework.records.access import children_answered_for
from casework.records.holders import who_holds
from casework.records.models import Child, LocalAuthority, Role, User
from casework.records.notify import outbox
from casework.records.standing import standing_of
from casework.records.times import now

LADDER: Final = (
    Role.TEAM_MANAGER,
    Role.SERVICE_MANAGER,
    Role.HEAD_OF_SERVICE,
    Role.ASSISTANT_DIRECTOR,
    Role.DIRECTOR,
)
# Where an authority has named no data-protection contact.
INSTEAD: Final = (Role.HEAD_OF_SERVICE, Role.ASSISTANT_DIRECTOR, Role.DIRECTOR, Role.SERVICE_MANAGER)


def managers_of(child: Child, *, but: User | None) -> list[User]:
    """The lowest rung of managers who may open this record themselves; never the person it is about."""
    for role in LADDER:
        holders = who_holds(
            role, authority_id=child.authority_id, team_id=child.team_id, child_id=child.pk, at=now()
        )
        able = [user for user in holders if user != but and _answers_for(user, child)]
        if able:
            return able
    return []


def managers_in(authority: LocalAuthority, team_id: UUID | None, *, but: User) -> list[User]:
    """The managers of a team, or the next rung of the authority, where no child is known."""
    for role in LADDER:
        holders = who_holds(role, authority_id=authority.pk, team_id=team_id, at=now())
        if able := [user for user in holders if user != but]:
            return able
    return []


def contacts_of(authority: LocalAuthority, *, but: User | None) -> list[User]:
    """Whom the authority named for data protection; else the heads of its services."""
    contact = authority.data_protection_contact
    if contact is not None and contact.is_active and contact != but:
        return [contact]
    for role in INSTEAD:
        if able := [u for u in who_holds(role, authority_id=authority.pk, at=now()) if u != but]:
            return able
    return []


def tell_all(people: list[User], *, template: str, about: UUID) -> None:
    """Owe each of them one message about this, however often it is said."""
    for person in {one.pk: one for one in people}.values():
        outbox.queue(
            key=uuid5(about, f"{template} {person.pk}").hex, recipient_id=person.pk, template=template
        )


def _answers_for(user: User, child: Child) -> bool:
    return children_answered_for(standing_of(user)).filter(pk=child.pk).exists()
