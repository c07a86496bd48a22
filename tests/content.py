"""What a database records, as lines of text that two databases can be compared by.

Ids, versions, the moments at which things were written down and the numbers of episodes are left out: the
same history, taken in by another way, reads the same. By hand, with the local service's database:

    ./run manage shell -v 0 -c "from tests.content import lines; print(*lines(), sep='\\n')" > content.txt
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import QuerySet

from casework.records.models import (
    Child,
    Home,
    ImportedRow,
    LegalStatus,
    LocalAuthority,
    Membership,
    Neighbour,
    Placement,
    PoliceForce,
    Provider,
    Team,
    User,
)
from incidents.models import MissingEpisode, Spell

_OF_CHILD: Final = ("child__authority__code", "child__reference")
_OF_EPISODE: Final = tuple(f"episode__{name}" for name in (*_OF_CHILD, "noticed_at", "state"))
_CLOCKS: Final = tuple(
    f"{clock}_{ending}"
    for clock in ("last_seen", "left", "noticed", "told_authority", "told_police", "located", "returned")
    for ending in ("at", "estimated")
)
_TABLES: Final[tuple[tuple[str, QuerySet[Any], tuple[str, ...]], ...]] = (
    ("force", PoliceForce.objects.all(), ("name", "control_room_phone")),
    (
        "authority",
        LocalAuthority.objects.all(),
        (
            *("code", "name", "is_tenant", "police_force__name", "duty_phone", "out_of_hours_phone"),
            "duty_email",
        ),
    ),
    (
        "neighbour",
        Neighbour.objects.all(),
        (
            *("authority__code", "other__name", "is_adjoining", "duty_phone", "out_of_hours_phone"),
            "duty_email",
        ),
    ),
    ("provider", Provider.objects.all(), ("name", "phone")),
    (
        "home",
        Home.objects.all(),
        (
            *("urn", "name", "kind", "sector", "provider__name", "host_authority__name", "kept_by__code"),
            *("police_force__name", "capacity", "phone", "email"),
        ),
    ),
    ("team", Team.objects.all(), ("authority__code", "name", "kind")),
    ("person", User.objects.all(), ("email", "name", "is_active")),
    (
        "role",
        Membership.objects.all(),
        ("user__email", "role", "authority__code", "team__name", "home__urn", "provider__name"),
    ),
    (
        "child",
        Child.objects.all(),
        (
            *("authority__code", "reference", "first_name", "last_name", "known_as", "born_on", "sex"),
            *("ethnicity", "upn", "is_unaccompanied", "unaccompanied_until", "team__name"),
            "allocated_worker__email",
        ),
    ),
    (
        "placement",
        Placement.objects.all(),
        (*_OF_CHILD, "home__urn", "period", "place_code", "provider_code", "reason_ended"),
    ),
    ("legal status", LegalStatus.objects.all(), (*_OF_CHILD, "code", "from_on", "until_on")),
    (
        "episode",
        MissingEpisode.objects.all(),
        (*_OF_CHILD, "state", "home__urn", "placement__period", "circumstances", *_CLOCKS),
    ),
    ("spell", Spell.objects.all(), (*_OF_EPISODE, "ordinal", "category", "started_at", "ended_at")),
    ("read", ImportedRow.objects.all(), ("authority__code", "kind", "key", "year", "values", "gone_at")),
)


def lines() -> list[str]:
    """The whole content, sorted."""
    return sorted(line for name, rows, fields in _TABLES for line in _lines_of(name, rows, fields))


def _lines_of(name: str, rows: QuerySet[Any], fields: tuple[str, ...]) -> Iterator[str]:
    for row in rows.all().values(*fields).iterator(chunk_size=2_000):
        if "gone_at" in row:
            row["gone_at"] = row["gone_at"] is not None  # whether, not when
        yield f"{name} {json.dumps(row, default=str, sort_keys=True, ensure_ascii=False)}"
