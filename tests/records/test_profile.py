"""Facts kept ready, each with its freshness; and who was told, or not."""

from datetime import timedelta

import pytest

from casework.records.errors import Conflict, Invalid, NotAllowed
from casework.records.models import Disclosure, FactKind, ProfileFact
from casework.records.services import profile, telling
from casework.records.times import now, pretend_now
from casework.records.verbs import RecordVerb
from tests.cast import Cast


@pytest.fixture
def fact(cast: Cast) -> ProfileFact:
    """What Carl knows of Kit's phone."""
    return profile.record_fact(
        by=cast.carl, child=cast.kit, kind=FactKind.PHONE, words="07700 900123", source="Kit"
    )


def test_a_fact_carries_its_source_and_freshness(cast: Cast, fact: ProfileFact) -> None:
    assert (fact.words, fact.source, fact.recorded_by) == ("07700 900123", "Kit", cast.carl)
    assert fact.confirmed_by == cast.carl
    assert cast.kit.chronology.get(verb=RecordVerb.FACT_RECORDED).payload == {"kind": "phone"}


def test_still_true_makes_it_fresh(cast: Cast, fact: ProfileFact) -> None:
    later = fact.confirmed_at + timedelta(days=40)
    pretend_now(later)
    confirmed = profile.confirm_fact(by=cast.amina, fact=fact)
    assert (confirmed.confirmed_at, confirmed.confirmed_by) == (later, cast.amina)
    assert confirmed.recorded_by == cast.carl


def test_a_newer_fact_takes_the_place_and_the_older_keeps_its_words(cast: Cast, fact: ProfileFact) -> None:
    newer = profile.record_fact(
        by=cast.amina, child=cast.kit, kind=FactKind.PHONE, words="07700 900124", replaces=fact
    )
    fact.refresh_from_db()
    assert (fact.words, fact.replaced_by) == ("07700 900123", newer)
    with pytest.raises(Conflict):
        profile.confirm_fact(by=cast.carl, fact=fact)
    with pytest.raises(Conflict):
        profile.record_fact(by=cast.carl, child=cast.kit, kind="phone", words="x", replaces=fact)


def test_a_withdrawn_fact_says_why_and_stays(cast: Cast, fact: ProfileFact) -> None:
    with pytest.raises(Invalid):
        profile.withdraw_fact(by=cast.carl, fact=fact, reason="")
    assert profile.withdraw_fact(by=cast.carl, fact=fact, reason="Phone sold").withdrawn_at is not None
    with pytest.raises(Conflict):
        profile.withdraw_fact(by=cast.carl, fact=fact, reason="Phone sold")


def test_a_fact_of_another_child_is_not_replaced(cast: Cast, fact: ProfileFact) -> None:
    with pytest.raises(Invalid):
        profile.record_fact(
            by=cast.carl, child=cast.ola, kind=FactKind.PHONE, words="07700 900125", replaces=fact
        )
    assert not ProfileFact.objects.filter(child=cast.ola).exists()


def test_neither_the_tablet_nor_another_home_nor_eve_touches_the_facts(cast: Cast, fact: ProfileFact) -> None:
    for person in (cast.tablet, cast.mo, cast.eve):
        with pytest.raises(NotAllowed):
            profile.record_fact(by=person, child=cast.kit, kind="phone", words="07700 900126")
        with pytest.raises(NotAllowed):
            profile.confirm_fact(by=person, fact=fact)


@pytest.mark.parametrize(("kind", "words", "field"), [("rumour", "x", "kind"), ("phone", " ", "words")])
def test_a_fact_needs_its_kind_and_words(cast: Cast, kind: str, words: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        profile.record_fact(by=cast.carl, child=cast.kit, kind=kind, words=words)
    assert refusal.value.field == field


# Telling ---------------------------------------------------------------------------------------------


def test_a_telling_says_who_what_and_why(cast: Cast) -> None:
    told = telling.tell(
        by=cast.carl,
        child=cast.kit,
        audience=Disclosure.Audience.PARENT,
        told_name="Kit’s mother",
        how=Disclosure.How.PHONE,
        what="Not home since nine",
        purpose="To ask whether Kit is with her",
    )
    assert (told.recorded_by, told.how) == (cast.carl, "phone")
    assert cast.kit.chronology.get(verb=RecordVerb.PERSON_TOLD).about_id == told.pk


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"how": Disclosure.How.SYSTEM}, "how"),
        ({"how": "pigeon"}, "how"),
        ({"told_name": " "}, "told_name"),
        ({"audience": "press"}, "audience"),
        ({"ahead": timedelta(minutes=6)}, "told_at"),
    ],
)
def test_a_telling_that_cannot_be(cast: Cast, answer: dict[str, object], field: str) -> None:
    answers: dict[str, object] = {
        "audience": "parent",
        "told_name": "Kit’s mother",
        "how": "phone",
        **answer,
    }
    ahead = answers.pop("ahead", timedelta(0))
    assert isinstance(ahead, timedelta)
    with pytest.raises(Invalid) as refusal:
        telling.tell(
            by=cast.carl,
            child=cast.kit,
            audience=str(answers["audience"]),
            told_name=str(answers["told_name"]),
            how=str(answers["how"]),
            told_at=now() + ahead,
            what="",
            purpose="",
        )
    assert refusal.value.field == field
    assert not Disclosure.objects.exists()


def test_not_telling_is_a_decision_with_a_reason(cast: Cast) -> None:
    with pytest.raises(Invalid):
        telling.decide_not_to_tell(by=cast.amina, child=cast.kit, audience="parent", reason=" ")
    decided = telling.decide_not_to_tell(
        by=cast.amina, child=cast.kit, audience="parent", reason="Kit may be at risk from them"
    )
    assert decided.how == Disclosure.How.NOT_TOLD
    assert cast.kit.chronology.filter(verb=RecordVerb.PERSON_NOT_TOLD).exists()


def test_the_tablet_and_eve_tell_nobody(cast: Cast) -> None:
    for person in (cast.tablet, cast.eve):
        with pytest.raises(NotAllowed):
            telling.tell(
                by=person,
                child=cast.kit,
                audience="parent",
                told_name="Somebody",
                how="phone",
                what="x",
                purpose="x",
            )
        with pytest.raises(NotAllowed):
            telling.decide_not_to_tell(by=person, child=cast.kit, audience="parent", reason="x")
