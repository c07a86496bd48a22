"""`./run check`: everything that can be said about the code without running the service.

python -m casework.checkup              all of them, side by side
python -m casework.checkup ruff mypy    only these
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_BIN = Path(sys.executable).parent

# Settings for tools that load Django but touch no database; the shape is production's, for `check --deploy`.
AS_IN_PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "casework.settings",
    "DATABASE_URL": "postgres://casework_app:none@127.0.0.1:1/casework",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3aB4cD5eF6gH7iJ8kL9mN0",
    "PUBLIC_URL": "https://casework.example",
    "TRUSTED_PROXIES": "172.31.83.0/28",
    "AUDIT_SINK": "mailto:data.protection@casework.example",
    "DEMO": "0",
}


@dataclass(frozen=True)
class Outcome:
    """What one check said. `skipped` holds why it could not be asked."""

    name: str
    ok: bool
    words: str
    seconds: float
    skipped: str = ""


def _asked(name: str, *command: str | Path) -> Outcome:
    started = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **AS_IN_PRODUCTION},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Outcome(name, done.returncode == 0, done.stdout, time.monotonic() - started)


def _migrations() -> Outcome:
    """Against a real, empty server: Django compares with what it would be after all migrations."""
    from casework.embedded import OWNER, Postgres

    with tempfile.TemporaryDirectory(prefix="casework-check-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        postgres = Postgres(folder / "postgres", secrets_file=folder / "secrets.json", throwaway=True)
        postgres.start("casework")
        try:
            url = f"DATABASE_URL={postgres.url(OWNER, 'casework')}"
            command = [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]
            return _asked("migrations", "/usr/bin/env", url, *command)
        finally:
            postgres.stop()


def _pip_audit() -> Outcome:
    """Known vulnerabilities of what we pin; skipped with a line where the list cannot be reached."""
    outcome = _asked(
        "pip-audit",
        _BIN / "pip-audit",
        "--progress-spinner=off",
        "--disable-pip",
        "--no-deps",
        "-r",
        "requirements.txt",
    )
    unreachable = re.search(
        r"ConnectionError|Max retries|Failed to establish|NameResolution|HTTPError", outcome.words
    )
    if not outcome.ok and unreachable and "Found" not in outcome.words:
        return Outcome(
            outcome.name, True, "", outcome.seconds, skipped="the list of vulnerabilities cannot be reached"
        )
    return outcome


CHECKS: dict[str, Callable[[], Outcome]] = {
    "ruff": lambda: _asked("ruff", _BIN / "ruff", "check", "."),
    "format": lambda: _asked("format", _BIN / "ruff", "format", "--check", "."),
    "mypy": lambda: _asked("mypy", _BIN / "mypy"),
    "floors": lambda: _asked("floors", _BIN / "lint-imports", "--cache-dir", "var/import-linter"),
    "migrations": _migrations,
    "deploy": lambda: _asked(
        "deploy", sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"
    ),
    "bandit": lambda: _asked("bandit", _BIN / "bandit", "-q", "-ll", "-c", "pyproject.toml", "-r", "."),
    "pip-audit": _pip_audit,
}


def main(names: Sequence[str]) -> int:
    """Run the named checks, all by default, two at a time; say the words of those that failed."""
    unknown = [name for name in names if name not in CHECKS]
    if unknown:
        _say(f"There is no check {unknown[0]!r}. There are: {', '.join(CHECKS)}")
        return 2
    (ROOT / "var").mkdir(exist_ok=True)
    chosen = names or list(CHECKS)
    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = []
        for outcome in pool.map(lambda name: CHECKS[name](), chosen):
            _say(_line(outcome))
            outcomes.append(outcome)
    red = [outcome.name for outcome in outcomes if not outcome.ok]
    _say(f"check: {', '.join(red)} RED" if red else f"check: all {len(outcomes)} green")
    return 1 if red else 0


def _line(outcome: Outcome) -> str:
    state = f"skipped: {outcome.skipped}" if outcome.skipped else "green" if outcome.ok else "RED"
    words = "" if outcome.ok else f"\n{outcome.words.rstrip()}"
    return f"{outcome.name:<12} {state} ({outcome.seconds:.0f} s){words}"


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
