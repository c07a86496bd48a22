"""manage.py seed_demo --accounts FILE: the demo's people, and a private list of who can sign in."""

from __future__ import annotations

import json
import secrets
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from casework import environment
from casework.embedded import write_private
from casework.front.demo.police_system import let_in
from casework.front.demo.seeding import seed
from casework.records.times import clock_kind

EASILY_READ: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # no l and 1, no o and 0
LETTERS: Final = 16


class Command(BaseCommand):
    help = "Places the demo's people and writes who can sign in and call. Safe to repeat: passwords stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts", type=Path, required=True, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO or clock_kind() == "real":
            raise CommandError("Published passwords belong into a demo only: set DEMO=1 and run prepare.")
        kept = _kept(options["accounts"])
        accounts = seed(_Passwords(kept))
        listed = {
            "address": settings.PUBLIC_URL,
            "accounts": [asdict(account) for account in accounts],
            "police_system": asdict(let_in(kept.get("police_system", {}))),
        }
        write_private(options["accounts"], json.dumps(listed, indent=1, ensure_ascii=False))


def _kept(file: Path) -> dict[str, Any]:
    """What the file of before says; it is kept, so that nobody has to look again."""
    kept: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    return kept


class _Passwords:
    """DEMO_PASSWORD for all; else the one that the file of before has for an address, or a new one."""

    def __init__(self, kept: dict[str, Any]) -> None:
        self._for_all = environment.text("DEMO_PASSWORD", "")
        self._kept = {account["email"]: account["password"] for account in kept.get("accounts", [])}

    def __call__(self, email: str) -> str:
        return self._for_all or self._kept.get(email) or _new_password()


def _new_password() -> str:
    return "".join(secrets.choice(EASILY_READ) for _ in range(LETTERS))
