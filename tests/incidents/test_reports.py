"""Carl reports Kit; the same night goes on; Bev puts a time right."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, connections, transaction

from casework.records.errors import Invalid, NotAllowed
from casework.records.models import ChronologyEntry, Disclosure
from casework.records.times import now
from incidents.models import Indicator, MissingEpisode, News, PoliceAnswer, State
from incidents.rules import Position
from incidents.services.reports import (
    AlreadyReported,
    PoliceTold,
    report_missing,
)
from tests.cast import Cast, make_cast
from tests.incidents.nights import come_back, report, stands_at

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


# ---- a report ----


def test_carl_reports_kit_and_everything_he_said_is_kept(cast: Cast) -> None:
    at = now()
    episode = report_missing(
        by=cast.carl,
        child=cast.kit,
        category="missing",
        noticed_at=at - 20 * MINUTE,
        last_seen_at=at - HOUR,
        last_seen_estimated=True,
        last_seen_where="Upstairs landing",
        checks_made=["room", "phoned"],
        wearing="Grey hoodie",
        indicators={"trafficking": "A car waited outside."},
        told_police=PoliceTold(told_at=at - 5 * MINUTE, reference="XP-1911-0731"),
    )
    episode.refresh_from_db()
    assert episode.reference == f"E-{at.year}-0001"
    assert (episode.home, episode.authority, episode.reported_by) == (
        cast.larch_house,
        cast.exampleshire,
        cast.carl,
    )
    assert episode.missing_from == at - HOUR
    assert episode.told_authority_at is not None
    assert episode.told_authority_at >= at
    assert (episode.told_police_at, episode.police_reference) == (at - 5 * MINUTE, "XP-1911-0731")
    spell = episode.spells.get()
    assert (spell.category, spell.started_at) == ("missing", episode.told_authority_at)
    sign = Indicator.objects.get(child=cast.kit)
    assert (sign.code, sign.words, sign.seen_by) == ("trafficking", "A car waited outside.", "Carl Penrose")
    assert PoliceAnswer.objects.get(episode=episode).spell == spell
    assert Disclosure.objects.get(episode_id=episode.pk).audience == "police"
    verbs = ChronologyEntry.objects.filter(episode_id=episode.pk).values_list("verb", flat=True)
    assert set(verbs) == {"episode.reported", "indicator.recorded", "police.answered"}


def test_references_count_by_authority(cast: Cast) -> None:
    first, second = report(cast), report(cast, child=cast.ola)
    assert [row.reference[-4:] for row in (first, second)] == ["0001", "0002"]


def test_eve_of_another_authority_cannot_report_kit(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        report_missing(by=cast.eve, child=cast.kit, category="missing", noticed_at=now())
    assert not MissingEpisode.objects.exists()


def test_on_the_shared_tablet_a_report_needs_a_name(cast: Cast) -> None:
    with pytest.raises(Invalid) as refusal:
        report_missing(by=cast.tablet, child=cast.kit, category="missing", noticed_at=now())
    assert refusal.value.field == "typed_name"
    episode = report_missing(
        by=cast.tablet, child=cast.kit, category="missing", noticed_at=now(), typed_name="Nell"
    )
    assert episode.reported_by_name == "Nell"
    assert ChronologyEntry.objects.get(episode_id=episode.pk).typed_name == "Nell"


def test_away_says_where_and_words_must_fit(cast: Cast) -> None:
    with pytest.raises(Invalid) as refusal:
        report_missing(by=cast.carl, child=cast.kit, category="away", noticed_at=now())
    assert refusal.value.field == "whereabouts"
    for words, code in [("x" * 10_001, "too_long"), ("a\0b", "unreadable"), ("a\ud800", "unreadable")]:
        with pytest.raises(Invalid) as refusal:
            report_missing(
                by=cast.carl, child=cast.kit, category="missing", noticed_at=now(), circumstances=words
            )
        assert (refusal.value.field, refusal.value.code) == ("circumstances", code)
    assert not MissingEpisode.objects.exists()


@pytest.mark.parametrize(
    ("field", "answers"),
    [
        ("category", {"category": "absent"}),
        ("checks_made", {"checks_made": ["the moon"]}),
        ("indicators", {"indicators": {"naughty": ""}}),
    ],
)
def test_what_is_not_in_the_list_is_refused(cast: Cast, field: str, answers: dict[str, str]) -> None:
    told = {"category": "missing", **answers}
    with pytest.raises(Invalid, match="Choose one from the list") as refusal:
        report_missing(by=cast.carl, child=cast.kit, noticed_at=now(), **told)  # type: ignore[arg-type]  # one of several
    assert refusal.value.field == field


@pytest.mark.ac("B11")
@pytest.mark.ac("B12")
def test_times_ahead_and_long_ago(cast: Cast) -> None:
    at = now()
    for last_seen_at, code in [
        (at + 10 * MINUTE, "future"),
        (at - 26 * HOUR, "late_reason"),
        (at - timedelta(days=730), "too_long_ago"),
    ]:
        with pytest.raises(Invalid) as refusal:
            report_missing(
                by=cast.carl,
                child=cast.kit,
                category="missing",
                noticed_at=at,
                last_seen_at=last_seen_at,
            )
        assert refusal.value.code == code
    episode = report_missing(
        by=cast.carl,
        child=cast.kit,
        category="missing",
        noticed_at=at,
        last_seen_at=at - 26 * HOUR,
        late_reason="A new member of staff did not know.",
    )
    entry = ChronologyEntry.objects.get(episode_id=episode.pk)
    assert entry.payload["late_reason"] == "A new member of staff did not know."


# ---- the child who is not back yet ----


@pytest.mark.ac("T15.2")
@pytest.mark.parametrize("category", ["missing", "away", "concern"])
def test_a_second_report_of_an_open_episode_leads_to_the_first(cast: Cast, category: str) -> None:
    first = report(cast)
    with pytest.raises(AlreadyReported, match=r"^Already reported missing at \d\d:\d\d") as refusal:
        report(cast, category)
    assert refusal.value.episode_id == first.pk
    assert refusal.value.status == 409


@pytest.mark.ac("T15.2")
def test_located_and_gone_again_is_the_same_episode(cast: Cast) -> None:
    first = stands_at(cast, Position.LOCATED)
    gone_from = first.missing_from
    again = report_missing(
        by=cast.carl,
        child=cast.kit,
        category="missing",
        noticed_at=now(),
        last_seen_at=now(),
        last_seen_where="Platform 2",
        wearing="A red coat now",
        circumstances="Jumped out of the car.",
    )
    assert again.pk == first.pk
    again.refresh_from_db()
    assert (again.state, again.wearing) == ("open", "A red coat now")
    assert again.missing_from == gone_from
    assert [spell.category for spell in again.spells.order_by("ordinal")] == ["missing", "missing"]
    assert News.objects.get(episode=again).words == "Platform 2"


@pytest.mark.parametrize(
    ("first", "second"), [("concern", "away"), ("concern", "missing"), ("away", "missing")]
)
def test_a_report_that_tells_of_worse_moves_the_first_one_on(cast: Cast, first: str, second: str) -> None:
    episode = report(cast, first)
    assert report(cast, second).pk == episode.pk
    assert [spell.category for spell in episode.spells.order_by("ordinal")] == [first, second]
    assert episode.spells.filter(ended_at__isnull=True).get().category == second


def test_police_told_before_the_second_report_begin_its_clock(cast: Cast) -> None:
    stands_at(cast, Position.LOCATED)
    told_at = now()
    again = report_missing(
        by=cast.carl,
        child=cast.kit,
        category="missing",
        noticed_at=told_at,
        told_police=PoliceTold(told_at=told_at),
    )
    spell = again.spells.get(ordinal=2)
    assert spell.started_at == told_at
    assert PoliceAnswer.objects.get(episode=again).spell == spell


def test_the_next_night_is_a_new_episode_while_the_first_is_followed_up(cast: Cast) -> None:
    first = report(cast)
    come_back(cast, first)
    second = report(cast)
    assert second.pk != first.pk
    assert set(MissingEpisode.objects.values_list("state", flat=True)) == {"follow_up", "open"}


# ---- several ----


def test_children_who_went_together_each_have_an_episode(cast: Cast) -> None:
    kits = report_missing(
        by=cast.carl,
        child=cast.kit,
        category="missing",
        noticed_at=now(),
        together_with=[cast.ola],
        told_police=PoliceTold(told_at=now()),
    )
    olas = MissingEpisode.objects.get(child=cast.ola)
    assert kits.child == cast.kit
    assert kits.together_id == olas.together_id is not None
    assert PoliceAnswer.objects.filter(episode__in=[kits, olas]).count() == 2


def test_a_companion_who_was_reported_before_is_tied_and_not_reported_again(cast: Cast) -> None:
    olas = report(cast, child=cast.ola)
    kits = report_missing(
        by=cast.carl, child=cast.kit, category="missing", noticed_at=now(), together_with=[cast.ola]
    )
    olas.refresh_from_db()
    assert olas.together_id == kits.together_id
    assert olas.spells.count() == 1


def test_a_companion_of_another_home_is_not_carls_to_report(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        report_missing(
            by=cast.carl,
            child=cast.kit,
            category="missing",
            noticed_at=now(),
            together_with=[cast.biniam],
        )
    assert not MissingEpisode.objects.exists()


# ---- two at once ----


@pytest.mark.django_db(transaction=True)
def test_two_reports_at_once_make_one_episode() -> None:
    cast, both = make_cast(), Barrier(2)

    def tell() -> str:
        try:
            with transaction.atomic():
                both.wait(timeout=10)
                return str(report(cast).pk)
        except AlreadyReported as refusal:
            return f"already {refusal.episode_id}"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as people:
        answers = sorted(call.result(timeout=30) for call in [people.submit(tell), people.submit(tell)])
    episode = MissingEpisode.objects.get()
    assert answers == sorted([str(episode.pk), f"already {episode.pk}"])


@pytest.mark.django_db(transaction=True)
def test_a_report_waits_for_the_return_that_is_being_written() -> None:
    cast = make_cast()
    first = report(cast)
    with ThreadPoolExecutor(1) as people:
        with transaction.atomic():
            come_back(cast, first)

            def tell() -> MissingEpisode:
                try:
                    return report(cast)
                finally:
                    connections.close_all()

            again = people.submit(tell)
            _until_somebody_waits_for_a_lock()
        second = again.result(timeout=30)
    assert second.pk != first.pk
    assert MissingEpisode.objects.get(pk=first.pk).state == State.FOLLOW_UP


def _until_somebody_waits_for_a_lock() -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with connection.cursor() as cursor:
        for _ in range(2000):
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.01)")
    raise AssertionError("nobody waited")
