"""Values of a report put right; the old ones stay beside the new, with why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from casework.records.errors import Changed, Invalid, NotAllowed
from casework.records.times import now
from incidents.models import Correction, MissingEpisode
from incidents.services.reports import correct_report
from tests.cast import Cast
from tests.incidents.nights import come_back, locate, report

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_a_correction_keeps_the_old_value_and_why(cast: Cast) -> None:
    episode = report(cast)
    noticed_at = episode.noticed_at
    right = noticed_at - 10 * MINUTE
    corrected = correct_report(
        by=cast.carl,
        episode=episode,
        version=episode.version,
        changes={"noticed_at": right, "wearing": "Blue coat", "carrying": ""},
        reason="The camera shows it.",
    )
    assert corrected.version == episode.version + 1
    assert MissingEpisode.objects.get(pk=episode.pk).noticed_at == right
    kept = {row.field: (row.old, row.new, row.reason) for row in Correction.objects.all()}
    assert kept == {
        "noticed_at": (noticed_at.isoformat(), right.isoformat(), "The camera shows it."),
        "wearing": ("", "Blue coat", "The camera shows it."),
    }
    assert corrected.noticed_recorded_at > noticed_at
    with connection.cursor() as cursor:
        cursor.execute("SELECT noticed_at FROM incidents_missingepisodeevent ORDER BY pgh_id")
        versions = [moment for (moment,) in cursor.fetchall()]
    assert (versions[0], versions[-1]) == (noticed_at, right)


@pytest.mark.ac("B26")
def test_a_correction_of_what_somebody_changed_meanwhile_is_refused(cast: Cast) -> None:
    episode = report(cast)
    version = episode.version
    locate(cast, episode)
    with pytest.raises(Changed):
        correct_report(
            by=cast.carl, episode=episode, version=version, changes={"wearing": "Blue"}, reason="Seen."
        )
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    ("changes", "reason", "code"),
    [
        ({"wearing": "Blue"}, " ", "required"),
        ({}, "Seen.", "unchanged"),
        ({"wearing": ""}, "Seen.", "unchanged"),
        ({"state": "closed"}, "Seen.", "not_correctable"),
        ({"noticed_at": None}, "Seen.", "required"),
        ({"last_seen_at": "yesterday"}, "Seen.", "wrong_kind"),
    ],
)
def test_a_correction_that_cannot_be(cast: Cast, changes: dict[str, object], reason: str, code: str) -> None:
    episode = report(cast)
    with pytest.raises(Invalid) as refusal:
        correct_report(by=cast.carl, episode=episode, version=episode.version, changes=changes, reason=reason)
    assert refusal.value.code == code
    assert not Correction.objects.exists()


@pytest.mark.ac("B12")
def test_only_a_team_manager_corrects_to_more_than_thirty_days_ago(cast: Cast) -> None:
    episode = report(cast)
    changes = {"last_seen_at": now() - timedelta(days=40)}
    for by in (cast.carl, cast.amina, cast.eve):
        with pytest.raises(NotAllowed):
            correct_report(
                by=by, episode=episode, version=episode.version, changes=changes, reason="Letters."
            )
    correct_report(by=cast.bev, episode=episode, version=episode.version, changes=changes, reason="Letters.")
    assert MissingEpisode.objects.get(pk=episode.pk).last_seen_at == changes["last_seen_at"]


def test_nobody_is_last_seen_leaving_after_they_came_back(cast: Cast) -> None:
    episode = report(cast)
    come_back(cast, episode)
    episode.refresh_from_db()
    back, version = episode.returned_at, episode.version
    assert back is not None
    for field in ("noticed_at", "last_seen_at", "left_at"):
        with pytest.raises(Invalid) as refusal:
            correct_report(
                by=cast.amina,
                episode=episode,
                version=version,
                changes={field: back + MINUTE},
                reason="The camera shows it.",
            )
        assert (refusal.value.code, refusal.value.field) == ("too_late", field)
    correct_report(
        by=cast.amina, episode=episode, version=version, changes={"left_at": back}, reason="The camera."
    )
