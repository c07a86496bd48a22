"""A sweeper as a process. "storm": sweep until nothing is due, and say when; "idle": how long one takes."""

import sys
import time
from statistics import median

DUE = "SELECT EXISTS (SELECT FROM protocols_steprun WHERE state = 'waiting' AND due_at <= casework_now())"


def main() -> None:
    import django

    django.setup()
    from django.db import connection

    from protocols.engine.runner import CAREFUL

    with connection.cursor() as cursor:
        cursor.execute(CAREFUL)
    print("ready", flush=True)
    for line in sys.stdin:
        print(storm() if line.strip() == "storm" else idle(), flush=True)


def storm() -> float:
    """When it was over, by the one clock that all processes of a machine share."""
    from django.db import connection

    from protocols.engine import sweep_once

    while True:
        sweep_once()
        with connection.cursor() as cursor:
            cursor.execute(DUE)
            if not cursor.fetchone()[0]:
                return time.monotonic()
        time.sleep(0.005)


def idle() -> float:
    """The median seconds of a sweep that finds nothing, with its heartbeat."""
    from protocols.engine import sweep_once

    seconds = []
    for _ in range(200):
        started = time.monotonic()
        sweep_once()
        seconds.append(time.monotonic() - started)
    return median(seconds)


main()
