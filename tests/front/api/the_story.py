"""The story of `docs/how-to/police-api.md`, told by a client that a public generator made from the schema.

Run by `test_how_to.py`, with that client on its path and the service's address in the environment.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from uuid import uuid4

from casework_client import AuthenticatedClient, Client
from casework_client import models as m
from casework_client.api.episodes import (
    acknowledge,
    give_grade,
    give_reference,
    list_episodes,
    read_episode,
    report_found,
    report_sighting,
)
from casework_client.api.events import read_events
from casework_client.api.receipts import confirm_events
from casework_client.api.token import get_token

ADDRESS = os.environ["CASEWORK"]


def a_key() -> str:
    return str(uuid4())


asked = m.TokenAsked(
    grant_type=m.GrantTypeEnum.CLIENT_CREDENTIALS,
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
)
given = get_token.sync(client=Client(base_url=ADDRESS), body=asked)
assert isinstance(given, m.TokenGiven), given
client = AuthenticatedClient(base_url=ADDRESS, token=given.access_token)

listed = list_episodes.sync(client=client, limit=20)
assert isinstance(listed, m.EpisodePage), listed
key = listed.episodes[0].id
read = read_episode.sync_detailed(key, client=client)
assert isinstance(read.parsed, m.Episode), read
assert read.parsed.child.first_name == "Kit"
assert read.parsed.missing_since < datetime.now(UTC)

acknowledged = acknowledge.sync(key, client=client, body=m.Acknowledgement(), idempotency_key=a_key())
assert isinstance(acknowledged, m.Acknowledged), acknowledged

tag = read_episode.sync_detailed(key, client=client).headers["ETag"]
named = give_reference.sync(key, client=client, body=m.Reference(police_reference="EX-4417"), if_match=tag)
assert isinstance(named, m.Episode), named
assert named.police_reference == "EX-4417"

grade = m.GradeSent(grade=m.Grade.HIGH, rationale="A car waited outside.", assessor="Inspector on duty")
graded = give_grade.sync(key, client=client, body=grade, idempotency_key=a_key())
assert isinstance(graded, m.GradeShown), graded

seen = m.Sighting(
    words="Seen on the platform.",
    where="Bus station",
    happened_at=datetime.now(UTC),
    position=m.PositionSent(latitude=51.50712, longitude=-0.12654),
)
sighted = report_sighting.sync(key, client=client, body=seen, idempotency_key=a_key())
assert isinstance(sighted, m.NewsShown), sighted

found = m.FoundSent(located_at=datetime.now(UTC), where="With a friend", identity_confirmed=True)
located = report_found.sync(key, client=client, body=found, idempotency_key=a_key())
assert isinstance(located, m.FoundShown), located

page = read_events.sync(client=client)
assert isinstance(page, m.EventPage), page
after = read_events.sync(client=client, cursor=page.next_)
assert isinstance(after, m.EventPage), after
assert after.events == []
receipt = confirm_events.sync(
    client=client, body=m.Receipt(read_up_to=page.events[-1].number), idempotency_key=a_key()
)
assert isinstance(receipt, m.ReceiptShown), receipt
