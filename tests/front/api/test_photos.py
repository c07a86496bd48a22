"""The force's system reads a photograph that was approved for the police; any other is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from casework.records.models import Photo
from casework.records.photos import content_of
from casework.records.services import photos
from casework.records.times import now
from incidents.models import EpisodeShare, MissingEpisode
from incidents.services import sharing
from tests.a_photo import RED, picture
from tests.front.api.calling import System, a_system, path
from tests.front.api.test_bad_input import refused
from tests.records.audit_rows import asked

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo(cast: Cast, episode: MissingEpisode) -> Photo:
    """Approved for the police, beside one that is not."""
    photos.add_photo(by=cast.carl, child=cast.kit, picture=picture(RED), source="His aunt")
    return photos.add_photo(
        by=cast.carl,
        child=cast.kit,
        picture=picture(),
        source="The school",
        taken_on=now().date(),
        for_police=True,
    )


def listed(system: System, episode: MissingEpisode) -> list[dict[str, object]]:
    found: list[dict[str, object]] = system.get(path("episode", episode.pk)).json()["photos"]
    return found


def test_the_episode_names_what_is_approved_and_where_it_is(
    system: System, episode: MissingEpisode, photo: Photo
) -> None:
    assert listed(system, episode) == [
        {
            "id": str(photo.pk),
            "url": path("photo", episode.pk, photo.pk),
            "taken_on": now().date().isoformat(),
            "is_rough": False,
            "source": "The school",
            "width": 90,
            "height": 120,
        }
    ]
    answer = system.get(listed(system, episode)[0]["url"])  # type: ignore[arg-type]  # an address
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert answer.headers["ETag"] == f'"{photo.digest}"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.content == content_of(photo)
    head = system.line.head(path("photo", episode.pk, photo.pk), headers=system.keys)
    assert (head.status_code, head.content) == (200, b"")


def test_what_is_not_approved_not_of_this_child_or_unknown_is_not_there_alike(
    cast: Cast, system: System, episode: MissingEpisode, photo: Photo
) -> None:
    unapproved = Photo.objects.get(source="His aunt")
    olas = photos.add_photo(by=cast.carl, child=cast.ola, picture=picture(), source="School", for_police=True)
    answers = [system.get(path("photo", episode.pk, key)) for key in (unapproved.pk, olas.pk, uuid4())]
    answers.append(system.get(path("photo", uuid4(), photo.pk)))
    for answer in answers:
        refused(answer, 404, "not_found")
    assert len({answer.content for answer in answers}) == 1


def test_nothing_is_there_for_a_force_with_which_nothing_is_shared_or_not_any_more(
    cast: Cast, system: System, stranger: System, episode: MissingEpisode, photo: Photo
) -> None:
    refused(stranger.get(path("photo", episode.pk, photo.pk)), 404, "not_found")
    sharing.end_share(
        by=cast.bev, share=EpisodeShare.objects.get(episode=episode), reason="Not needed any more."
    )
    refused(system.get(path("photo", episode.pk, photo.pk)), 404, "not_found")


def test_it_needs_the_scope_and_takes_no_other_method_or_type(
    cast: Cast, system: System, episode: MissingEpisode, photo: Photo
) -> None:
    there = path("photo", episode.pk, photo.pk)
    writer = a_system(cast.ada, cast.police, scopes=["sightings:write"]).sign_in()
    refused(writer.get(there), 403, "scope")
    refused(system.post(there, {}), 405, "method")
    refused(system.get(there, headers={"Accept": "text/html"}), 406, "not_acceptable")
    assert system.get(there, headers={"Accept": "image/jpeg"}).status_code == 200


def test_approving_and_taking_back_are_news_for_the_force_and_nothing_else_is(
    cast: Cast, system: System, episode: MissingEpisode, photo: Photo
) -> None:
    read = system.get(path("events")).json()
    assert [event["kind"] for event in read["events"]].count("child.changed") == 1

    def since() -> list[str]:
        nonlocal read
        read = system.get(path("events"), {"cursor": read["next"]}).json()
        return [event["kind"] for event in read["events"]]

    other = Photo.objects.get(source="His aunt")
    photos.approve_photo(by=cast.bev, photo=other, audience="public", words="His mother agrees.")
    photos.withdraw_photo(by=cast.carl, photo=other, reason="Blurred")
    assert since() == []
    photos.withdraw_photo(by=cast.carl, photo=photo, reason="It is his brother.")
    assert since() == ["child.changed"]
    assert listed(system, episode) == []
    refused(system.get(path("photo", episode.pk, photo.pk)), 404, "not_found")


@pytest.mark.ac("T28.3")
def test_each_look_is_in_the_audit_under_the_systems_name(
    cast: Cast, system: System, episode: MissingEpisode, photo: Photo
) -> None:
    for _ in range(2):
        system.get(path("photo", episode.pk, photo.pk))
    rows = asked(
        "SELECT child_id, about_id FROM records_auditentry WHERE actor_id = %s AND about_kind = 'photo'",
        str(system.client.account_id),
    )
    assert rows == [(cast.kit.pk, photo.pk)] * 2
