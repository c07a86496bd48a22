"""The home gives notice while Kit is missing; somebody fetches a child who is located."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.records.errors import Conflict, Invalid, NotAllowed
from casework.records.models import Notification, Placement
from casework.records.services import placements
from casework.records.times import LONDON, now
from incidents.facts import facts_of
from incidents.queries import notice_on
from incidents.rules import Position
from incidents.services.meanwhile import check_located, give_notice
from incidents.services.returns import record_located
from tests.cast import Cast
from tests.incidents.nights import come_back, go_missing, locate, report, stands_at

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def test_notice_ends_nothing_and_the_duty_desk_and_the_manager_hear(cast: Cast) -> None:
    episode = report(cast)
    today = now().astimezone(LONDON).date()
    notice = give_notice(
        by=cast.gita, episode=episode, ends_on=today + WEEK, reason="We cannot keep him safe."
    )
    assert (notice.given_by, notice.placement) == ("Gita Larch", Placement.objects.get(child=cast.kit))
    assert not Placement.objects.get(child=cast.kit).is_ended
    assert notice_on(episode) == notice
    told = set(Notification.objects.filter(template="placement_notice").values_list("recipient", flat=True))
    assert cast.bev.pk in told
    assert told & {cast.femi.pk, cast.amina.pk}
    assert cast.gita.pk not in told


def test_notice_says_why_and_ends_no_earlier_than_it_is_given(cast: Cast) -> None:
    episode = report(cast)
    today = now().astimezone(LONDON).date()
    with pytest.raises(Invalid, match="reason"):
        give_notice(by=cast.carl, episode=episode, ends_on=today, reason=" ")
    with pytest.raises(Invalid, match="later"):
        give_notice(by=cast.carl, episode=episode, ends_on=today - WEEK, reason="Full.")
    with pytest.raises(Invalid, match="future"):
        give_notice(
            by=cast.carl, episode=episode, ends_on=today + WEEK, reason="Full.", given_at=now() + WEEK
        )
    for stranger in (cast.tablet, cast.mo, cast.eve, cast.ines):
        with pytest.raises(NotAllowed):
            give_notice(by=stranger, episode=episode, ends_on=today + WEEK, reason="Full.")
    assert not episode.notices.exists()


def test_of_a_child_who_is_back_notice_is_given_elsewhere(cast: Cast) -> None:
    episode = report(cast)
    come_back(cast, episode)
    with pytest.raises(Conflict, match="back"):
        give_notice(by=cast.carl, episode=episode, ends_on=now().date() + WEEK, reason="Full.")


def test_notice_of_a_placement_that_is_over_is_shown_to_nobody(cast: Cast) -> None:
    episode = report(cast)
    give_notice(by=cast.carl, episode=episode, ends_on=now().date() + WEEK, reason="Full.")
    placements.move_child(by=cast.amina, child=cast.kit, home=cast.fenwick_house, at=now())
    assert notice_on(episode) is None


def test_who_fetches_a_located_child_is_a_fact(cast: Cast) -> None:
    episode = stands_at(cast, Position.LOCATED)
    assert "escort_known" not in facts_of([episode.pk])[episode.pk].met
    check_located(
        by=cast.femi, episode=episode, with_whom="PC 4417", fetched_by="Carl, by one", why_not_back="No car."
    )
    met = facts_of([episode.pk])[episode.pk].met
    assert (met["escort_known"].by_id, met["why_not_back"].by_id) == (cast.femi.pk, cast.femi.pk)
    episode.refresh_from_db()
    assert episode.state == "located"


def test_only_a_located_child_is_fetched(cast: Cast) -> None:
    episode = report(cast)
    with pytest.raises(Conflict, match="not located"):
        check_located(by=cast.femi, episode=episode, with_whom="PC 4417", fetched_by="Carl")
    locate(cast, episode)
    with pytest.raises(Invalid):
        check_located(by=cast.femi, episode=episode, with_whom="PC 4417", fetched_by=" ")
    with pytest.raises(NotAllowed):
        check_located(by=cast.eve, episode=episode, with_whom="PC 4417", fetched_by="Carl")


def test_what_was_asked_the_last_time_says_nothing_of_this_time(cast: Cast) -> None:
    episode = report(cast)
    record_located(
        by=cast.femi,
        episode=episode,
        located_at=now(),
        where="Bus station",
        found_by="police",
        with_whom="PC 4417",
        fetched_by="Carl, by noon",
    )
    assert "escort_known" in facts_of([episode.pk])[episode.pk].met
    go_missing(cast, episode)
    locate(cast, episode)
    assert "escort_known" not in facts_of([episode.pk])[episode.pk].met
