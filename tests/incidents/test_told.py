"""What telling meets: parents settled, host and school told, everybody told again, the duty team reached."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from casework.records.errors import Conflict, Invalid, OutOfSight
from casework.records.models import Disclosure
from casework.records.retelling import still_to_tell, tellings_of
from casework.records.services import telling
from casework.records.times import now, pretend_now
from incidents.facts import facts_of
from incidents.facts.values import Met
from incidents.models import MissingEpisode
from incidents.services import police, reports, returns, spells
from tests.cast import Cast

pytestmark = pytest.mark.django_db

Of = Disclosure.Of


def missing(cast: Cast) -> MissingEpisode:
    return reports.report_missing(by=cast.carl, child=cast.kit, category="missing", noticed_at=now())


def told(cast: Cast, episode: MissingEpisode, whom: str, name: str, of: str = Of.MISSING) -> Disclosure:
    return telling.tell(
        by=cast.amina, child=cast.kit, audience=whom, told_name=name, how="phone", what="That he is gone.",
        purpose="She may know.", told_of=of, episode_id=episode.pk,
    )  # fmt: skip


def not_told(cast: Cast, episode: MissingEpisode, audience: str) -> Disclosure:
    return telling.decide_not_to_tell(
        by=cast.amina,
        child=cast.kit,
        audience=audience,
        reason="It would put him at risk.",
        episode_id=episode.pk,
    )


def met(episode: MissingEpisode, name: str) -> Met | None:
    return facts_of([episode.pk])[episode.pk].met.get(name)


def names_left(episode: MissingEpisode, of: str) -> list[str]:
    return [row.told_name for row in still_to_tell(tellings_of(episode.pk), of)]


# Told once -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("audience", "fact"),
    [("parent", "parents_settled"), ("host_authority", "host_told"), ("school", "school_told")],
)
def test_telling_meets_what_was_to_be_told(cast: Cast, audience: str, fact: str) -> None:
    episode = missing(cast)
    told(cast, episode, "other", "A neighbour")
    assert met(episode, fact) is None
    row = told(cast, episode, audience, "Somebody")
    found = met(episode, fact)
    assert found
    assert (found.at, found.by_id) == (row.told_at, cast.amina.pk)


@pytest.mark.parametrize(
    ("audience", "fact", "settles"),
    [
        ("parent", "parents_settled", True),
        ("school", "school_told", True),
        ("host_authority", "host_told", False),
    ],
)
def test_deciding_not_to_tell_settles_parents_and_school_but_never_the_host(
    cast: Cast, audience: str, fact: str, settles: bool
) -> None:
    episode = missing(cast)
    not_told(cast, episode, audience)
    assert (met(episode, fact) is not None) is settles


def test_what_parents_heard_of_an_earlier_absence_does_not_settle_the_next_spell(cast: Cast) -> None:
    episode = missing(cast)
    told(cast, episode, "parent", "His mother")
    start = now()
    pretend_now(start + timedelta(hours=2))
    spells.record_away(by=cast.amina, episode=episode, at=now(), whereabouts="At Jay's.", spoken_to=True)
    assert met(episode, "parents_settled")
    pretend_now(start + timedelta(hours=3))
    spells.record_missing(by=cast.amina, episode=episode, at=now(), reason="Gone from there.")
    assert met(episode, "parents_settled") is None
    told(cast, episode, "parent", "His mother")
    assert met(episode, "parents_settled")


# Told again ------------------------------------------------------------------------------------------


def test_back_is_told_to_whoever_heard_that_he_was_gone_and_to_each_once(cast: Cast) -> None:
    episode = missing(cast)
    told(cast, episode, "other", "Mrs  Hale")
    told(cast, episode, "other", "mrs hale")
    told(cast, episode, "school", "Mr Orme")
    not_told(cast, episode, "parent")
    police.record_police_answer(by=cast.amina, episode=episode, answer="taken", told_at=now(), officer="PC 1")
    returns.record_return(by=cast.amina, episode=episode)
    assert names_left(episode, Of.BACK) == ["mrs hale", "Mr Orme", "PC 1"]
    assert met(episode, "everyone_retold") is None
    rows = list(still_to_tell(tellings_of(episode.pk), Of.BACK))
    about: dict[str, Any] = {
        "by": cast.amina,
        "child": cast.kit,
        "episode_id": episode.pk,
        "told_of": Of.BACK,
    }
    telling.tell_again(**about, told=rows[:2], how="phone", told_at=now(), not_told=[], reason="")
    assert names_left(episode, Of.BACK) == ["PC 1"]
    telling.tell_again(**about, told=[], not_told=rows[2:], reason="They brought him back.")
    last = met(episode, "everyone_retold")
    assert last
    assert (last.by_id, last.words) == (cast.amina.pk, "Everybody who was told has been told of this too")


def test_located_is_told_to_whoever_still_believes_he_is_missing(cast: Cast) -> None:
    episode = missing(cast)
    told(cast, episode, "other", "Mrs Hale")
    told(cast, episode, "other", "Jay", of=Of.LOCATED)
    assert met(episode, "everyone_told_located") is None
    returns.record_located(
        by=cast.femi, episode=episode, located_at=now(), where="Bus station", found_by="police"
    )
    assert names_left(episode, Of.LOCATED) == ["Mrs Hale"]
    told(cast, episode, "other", "Mrs Hale", of=Of.LOCATED)
    assert met(episode, "everyone_told_located")
    assert names_left(episode, Of.BACK) == ["Mrs Hale", "Jay"]


def test_with_nobody_to_ring_it_is_met_at_once_and_says_so(cast: Cast) -> None:
    episode = missing(cast)
    assert met(episode, "everyone_retold") is None
    returns.record_return(by=cast.amina, episode=episode)
    episode.refresh_from_db()
    found = met(episode, "everyone_retold")
    assert found
    assert (found.at, found.by_id) == (episode.returned_at, None)
    assert "nobody to ring" in found.words


def test_telling_again_takes_only_who_is_still_to_be_told(cast: Cast) -> None:
    episode = missing(cast)
    row = told(cast, episode, "other", "Mrs Hale")
    returns.record_return(by=cast.amina, episode=episode)
    about: dict[str, Any] = {
        "by": cast.amina,
        "child": cast.kit,
        "episode_id": episode.pk,
        "told_of": Of.BACK,
    }
    with pytest.raises(Invalid):
        telling.tell_again(**about)
    with pytest.raises(Invalid):
        telling.tell_again(**about, told=[row], how="phone", not_told=[row], reason="No.")
    with pytest.raises(Invalid):
        telling.tell_again(**about, not_told=[row], reason=" ")
    with pytest.raises(OutOfSight):
        telling.tell_again(**{**about, "by": cast.eve}, told=[row], how="phone")
    telling.tell_again(**about, told=[row], how="phone")
    with pytest.raises(Conflict):
        telling.tell_again(**about, told=[row], how="phone")
    assert Disclosure.objects.filter(told_of=Of.BACK).count() == 1


# The duty team ---------------------------------------------------------------------------------------


def test_the_duty_team_has_it_once_somebody_of_the_authority_did_something(cast: Cast) -> None:
    episode = missing(cast)
    assert met(episode, "duty_accepted") is None
    reports.add_news(by=cast.carl, episode=episode, kind="information", words="Nothing yet.")
    assert met(episode, "duty_accepted") is None
    reports.add_news(by=cast.femi, episode=episode, kind="information", words="I have rung the home.")
    found = met(episode, "duty_accepted")
    assert found
    assert found.by_id == cast.femi.pk


def test_a_home_that_rang_and_was_answered_has_reached_the_duty_team(cast: Cast) -> None:
    episode = missing(cast)
    telling.tell(
        by=cast.carl, child=cast.kit, audience="authority", told_name="Femi Castell", how="phone",
        what="That he is gone.", purpose="So that somebody has it.", episode_id=episode.pk,
    )  # fmt: skip
    found = met(episode, "duty_accepted")
    assert found
    assert (found.by_id, found.words) == (cast.carl.pk, "Femi Castell answered the phone")
    assert names_left(episode, Of.BACK) == []
