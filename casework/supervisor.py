"""Keeps the parts of a local service running, and stops them in order.

A part that dies is started again with back-off and a line that says so. Five deaths of one part within
a minute stop everything: something is broken that a restart does not mend. A part can be held (stopped,
and kept stopped) to watch what the others do meanwhile.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import math
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from casework.embedded import stop, write_private

DEATHS_ALLOWED = 5
WITHIN_SECONDS = 60.0
_BACK_OFF = (0.2, 0.5, 1.0, 2.0, 4.0)
_EXCUSED_BACK_OFF = 3.0
_LOOK_EVERY = 0.1


class AlreadyRunning(Exception):
    """Another copy serves the same data directory."""


@dataclass
class Part:
    """One process: how to start it, how to stop it, and whose absence excuses its death."""

    name: str
    launch: Callable[[], subprocess.Popen[bytes]]
    needs: tuple[str, ...] = ()
    stop_with: signal.Signals = signal.SIGTERM
    stops: int = 0  # the round in which it stops: 0 first, then 1, then 2
    lets_others_first: float = 0.0  # seconds: what people wait for gets the machine to itself
    is_once: bool = False  # it has work to finish, and is not started again in this run when it ends
    child: subprocess.Popen[bytes] | None = None
    held: bool = False
    deaths: list[float] = field(default_factory=list)
    start_at: float = 0.0
    started_at: float = 0.0
    ended_with: int | None = None  # the exit code of what is done once

    def __post_init__(self) -> None:
        if self.child:  # it was needed before the supervisor was
            self.started_at = time.monotonic()

    @property
    def is_running(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def state(self) -> dict[str, object]:
        """What `status.json` says of it."""
        name = "held" if self.held else "running" if self.is_running else "down"
        if self.ended_with is not None:
            name = "failed" if self.ended_with else "finished"
        return {"state": name, "pid": self.child.pid if self.child and self.is_running else None}


class Supervisor:
    """Watches the parts until told to stop. One thread: children die with the thread that started them."""

    def __init__(self, parts: Sequence[Part], *, folder: Path, say: Callable[[str], None]) -> None:
        self.parts = {part.name: part for part in parts}
        self._folder = folder
        self._say = say
        self._written: dict[str, object] = {}
        self._stop_asked = False
        self._broken = False
        self._awaited: list[tuple[Callable[[], bool], Callable[[], None]]] = []

    def when(self, is_so: Callable[[], bool], then: Callable[[], None]) -> None:
        """Do something once, as soon as something is so."""
        self._awaited.append((is_so, then))

    def run(self) -> int:
        """Start what is not running, watch, stop. The exit code: 0 as asked, 1 when a part stays broken."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        _forget_holds(self._folder)
        for part in self.parts.values():
            part.start_at = time.monotonic() + part.lets_others_first
        try:
            while not (self._stop_asked or self._broken):
                self.look()
                self._do_awaited()
                time.sleep(_LOOK_EVERY)
        finally:
            self.stop_all()
        return 1 if self._broken else 0

    def look(self) -> None:
        """One round: obey holds and releases, notice deaths, start what is due."""
        for part in self.parts.values():
            self._obey(part)
            self._notice_death(part)
            if (
                not (part.held or part.child)
                and part.ended_with is None
                and time.monotonic() >= part.start_at
            ):
                self._start(part)
        self._write_status()

    def stop_all(self) -> None:
        """Round by round; the parts of a round stop side by side."""
        for turn in sorted({part.stops for part in self.parts.values()}):
            stopping = [part for part in self.parts.values() if part.stops == turn and part.is_running]
            for part in stopping:
                if part.child:
                    part.child.send_signal(part.stop_with)
            for part in stopping:
                stop(part.child, by=part.stop_with, seconds=20)
        (self._folder / "status.json").unlink(missing_ok=True)

    def _do_awaited(self) -> None:
        for awaited in list(self._awaited):
            is_so, then = awaited
            if is_so():
                self._awaited.remove(awaited)
                then()

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop_asked = True

    def _obey(self, part: Part) -> None:
        wanted = (self._folder / "held" / part.name).exists()
        if wanted and not part.held:
            part.held = True
            stop(part.child, by=part.stop_with, seconds=20)
            part.child = None
            self._say(f"{part.name} is held. Let it go with: ./run release {part.name}")
        elif part.held and not wanted:
            part.held = False
            part.deaths.clear()
            part.start_at = 0.0

    def _notice_death(self, part: Part) -> None:
        if part.held or part.child is None or part.child.poll() is None:
            return
        code, now = part.child.returncode, time.monotonic()
        part.child = None
        if part.is_once and (code == 0 or not self._missing_need(part)):
            self._finish(part, code)
            return
        if missing := self._missing_need(part):
            part.start_at = now + _EXCUSED_BACK_OFF
            self._say(f"{part.name} stopped ({_reason(code)}) while {missing} is away; trying again")
            return
        part.deaths = [at for at in part.deaths if now - at < WITHIN_SECONDS] + [now]
        if len(part.deaths) >= DEATHS_ALLOWED:
            self._broken, part.start_at = True, math.inf
            log = self._folder / "logs" / f"{part.name}.log"
            self._say(f"{part.name} died {DEATHS_ALLOWED} times within a minute; its last words are in {log}")
            return
        wait = _BACK_OFF[len(part.deaths) - 1]
        part.start_at = now + wait
        self._say(f"{part.name} died ({_reason(code)}); starting it again in {wait:g} s")

    def _finish(self, part: Part, code: int) -> None:
        """It has done its work, or has failed and is left until the next start."""
        part.ended_with = code
        if code:
            log = self._folder / "logs" / f"{part.name}.log"
            self._say(
                f"{part.name} failed ({_reason(code)}); it is tried again at the next start. Why: {log}"
            )

    def _missing_need(self, part: Part) -> str | None:
        """A part it leans on that is away, or came back so lately that the death may be its doing."""
        lately = time.monotonic() - _EXCUSED_BACK_OFF
        for name in part.needs:
            needed = self.parts.get(name)
            if needed and (not needed.is_running or (needed.deaths and needed.started_at > lately)):
                return name
        return None

    def _start(self, part: Part) -> None:
        part.child = part.launch()
        again = part.started_at > 0
        part.started_at = time.monotonic()
        if again:
            self._say(f"{part.name} is running again (process {part.child.pid})")

    def _write_status(self) -> None:
        status: dict[str, object] = {name: part.state() for name, part in self.parts.items()}
        if status != self._written:
            write_private(
                self._folder / "status.json", json.dumps({"pid": os.getpid(), "parts": status}, indent=1)
            )
            self._written = status


def _forget_holds(folder: Path) -> None:
    """Nothing stays held from an earlier run."""
    held = folder / "held"
    held.mkdir(exist_ok=True, mode=0o700)
    for name in held.iterdir():
        name.unlink()


def _reason(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"by {signal.Signals(-code).name}"


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the data directory's lock; AlreadyRunning when somebody else has it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                f"Casework is already running on {folder}. Stop it first, or set DATA_DIR."
            ) from None
        yield


def part_states(folder: Path) -> dict[str, str]:
    """What each part of the running service is doing; empty when it is not running."""
    try:
        status = json.loads((folder / "status.json").read_text())
        os.kill(status["pid"], 0)
    except (OSError, ValueError):
        return {}
    return {name: part["state"] for name, part in status["parts"].items()}


def wish(folder: Path, name: str, *, held: bool, seconds: float = 60) -> None:
    """Ask the running supervisor to hold or release a part, and wait until it has."""
    states = part_states(folder)
    if name not in states:
        known = f"It has: {', '.join(sorted(states))}." if states else "It is not running."
        raise LookupError(f"The service in {folder} has no part {name!r} to hold or release. {known}")
    mark = folder / "held" / name
    if held:
        mark.touch(mode=0o600)
    else:
        mark.unlink(missing_ok=True)
    wanted = "held" if held else "running"
    deadline = time.monotonic() + seconds
    while part_states(folder).get(name) != wanted:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{name} is not {wanted} after {seconds:g} seconds; see {folder / 'logs'}.")
        time.sleep(0.1)
