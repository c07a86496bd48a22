"""Places where a test or the drill kills the process, to see that nothing is lost or doubled."""

import os
import signal
from typing import Final, Literal

CrashPoint = Literal["after claim", "after lock", "before write", "after write", "after commit"]

_DEADLY: Final = os.environ.get("CASEWORK_CRASH_AT", "")


def reached(point: CrashPoint) -> None:
    """Die here without a word, as `kill -9` would have it, if that is what this process was started for."""
    if point == _DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)
