"""The same request twice is done once (T15.1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from threading import Barrier, Thread
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

import pytest
from django.db import connection

from casework.records.models import FormKey
from casework.records.times import now
from incidents.models import MissingEpisode, News
from tests.front.api.calling import JSON, System, a_system, path
from tests.front.api.test_bad_input import refused

if TYPE_CHECKING:
    from tests.cast import Cast

T = TypeVar("T")
SIGHTING = {"words": "At the station."}


@pytest.mark.ac("A16")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "key_missing"),
        ("tomorrow", "key_malformed"),
        ("x" * 300, "key_malformed"),
        ("{88a1b26e-6aca-4fb0-b6ea-baa0868d3134}", "key_malformed"),
    ],
)
def test_a_key_is_needed_and_is_a_uuid(system: System, episode: MissingEpisode, key: str, code: str) -> None:
    headers = {**system.keys, **({"Idempotency-Key": key} if key else {})}
    answer = system.line.post(path("sightings", episode.pk), SIGHTING, content_type=JSON, headers=headers)
    refused(answer, 400, code)
    assert not News.objects.exists()


@pytest.mark.ac("T15.1")
@pytest.mark.django_db
def test_the_same_again_is_shown_again(system: System, episode: MissingEpisode) -> None:
    key = uuid4()
    first = system.post(path("sightings", episode.pk), SIGHTING, key=key)
    again = system.post(path("sightings", episode.pk), SIGHTING, key=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert News.objects.count() == 1


@pytest.mark.ac("A16")
@pytest.mark.ac("T15.1")
@pytest.mark.django_db
def test_the_same_key_for_something_else_is_refused(system: System, episode: MissingEpisode) -> None:
    key = uuid4()
    system.post(path("sightings", episode.pk), SIGHTING, key=key)
    refused(system.post(path("sightings", episode.pk), {"words": "At home."}, key=key), 422, "key_used")
    refused(
        system.post(path("sighting-batches", episode.pk), {"sightings": [SIGHTING]}, key=key), 422, "key_used"
    )
    assert News.objects.count() == 1


@pytest.mark.django_db
def test_spaces_and_the_order_of_names_are_not_something_else(
    system: System, episode: MissingEpisode
) -> None:
    key = str(uuid4())
    address = path("sightings", episode.pk)
    system.send_raw(address, b'{"words":"x","where":"y"}', **{"Idempotency-Key": key})
    again = system.send_raw(address, b'{ "where" : "y", "words" : "x" }', **{"Idempotency-Key": key})
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")


@pytest.mark.django_db
def test_what_was_refused_leaves_its_key_unused(system: System, episode: MissingEpisode) -> None:
    key = uuid4()
    soon = (now() + timedelta(hours=1)).isoformat()
    refused(system.post(path("sightings", episode.pk), {**SIGHTING, "happened_at": soon}, key=key), 400)
    assert system.post(path("sightings", episode.pk), SIGHTING, key=key).status_code == 201


@pytest.mark.django_db
def test_another_clients_key_is_another_key(cast: Cast, system: System, episode: MissingEpisode) -> None:
    other, key = a_system(cast.ada, cast.police).sign_in(), uuid4()
    first = system.post(path("sightings", episode.pk), SIGHTING, key=key)
    second = other.post(path("sightings", episode.pk), {"words": "At home."}, key=key)
    assert (first.status_code, second.status_code, News.objects.count()) == (201, 201, 2)


@pytest.mark.ac("T15.1")
@pytest.mark.django_db
def test_a_key_is_kept_for_at_least_seven_days(system: System, episode: MissingEpisode) -> None:
    """It is a row of the record, which nothing takes away."""
    key = uuid4()
    system.post(path("sightings", episode.pk), SIGHTING, key=key)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_formkey SET recorded_at = recorded_at - interval '7 days'")
    again = system.post(path("sightings", episode.pk), SIGHTING, key=key)
    assert (again.headers["Idempotent-Replayed"], FormKey.objects.count()) == ("true", 1)


def side_by_side(system: System, lines: int, send: Callable[[System], T]) -> list[T]:
    """So many lines of one system, each on a connection of its own, at the same moment."""
    answers: list[T] = []
    together = Barrier(lines)

    def call() -> None:
        line = System(system.client, system.secret, system.token)
        together.wait()
        answers.append(send(line))
        connection.close()

    threads = [Thread(target=call) for _ in range(lines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.ac("T15.1")
@pytest.mark.django_db(transaction=True)
def test_a_hundred_at_once_make_one_row(cast: Cast, system: System, episode: MissingEpisode) -> None:
    """Each is answered: with the row, or that it is being carried out and to come again in a second."""
    key, address = uuid4(), path("sightings", episode.pk)
    heard = side_by_side(system, 10, lambda line: [line.post(address, SIGHTING, key=key) for _ in range(10)])
    answers = [(one.status_code, one.headers.get("Retry-After")) for ten in heard for one in ten]
    assert News.objects.count() == 1
    assert len(answers) == 100
    assert set(answers) <= {(201, None), (409, "1")}


@pytest.mark.ac("T14.3")
@pytest.mark.django_db(transaction=True)
def test_fifty_sightings_at_once_are_fifty(cast: Cast, system: System, episode: MissingEpisode) -> None:
    """What is only ever added stands in nobody's way."""
    answers = side_by_side(system, 50, lambda line: line.post(path("sightings", episode.pk), SIGHTING))
    assert [answer.status_code for answer in answers] == [201] * 50
    assert len({answer.json()["id"] for answer in answers}) == 50
    assert News.objects.filter(episode=episode).count() == 50


@pytest.mark.ac("T14.1")
@pytest.mark.django_db(transaction=True)
def test_of_two_references_for_one_version_one_is_kept(
    cast: Cast, system: System, episode: MissingEpisode
) -> None:
    address = path("episode", episode.pk)
    for turn in range(10):
        tag, numbers = system.get(address).headers["ETag"], count(1)
        answers = side_by_side(
            system,
            2,
            lambda line: line.patch(address, {"police_reference": f"EX {turn}-{next(numbers)}"}, tag),  # noqa: B023  # both end with the turn
        )
        kept, other = sorted(answers, key=lambda answer: answer.status_code)
        assert (kept.status_code, other.status_code, other.json()["code"]) == (200, 412, "changed")
        read = system.get(address)
        assert read.json()["police_reference"] == kept.json()["police_reference"]
        assert read.headers["ETag"] == kept.headers["ETag"] != tag
