"""Processes of our own that loop: asked to end, they finish what they have in hand."""

import signal
import threading
from types import FrameType


def stopped_by_signal() -> threading.Event:
    """An event that is set when the process is asked to end."""
    stop = threading.Event()

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    return stop
