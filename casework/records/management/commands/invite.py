"""manage.py invite EMAIL --role ROLE …: give a person a role from the server's command line."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, Final, TypeVar

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Model

from casework.records.errors import Refused
from casework.records.models import (
    HOME_ROLES,
    PROVIDER_ROLES,
    Home,
    LocalAuthority,
    PoliceForce,
    Provider,
    Role,
    Team,
)
from casework.records.services.people import invite

Row = TypeVar("Row", bound=Model)

NEEDED: Final = {
    **dict.fromkeys(HOME_ROLES, "home"),
    **dict.fromkeys(PROVIDER_ROLES, "provider"),
    Role.POLICE_LIAISON: "police_force",
}


class Command(BaseCommand):
    help = (
        "Invites a person: a letter leads them to choose a password. Everybody else is invited on the pages."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--role", required=True, choices=[role for role in Role if role != Role.POLICE_SYSTEM]
        )
        parser.add_argument("--name", default="", help="taken from the address if it is not given")
        parser.add_argument("--authority", metavar="CODE", help="not needed where there is just one")
        parser.add_argument("--team", metavar="NAME")
        parser.add_argument("--home", metavar="URN")
        parser.add_argument("--provider", metavar="NAME")
        parser.add_argument("--police-force", metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            post = invite(
                by=None,
                email=options["email"],
                name=options["name"] or _name_from(options["email"]),
                role=options["role"],
                **_place(options),
            )
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{post.user.email} is invited as {post.get_role_display().lower()}.")


def _place(options: dict[str, Any]) -> dict[str, Any]:
    """The organisation that the role belongs to, by the name that people know it by."""
    needed = NEEDED.get(Role(options["role"]), "authority")
    if needed == "home":
        return {"home": _one(Home, urn=options["home"])}
    if needed == "provider":
        return {"provider": _one(Provider, name=options["provider"])}
    if needed == "police_force":
        return {"police_force": _one(PoliceForce, name=options["police_force"])}
    authority = _authority(options["authority"])
    team = _one(Team, authority=authority, name=options["team"]) if options["team"] else None
    return {"authority": authority, "team": team}


def _authority(code: str | None) -> LocalAuthority:
    if code:
        return _one(LocalAuthority, code=code, is_tenant=True)
    tenants = LocalAuthority.objects.filter(is_tenant=True)[:2]
    if len(tenants) != 1:
        raise CommandError("Say which authority: --authority CODE.")
    return tenants[0]


def _one(model: type[Row], **wanted: Any) -> Row:
    row = model._default_manager.filter(**wanted).first()
    if row is None:
        sought = ", ".join(f"{name} {value}" for name, value in wanted.items())
        raise CommandError(f"There is no {model._meta.verbose_name} with {sought}.")
    return row


def _name_from(email: str) -> str:
    """ada.quill@… is Ada Quill until somebody writes it better."""
    return email.partition("@")[0].replace(".", " ").replace("_", " ").title()
