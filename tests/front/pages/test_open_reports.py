"""The home's own page of a report: what it owes, the police, and who was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from casework.records.models import Disclosure
from incidents.models import MissingEpisode
from protocols.models import StepRun, StepState
from tests.front.pages.a_report import answer_all, signed_in, the_clock_looks
from tests.front.pages.test_reports import given

if TYPE_CHECKING:
    from tests.cast import Cast

PAGES = ["report-detail", "report-police", "report-missing", "report-away", "report-told"]
CALL = {"told_at": "now", "officer": "PC 4471"}


@pytest.fixture
def carl(cast: Cast) -> Client:
    return signed_in(cast.carl)


@pytest.fixture
def episode(carl: Client, cast: Cast) -> MissingEpisode:
    carl.post(answer_all(carl, cast.kit))
    row = MissingEpisode.objects.get()
    the_clock_looks(row)
    return row


def page(client: Client, episode: MissingEpisode, name: str = "report-detail") -> str:
    return client.get(reverse(f"pages:{name}", args=[episode.pk])).content.decode()


def step_of(episode: MissingEpisode, code: str) -> StepRun:
    return StepRun.objects.get(episode=episode, step__code=code, rung=0, superseded_at__isnull=True)


def test_what_the_home_owes_stands_on_its_page(carl: Client, episode: MissingEpisode) -> None:
    shown = page(carl, episode)
    for title in ("Look for the child", "Phone the police", "Send the form and photo"):
        assert title in shown
    assert "A call at ten, in tears after it" in shown


def test_the_shared_tablet_reads_no_history(cast: Cast, episode: MissingEpisode) -> None:
    shown = page(signed_in(cast.tablet), episode)
    assert "They’re back" in shown
    assert "A call at ten, in tears after it" not in shown
    assert "Who has been told" not in shown


def test_the_police_take_it_and_that_step_is_met(carl: Client, episode: MissingEpisode) -> None:
    taken = {"answer": "taken", "reference": "XP-1911-0731", **CALL}
    carl.post(reverse("pages:report-police", args=[episode.pk]), taken)
    episode.refresh_from_db()
    assert episode.police_reference == "XP-1911-0731"
    the_clock_looks(episode)
    assert step_of(episode, "T0").state == StepState.DONE
    assert "Now phone the police" not in page(carl, episode)


def test_a_refusal_is_challenged_and_both_are_kept(carl: Client, episode: MissingEpisode) -> None:
    refused = {"answer": "refused", "reason": "Back by midnight, they said", **CALL}
    carl.post(reverse("pages:report-police", args=[episode.pk]), refused)
    answer = episode.police_answers.get()
    challenge_url = reverse("pages:report-challenge", args=[episode.pk, answer.pk])
    assert challenge_url in page(carl, episode)
    carl.post(challenge_url, {"made_to": "Insp Vance", "made_at": "now", "words": "He is 14 and not well"})
    assert answer.challenges.get().made_to == "Insp Vance"
    assert challenge_url not in page(carl, episode)
    the_clock_looks(episode)
    assert step_of(episode, "T0").state == StepState.DONE


def test_a_refusal_without_its_reason_is_asked_again(carl: Client, episode: MissingEpisode) -> None:
    url = reverse("pages:report-police", args=[episode.pk])
    refused = carl.post(url, {"answer": "refused", **CALL})
    assert refused.status_code == 422
    assert "Write down the reason they gave." in refused.content.decode()
    assert not episode.police_answers.exists()


def test_a_step_is_done_with_its_evidence(carl: Client, episode: MissingEpisode) -> None:
    step_run = step_of(episode, "E1")
    url = reverse("pages:report-step", args=[episode.pk, step_run.pk])
    assert carl.post(url, {"evidence_1": ""}).status_code == 422
    carl.post(url, {"evidence_1": "Searched the house and garden"})
    step_run.refresh_from_db()
    assert step_run.state == StepState.DONE
    assert "Searched the house and garden" in str(step_run.evidence)


def test_late_becomes_missing(carl: Client, cast: Cast, episode: MissingEpisode) -> None:
    expected = given("expected_at", episode.recorded_at)
    expected.pop("expected_at")
    carl.post(answer_all(carl, cast.ola, where={"where": "concern", **expected}))
    late = MissingEpisode.objects.get(child=cast.ola)
    carl.post(
        reverse("pages:report-missing", args=[late.pk]), {"at": "now", "reason": "Phone off, friends worried"}
    )
    assert late.spells.get(ended_at__isnull=True).category == "missing"


def test_known_to_be_elsewhere_is_away(carl: Client, episode: MissingEpisode) -> None:
    told = {"at": "now", "whereabouts": "At Jay’s; his mother says so", "spoken_to": "yes"}
    carl.post(reverse("pages:report-away", args=[episode.pk]), told)
    assert episode.spells.get(ended_at__isnull=True).category == "away"


def test_a_parent_is_told_or_with_a_reason_not(carl: Client, episode: MissingEpisode) -> None:
    url = reverse("pages:report-told", args=[episode.pk])
    carl.post(url, {"audience": "parent", "told_name": "Her mother", "how": "phone", "what": "Missing"})
    not_told = {"audience": "parent", "told_name": "Her father", "how": "not_told"}
    assert carl.post(url, not_told).status_code == 422
    carl.post(url, {**not_told, "reason": "He is part of the danger"})
    told = Disclosure.objects.filter(audience="parent").order_by("recorded_at")
    assert [row.how for row in told] == ["phone", "not_told"]
    assert "He is part of the danger" in page(carl, episode)


@pytest.mark.parametrize("name", PAGES)
def test_eve_finds_no_such_report(carl: Client, cast: Cast, episode: MissingEpisode, name: str) -> None:
    url = reverse(f"pages:{name}", args=[episode.pk])
    assert carl.get(url).status_code == 200
    assert signed_in(cast.eve).get(url).status_code == 404


def test_the_title_carries_the_reference_and_no_name(
    carl: Client, cast: Cast, episode: MissingEpisode
) -> None:
    title = page(carl, episode).split("<title>")[1].split("</title>")[0]
    assert episode.reference in title
    assert cast.kit.last_name not in title
