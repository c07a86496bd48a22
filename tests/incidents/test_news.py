"""What is heard while a child is not back; it locates nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.records.errors import Conflict, Invalid, NotAllowed
from casework.records.models import ChronologyEntry
from casework.records.times import now
from incidents.models import News
from incidents.services.reports import add_news
from tests.cast import Cast
from tests.incidents.nights import come_back, report, sign_off

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_news_is_added_and_locates_nobody(cast: Cast) -> None:
    episode = report(cast)
    add_news(by=cast.tablet, episode=episode, kind="nothing_new", typed_name="Nell")
    seen = add_news(
        by=cast.carl,
        episode=episode,
        kind="sighting",
        words="At the bus station.",
        happened_at=now() - MINUTE,
        told_by="A driver",
    )
    assert seen.told_by == "A driver"
    episode.refresh_from_db()
    assert (episode.state, episode.located_at) == ("open", None)
    assert ChronologyEntry.objects.filter(verb="news.added").count() == 2


def test_news_needs_words_a_reader_and_an_episode_that_is_worked_on(cast: Cast) -> None:
    episode = report(cast)
    with pytest.raises(Invalid, match="Enter what you learned"):
        add_news(by=cast.carl, episode=episode, kind="call", words="  ")
    with pytest.raises(NotAllowed):
        add_news(by=cast.eve, episode=episode, kind="nothing_new")
    come_back(cast, episode)
    add_news(by=cast.carl, episode=episode, kind="information", words="A receipt was in the pocket.")
    with pytest.raises(Conflict, match="The child is back"):
        add_news(by=cast.carl, episode=episode, kind="nothing_new")
    sign_off(cast, episode)
    with pytest.raises(Conflict, match="closed"):
        add_news(by=cast.amina, episode=episode, kind="information", words="More.")
    assert News.objects.count() == 1
