"""How an absence ends otherwise, at the desk: each page asks what must be known, and says what it did."""

from __future__ import annotations

from datetime import date

import pytest

from casework.records.models import Child, Death
from casework.records.times import LONDON, now
from incidents.models import MissingEpisode
from protocols import engine
from tests.cast import Cast
from tests.front.pages.at_the_desk import at_the_desk, send, text_of, url
from tests.front.pages.duty_night import in_force, missing
from tests.incidents.nights import report

pytestmark = pytest.mark.django_db


@pytest.fixture
def night(cast: Cast) -> Cast:
    in_force(cast)
    return cast


def state(episode: MissingEpisode) -> str:
    episode.refresh_from_db()
    return episode.state


def page(user: object, episode: MissingEpisode, name: str = "episode-detail") -> str:
    return text_of(at_the_desk(user).get(url(name, episode.pk)))  # type: ignore[arg-type]


def today() -> dict[str, object]:
    day = now().astimezone(LONDON).date()
    return {"died_on_day": day.day, "died_on_month": day.month, "died_on_year": day.year}


def test_the_other_ends_are_behind_details_and_never_beside_they_are_back(night: Cast) -> None:
    episode = missing(night)
    assert url("episode-ends", episode.pk) not in page(night.bev, episode)
    assert url("episode-ends", episode.pk) in page(night.bev, episode, "episode-details")
    ways = page(night.bev, episode, "episode-ends")
    for name in ("episode-false-report", "episode-join", "episode-transfer", "death-record"):
        assert url(name, episode.pk) in ways
    amina = page(night.amina, episode, "episode-ends")
    assert url("episode-transfer", episode.pk) not in amina
    assert "Ask a team manager." in amina
    assert url("death-record", episode.pk) in amina


def test_what_is_over_has_no_other_end(night: Cast) -> None:
    episode = missing(night)
    send(night.bev, "episode-false-report", episode.pk, reason="Asleep in the attic.")
    assert "This absence is over." in page(night.bev, episode, "episode-ends")


def test_handed_over_with_what_must_be_known(night: Cast) -> None:
    episode = missing(night)
    answers = {
        "version": episode.version,
        "to_authority": night.westing.pk,
        "to_name": "Ola Strand",
        "at": "now",
    }
    said = {"reason": "His mother moved there.", "evidence": "Their letter of today."}
    asked = send(night.bev, "episode-transfer", episode.pk, **answers)
    assert asked.status_code == 422
    assert "Enter how they said that they have it." in text_of(asked)
    assert send(night.bev, "episode-transfer", episode.pk, **answers, **said).status_code == 302
    assert state(episode) == "transferred"
    engine.fire_due(episode.pk)
    shown = page(night.bev, episode)
    assert "Westing has taken over" in shown
    assert "No step is waiting for anybody." in shown
    assert "Their letter of today." in page(night.bev, episode, "episode-details")
    assert "Kit Ashdown" not in text_of(at_the_desk(night.femi).get("/now/"))


def test_a_page_that_was_open_too_long_keeps_what_was_typed(night: Cast) -> None:
    episode = missing(night)
    answers = {"version": 99, "to_authority": night.westing.pk, "to_name": "Ola", "at": "now"}
    said = {"reason": "Moved.", "evidence": "Their letter."}
    answer = send(night.bev, "episode-transfer", episode.pk, **answers, **said)
    assert answer.status_code == 409
    assert "Their letter." in text_of(answer)
    assert state(episode) == "open"


def test_joined_to_the_report_that_goes_on(night: Cast) -> None:
    episode, other = missing(night), report(night, child=night.ola)
    asked = {"version": episode.version, "reason": "Registered twice."}
    for reference in ("E-1999-0001", ""):
        answer = send(night.bev, "episode-join", episode.pk, **asked, reference=reference)
        assert answer.status_code == 422
    sent = send(night.bev, "episode-join", episode.pk, **asked, reference=other.reference.lower())
    assert sent.status_code == 302
    assert state(episode) == "merged"
    assert f"Joined to {other.reference}" in page(night.bev, episode)
    assert episode.reference in page(night.bev, other, "episode-details")
    assert f"{episode.reference} was joined to this report" in page(night.bev, other)


def test_a_report_of_elsewhere_is_no_report(night: Cast) -> None:
    episode = missing(night)
    tam = Child.objects.create(
        authority=night.northmoor,
        reference="NM-1",
        first_name="Tam",
        last_name="Reed",
        born_on=date(2012, 1, 1),
    )
    elsewhere = MissingEpisode.objects.create(authority=night.northmoor, child=tam, reference="E-2026-9999")
    asked = {"version": episode.version, "reason": "One night.", "reference": elsewhere.reference}
    answer = send(night.bev, "episode-join", episode.pk, **asked)
    assert answer.status_code == 422
    assert "no such report that you can open" in text_of(answer)


def test_one_writes_a_death_down_and_loses_sight_and_another_confirms_it(night: Cast) -> None:
    episode = missing(night)
    said = {**today(), "how_known": "Inspector Hale came to us."}
    assert send(night.femi, "death-record", episode.pk, **said)["Location"] == url("now")
    assert at_the_desk(night.femi).get(url("episode-detail", episode.pk)).status_code == 404
    waits = page(night.bev, episode)
    assert "waits for a second person" in waits
    assert "Phone the police" in waits  # one person alone ends no search
    assert state(episode) == "open"
    held = {"version": Death.objects.get().version, "is_so": "yes", "words": "Rang Inspector Hale."}
    assert send(night.amina, "death-confirm", episode.pk, **held).status_code == 403
    assert send(night.bev, "death-confirm", episode.pk, **held).status_code == 302
    assert state(episode) == "died"
    shown = page(night.bev, episode)
    assert "We are sorry." in shown
    assert "Panel" in shown
    assert send(night.bev, "death-confirm", episode.pk, **held).status_code == 409


def test_a_mistake_is_taken_back_and_the_search_goes_on(night: Cast) -> None:
    episode = missing(night)
    send(night.amina, "death-record", episode.pk, **today(), how_known="A caller.")
    held = {"version": 1, "is_so": "no", "words": "Another boy of that name."}
    assert send(night.bev, "death-confirm", episode.pk, **held).status_code == 302
    assert state(episode) == "open"
    shown = page(night.bev, episode)
    assert "A death is recorded, and waits" not in shown
    assert "The death was a mistake: taken back" in shown
    assert at_the_desk(night.bev).get(url("death-confirm", episode.pk)).status_code == 404


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"how_known": "Police."}, "Enter the day"),
        ({"died_on_day": "31", "died_on_month": "6", "died_on_year": "2026", "how_known": "x"}, "real date"),
        ({"died_on_day": "1", "died_on_month": "1", "died_on_year": "2999", "how_known": "x"}, "today"),
    ],
)
def test_a_death_that_cannot_be_is_asked_again(night: Cast, answers: dict[str, str], said: str) -> None:
    episode = missing(night)
    answer = send(night.amina, "death-record", episode.pk, **answers)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not Death.objects.exists()


def test_the_same_page_sent_twice_records_one(night: Cast) -> None:
    episode = missing(night)
    desk, key = at_the_desk(night.amina), "6b0f9a5e-3f0e-4a38-9a2f-1d4f1c1f0a11"
    answers = {"form_key": key, **today(), "how_known": "Inspector Hale."}
    for _ in range(2):
        assert desk.post(url("death-record", episode.pk), answers).status_code == 302
    assert Death.objects.count() == 1


def test_whoever_turned_18_is_handed_over_by_people(night: Cast) -> None:
    episode = missing(night)
    day = now().astimezone(LONDON).date()
    MissingEpisode.objects.filter(pk=episode.pk).update(noticed_at=now().replace(year=day.year - 1, day=1))
    born = day.replace(year=day.year - 18, day=min(day.day, 28))
    Child.objects.filter(pk=night.kit.pk).update(born_on=born)
    assert engine.end_at_18() == 1
    assert state(episode) == "aged_out"
    shown = page(night.bev, episode)
    assert "while missing" in shown
    assert "adult social care" in shown
    assert "Open again" not in shown
    assert "By itself" in page(night.bev, episode, "episode-details")
    assert send(night.bev, "episode-reopen", episode.pk, reason="To add to it.").status_code == 409


def test_a_mistaken_report_says_whom_to_ring(night: Cast) -> None:
    episode = missing(night)
    send(night.bev, "episode-false-report", episode.pk, reason="Asleep in the attic.")
    assert "Ring everybody who was told" in page(night.bev, episode)
    assert "Returned" not in text_of(at_the_desk(night.carl).get(url("report-detail", episode.pk)))
