"""Two browsers: Carl writes what he heard about Kit while Amina moves Kit to another home."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser

from casework.records.times import now
from incidents.models import News
from incidents.services import reports
from protocols.publishing import publish_default
from tests.cast import Cast
from tests.journeys.a_browser import Reader

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

HEARD = "His aunt says he is at the skate park."


@pytest.mark.ac("T02.1")
@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
def test_larch_house_is_reading_when_kit_moves(
    chromium: Browser, live_server: LiveServer, cast: Cast, has_scripts: bool
) -> None:
    publish_default()
    episode = reports.report_missing(
        by=cast.carl, child=cast.kit, category="missing", noticed_at=now() - timedelta(minutes=30)
    )
    carl = Reader.opens(chromium, live_server.url, has_scripts=has_scripts).signs_in(cast.carl)
    carl.goes_to(f"/episodes/{episode.pk}/news/").sees("Kit Ashdown")
    carl.answers(kind="call", happened_at="now", words=HEARD)

    amina = Reader.opens(chromium, live_server.url, has_scripts=has_scripts).signs_in(cast.amina)
    amina.goes_to(f"/children/{cast.kit.pk}/").follows("Move the child")
    amina.answers(at="now", home=str(cast.fenwick_house.pk), place_code="K2", provider_code="PR4")
    amina.presses("Move the child").sees("Fenwick House")

    carl.presses("Save news").sees("We can’t show this record", "it has been kept for the authority")
    carl.goes_to(f"/episodes/{episode.pk}/").sees("Page not found")
    carl.goes_to("/home/").sees("Moved, and still missing.", episode.reference)
    assert "Ashdown" not in carl.page.content()
    assert not News.objects.exists()
    amina.goes_to(f"/episodes/{episode.pk}/").sees("Information that nobody has checked", HEARD)
    assert amina.complaints == []
    assert [one for one in carl.complaints if "status of 404" not in one] == []
