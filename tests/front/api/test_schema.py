"""The schema is what the service does: written down, served, and tried by a program that believes it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import yaml
from django.db import connection
from django.test import Client

from casework.front.api.about import schema_text
from casework.records.scopes import SCOPES
from tests.access.doors import EVERY_ROUTE
from tests.front.api.an_absence import a_photo_of_kit, kit_is_missing
from tests.front.api.calling import a_system, path

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

    from tests.cast import Cast

ROOT: Final = Path(__file__).resolve().parents[3]
WRITTEN: Final = ROOT / "docs" / "api" / "police-v1.yaml"
SCHEMATHESIS: Final = Path(sys.executable).with_name("schemathesis")
EXAMPLES: Final = os.environ.get("SCHEMATHESIS_EXAMPLES", "10")  # a hundred and more by hand
WITHOUT_AN_OPERATION: Final = {"api:schema", "api:docs", "api:nothing"}


def test_the_schema_in_the_repository_is_the_one_that_is_served() -> None:
    """Whoever changes the API runs: ./run manage spectacular --file docs/api/police-v1.yaml"""
    assert schema_text() == WRITTEN.read_bytes()


@pytest.mark.django_db
def test_it_is_served_to_whoever_asks() -> None:
    answer = Client().get(path("schema"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/yaml")
    assert answer.content == schema_text()
    assert Client().post(path("schema")).status_code == 405


def test_every_address_is_described_and_every_scope_is_needed_somewhere() -> None:
    described = yaml.safe_load(schema_text())
    routes = {name for name in EVERY_ROUTE if name.startswith("api:")} - WITHOUT_AN_OPERATION
    assert len(described["paths"]) == len(routes)
    operations = [one for methods in described["paths"].values() for one in methods.values()]
    needed = {
        scope
        for one in operations
        for kind in one["security"]
        for scopes in kind.values()
        for scope in scopes
    }
    assert needed == set(SCOPES)
    for one in operations:
        assert {"400", "401", "403", "405", "406", "429", "503"} <= set(one["responses"]), one["operationId"]


def test_the_page_of_the_schema_runs_on_our_own_files(client: Client) -> None:
    page = client.get(path("docs")).content.decode()
    assert 'data-schema="/api/v1/schema/"' in page
    assert "//cdn" not in page
    assert "<style" not in page


@pytest.mark.django_db(transaction=True)
def test_schemathesis_finds_nothing(
    cast: Cast, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """All checks, all phases, along the links: no failure. The limit of calls has tests of its own."""
    monkeypatch.setattr("casework.front.api.door.clients.count_call", lambda *_: 1)
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    kit_is_missing(cast)
    a_photo_of_kit(cast)
    system = a_system(cast.ada, cast.police).sign_in()
    command = [
        str(SCHEMATHESIS),
        "run",
        f"{live_server.url}/api/v1/schema/",
        "--header",
        f"Authorization: Bearer {system.token}",
        "--checks=all",
        f"--max-examples={EXAMPLES}",
        "--generation-deterministic",
        "--workers=1",
        "--no-color",
    ]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
    assert "Stateful" in done.stdout
