"""What is heard of Kit: seen, spoken to, asked for. None of it locates anybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from casework.records.errors import Conflict, Invalid, NotAllowed
from casework.records.models import ChronologyEntry, Notification, PoliceForce, User
from casework.records.notify import outbox
from casework.records.services import placements
from casework.records.times import LONDON, now, pretend_now
from incidents.facts import facts_of, is_at_risk_of_trafficking
from incidents.models import EXPLOITATION, News, ReportCopy
from incidents.services.heard import add_news, record_enquiry
from incidents.services.risk import record_indicator
from protocols.conditions import EXPLOITATION as ASKED_BY_PROTOCOLS
from tests.cast import Cast
from tests.incidents.nights import come_back, report, sign_off

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 11, 19, 23, 5, tzinfo=LONDON)
DAY = datetime(2026, 11, 19, 11, 5, tzinfo=LONDON)


def told(template: str) -> set[User]:
    rows = Notification.objects.filter(template=template).select_related("recipient")
    return {row.recipient for row in rows}


# ---- seen, and spoken to ----


def test_a_sighting_in_another_forces_area_locates_nobody(cast: Cast) -> None:
    episode = report(cast)
    moorland = PoliceForce.objects.create(name="Moorland Police")
    seen = add_news(
        by=cast.carl,
        episode=episode,
        kind="sighting",
        words="With two men.",
        where="Moorby station",
        how_sure="likely",
        force=moorland,
        told_by="A guard",
    )
    episode.refresh_from_db()
    assert (seen.force, seen.child) == (moorland, cast.kit)
    assert (episode.state, episode.located_at) == ("open", None)
    assert not episode.shares.filter(force=moorland).exists()  # that is somebody's decision
    copy = ReportCopy.objects.filter(kind="news").latest("recorded_at")
    assert "Moorland Police" in copy.text


def test_words_with_the_child_count_as_contact_and_locate_nobody(cast: Cast) -> None:
    episode = report(cast)
    add_news(
        by=cast.carl,
        episode=episode,
        kind="spoken",
        words="I am fine, leave me.",
        where="Says at a friend's",
        how_known="Knew the dog's name.",
        number="07700 900456",
    )
    episode.refresh_from_db()
    facts = facts_of([episode.pk])[episode.pk]
    assert (episode.state, facts.located_at) == ("open", None)
    assert facts.met["child_spoken_to"].by_id == cast.carl.pk
    assert ChronologyEntry.objects.filter(verb="child.spoken_to").count() == 1


@pytest.mark.parametrize(
    ("kind", "said", "sentence"),
    [
        ("spoken", {"how_known": "Her voice."}, "in their own words"),
        ("spoken", {"words": "I am fine."}, "how you know"),
        ("sighting", {"where": "Moorby"}, "what you learned"),
        ("sighting", {"words": "Alone.", "how_sure": "very"}, "from the list"),
        ("sighting", {"words": "Alone.", "where": "x" * 301}, "300 characters"),
        ("sighting", {"words": "Alone.", "happened_at": "ahead"}, "future"),
    ],
)
def test_what_is_told_of_it_has_to_be_whole(
    cast: Cast, kind: str, said: dict[str, Any], sentence: str
) -> None:
    episode = report(cast)
    at = {"happened_at": now() + timedelta(hours=1)} if "happened_at" in said else {}
    with pytest.raises(Invalid, match=sentence):
        add_news(by=cast.carl, episode=episode, kind=kind, **{**said, **at})
    assert not News.objects.exists()


def test_nothing_is_added_when_it_is_over_nor_by_a_stranger(cast: Cast) -> None:
    episode = report(cast)
    with pytest.raises(NotAllowed):
        add_news(by=cast.mo, episode=episode, kind="sighting", words="Alone.")
    come_back(cast, episode)
    sign_off(cast, episode)
    with pytest.raises(Conflict):
        add_news(by=cast.carl, episode=episode, kind="sighting", words="Alone.")


# ---- asked for ----


def test_an_uncle_rings_for_a_child_who_is_missing(cast: Cast) -> None:
    episode = report(cast)
    kept = record_enquiry(
        by=cast.carl, child=cast.kit, said_name="An uncle", number="07700 900777", asked="Is he in?"
    )
    assert (kept.episode, kept.kind) == (episode, "enquirer")
    assert not told("enquirer")  # nothing says that Kit may be trafficked


def test_of_a_child_who_is_not_missing_it_is_kept_about_the_child(cast: Cast) -> None:
    kept = record_enquiry(by=cast.tablet, child=cast.kit, typed_name="Joss Pike")
    assert (kept.episode, kept.child, kept.typed_name) == (None, cast.kit, "Joss Pike")
    entry = ChronologyEntry.objects.get(about_id=kept.pk)
    assert (entry.child, entry.episode_id) == (cast.kit, None)


def test_a_tablet_says_who_is_typing_and_a_stranger_keeps_nothing(cast: Cast) -> None:
    with pytest.raises(Invalid):
        record_enquiry(by=cast.tablet, child=cast.kit)
    for stranger in (cast.mo, cast.eve, cast.dee, cast.ada):
        with pytest.raises(NotAllowed):
            record_enquiry(by=stranger, child=cast.kit)
    assert not News.objects.exists()


@pytest.mark.parametrize(("at", "who"), [(NIGHT, "femi"), (DAY, "amina")])
def test_whoever_is_on_duty_hears_at_once_of_a_child_who_may_be_trafficked(
    cast: Cast, at: datetime, who: str
) -> None:
    pretend_now(at)
    record_enquiry(by=cast.mo, child=cast.biniam, said_name="An uncle")
    assert told("enquirer") == {getattr(cast, who)}


def test_the_letter_goes_out_and_names_nobody(cast: Cast) -> None:
    record_indicator(by=cast.amina, child=cast.kit, code="trafficking", words="A debt.", seen_by="Amina")
    record_enquiry(by=cast.carl, child=cast.kit, said_name="An uncle")
    outbox.deliver()
    letters = [letter for letter in mail.outbox if "asked for a child" in letter.subject]
    assert len(letters) == 1
    assert not {"Kit", "Ashdown", "uncle"} & set(f"{letters[0].body} {letters[0].subject}".split())


def test_nobody_on_duty_leaves_it_to_the_manager_and_nobody_hears_of_what_they_wrote(cast: Cast) -> None:
    pretend_now(NIGHT)
    User.objects.filter(pk=cast.femi.pk).update(is_active=False)
    record_enquiry(by=cast.mo, child=cast.biniam)
    assert told("enquirer") == {cast.bev}
    record_enquiry(by=cast.bev, child=cast.biniam)
    assert Notification.objects.filter(template="enquirer").count() == 1


def test_who_may_be_trafficked_is_asked_alike_here_and_by_the_protocol(cast: Cast) -> None:
    assert [code.value for code in EXPLOITATION] == list(ASKED_BY_PROTOCOLS)
    today = now().date()
    assert is_at_risk_of_trafficking(cast.biniam, today)
    assert not is_at_risk_of_trafficking(cast.kit, today)


def test_after_a_move_the_old_home_keeps_nothing_about_the_child(cast: Cast) -> None:
    placements.move_child(by=cast.amina, child=cast.kit, home=cast.fenwick_house, at=now())
    with pytest.raises(NotAllowed):
        record_enquiry(by=cast.carl, child=cast.kit)
    assert record_enquiry(by=cast.mo, child=cast.kit).child == cast.kit
