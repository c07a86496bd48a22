"""A sweeper as a process of its own: at each line of input it sweeps until nothing is due, and says when."""

import sys
import time


def main() -> None:
    import django

    django.setup()
    from django.db import connection

    from protocols.engine import sweep_once
    from protocols.engine.runner import CAREFUL

    with connection.cursor() as cursor:
        cursor.execute(CAREFUL)
        print("ready", flush=True)
        for _ in sys.stdin:
            while True:
                sweep_once()
                cursor.execute(
                    "SELECT EXISTS (SELECT FROM protocols_steprun"
                    " WHERE state = 'waiting' AND due_at <= casework_now())"
                )
                if not cursor.fetchone()[0]:
                    break
                time.sleep(0.005)
            print(time.monotonic(), flush=True)  # one clock for all processes of a machine


main()
