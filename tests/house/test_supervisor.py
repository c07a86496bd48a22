"""The supervisor: what died comes back, what is held stays away, what stays broken stops everything."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from casework.processes import launcher
from casework.supervisor import AlreadyRunning, Part, Supervisor, only_one, part_states, wish

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
FAILER = [sys.executable, "-c", "raise SystemExit(3)"]


class Stage:
    """A supervisor with simple parts, driven round by round."""

    def __init__(self, folder: Path, **commands: list[str]) -> None:
        self.folder = folder
        self.said: list[str] = []
        (folder / "held").mkdir()
        self.supervisor = Supervisor(
            [self._part(name, command) for name, command in commands.items()],
            folder=folder,
            say=self.said.append,
        )
        self.parts = self.supervisor.parts

    def _part(self, name: str, command: list[str]) -> Part:
        return Part(name, launcher(command, dict(os.environ), self.folder / "logs" / f"{name}.log"))

    def until(self, is_so: Callable[[], bool]) -> None:
        give_up = time.monotonic() + 30
        while not is_so():
            assert time.monotonic() < give_up, self.said
            self.supervisor.look()
            time.sleep(0.02)

    def process(self, name: str) -> int:
        child = self.parts[name].child
        assert child is not None
        return child.pid


MakeStage = Callable[..., Stage]


@pytest.fixture
def make_stage(tmp_path: Path) -> Iterator[MakeStage]:
    stages: list[Stage] = []

    def make(**commands: list[str]) -> Stage:
        stages.append(Stage(tmp_path, **commands))
        return stages[-1]

    yield make
    for stage in stages:
        stage.supervisor.stop_all()


def test_a_killed_part_comes_back_with_a_line(make_stage: MakeStage) -> None:
    stage = make_stage(web=SLEEPER)
    stage.until(lambda: stage.parts["web"].is_running)
    first = stage.process("web")
    os.kill(first, signal.SIGKILL)
    stage.until(lambda: stage.parts["web"].is_running and stage.process("web") != first)
    assert "web died (by SIGKILL); starting it again in 0.2 s" in stage.said
    assert f"web is running again (process {stage.process('web')})" in stage.said


def test_a_part_that_ran_before_the_supervisor_comes_back_with_a_line(make_stage: MakeStage) -> None:
    stage = make_stage(mail=SLEEPER)
    launch = stage.parts["mail"].launch
    stage.parts["postgres"] = Part("postgres", launch, child=launch())
    first = stage.process("postgres")
    os.kill(first, signal.SIGKILL)
    stage.until(lambda: stage.parts["postgres"].is_running and stage.process("postgres") != first)
    assert f"postgres is running again (process {stage.process('postgres')})" in stage.said


def test_five_deaths_in_a_minute_stop_everything(make_stage: MakeStage) -> None:
    stage = make_stage(web=FAILER, mail=SLEEPER)
    stage.until(lambda: any("died 5 times" in line for line in stage.said))
    assert stage.supervisor.run() == 1
    assert not stage.parts["mail"].is_running


@pytest.mark.parametrize(("command", "state"), [([sys.executable, "-c", ""], "finished"), (FAILER, "failed")])
def test_what_is_done_once_is_not_started_again(
    make_stage: MakeStage, command: list[str], state: str
) -> None:
    stage = make_stage(story=command, mail=SLEEPER)
    stage.parts["story"].is_once = True
    stage.until(lambda: part_states(stage.folder).get("story") == state)
    stage.supervisor.look()
    assert stage.parts["story"].child is None
    assert any("it is tried again at the next start" in line for line in stage.said) == (state == "failed")


def test_a_death_is_excused_while_what_it_needs_is_away(make_stage: MakeStage) -> None:
    stage = make_stage(valkey=SLEEPER, worker=FAILER)
    stage.parts["worker"].needs = ("valkey",)
    stage.parts["valkey"].held = True
    (stage.folder / "held" / "valkey").touch()
    stage.until(lambda: any("while valkey is away" in line for line in stage.said))
    assert stage.parts["worker"].deaths == []


def test_held_stays_away_until_released(make_stage: MakeStage) -> None:
    stage = make_stage(valkey=SLEEPER)
    stage.until(lambda: part_states(stage.folder) == {"valkey": "running"})
    (stage.folder / "held" / "valkey").touch()
    stage.until(lambda: part_states(stage.folder) == {"valkey": "held"})
    stage.supervisor.look()
    assert stage.parts["valkey"].child is None
    (stage.folder / "held" / "valkey").unlink()
    stage.until(lambda: part_states(stage.folder) == {"valkey": "running"})


def test_nothing_can_be_held_when_nothing_runs(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="It is not running"):
        wish(tmp_path, "valkey", held=True)


def test_status_of_a_dead_supervisor_is_not_believed(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    status = {"pid": gone.pid, "parts": {"web": {"state": "running", "pid": 1}}}
    (tmp_path / "status.json").write_text(json.dumps(status))
    assert part_states(tmp_path) == {}


def test_a_data_directory_is_served_once(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(AlreadyRunning), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        assert (tmp_path / "lock").exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's death signal is Linux's")
def test_children_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    script = (
        "import os, sys, time; from pathlib import Path; from casework.processes import launcher\n"
        f"child = launcher({SLEEPER!r}, dict(os.environ), Path({str(tmp_path)!r}) / 'child.log')()\n"
        "print(child.pid, flush=True); time.sleep(600)"
    )
    root = Path(__file__).resolve().parents[2]
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=root, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    give_up = time.monotonic() + 30
    while _is_alive(child):
        assert time.monotonic() < give_up
        time.sleep(0.02)


def _is_alive(process: int) -> bool:
    """Neither gone nor a zombie that nobody has buried yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
