"""Lists put the question of access the other way round, to be quick: whom it leaves out must be the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from casework.records.access import children_within
from casework.records.models import Child
from casework.records.services import conflicts
from casework.records.standing import standing_of
from incidents.access import episodes_visible_to
from incidents.models import MissingEpisode
from tests.access.people import Crowd, make_crowd

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Crowd]:
    """Everybody, with one restricted child of each belonging and a conflict of interest of some."""
    with django_db_blocker.unblock(), transaction.atomic():
        crowd = make_crowd()
        Child.objects.filter(reference__in=("EX-20901", "NM-10078")).update(is_restricted=True)
        for name in ("duty", "hos", "iro"):
            conflicts.record_conflict(
                by=crowd.cast.bev,
                child=crowd.cast.rosie,
                person=crowd.people[name],
                reason="They are neighbours.",
            )
        yield crowd
        transaction.set_rollback(True)


@pytest.mark.ac("T01.2")
def test_an_episode_is_listed_to_whoever_sees_its_child_and_works_on_cases(crowd: Crowd) -> None:
    tried = 0
    for name, user in crowd.people.items():
        standing = standing_of(user)
        if standing.home_ids or name == "adm":
            continue  # homes see less of what happened elsewhere, and administrators no cases
        seen = MissingEpisode.objects.filter(child__in=children_within(standing))
        assert set(episodes_visible_to(user)) == set(seen), name
        tried += seen.exists()
    assert tried > 6


@pytest.mark.ac("T01.2")
def test_what_nobody_granted_or_opened_is_not_asked_after(crowd: Crowd) -> None:
    """The statement of somebody without grants or emergencies does not name their tables."""
    sql = str(episodes_visible_to(crowd.people["sw2"]).query)
    assert "childgrant" not in sql
    assert "brokenglass" not in sql
    assert "childgrant" in str(episodes_visible_to(crowd.people["iro"]).query)
