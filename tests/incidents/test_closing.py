"""Bev signs off, opens again, or calls the report a mistake."""

import pytest

from casework.records.errors import Changed, Conflict, Invalid, NotAllowed
from casework.records.models import ChronologyEntry, Notification
from casework.records.times import now
from incidents.models import MissingEpisode, SignOff
from incidents.rules import Position
from incidents.services.closing import record_false_report, reopen_episode, sign_off_episode
from incidents.services.returns import record_return
from tests.cast import Cast
from tests.incidents.nights import come_back, decline_interview, report, stands_at

pytestmark = pytest.mark.django_db


def _settled(cast: Cast) -> MissingEpisode:
    episode = stands_at(cast, Position.FOLLOW_UP)
    decline_interview(cast, episode)
    return episode


def sign(cast: Cast, episode: MissingEpisode, **changes: object) -> SignOff:
    told = {"by": cast.bev, "version": episode.version, "words": "Fear of a move.", **changes}
    return sign_off_episode(episode=episode, **told)  # type: ignore[arg-type]  # one of them wrong on purpose


def test_signed_off_with_what_was_learned(cast: Cast) -> None:
    episode = _settled(cast)
    signature = sign(cast, episode)
    episode.refresh_from_db()
    assert (episode.state, signature.signed_by, signature.words) == (
        "closed",
        cast.bev,
        "Fear of a move.",
    )
    assert ChronologyEntry.objects.filter(verb="episode.signed_off", actor=cast.bev).count() == 1


@pytest.mark.ac("B32")
def test_a_closed_episode_says_when_it_was_closed(cast: Cast) -> None:
    episode = _settled(cast)
    sign(cast, episode)
    with pytest.raises(Conflict, match=r"^Already closed at \d\d:\d\d"):
        sign(cast, episode)
    assert SignOff.objects.count() == 1


def test_what_a_sign_off_waits_for(cast: Cast) -> None:
    episode = report(cast)
    with pytest.raises(Conflict, match="not back yet"):
        sign(cast, episode)
    record_return(by=cast.carl, episode=episode, returned_at=now().replace(year=2020))
    episode.refresh_from_db()
    with pytest.raises(Conflict, match="time of the return"):
        sign(cast, episode)
    episode.returns.update(needs_time=False)
    with pytest.raises(Conflict, match="no outcome yet"):
        sign(cast, episode)
    decline_interview(cast, episode)
    with pytest.raises(Invalid, match="what was learned"):
        sign(cast, episode, words=" ")
    with pytest.raises(Changed):
        sign(cast, episode, version=episode.version - 1)
    for by in (cast.amina, cast.carl, cast.eve):
        with pytest.raises(NotAllowed):
            sign(cast, episode, by=by)
    episode.refresh_from_db()
    assert episode.state == "follow_up"


def test_opened_again_with_a_reason_and_signed_off_again(cast: Cast) -> None:
    episode = stands_at(cast, Position.CLOSED)
    with pytest.raises(Invalid, match="why you open it again"):
        reopen_episode(by=cast.bev, episode=episode, reason="")
    with pytest.raises(NotAllowed):
        reopen_episode(by=cast.amina, episode=episode, reason="School rang.")
    reopen_episode(by=cast.bev, episode=episode, reason="School rang.")
    episode.refresh_from_db()
    assert episode.state == "follow_up"
    sign(cast, episode)
    acts = SignOff.objects.order_by("recorded_at").values_list("act", flat=True)
    assert list(acts) == ["signed_off", "reopened", "signed_off"]


def test_a_closed_episode_is_not_in_the_way_of_a_new_one(cast: Cast) -> None:
    first = stands_at(cast, Position.CLOSED)
    second = report(cast)
    reopen_episode(by=cast.bev, episode=first, reason="School rang.")
    come_back(cast, second)
    assert MissingEpisode.objects.filter(state="follow_up").count() == 2


def test_a_mistaken_report_ends_what_waits(cast: Cast) -> None:
    episode = report(cast)
    Notification.objects.create(
        key="k", episode_id=episode.pk, stops_on_return=True, recipient=cast.bev, template="step_due"
    )
    for by in (cast.amina, cast.carl, cast.eve):
        with pytest.raises(NotAllowed):
            record_false_report(by=by, episode=episode, reason="Was in the attic.")
    with pytest.raises(Invalid, match="never gone"):
        record_false_report(by=cast.bev, episode=episode, reason=" ")
    record_false_report(by=cast.bev, episode=episode, reason="Was in the attic.")
    episode.refresh_from_db()
    assert (episode.state, episode.returned_at) == ("false_report", None)
    assert Notification.objects.get().state == "withdrawn"
    assert report(cast).pk != episode.pk
