"""How somebody in a home writes a report, screen by screen, through the test client."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final

from django.test import Client
from django.urls import reverse

from casework.records.models import Child, User
from incidents.models import MissingEpisode
from protocols import engine, publishing
from protocols.models import ProtocolVersion

Answers = Mapping[str, Any]

WHERE: Final = {"where": "missing"}
SEEN: Final = {
    "last_seen_at": "60",
    "last_seen_where": "Upstairs landing, going to her room",
    "seen_by": "me",
    "noticed_at": "30",
}
CHECKS: Final = {"checks": ["room", "phoned"], "circumstances": "A call at ten, in tears after it"}
URGENT: Final = {"signs": ["none"]}
WITH_THEM: Final = {"wearing": "Grey hoodie, black joggers", "carrying": "School bag"}
POLICE: Final = {"told": "not_yet"}

SCREENS: Final[Mapping[str, Answers]] = {
    "where": WHERE,
    "seen": SEEN,
    "checks": CHECKS,
    "urgent": URGENT,
    "with-them": WITH_THEM,
    "police": POLICE,
}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def begin(client: Client, *children: Child) -> uuid.UUID:
    """The first question; the key of the draft that it begins."""
    chosen = [str(child.pk) for child in children]
    answer = client.post(reverse("pages:report-new"), {"children": chosen, "form_key": str(uuid.uuid4())})
    assert answer.status_code == 302, answer.content.decode()
    return uuid.UUID(answer.url.split("/")[2])  # type: ignore[attr-defined]  # a redirect has one


def question_url(draft_id: uuid.UUID, slug: str) -> str:
    return reverse("pages:report-question", args=[draft_id, slug])


def answer_all(client: Client, *children: Child, **changes: Answers) -> str:
    """Every screen, some with other answers than usual; the address of the check."""
    draft_id = begin(client, *children)
    screens = {**SCREENS, **{name.replace("_", "-"): told for name, told in changes.items()}}
    for slug, told in screens.items():
        sent = client.post(question_url(draft_id, slug), told)
        assert sent.status_code == 302, (slug, sent.content.decode())
    return reverse("pages:report-check", args=[draft_id])


def the_clock_looks(episode: MissingEpisode) -> None:
    """What happens once a page's transaction is committed, which a test's never is."""
    if not ProtocolVersion.objects.filter(state=ProtocolVersion.State.PUBLISHED).exists():
        publishing.publish_default()
    engine.reconcile(episode.pk)
