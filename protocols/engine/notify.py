"""The knock that wakes sleeping sweepers: PostgreSQL's own, so that it works without a broker."""

from typing import Final

CHANNEL: Final = "casework_clock"
LISTEN: Final = f"LISTEN {CHANNEL}"
NOTIFY: Final = f"NOTIFY {CHANNEL}"  # in a transaction: heard when, and only if, it commits
