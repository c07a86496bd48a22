"""Two histories of grades, side by side; and the signs of danger that people saw."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from casework.records.errors import Changed, Conflict, Invalid, NotAllowed, NotFound
from casework.records.models import ChronologyEntry
from casework.records.times import now
from incidents.facts import facts_of
from incidents.models import Indicator, MissingEpisode, RiskAssessment
from incidents.rules import Position
from incidents.services.risk import assess_risk, record_indicator, withdraw_indicator
from tests.cast import Cast
from tests.incidents.nights import report, stands_at

pytestmark = pytest.mark.django_db


def grade(
    cast: Cast,
    episode: MissingEpisode,
    grade: str = "high",
    made_by: str = "authority",
    rationale: str = "A new phone.",
    assessor: str = "",
) -> RiskAssessment:
    return assess_risk(
        by=cast.amina,
        episode=episode,
        made_by=made_by,
        grade=grade,
        rationale=rationale,
        assessor=assessor,
    )


def test_police_and_authority_grade_apart(cast: Cast) -> None:
    episode = report(cast)
    grade(cast, episode)
    grade(cast, episode, made_by="police", grade="medium", rationale="", assessor="Sgt 771")
    facts = facts_of([episode.pk])[episode.pk]
    assert (facts.authority_grade, facts.police_grade) == ("high", "medium")
    grade(cast, episode, grade="low", rationale="Spoke to an aunt.")
    facts = facts_of([episode.pk])[episode.pk]
    assert (facts.authority_grade, facts.police_grade) == ("low", "medium")
    assert RiskAssessment.objects.count() == 3
    assert ChronologyEntry.objects.filter(verb="risk.assessed").count() == 3


def test_a_grade_is_never_edited(cast: Cast) -> None:
    row = grade(cast, report(cast))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE incidents_riskassessment SET grade = 'low' WHERE id = %s", [row.pk])


@pytest.mark.parametrize(
    ("field", "changes"),
    [("rationale", {"rationale": " "}), ("grade", {"grade": "severe"}), ("made_by", {"made_by": "us"})],
)
def test_a_grade_is_in_the_list_and_says_why(cast: Cast, field: str, changes: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refusal:
        grade(cast, report(cast), **changes)
    assert refusal.value.field == field


def test_home_staff_and_eve_do_not_grade_and_nobody_grades_a_closed_file(cast: Cast) -> None:
    episode = report(cast)
    for by in (cast.carl, cast.eve):
        with pytest.raises(NotAllowed):
            assess_risk(by=by, episode=episode, made_by="authority", grade="low", rationale="Knows him.")
    with pytest.raises(Invalid, match="future"):
        assess_risk(
            by=cast.amina,
            episode=episode,
            made_by="authority",
            grade="low",
            rationale="x",
            assessed_at=now() + timedelta(hours=1),
        )
    assert not RiskAssessment.objects.exists()


def test_a_closed_file_takes_no_grade(cast: Cast) -> None:
    with pytest.raises(Conflict, match="closed"):
        grade(cast, stands_at(cast, Position.CLOSED))


def see(
    cast: Cast,
    episode: MissingEpisode | None = None,
    code: str = "trafficking",
    words: str = "A debt.",
    seen_by: str = "Carl Penrose",
) -> Indicator:
    return record_indicator(
        by=cast.carl, child=cast.kit, episode=episode, code=code, words=words, seen_by=seen_by
    )


def test_a_sign_stands_until_it_is_withdrawn_with_a_reason(cast: Cast) -> None:
    episode = report(cast)
    sign = see(cast, episode)
    assert facts_of([episode.pk])[episode.pk].indicators == {"trafficking"}
    withdraw_indicator(by=cast.amina, indicator=sign, version=sign.version, reason="His own money.")
    assert facts_of([episode.pk])[episode.pk].indicators == frozenset()
    sign.refresh_from_db()
    assert (sign.withdrawn_by, sign.withdrawn_reason) == (cast.amina, "His own money.")
    with pytest.raises(Conflict, match="Already withdrawn at"):
        withdraw_indicator(by=cast.amina, indicator=sign, version=sign.version, reason="Again.")


def test_a_withdrawal_that_cannot_be(cast: Cast) -> None:
    sign = see(cast)
    with pytest.raises(NotAllowed):
        withdraw_indicator(by=cast.carl, indicator=sign, version=1, reason="Mistaken.")
    with pytest.raises(Changed):
        withdraw_indicator(by=cast.amina, indicator=sign, version=7, reason="Mistaken.")
    with pytest.raises(Invalid, match="no longer holds"):
        withdraw_indicator(by=cast.amina, indicator=sign, version=1, reason="")
    sign.refresh_from_db()
    assert sign.withdrawn_at is None


def test_a_sign_names_what_and_who_and_the_childs_own_episode(cast: Cast) -> None:
    with pytest.raises(Invalid, match="what was seen"):
        see(cast, words=" ")
    with pytest.raises(Invalid, match="who saw it"):
        see(cast, seen_by="")
    with pytest.raises(Invalid, match="from the list"):
        see(cast, code="naughty")
    with pytest.raises(NotFound):
        see(cast, report(cast, child=cast.ola))
    with pytest.raises(NotAllowed):
        record_indicator(by=cast.eve, child=cast.kit, code="self_harm", words="x", seen_by="Eve")
    assert not Indicator.objects.exists()


def test_what_was_ticked_is_kept_under_its_concern(cast: Cast) -> None:
    sign = record_indicator(
        by=cast.carl,
        child=cast.kit,
        code="trafficking",
        signs=["debt", "waiting_cars", "debt"],
        words="",
        seen_by="Carl Penrose",
        seen_at=now() - timedelta(hours=3),
    )
    sign.refresh_from_db()
    assert (sign.signs, sign.words) == (["debt", "waiting_cars"], "")
    assert now() - sign.seen_at > timedelta(hours=2)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"signs": ["older_partner"]}, "signs"),
        ({"code": "self_harm", "signs": ["debt"]}, "signs"),
        ({"signs": [], "words": " "}, "words"),
        ({"signs": ["debt"], "seen_at": "ahead"}, "seen_at"),
    ],
)
def test_a_tick_belongs_to_its_concern_and_lies_in_the_past(
    cast: Cast, changes: dict[str, object], field: str
) -> None:
    if changes.get("seen_at"):
        changes = {**changes, "seen_at": now() + timedelta(hours=1)}
    said = {"code": "trafficking", "words": "", "seen_by": "Carl", **changes}
    with pytest.raises(Invalid) as refusal:
        record_indicator(by=cast.carl, child=cast.kit, **said)  # type: ignore[arg-type]
    assert refusal.value.field == field
    assert not Indicator.objects.exists()


def test_whoever_talks_with_the_child_afterwards_records_what_they_hear(cast: Cast) -> None:
    said = {"code": "criminal_exploitation", "signs": ["train_tickets"], "words": "", "seen_by": "Ines"}
    record_indicator(by=cast.ines, child=cast.kit, **said)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        record_indicator(by=cast.dee, child=cast.kit, **said)  # type: ignore[arg-type]
    assert Indicator.objects.get().recorded_by == cast.ines
