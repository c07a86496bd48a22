"""The rows that the benchmarks fill their databases with fit the tables as they are, in a handful of each.

A column that is new and may not be empty stops a benchmark after minutes of filling; here it stops at once.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from casework.embedded import APPLICATION
from incidents.models import EpisodeShare, MissingEpisode
from protocols.models import StepRun
from protocols.publishing import publish_default
from tests.bench import absences, api, audit, crowd, people

pytestmark = pytest.mark.django_db

A_FEW = {"first": 1, "last": 5}


def run_as_owner(*statements: tuple[str, dict[str, Any] | None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        for statement, parameters in statements:
            cursor.execute(statement, parameters)
        cursor.execute(f"SET LOCAL ROLE {APPLICATION}")


def test_the_country_of_the_access_benchmark() -> None:
    founded = people.ORGANISATIONS.replace("%%", "%")
    run_as_owner((founded, None), (people.CHILDREN, A_FEW), (people.GUARDIAN, None), (people.LET_IN, None))
    assert MissingEpisode.objects.count() == 15


def test_the_shares_of_the_apis_benchmark() -> None:
    founded = people.ORGANISATIONS.replace("%%", "%")
    run_as_owner((founded, None), (people.CHILDREN, {"first": 1, "last": 50}), (api.SHARES, None))
    assert EpisodeShare.objects.count() == 1


def test_the_crowd_of_the_clocks_and_the_audits_benchmarks() -> None:
    publish_default()
    steps = {"due_in": "0", "codes": list(crowd.CODES), "first_round": 1, "last_round": 1}
    run_as_owner(
        (crowd.ORGANISATIONS, None),
        (crowd.CHILDREN, A_FEW),
        (crowd.STEPS, {**A_FEW, **steps}),
        (audit.PEOPLE, None),
    )
    assert StepRun.objects.count() == 5 * len(crowd.CODES)


def test_the_absences_of_the_returns_benchmark() -> None:
    counts = {"children": 5, "episodes": 10, "not_coming": 2}
    filled = (absences.CHILDREN_OF_IT, absences.EPISODES, absences.SPELLS)
    run_as_owner((absences.PEOPLE, None), *((statement, counts) for statement in filled))
    assert MissingEpisode.objects.count() == 10
