"""A local service for whoever wants to look at one: every real process, on data and a port of its own."""

from __future__ import annotations

import contextlib
import http.cookiejar
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from casework.embedded import free_port, stop

ROOT: Final = Path(__file__).resolve().parents[1]
ALL_PARTS: Final = {"postgres", "valkey", "web", "worker", "beat", "standby", "watchdog", "mail", "bulk"}
PATIENCE_SECONDS: Final = 300
# A service of its own must not find the tests' servers, nor what another copy of the code has compiled.
_NOT_INHERITED: Final = {
    "DATABASE_URL",
    "OWNER_DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "DJANGO_SETTINGS_MODULE",
    "DEMO_PASSWORD",
    "PYTHONPYCACHEPREFIX",
}
_TOKEN: Final = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Service:
    """A service that was started by `command`, and what it says and does."""

    def __init__(
        self,
        folder: Path,
        command: Sequence[str] = (sys.executable, "-m", "casework.local", "serve"),
        *,
        root: Path = ROOT,
        port: int | None = None,
        tells_story: bool = False,
    ) -> None:
        self.folder = folder
        self._story = "1" if tells_story else "0"  # a night of its own would be hard to tell from the demo's
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._root = root
        folder.mkdir(parents=True, exist_ok=True)
        self.output = folder / "said"
        with self.output.open("wb") as output:
            self.child = subprocess.Popen(command, env=self.environment(), cwd=root, stdout=output)

    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
        here = {"DATA_DIR": str(self.folder), "PORT": str(self.port), "DEMO_STORY": self._story}
        return {**inherited, **here, "PYTHONUNBUFFERED": "1"}

    def ask(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `./run WORDS` beside it, without the virtual environment."""
        return subprocess.run(
            [sys.executable, "-m", "casework.local", *words],
            env={**self.environment(), **environment},
            cwd=self._root,
            capture_output=True,
            text=True,
        )

    def settings(self) -> dict[str, str]:
        """The environment of its processes."""
        made: dict[str, str] = json.loads((self.folder / "service.json").read_text())
        return made

    def accounts(self) -> list[dict[str, str]]:
        listed: list[dict[str, str]] = json.loads((self.folder / "demo.json").read_text())["accounts"]
        return listed

    def processes(self) -> dict[str, int]:
        """Each running part's process."""
        status = json.loads((self.folder / "status.json").read_text())
        return {name: part["pid"] for name, part in status["parts"].items() if part["pid"]}

    def answers(self, path: str) -> bool:
        with contextlib.suppress(OSError):
            return Visitor(self.address).get(path)[0] == 200
        return False

    def until(self, is_so: Callable[[], object]) -> None:
        """Wait; AssertionError with what the service said when it stops or nothing comes of it."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not is_so():
            assert self.child.poll() is None, self.output.read_text()
            assert time.monotonic() < give_up, self.output.read_text()
            time.sleep(0.05)

    def stop(self) -> int:
        """Ask it to stop as Ctrl-C or a service manager would; its exit code."""
        stop(self.child, seconds=60)
        return self.child.returncode


class Visitor:
    """A browser without a screen: keeps its cookies, follows redirects."""

    def __init__(self, address: str) -> None:
        self._address = address
        jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def get(self, path: str, **fields: str) -> tuple[int, str]:
        """The status and the text of a page; with fields, of the answer to a form."""
        form = urllib.parse.urlencode(fields).encode() if fields else None
        request = urllib.request.Request(  # noqa: S310  ours, on loopback
            self._address + path, form, headers={"Referer": self._address + path}
        )
        try:
            with self._opener.open(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read().decode()

    def get_json(self, path: str) -> Any:
        return json.loads(self.get(path)[1])

    def signs_in(self, email: str, password: str) -> bool:
        """Fill in the form of the sign-in page; whether the page that follows knows who this is."""
        path = "/accounts/login/"
        token = _TOKEN.search(self.get(path)[1])
        assert token is not None, "The sign-in page has no form"
        status, page = self.get(path, csrfmiddlewaretoken=token[1], login=email, password=password)
        return status == 200 and "/accounts/logout/" in page


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder that PostgreSQL may pass through when it runs as `nobody`, as it does for root."""
    folder = Path(tempfile.mkdtemp(prefix="casework-whole-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
