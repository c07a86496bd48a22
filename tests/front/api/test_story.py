"""What a force's system does here, in the order in which it does it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from casework.records.models import AuditEntry, ClientUse
from casework.records.services import profile
from casework.records.times import now
from incidents.access import share_for
from incidents.models import Located, MissingEpisode, News, RiskAssessment, State
from incidents.services import returns, risk, sharing
from tests.front.api.calling import System, path

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_the_list_names_whom_the_force_is_to_look_for(
    system: System, stranger: System, episode: MissingEpisode
) -> None:
    listed = system.get(path("episodes")).json()
    (line,) = listed["episodes"]
    assert (line["id"], line["state"], line["version"]) == (str(episode.pk), "open", 1)
    assert line["child"]["first_name"] == "Kit"
    assert line["missing_since"].endswith("Z")
    assert listed["next"] is None
    assert system.get(path("episodes"), {"state": "returned"}).json()["episodes"] == []
    assert stranger.get(path("episodes")).json()["episodes"] == []


def test_pages_of_the_list_follow_each_other(cast: Cast, system: System, episode: MissingEpisode) -> None:
    from incidents.services import reports

    for child in (cast.ola, cast.rosie):
        reports.report_missing(by=cast.carl, child=child, category="missing", noticed_at=now())
    seen, cursor = [], None
    while True:
        query = {"limit": "1", **({"cursor": cursor} if cursor else {})}
        page = system.get(path("episodes"), query).json()
        seen += [line["child"]["first_name"] for line in page["episodes"]]
        if (cursor := page["next"]) is None:
            break
    assert seen == ["Rosie", "Ola", "Kit"]


def test_one_episode_is_read_with_its_version(system: System, episode: MissingEpisode, cast: Cast) -> None:
    answer = system.get(path("episode", episode.pk))
    read = answer.json()
    assert answer.headers["ETag"] == '"v1"'
    assert (read["circumstances"], read["wearing"]) == ("Left after tea without a word.", "A green coat.")
    assert read["home"]["phone"] == "01632 960201"
    assert read["authority"]["other_phone"] == "01632 960002"
    look = AuditEntry.objects.filter(action="read", child_id=cast.kit.pk, actor_id=system.client.account_id)
    assert look.get().about_id == episode.pk


def test_the_audit_says_what_was_read_at_either_door(
    system: System, episode: MissingEpisode, cast: Cast
) -> None:
    for kind in ("phone", "description"):
        profile.record_fact(
            by=cast.amina, child=cast.kit, kind=kind, words="As they said.", source="The home"
        )
    risk.record_indicator(
        by=cast.amina,
        child=cast.kit,
        episode=episode,
        code="trafficking",
        words="A car waited.",
        seen_by="Amina",
    )
    dee = Client()
    dee.force_login(cast.dee, backend="allauth.account.auth_backends.AuthenticationBackend")
    dee.get(reverse("pages:shared-detail", args=[episode.pk]))
    tag = system.get(path("episode", episode.pk)).headers["ETag"]
    system.patch(path("episode", episode.pk), {"police_reference": "EX 1"}, tag)
    looks = AuditEntry.objects.filter(action="read", about_id=episode.pk).order_by("at")
    said = [(look.actor_id, look.about_kind, look.fields) for look in looks]
    fields = ["description", "indicators", "phone"]
    by = [cast.dee.pk, *[system.client.account_id] * 2]
    assert said == [(who, "shared_episode", fields) for who in by]


def test_somebody_elses_episode_is_not_there_byte_for_byte(
    system: System, stranger: System, episode: MissingEpisode
) -> None:
    from uuid import uuid4

    theirs, nobodys = stranger.get(path("episode", episode.pk)), stranger.get(path("episode", uuid4()))
    assert (theirs.status_code, theirs.content) == (404, nobodys.content)
    headers = [{k: v for k, v in a.headers.items() if k != "X-Request-ID"} for a in (theirs, nobodys)]
    assert headers[0] == headers[1]
    assert system.get(path("episode", episode.pk)).status_code == 200


def test_a_share_that_ends_closes_the_record_and_leaves_a_tombstone(
    system: System, episode: MissingEpisode, cast: Cast
) -> None:
    begun = system.get(path("events")).json()
    sharing.end_share(by=cast.bev, share=share_for(cast.dee, episode), reason="Not needed any more.")
    assert system.get(path("episode", episode.pk)).status_code == 404
    assert system.post(path("grades", episode.pk), {}).status_code == 404
    after = system.get(path("events"), {"cursor": begun["next"]}).json()["events"]
    assert [event["kind"] for event in after] == ["share.ended"]


def test_the_force_acknowledges(system: System, episode: MissingEpisode) -> None:
    first = system.post(path("acknowledgements", episode.pk), {})
    again = system.post(path("acknowledgements", episode.pk), {})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (
        first.json()["acknowledged_at"] == system.get(path("episode", episode.pk)).json()["acknowledged_at"]
    )


def test_the_force_gives_its_reference(system: System, episode: MissingEpisode) -> None:
    tag = system.get(path("episode", episode.pk)).headers["ETag"]
    given = system.patch(path("episode", episode.pk), {"police_reference": "EX 4417"}, tag)
    assert (given.status_code, given.json()["police_reference"]) == (200, "EX 4417")
    episode.refresh_from_db()
    assert episode.police_reference == "EX 4417"
    assert given.headers["ETag"] != tag
    stale = system.patch(path("episode", episode.pk), {"police_reference": "EX 4418"}, tag)
    assert (stale.status_code, stale.json()["code"]) == (412, "changed")


def test_the_force_grades(system: System, episode: MissingEpisode) -> None:
    said = {"grade": "high", "rationale": "A car waited.", "assessor": "Insp 12"}
    given = system.post(path("grades", episode.pk), said)
    assert given.status_code == 201, given.json()
    row = RiskAssessment.objects.get(pk=given.json()["id"])
    assert (row.made_by, row.grade, row.recorded_by) == ("police", "high", system.client.account)
    assert system.get(path("episodes")).json()["episodes"][0]["police_grade"] == "high"


def test_the_force_reports_a_sighting(system: System, episode: MissingEpisode) -> None:
    where = {"latitude": 51.123456789, "longitude": -1}
    said = {"words": "At the bus station.", "how_sure": "likely", "position": where}
    given = system.post(path("sightings", episode.pk), said)
    assert given.status_code == 201, given.json()
    assert given.json()["position"] == {"latitude": 51.12346, "longitude": -1.0}
    row = News.objects.get(pk=given.json()["id"])
    by = system.client.account
    assert (row.kind, row.recorded_by, row.words) == ("sighting", by, "At the bus station.")


def test_the_force_says_that_it_has_found_the_child_and_never_that_they_are_back(
    system: System, episode: MissingEpisode
) -> None:
    said = {"located_at": now().isoformat(), "where": "A flat", "identity_confirmed": True}
    given = system.post(path("found", episode.pk), said)
    assert given.status_code == 201, given.json()
    assert (given.json()["state"], given.json()["answer"]) == ("located", "proposed")
    row = Located.objects.get(pk=given.json()["id"])
    episode.refresh_from_db()
    assert (row.proposed_by, episode.state, episode.returned_at) == (system.client.force, State.LOCATED, None)
    twice = system.post(path("found", episode.pk), said)
    assert twice.status_code == 409


def test_what_was_proposed_is_read_with_its_answer(
    system: System, episode: MissingEpisode, cast: Cast
) -> None:
    key = "6f1e8f0e-7a34-4c6b-9f6a-0d8a3a6f2b11"
    said = {"located_at": now().isoformat(), "where": "A flat"}
    given = system.post(path("found", episode.pk), said, key=key)
    returns.confirm_found(by=cast.amina, located=Located.objects.get())
    again = system.post(path("found", episode.pk), said, key=key)
    assert (again.content, again.headers["Idempotent-Replayed"]) == (given.content, "true")
    (finding,) = system.get(path("episode", episode.pk)).json()["findings"]
    assert (finding["answer"], finding["is_ours"]) == ("confirmed", True)


def test_a_change_in_the_browser_is_in_the_feed_once_and_in_order(
    system: System, episode: MissingEpisode, cast: Cast
) -> None:
    first = system.get(path("events")).json()
    system.post(path("acknowledgements", episode.pk), {})
    returns.record_return(by=cast.carl, episode=episode)
    second = system.get(path("events"), {"cursor": first["next"]}).json()
    assert first["events"][0]["kind"] == "episode.shared"
    assert [event["kind"] for event in second["events"]] == ["acknowledged", "episode.returned"]
    numbers = [event["number"] for event in first["events"] + second["events"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert system.get(path("events"), {"cursor": second["next"]}).json()["events"] == []


@pytest.mark.ac("A29")
def test_the_feed_from_a_moment(system: System, episode: MissingEpisode) -> None:
    system.get(path("events"))
    since = (now() - timedelta(hours=1)).isoformat()
    assert system.get(path("events"), {"since": since}).json()["events"][0]["number"] == 1
    tomorrow = (now() + timedelta(days=1)).isoformat()
    ahead = system.get(path("events"), {"since": tomorrow}).json()
    assert ahead["events"] == []
    assert ahead["next"]
    long_ago = system.get(path("events"), {"since": "1970-01-01T00:00:00Z"})
    assert (long_ago.status_code, long_ago.json()["errors"][0]["code"]) == (400, "too_long_ago")
    assert "30 days" in long_ago.json()["detail"]


def test_the_force_says_how_far_it_has_read(system: System, episode: MissingEpisode) -> None:
    last = system.get(path("events")).json()["events"][-1]["number"]
    taken = system.post(path("receipts"), {"read_up_to": last})
    assert (taken.status_code, taken.json()) == (201, {"read_up_to": last})
    assert ClientUse.objects.get(client=system.client).read_up_to == last
    ahead = system.post(path("receipts"), {"read_up_to": last + 1})
    assert (ahead.status_code, ahead.json()["code"]) == (409, "not_yet")


def test_what_the_client_does_is_the_clients_doing(system: System, episode: MissingEpisode) -> None:
    """In the audit and in the histories, by its account; from the address from which it called."""
    system.post(path("acknowledgements", episode.pk), {})
    rows = AuditEntry.objects.filter(about_kind="episodeshare", action="change")
    assert {(row.actor_id, row.address) for row in rows} == {(system.client.account_id, "127.0.0.1")}


@pytest.mark.parametrize("name", ["episodes", "events"])
def test_whoever_was_spoken_of_was_looked_at(
    name: str, cast: Cast, system: System, episode: MissingEpisode
) -> None:
    """By the list and by the feed; a call that found nothing is a row without a child."""
    nobody = (
        {"state": "closed"} if name == "episodes" else {"since": (now() + timedelta(hours=1)).isoformat()}
    )
    for query, children in (({}, [cast.kit.pk]), (nobody, None)):
        system.get(path(name), query)
        looks = AuditEntry.objects.filter(action="read", actor_id=system.client.account_id).order_by("-at")
        assert looks[0].child_ids == children


def test_a_refusal_is_in_the_audit(system: System, episode: MissingEpisode) -> None:
    system.post(path("grades", episode.pk), {"grade": "extreme"})
    row = AuditEntry.objects.get(action="refused", actor_id=system.client.account_id)
    assert (row.about_id, row.reason) == (episode.pk, "400 invalid")
