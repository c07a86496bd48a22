"""One import in a process of its own: `python -m tests.bench.importer DIR`. Prints what it took as JSON."""

import json
import sys
import time
from pathlib import Path

import django
from django.core.management import call_command

KILOBYTES = 1024


def main() -> None:
    django.setup()
    from casework.front.management.commands import import_authority  # loaded before the measuring begins

    command = import_authority.Command(stdout=sys.stderr)
    before, began = _peak_mb(), time.monotonic()
    call_command(command, sys.argv[1])
    seconds = time.monotonic() - began
    print(json.dumps({"seconds": seconds, "growth_mb": _peak_mb() - before}))


def _peak_mb() -> float:
    """The most memory that this process has ever held (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / KILOBYTES


main()
