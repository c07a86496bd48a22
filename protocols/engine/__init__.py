"""The engine: it compares, plans, fires and never remembers what it can look up.

A page calls a service, then `wake(episode_id)`, or `wake_placements(child_id)`. Everything else here may run
at any time, twice, on any number of machines.
"""

from .birthdays import end_at_18
from .episode_clock import fire_due, live_through, live_through_together
from .reconcile import reconcile, reconcile_placement
from .runner import careful_connection, sweep_forever
from .sweep import SweepReport, sweep_once
from .version import ENGINE, NewerEngine
from .waking import nudge, wake, wake_placements

__all__ = [
    "ENGINE",
    "NewerEngine",
    "SweepReport",
    "careful_connection",
    "end_at_18",
    "fire_due",
    "live_through",
    "live_through_together",
    "nudge",
    "reconcile",
    "reconcile_placement",
    "sweep_forever",
    "sweep_once",
    "wake",
    "wake_placements",
]
