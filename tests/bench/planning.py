"""Planning one episode on the whole default protocol, and writing its first rows."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from statistics import median
from typing import Final
from uuid import UUID

from .clock import say
from .crowd import Crowd
from .durable import durable_server
from .row import Row

EPISODES: Final = 60
PLANS: Final = 300
WARM: Final = 10


def measure() -> list[Row]:
    """Medians. Planned is the child whom most steps are about: at risk, graded high, two days gone."""
    with durable_server() as server:
        say("planning, and materialising 60 episodes")
        crowd = Crowd(server.database("casework"))
        crowd.settle()
        crowd.go_missing(1, EPISODES)
        try:
            ids = crowd.one("SELECT array_agg(id::text) FROM incidents_missingepisode")
            return _rows([UUID(one) for one in ids])
        finally:
            crowd.close()


def _rows(episode_ids: list[UUID]) -> list[Row]:
    from casework.records.times import now
    from incidents.facts import facts_of
    from protocols.engine import reconcile
    from protocols.plan import plan
    from protocols.publishing import current_version_for, rules_of

    facts, moment = facts_of(episode_ids[:1])[episode_ids[0]], now()
    rules = rules_of(current_version_for(facts.authority_id, moment).pk)
    hardest = replace(facts, indicators=frozenset({"trafficking"}), police_grade="high", is_out_of_area=True)
    later = moment + timedelta(days=2)
    planned = [_seconds(lambda: plan(rules, hardest, later)) for _ in range(PLANS)]
    written = [_seconds(partial(reconcile, one)) for one in episode_ids]
    return [
        Row("planning the default protocol, ms", median(planned) * 1000, 1),
        Row("materialising the default protocol, ms", median(written[WARM:]) * 1000, 20),
    ]


def _seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started
