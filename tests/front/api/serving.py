"""The API behind a real server with eight workers, on the test's database; and a caller of flesh and wire."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from django.db import connection

from casework.embedded import free_port

ROOT: Final = Path(__file__).resolve().parents[3]
WORKERS: Final = 8
SECONDS: Final = 60


@contextmanager
def served(**environment: str) -> Iterator[str]:
    """The address of the service, with all its workers started."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "gunicorn", "-c", "casework/gunicorn_conf.py", "--preload"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **_settings(port), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until_it_answers(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(SECONDS)


def _settings(port: int) -> dict[str, str]:
    """A test's database has a clock that can be moved, as a demo's has."""
    whole = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    return {
        "DATABASE_URL": whole.geturl(),
        "BIND": f"127.0.0.1:{port}",
        "DEMO": "1",
        "WEB_WORKERS": str(WORKERS),
        "WEB_THREADS": "1",
    }


def _until_it_answers(address: str, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise RuntimeError(f"gunicorn ended with {process.returncode}")
        try:
            ask(f"{address}/health/live")
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"nothing answers at {address}")


@dataclass(frozen=True)
class Heard:
    """An answer as it came over the line."""

    status: int
    headers: Mapping[str, str]
    body: Any


def call(address: str, method: str = "GET", body: object = None, **headers: str) -> Heard:
    """JSON there and JSON back."""
    given = {"Content-Type": "application/json"} if body is not None else {}
    if method == "POST":
        given["Idempotency-Key"] = str(uuid4())
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    return ask(address, method, None if body is None else json.dumps(body).encode(), given)


def token_at(address: str, client_id: str, secret: str) -> str:
    asked = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    heard = ask(f"{address}/api/v1/token", "POST", urlencode(asked).encode(), form)
    return str(heard.body["access_token"])


def ask(
    address: str,
    method: str = "GET",
    body: Any = None,
    headers: Mapping[str, str] | None = None,
    *,
    is_chunked: bool = False,
) -> Heard:
    """One call, on a connection of its own."""
    parts = urlsplit(address)
    line = http.client.HTTPConnection(parts.netloc, timeout=SECONDS)
    try:
        target = parts._replace(scheme="", netloc="").geturl()
        line.request(method, target, body, dict(headers or {}), encode_chunked=is_chunked)
        answer = line.getresponse()
        return Heard(answer.status, dict(answer.headers), json.loads(answer.read() or "null"))
    finally:
        line.close()
