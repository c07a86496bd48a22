"""An authority's files into an empty service: Exampleshire's, and those of one with 10,000 children."""

import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from casework.front import imports

from .durable import ROOT, Durable, durable_server
from .row import Row

EXAMPLESHIRE: Final = Path(imports.__file__).parent / "exampleshire"
COPIES: Final = 22  # of Exampleshire's 456 children
MOST_SECONDS: Final = 30
MOST_SECONDS_LARGE: Final = 5 * 60
MOST_GROWTH: Final = 300  # MB


def measure() -> list[Row]:
    """Seconds for the whole command, and by how much its process grew while it ran."""
    with durable_server() as server, tempfile.TemporaryDirectory(prefix="casework-bench-") as folder:
        from protocols.publishing import publish_default

        publish_default()
        large = Path(folder)
        write_large(large)
        second = server.copy("casework", to="large")
        small_seconds, _ = _import(server.database("casework"), EXAMPLESHIRE)
        seconds, growth = _import(second, large)
    return [
        Row("import Exampleshire: s", small_seconds, MOST_SECONDS),
        Row("import 10,000 children: s", seconds, MOST_SECONDS_LARGE),
        Row("import 10,000 children, memory growth: MB", growth, MOST_GROWTH),
    ]


def _import(durable: Durable, folder: Path) -> tuple[float, float]:
    """Seconds and megabytes of one import in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.importer", str(folder)]
    done = subprocess.run(
        command, check=True, cwd=ROOT, env=durable.environment, stdout=subprocess.PIPE, text=True
    )
    said = json.loads(done.stdout.splitlines()[-1])
    return said["seconds"], said["growth_mb"]


# ---- a large authority ----

Cells = dict[str, str]


def write_large(folder: Path) -> None:
    """Exampleshire many times over: other IDs, other homes, other workers; the same lives."""
    for source in sorted(EXAMPLESHIRE.rglob("*.csv")):
        target = folder / source.relative_to(EXAMPLESHIRE)
        target.parent.mkdir(exist_ok=True)
        with source.open(encoding="utf-8", newline="") as given:
            reader = csv.DictReader(given)
            rows, heading = list(reader), reader.fieldnames or []
        with target.open("w", encoding="utf-8", newline="") as taken:
            writer = csv.DictWriter(taken, heading)
            writer.writeheader()
            writer.writerows(_many(source.name, rows))


def _many(name: str, rows: Sequence[Cells]) -> Iterator[Cells]:
    alter = _ALTERED.get(name)
    if alter is None:
        yield from rows
        return
    for number in range(COPIES):
        for row in rows:
            yield {**row, **alter(row, number)}


def _of_child(row: Cells, number: int) -> Cells:
    return {"CHILD": f"{number:02d}{row['CHILD']}"}


def _home(row: Cells, number: int) -> Cells:
    return {"URN": _urn(row["URN"], number), "NAME": f"{row['NAME']} {number + 1}"}


def _urn(urn: str, number: int) -> str:
    return f"{urn}{number:02d}" if urn and number else urn


def _worker(row: Cells, number: int) -> Cells:
    return _of_child(row, number) | {"SOCIAL_WORKER_EMAIL": f"area{number}.{row['SOCIAL_WORKER_EMAIL']}"}


_ALTERED: Final[dict[str, Callable[[Cells, int], Cells]]] = {
    "homes.csv": _home,
    "children.csv": _worker,
    "header.csv": lambda row, number: _of_child(row, number) | ({"UPN": "UN1"} if number else {}),
    "episodes.csv": lambda row, number: _of_child(row, number) | {"URN": _urn(row["URN"], number)},
    "uasc.csv": _of_child,
    "missing.csv": _of_child,
}
