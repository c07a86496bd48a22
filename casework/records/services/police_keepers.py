"""Who answers for letting a police force in: the administrators of every authority whose force it is.

Whoever reads for a force reads what each of those authorities shares with it. So an authority's force is not
its own business alone, and whoever is let in, all of them hear of it.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from casework.records.errors import Invalid
from casework.records.holders import who_holds
from casework.records.models import LocalAuthority, PoliceForce, Role, User
from casework.records.times import now

from .answering import contacts_of, tell_all

LET_IN: Final = "police_let_in"
NOT_HERE: Final = (
    "Several authorities work here, and whoever is let in for a force reads what each of them shares with "
    "it. So whoever runs the server names an authority’s force: manage.py name_police_force."
)


def is_alone(authority: LocalAuthority | None) -> bool:
    """Whether no authority works here but this one; None: one that is to come."""
    others = LocalAuthority.objects.filter(is_tenant=True)
    return not (others.exclude(pk=authority.pk) if authority else others).exists()


def refuse_force_named_by_one(
    by: User | None, force: PoliceForce | None, *, authority: LocalAuthority | None
) -> None:
    """`Invalid` where an administrator names the force of an authority that is not alone here.

    They could name any force, let themselves in for it, and read the children of the others. `by` is None at
    the server's command line.
    """
    if by is not None and force is not None and not is_alone(authority):
        raise Invalid(NOT_HERE, code="force_named_by_one", field="police_force")


def tell_of_police_let_in(force: PoliceForce, about: UUID, *, but: User | None) -> None:
    """Somebody of the force, or a system of it, can read from now on, or has a new secret."""
    tell_keepers(force, LET_IN, about, but=but)


def tell_keepers(force: PoliceForce, template: str, about: UUID, *, but: User | None) -> None:
    """Tell the administrators and the data-protection contact of each of them; not `but`, who knows."""
    for authority in LocalAuthority.objects.filter(police_force=force, is_tenant=True):
        keepers = who_holds(Role.ADMINISTRATOR, authority_id=authority.pk, at=now())
        people = [*keepers, *contacts_of(authority, but=but)]
        tell_all([one for one in people if one != but], template=template, about=about)
