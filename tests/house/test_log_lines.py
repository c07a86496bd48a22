"""No key and nothing typed stays in a log."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from casework.gunicorn_conf import PagesOnly
from casework.log_lines import page_only


@pytest.mark.django_db
def test_the_log_of_a_request_has_neither_query_nor_key(
    client: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    client.get("/now/?who=kit+ashdown")
    client.get("/accounts/password/reset/key/2-abc123-secret/")
    said = capfd.readouterr()
    lines = [json.loads(line) for line in (said.out + said.err).splitlines() if line.startswith("{")]
    asked = {line["request"] for line in lines if "request" in line}
    assert asked == {"GET /now/", "GET /accounts/password/reset/key/.../"}


def test_the_access_log_names_pages_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert page_only("/episodes/1/?from=work") == "/episodes/1/"
    monkeypatch.setattr("gunicorn.glogging.Logger.atoms", lambda *_: {"U": "/a/reset/key/2-abc/", "m": "GET"})
    assert PagesOnly.atoms(PagesOnly.__new__(PagesOnly)) == {"U": "/a/reset/key/.../", "m": "GET"}
