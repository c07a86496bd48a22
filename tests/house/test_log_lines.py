"""No key and nothing typed stays in a log."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.test import Client
from django.utils.log import AdminEmailHandler
from structlog.stdlib import ProcessorFormatter

if TYPE_CHECKING:
    from tests.cast import Cast

from casework.gunicorn_conf import PagesOnly
from casework.log_lines import name_task_only, page_only, what_broke


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


def test_a_line_break_in_an_address_stays_in_its_line() -> None:
    assert page_only("/a\n2026-11-19 all is well\x1b[0m") == "/a\\n2026-11-19 all is well\\x1b[0m"


@pytest.mark.ac("T25.3")
def test_a_line_break_in_a_log_line_is_escaped() -> None:
    formatters = [handler.formatter for handler in logging.getLogger().handlers]
    (ours,) = (one for one in formatters if isinstance(one, ProcessorFormatter))
    record = logging.LogRecord("casework", logging.WARNING, "", 0, "one\ntwo", None, None)
    line = ours.format(record)
    assert "\n" not in line
    assert json.loads(line)["event"] == "one\ntwo"


@pytest.mark.ac("T25.1", "T25.3")
def test_an_error_is_logged_without_its_words(cast: Cast) -> None:
    """A database's error repeats the row that it refused."""
    from casework.records.models import Child

    with pytest.raises(IntegrityError, match="Ashdown") as broke:
        Child.objects.filter(pk=cast.kit.pk).update(reference="")
    said = what_broke((broke.type, broke.value, broke.tb))
    assert "Ashdown" not in said
    assert "child_has_reference_and_name" in said
    assert "test_log_lines.py" in said
    assert "django.db.utils.IntegrityError" in said


@pytest.mark.ac("T25.1")
def test_a_task_that_fails_is_named_without_the_errors_words() -> None:
    record = logging.LogRecord("celery.app.trace", logging.ERROR, "", 0, "Kit Ashdown", None, None)
    record.data = {"name": "protocols.tasks.tick", "description": "raised unexpected", "id": "7"}
    said = name_task_only(None, "error", {"event": "Task … ValueError('Kit Ashdown')", "_record": record})
    assert (said["event"], said["task_id"]) == ("Task protocols.tasks.tick raised unexpected", "7")


@pytest.mark.ac("T25.3")
def test_no_error_is_mailed_to_anybody() -> None:
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in logging.root.manager.loggerDict)]
    assert [
        one for one in loggers for handler in one.handlers if isinstance(handler, AdminEmailHandler)
    ] == []
    assert settings.DEBUG is False
