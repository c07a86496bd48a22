"""The police's own system at every address of the API: what it is shown, and where its words end up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from django.db import transaction

from casework.records.field_rules import Place
from casework.records.times import now
from tests.access.a_world import World
from tests.access.answering import words_in_the_record
from tests.access.canaries import Canaries
from tests.front.api.calling import System, a_system, path

A_WORD: Final = "wq9001qw"


def shown_to_a_system(world: World, canaries: Canaries) -> Iterator[tuple[str, Place]]:
    """Each field whose canary sings in an answer, and at which address."""
    system = a_system(world.cast.ada, world.cast.police).sign_in()
    of_each = [("api:episode", path("episode", key)) for key in world.ids["episode_id"]]
    for name, address in [("api:episodes", path("episodes")), ("api:events", path("events")), *of_each]:
        answer = system.get(address)
        said = answer.content.decode() + str(dict(answer.headers))
        yield from ((name, place) for place in canaries.found_in(said))


def written_by_a_system(world: World) -> Iterator[tuple[str, Place]]:
    """Each field in which its words are in the record after a request that was taken; which is undone."""
    system = a_system(world.cast.ada, world.cast.police).sign_in()
    key = world.ids["episode_id"][0]
    for name, body in _bodies().items():
        with transaction.atomic():
            assert _sent(system, name, path(name, key), body) in (200, 201), name
            found = words_in_the_record()
            transaction.set_rollback(True)
        assert found, name
        yield from ((f"api:{name}", place) for place in found)


def _sent(system: System, name: str, address: str, body: object) -> int:
    """A change names the version that it changes; all else is new."""
    if name != "episode":
        return system.post(address, body).status_code
    return system.patch(address, body, system.get(address).headers["ETag"]).status_code


def _bodies() -> Mapping[str, object]:
    """Every text that may be sent."""
    seen = {"words": A_WORD, "where": A_WORD, "told_by": A_WORD}
    return {
        "episode": {"police_reference": A_WORD},
        "grades": {"grade": "high", "rationale": A_WORD, "assessor": A_WORD},
        "sightings": seen,
        "sighting-batches": {"sightings": [seen]},
        "found": {
            "located_at": now().isoformat(),
            "where": A_WORD,
            "with_whom": A_WORD,
            "condition": A_WORD,
        },
    }
