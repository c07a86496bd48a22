"""`./run` itself: what it installs again and what it leaves alone."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Installer:
    """`run` in a folder of its own, with a pip that only notes what it was asked for."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.asked: list[str] = []
        self.run = _load_run()
        for name in self.run.REQUIREMENTS:
            (folder / name).write_text(f"# {name}\n")
        venv = folder / ".venv"
        for name, value in {"ROOT": folder, "VENV": venv, "PYTHON": venv / "bin" / "python"}.items():
            patch.setattr(self.run, name, value)
        patch.setattr(self.run.venv, "create", self._make_venv)
        patch.setattr(self.run.subprocess, "run", self._note)

    def _make_venv(self, folder: Path, **options: bool) -> None:
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "python").touch()

    def _note(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        self.asked.append(Path(command[-1]).name)
        return subprocess.CompletedProcess(command, 0)


def _load_run() -> ModuleType:
    loader = SourceFileLoader("run_script", str(ROOT / "run"))
    spec = importlib.util.spec_from_loader("run_script", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def installer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installer:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return Installer(tmp_path, monkeypatch)


def test_a_second_start_installs_nothing(installer: Installer) -> None:
    installer.run.install("requirements-local.txt")
    installer.run.install("requirements-local.txt")
    assert installer.asked == ["requirements-local.txt"]


def test_what_tests_need_holds_what_the_service_needs(installer: Installer) -> None:
    installer.run.install("requirements-dev.txt")
    installer.run.install("requirements-local.txt")
    assert installer.asked == ["requirements-dev.txt"]


def test_a_changed_pin_is_installed(installer: Installer) -> None:
    installer.run.install("requirements-local.txt")
    (installer.folder / "requirements.txt").write_text("Django==5.2.20\n")
    installer.run.install("requirements-local.txt")
    assert installer.asked == ["requirements-local.txt"] * 2


def test_going_back_to_older_pins_installs_them(installer: Installer) -> None:
    pins = installer.folder / "requirements.txt"
    older = pins.read_text()
    installer.run.install("requirements-local.txt")
    pins.write_text("Django==5.2.20\n")
    installer.run.install("requirements-local.txt")
    pins.write_text(older)
    installer.run.install("requirements-local.txt")
    assert len(installer.asked) == 3


def test_what_is_compiled_is_kept_for_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = _load_run()
    monkeypatch.setattr(run, "ROOT", tmp_path)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("PYTHONPYCACHEPREFIX", None)
    run.keep_bytecode(environment)
    (tmp_path / "once.py").write_text("compiled = True\n")
    subprocess.run([sys.executable, "-c", "import once"], check=True, cwd=tmp_path, env=environment)
    assert list((tmp_path / "var" / "bytecode").rglob("once.*.pyc"))


def test_an_unknown_word_starts_nothing() -> None:
    asked = subprocess.run([sys.executable, ROOT / "run", "strat"], capture_output=True, text=True)
    assert asked.returncode == 1
    assert "does not know 'strat'" in asked.stderr
    assert "./run test" in asked.stderr
