"""The environment is parsed loudly, and what it makes is safe."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from casework import environment
from casework.checkup import AS_IN_PRODUCTION
from casework.records.models import User

ROOT = Path(__file__).resolve().parents[2]


def _settings(*names: str, **variables: str) -> dict[str, object]:
    """The named settings as another process would have them."""
    script = (
        "import json; from django.conf import settings\n"
        f"print(json.dumps({{name: getattr(settings, name) for name in {names!r}}}))"
    )
    environment = {**os.environ, **AS_IN_PRODUCTION, **variables}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise ImproperlyConfigured(done.stderr)
    values: dict[str, object] = json.loads(done.stdout)
    return values


def test_production_binds_cookies_to_its_host() -> None:
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
    assert _settings(*names, "DEBUG", "ALLOWED_HOSTS", "SECURE_SSL_REDIRECT") == {
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "DEBUG": False,
        "ALLOWED_HOSTS": ["casework.example"],
        "SECURE_SSL_REDIRECT": True,
    }


def test_a_loopback_service_has_plain_cookie_names() -> None:
    made = _settings("SESSION_COOKIE_NAME", "SECURE_SSL_REDIRECT", PUBLIC_URL="http://127.0.0.1:8000")
    assert made == {"SESSION_COOKIE_NAME": "sessionid", "SECURE_SSL_REDIRECT": False}


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("PUBLIC_URL", "http://casework.example", "https only"),
        ("PUBLIC_URL", "casework.example", "must look like https"),
        ("SECRET_KEY", "short", "shorter than 40"),
        ("DATABASE_URL", "sqlite:///casework.db", "must look like postgres"),
        ("DEMO", "perhaps", "must be 1 or 0"),
        ("EMAIL_PORT", "smtp", "whole number"),
        ("NOTIFY_API_KEY", "a-key", "NOTIFY_TEMPLATE_ID is not"),
        ("NOTIFY_URL", "http://notify.example", "must be https"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_a_sentence(variable: str, value: str, said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=said):
        _settings("DEBUG", **{variable: value})


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL is not set"):
        environment.database("DATABASE_URL")


def test_a_password_may_hold_any_character(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://casework_app:p%40ss%2Fword@db.example:6432/casework")
    made = environment.database("DATABASE_URL")
    assert (made["PASSWORD"], made["HOST"], made["PORT"]) == ("p@ss/word", "db.example", "6432")


def test_a_demo_is_never_public() -> None:
    command = [sys.executable, "manage.py", "check", "--deploy"]
    variables = {**os.environ, **AS_IN_PRODUCTION, "DEMO": "1"}
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)
    assert done.returncode == 1
    assert "casework.E108" in done.stderr


@pytest.mark.django_db
def test_every_answer_carries_the_headers() -> None:
    headers = Client().get("/accounts/login/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]


@pytest.mark.django_db
def test_nobody_makes_an_account_for_themselves() -> None:
    chosen = "a long enough password"
    Client().post("/accounts/signup/", {"email": "eve@nmr.example", "password1": chosen, "password2": chosen})
    assert not User.objects.exists()
