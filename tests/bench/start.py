"""`./run` from a fresh clone, and again: seconds until people can sign in. pip has the packages already."""

import subprocess
import time
from pathlib import Path
from statistics import median
from typing import Final

from casework.embedded import free_port
from tests.running import ROOT, Service, Visitor, scratch_folder

from .row import Row

TURNS: Final = 5


def measure() -> list[Row]:
    """Each turn: clone, start, stop, start, stop. Medians."""
    first, second = [], []
    for _ in range(TURNS):
        with scratch_folder() as folder:
            clone = folder / "clone"
            subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
            port = free_port()
            first.append(_seconds_until_it_serves(clone, port))
            second.append(_seconds_until_it_serves(clone, port))
    return [
        Row("./run from nothing, packages cached: s", median(first), 60),
        Row("./run a second time: s", median(second), 8),
    ]


def _seconds_until_it_serves(clone: Path, port: int) -> float:
    began = time.monotonic()
    service = Service(clone / "var" / "demo", ["./run"], root=clone, port=port)
    try:
        service.until(lambda: service.answers("/health/live"))
        account = service.accounts()[0]
        assert Visitor(service.address).signs_in(account["email"], account["password"])
        return time.monotonic() - began
    finally:
        service.stop()
