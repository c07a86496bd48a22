"""Home Office, National Referral Mechanism, guardian: told and asked while Biniam is missing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from casework.records.errors import Conflict, Invalid, NotAllowed
from casework.records.models import ChronologyEntry, Disclosure, User
from casework.records.times import now
from incidents.facts import EpisodeFacts, facts_of
from incidents.models import MissingEpisode, Referral
from incidents.services.referral_outcomes import record_outcome
from incidents.services.referrals import (
    ask_for_guardian,
    decide_not_to,
    refer_to_nrm,
    standing_referral,
    tell_home_office,
)
from incidents.services.reports import report_missing
from incidents.services.returns import record_return
from incidents.services.spells import record_missing
from tests.cast import Cast
from tests.incidents.nights import go_away, go_missing, locate, report

pytestmark = pytest.mark.django_db

Kind = Referral.Kind


@pytest.fixture
def gone(cast: Cast) -> MissingEpisode:
    """Biniam is unaccompanied, and missing."""
    return _missing(cast)


def _missing(cast: Cast) -> MissingEpisode:
    return report_missing(by=cast.mo, child=cast.biniam, category="missing", noticed_at=now())


def facts(episode: MissingEpisode) -> EpisodeFacts:
    return facts_of([episode.pk])[episode.pk]


def told(cast: Cast, episode: MissingEpisode, *, is_found: bool = False, **changes: object) -> Referral:
    said = {"by": cast.amina, "told_at": now(), "told_name": "Evening desk", "reference": "HO 1", **changes}
    return tell_home_office(episode=episode, is_found=is_found, **said)  # type: ignore[arg-type]


# ---- the Home Office ----


def test_the_home_office_told_is_a_fact_and_a_telling(cast: Cast, gone: MissingEpisode) -> None:
    assert "home_office_told" not in facts(gone).met
    row = told(cast, gone)
    met = facts(gone).met["home_office_told"]
    assert (met.at, met.by_id) == (row.made_at, cast.amina.pk)
    telling = Disclosure.objects.get(audience="home_office")
    assert (telling.episode_id, telling.told_name, row.disclosure) == (gone.pk, "Evening desk", telling)
    assert ChronologyEntry.objects.filter(verb="referral.home_office_told").count() == 1


def test_what_the_home_office_heard_last_is_what_it_was_told(cast: Cast, gone: MissingEpisode) -> None:
    """Or somebody would be asked to ring it again with what it knows."""
    told(cast, gone)
    locate(cast, gone)
    told(cast, gone, is_found=True)
    assert "everyone_told_located" in facts(gone).met
    record_return(by=cast.amina, episode=gone)
    told(cast, gone, is_found=True)
    tellings = Disclosure.objects.filter(audience="home_office").order_by("told_at")
    assert [row.told_of for row in tellings] == ["missing", "located", "back"]
    assert "everyone_retold" in facts(gone).met


def test_who_may_not_tell_leaves_nothing_behind(cast: Cast, gone: MissingEpisode) -> None:
    for by in (cast.mo, cast.ines, cast.eve, cast.dee):
        with pytest.raises(NotAllowed):
            told(cast, gone, by=by)
    assert not Referral.objects.exists()
    assert not Disclosure.objects.filter(audience="home_office").exists()
    assert told(cast, gone, by=cast.femi).recorded_by == cast.femi


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("told_name", {"told_name": " "}),
        ("told_name", {"told_name": "x" * 201}),
        ("how", {"how": "system"}),
        ("reference", {"reference": "9" * 61}),
    ],
)
def test_a_telling_says_to_whom_and_how(
    cast: Cast, gone: MissingEpisode, field: str, changes: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        told(cast, gone, **changes)  # type: ignore[arg-type]  # one of them wrong on purpose
    assert refusal.value.field == field


def test_a_telling_lies_between_going_and_now(cast: Cast, gone: MissingEpisode) -> None:
    with pytest.raises(Invalid, match="future"):
        told(cast, gone, told_at=now() + timedelta(hours=1))
    with pytest.raises(Invalid, match="last seen at"):
        told(cast, gone, told_at=now() - timedelta(hours=9))


def test_found_is_told_once_it_is_so(cast: Cast, gone: MissingEpisode) -> None:
    with pytest.raises(Conflict, match="still missing"):
        told(cast, gone, is_found=True)
    locate(cast, gone)
    assert "home_office_found_told" not in facts(gone).met
    told(cast, gone, is_found=True)
    assert facts(gone).met["home_office_found_told"].words == "The Home Office was told: found"


def test_missing_again_is_told_again(cast: Cast, gone: MissingEpisode) -> None:
    told(cast, gone)
    locate(cast, gone)
    told(cast, gone, is_found=True)
    go_missing_again(cast, gone)
    met = facts(gone).met
    assert not {"home_office_told", "home_office_found_told"} & met.keys()
    told(cast, gone)
    assert "home_office_told" in facts(gone).met


def go_missing_again(cast: Cast, episode: MissingEpisode) -> None:
    record_missing(by=cast.mo, episode=episode, at=now(), reason="Out of the window.")


def test_a_child_who_was_only_away_is_not_said_to_be_missing(cast: Cast) -> None:
    episode = report(cast, "away")
    with pytest.raises(Conflict, match="not recorded as missing"):
        told(cast, episode)
    go_missing(cast, episode)
    assert told(cast, episode).kind == Kind.HOME_OFFICE_MISSING
    go_away(cast, episode)
    assert told(cast, episode, is_found=True).kind == Kind.HOME_OFFICE_FOUND


# ---- the National Referral Mechanism, the guardian ----


def test_a_referral_is_made_while_the_child_is_missing_and_stands(cast: Cast, gone: MissingEpisode) -> None:
    row = refer_to_nrm(by=cast.amina, episode=gone, reference="NRM 9")
    assert (row.made_by_name, row.is_earlier) == ("Amina Rahal", False)
    assert facts(gone).met["nrm_referred"].words == "Referred to the National Referral Mechanism"
    with pytest.raises(Conflict, match="Already done on"):
        refer_to_nrm(by=cast.femi, episode=gone)
    assert Referral.objects.count() == 1


def test_one_of_years_ago_is_enough_and_says_so(cast: Cast, gone: MissingEpisode) -> None:
    long_ago = (now() - timedelta(days=700)).date()
    refer_to_nrm(by=cast.amina, episode=gone, made_on=long_ago, made_by_name="Kent County Council")
    met = facts(gone).met["nrm_referred"]
    assert "already, on" in met.words
    assert met.lasts


def test_a_day_to_come_is_refused(cast: Cast, gone: MissingEpisode) -> None:
    with pytest.raises(Invalid, match="future"):
        refer_to_nrm(by=cast.amina, episode=gone, made_on=(now() + timedelta(days=2)).date())


def outcome(cast: Cast, row: Referral, what: str, by: User | None = None, **more: object) -> None:
    episode = row.episode
    assert episode is not None
    said = {"decided_on": now().date(), **more}
    record_outcome(by=by or cast.bev, episode=episode, referral=row, outcome=what, **said)  # type: ignore[arg-type]


def test_decisions_come_in_their_order_and_a_no_lets_it_be_asked_again(
    cast: Cast, gone: MissingEpisode
) -> None:
    row = refer_to_nrm(by=cast.amina, episode=gone)
    with pytest.raises(Invalid, match="after reasonable grounds"):
        outcome(cast, row, "conclusive_positive")
    outcome(cast, row, "reasonable_positive")
    assert standing_referral(cast.biniam, Kind.NRM) == row
    outcome(cast, row, "conclusive_negative")
    assert standing_referral(cast.biniam, Kind.NRM) is None
    assert row.outcomes.count() == 2
    refer_to_nrm(by=cast.amina, episode=gone)
    assert Referral.objects.filter(kind=Kind.NRM).count() == 2


def test_a_no_of_before_this_absence_has_to_be_asked_again(cast: Cast) -> None:
    first = _missing(cast)
    row = refer_to_nrm(by=cast.amina, episode=first)
    outcome(cast, row, "reasonable_negative")
    assert "nrm_referred" in facts(first).met
    come_back_to_fenwick(cast, first)
    assert "nrm_referred" not in facts(_missing(cast)).met


def come_back_to_fenwick(cast: Cast, episode: MissingEpisode) -> None:
    record_return(by=cast.mo, episode=episode)


@pytest.mark.parametrize(
    ("what", "more", "field"),
    [
        ("appointed", {}, "outcome"),
        ("received", {}, "reference"),
        ("nonsense", {}, "outcome"),
        ("reasonable_positive", {"decided_on": None}, "decided_on"),
    ],
)
def test_an_outcome_that_cannot_be(
    cast: Cast, gone: MissingEpisode, what: str, more: dict[str, object], field: str
) -> None:
    row = refer_to_nrm(by=cast.amina, episode=gone)
    if "decided_on" in more:
        more = {"decided_on": (now() - timedelta(days=3)).date()}
    with pytest.raises(Invalid) as refusal:
        outcome(cast, row, what, **more)  # type: ignore[arg-type]  # the same
    assert refusal.value.field == field
    assert not row.outcomes.exists()


def test_a_guardian_is_asked_for_and_appointed_by_name(cast: Cast, gone: MissingEpisode) -> None:
    row = ask_for_guardian(by=cast.amina, episode=gone, made_to="The guardian service")
    assert "guardian_asked" in facts(gone).met
    with pytest.raises(Invalid, match="guardian’s name"):
        outcome(cast, row, "appointed")
    outcome(cast, row, "appointed", who="Mara Holt")
    assert row.outcomes.get().who == "Mara Holt"
    with pytest.raises(NotAllowed):
        outcome(cast, row, "not_covered", by=cast.mo)


def test_what_was_written_is_never_edited(cast: Cast, gone: MissingEpisode) -> None:
    row = refer_to_nrm(by=cast.amina, episode=gone)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE incidents_referral SET reference = 'x' WHERE id = %s", [row.pk])


def test_a_decision_is_recorded_when_the_absence_is_long_over(cast: Cast, gone: MissingEpisode) -> None:
    row = refer_to_nrm(by=cast.amina, episode=gone)
    come_back_to_fenwick(cast, gone)
    outcome(cast, row, "reasonable_positive")
    assert row.outcomes.count() == 1


@pytest.mark.parametrize(
    ("kind", "fact"),
    [
        ("home_office_not_told", "home_office_told"),
        ("nrm_not_made", "nrm_referred"),
        ("guardian_not_asked", "guardian_asked"),
    ],
)
def test_that_one_need_not_be_done_is_decided_for_this_absence_alone(
    cast: Cast, gone: MissingEpisode, kind: str, fact: str
) -> None:
    with pytest.raises(Invalid, match="need not be done"):
        decide_not_to(by=cast.amina, episode=gone, kind=kind, reason=" ")
    with pytest.raises(NotAllowed):
        decide_not_to(by=cast.mo, episode=gone, kind=kind, reason="Born here.")
    decide_not_to(by=cast.amina, episode=gone, kind=kind, reason="Born here.")
    assert facts(gone).met[fact].words.startswith("Decided not to")
    declined = Disclosure.objects.filter(audience="home_office", how="not_told").count()
    assert declined == (1 if kind == "home_office_not_told" else 0)
    come_back_to_fenwick(cast, gone)
    assert fact not in facts(_missing(cast)).met


def test_what_is_done_is_not_decided_against_under_its_own_name(cast: Cast, gone: MissingEpisode) -> None:
    with pytest.raises(Invalid, match="from the list"):
        decide_not_to(by=cast.amina, episode=gone, kind="nrm", reason="Born here.")
    row = decide_not_to(by=cast.amina, episode=gone, kind="nrm_not_made", reason="Born here.")
    with pytest.raises(Invalid, match="from the list"):
        outcome(cast, row, "received", reference="1")
    refer_to_nrm(by=cast.amina, episode=gone)  # they may think better of it
    assert facts(gone).met["nrm_referred"].words.startswith("Referred")
