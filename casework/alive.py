"""Whether a process of the service is alive: what its container asks twice a minute.

python -m casework.alive NAME      exit 0, or 1 with a sentence; it starts no Django, so asking costs little
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import psycopg2
from django.core.exceptions import ImproperlyConfigured

from casework import environment

_SECONDS_TO_ANSWER: Final = 3


class NotAlive(Exception):
    """Why, in words."""


def _answers() -> None:
    """The pages answer, under the name by which people call them: another name would be refused."""
    port = os.environ.get("BIND", "127.0.0.1:8000").rpartition(":")[2]
    _, host, _ = environment.public_address()
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/health/live", headers={"Host": host})
    try:
        urllib.request.urlopen(asked, timeout=_SECONDS_TO_ANSWER).close()  # noqa: S310  ourselves
    except OSError as error:
        raise NotAlive(f"/health/live does not answer: {error}") from error


def _noted(most: float) -> None:
    """It touched its file within so many seconds (casework.celery)."""
    file = Path(environment.text("ALIVE_FILE"))
    if not file.exists():
        raise NotAlive(f"{file} is not there yet")
    _refuse_older(time.time() - file.stat().st_mtime, most)


def _beat(name: str, most: float) -> None:
    """Its row of heartbeats is fresh. The row is shared by all processes of that name, on any machine."""
    where = environment.database("DATABASE_URL")
    to_ask = {name.lower(): where[name] for name in ("USER", "PASSWORD", "HOST", "PORT")}
    try:
        with (
            contextlib.closing(
                psycopg2.connect(dbname=where["NAME"], connect_timeout=_SECONDS_TO_ANSWER, **to_ask)
            ) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "SELECT extract(epoch FROM clock_timestamp() - at) FROM records_heartbeat WHERE name = %s",
                [name],
            )
            row = cursor.fetchone()
    except psycopg2.Error as error:
        raise NotAlive(f"the database cannot be asked: {type(error).__name__}") from error
    if row is None:
        raise NotAlive("it has never been heard of")
    _refuse_older(float(row[0]), most)


def _refuse_older(age: float, most: float) -> None:
    if age > most:
        raise NotAlive(f"last heard of {age:.0f} seconds ago; {most:.0f} would do")


PROCESSES: Final[dict[str, Callable[[], None]]] = {
    "web": _answers,
    "worker": partial(_noted, 60),
    "bulk": partial(_noted, 60),
    "beat": partial(_noted, 60),
    "standby": partial(_beat, "standby", 60),
    "watchdog": partial(_beat, "watchdog", 120),
}


def main(words: list[str]) -> int:
    if len(words) != 1 or words[0] not in PROCESSES:
        return _say(f"python -m casework.alive {'|'.join(PROCESSES)}", 2)
    try:
        PROCESSES[words[0]]()
    except (NotAlive, ImproperlyConfigured) as why:
        return _say(f"{words[0]}: {why}", 1)
    return 0


def _say(line: str, code: int) -> int:
    print(line)  # noqa: T201  # a command: its container shows what it prints
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
