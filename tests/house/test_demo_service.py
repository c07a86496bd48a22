"""`./run` with its story: it serves at once, fills itself in, and can never become anything but a demo."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence

import pytest

from casework.embedded import free_port
from casework.mailbox import Mailbox
from casework.supervisor import part_states
from tests.running import ALL_PARTS, ROOT, Service, Visitor, scratch_folder

pytestmark = pytest.mark.xdist_group("the demo's service")

BY_ITSELF = ("gunicorn", "celery", "check", "sweep")
COMMANDS = {
    "gunicorn": [sys.executable, "-m", "gunicorn", "-c", "python:casework.gunicorn_conf"],
    "celery": [sys.executable, "-m", "celery", "-A", "casework", "worker", "-Q", "bulk", "-c", "1"],
    "check": [sys.executable, "manage.py", "check", "--database", "default"],
    "sweep": [sys.executable, "manage.py", "sweep", "--forever"],
}


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with scratch_folder() as folder:
        service = Service(folder / "data", tells_story=True)
        service.until(lambda: service.answers("/health/live"))
        yield service
        service.stop()


def femi(service: Service) -> Visitor:
    visitor = Visitor(service.address)
    (account,) = [one for one in service.accounts() if one["name"] == "Femi Castell"]
    assert visitor.signs_in(account["email"], account["password"])
    return visitor


def health(service: Service) -> tuple[int, str]:
    status, words = Visitor(service.address).get("/health/escalations")
    return status, json.loads(words)["status"]


def test_pages_say_so_while_it_is_filled_in(service: Service) -> None:
    visitor = femi(service)
    service.until(lambda: "The demo is still being filled in." in visitor.get("/now/")[1])
    service.until(lambda: part_states(service.folder)["story"] == "finished")
    assert "still being filled in" not in visitor.get("/now/")[1]
    assert "[########################]" in service.output.read_text()


def test_all_is_green_when_it_is_told(service: Service) -> None:
    """Within moments: the machine may have been too busy with the telling to look at the clock."""
    service.until(lambda: health(service) == (200, "ok"))
    service.until(lambda: 'data-state="ok"' in femi(service).get("/clock/")[1])
    assert set(service.processes()) >= ALL_PARTS


def test_only_what_is_owed_from_now_on_is_in_the_mail(service: Service) -> None:
    """The past has hundreds of messages; what falls due while we look may have been sent."""
    assert len(list(Mailbox(service.folder / "mail").letters(newest=1000))) < 60


@pytest.mark.parametrize("name", BY_ITSELF)
def test_its_database_serves_nothing_but_a_demo(service: Service, name: str) -> None:
    refused = _in_earnest(service, COMMANDS[name])
    assert refused.returncode != 0
    assert "its clock can be moved, so no child may depend on it" in refused.stdout + refused.stderr


def _in_earnest(service: Service, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    settings = {**service.settings(), "DEMO": "0", "BIND": f"127.0.0.1:{free_port()}"}
    environment = {**os.environ, **service.environment(), **settings}
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_the_next_start_has_nothing_to_tell(service: Service) -> None:
    """Last, because it ends the service that the others look at; which may not have told everything yet."""
    service.until(lambda: part_states(service.folder).get("story") == "finished")
    assert service.stop() == 0
    again = Service(service.folder, tells_story=True, port=service.port)
    try:
        again.until(lambda: part_states(again.folder).get("story") == "finished")
        assert "Filling in" not in again.output.read_text()
    finally:
        again.stop()
