"""The benchmarks: `python -m tests.bench [name …] [--json FILE]`. Exit 1 when a figure misses its limit."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from . import access, api, audit, clock, export, importing, planning, start
from .row import Row

Measure = Callable[[], list[Row]]

BENCHES: dict[str, Sequence[Measure]] = {
    "access": (access.measure, audit.measure),
    "api": (api.measure,),
    "clock": (clock.measure, planning.measure),
    "export": (export.measure,),
    "import": (importing.measure,),
    "start": (start.measure,),
}


def _measured(measure: Measure) -> list[Row]:
    """In a process of its own: Django keeps the settings of the first server it is shown."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure).result()


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench", description="Measure, beside the limits.")
    parser.add_argument(
        "names", nargs="*", metavar="name", help=f"which: {', '.join(BENCHES)} (default: all)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - BENCHES.keys():
        parser.error(f"There is no benchmark {', '.join(sorted(unknown))}. There are: {', '.join(BENCHES)}.")
    wanted = [measure for name in chosen.names or BENCHES for measure in BENCHES[name]]
    rows = [row for measure in wanted for row in _measured(measure)]
    print("\n".join(map(str, rows)))
    if chosen.json:
        chosen.json.write_text(json.dumps({"rows": [row.as_json() for row in rows]}, indent=1) + "\n")
    sys.exit(0 if all(row.ok for row in rows) else 1)


if __name__ == "__main__":
    main()
