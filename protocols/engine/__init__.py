"""The engine: it compares, plans, fires and never remembers what it can look up.

A page calls a service, then `wake(episode_id)`. Everything else here may run at any time, twice, on any
number of machines.
"""

from .birthdays import end_at_18
from .episode_clock import fire_due, live_through, live_through_together
from .reconcile import reconcile
from .runner import careful_connection, sweep_forever
from .sweep import SweepReport, sweep_once
from .version import ENGINE, NewerEngine
from .waking import nudge, wake

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
    "sweep_forever",
    "sweep_once",
    "wake",
]
