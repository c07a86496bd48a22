"""Which messages of a step ring a phone as well; and that both are owed in the one statement."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from casework.processes import LOCAL_KEY
from casework.records.models import Notification, User
from casework.records.times import pretend_now
from incidents.services.reports import report_missing
from protocols import engine
from protocols.messages import Template, goes_by_text
from protocols.publishing import publish_default
from tests.cast import Cast

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NIGHT = datetime(2027, 11, 18, 22, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("template", "anchor", "delay", "by_day", "by_night"),
    [
        (Template.STEP_DUE, "E", 0 * MINUTE, True, True),
        (Template.STEP_LATE, "T", 10 * MINUTE, True, True),
        (Template.STEP_DUE, "L", 30 * MINUTE, True, True),
        (Template.STEP_DUE, "T", 1 * HOUR, False, True),
        (Template.STEP_DUE, "T", 24 * HOUR, False, True),
        (Template.STEP_DUE, "A", 0 * MINUTE, False, True),
        (Template.STEP_DUE, "R", 1 * HOUR, False, True),
        (Template.STEP_DUE, "R", 24 * HOUR, False, False),
        (Template.STEP_DUE, "P", 0 * HOUR, False, False),
        (Template.STEP_NOTICE, "T", 0 * MINUTE, False, False),
        (Template.STEP_HANDED_OVER, "T", 0 * MINUTE, False, False),
        (Template.STEP_FAILED, "R", 72 * HOUR, True, True),
    ],
)
def test_what_is_urgent_rings_a_phone(
    template: Template, anchor: str, delay: timedelta, by_day: bool, by_night: bool
) -> None:
    assert goes_by_text(template, anchor, delay, by_day=True) is by_day
    assert goes_by_text(template, anchor, delay, by_day=False) is by_night


def owed_at(cast: Cast, at: datetime) -> set[tuple[str, str]]:
    """Whom, and how, the first steps of Kit's absence tell."""
    pretend_now(at)
    episode = report_missing(by=cast.carl, child=cast.kit, category="missing", noticed_at=at)
    pretend_now(at + timedelta(minutes=31))
    engine.fire_due(episode.pk)
    rows = Notification.objects.filter(episode_id=episode.pk).select_related("recipient")
    return {(row.recipient.name, row.channel) for row in rows}


@pytest.mark.django_db
def test_at_night_whoever_has_a_mobile_number_gets_a_text_beside_each_letter(
    cast: Cast, settings: Settings
) -> None:
    publish_default(authority=cast.exampleshire)
    settings.NOTIFY_API_KEY = LOCAL_KEY
    User.objects.filter(pk=cast.carl.pk).update(phone="+447700900123")
    owed = owed_at(cast, NIGHT)
    assert {("Carl Penrose", "sms"), ("Carl Penrose", "email"), ("Femi Castell", "email")} <= owed
    assert ("Femi Castell", "sms") not in owed


@pytest.mark.django_db
def test_without_a_key_no_text_is_ever_owed(cast: Cast) -> None:
    publish_default(authority=cast.exampleshire)
    User.objects.filter(pk=cast.carl.pk).update(phone="+447700900123")
    assert {channel for _, channel in owed_at(cast, NIGHT)} == {"email"}
