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


def test_other_names_come_besides_its_own() -> None:
    assert _settings("ALLOWED_HOSTS", ALLOWED_HOSTS="") == {"ALLOWED_HOSTS": ["casework.example"]}
    more = _settings("ALLOWED_HOSTS", ALLOWED_HOSTS="pages.example")
    assert more == {"ALLOWED_HOSTS": ["casework.example", "pages.example"]}


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
        ("TRUSTED_PROXIES", "proxy.example", "must be addresses or networks"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "must be addresses or networks"),
        ("TRUSTED_PROXIES", "0.0.0.0/0", "the whole world"),
        ("TRUSTED_PROXIES", "::/0", "the whole world"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_a_sentence(variable: str, value: str, said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=said):
        _settings("DEBUG", **{variable: value})


def test_what_was_said_of_a_proxy_before_is_not_forgotten_in_silence() -> None:
    with pytest.raises(ImproperlyConfigured, match="name the proxy in TRUSTED_PROXIES"):
        _settings("DEBUG", BEHIND_PROXY="1", TRUSTED_PROXIES="")


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


def _file(folder: Path, words: str | bytes) -> str:
    file = folder / "kept"
    file.write_bytes(words if isinstance(words, bytes) else words.encode())
    return str(file)


def test_a_setting_may_be_kept_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("REDIS_URL_FILE", _file(tmp_path, "redis://:p ss@redis:6379/0\n"))
    assert environment.text("REDIS_URL") == "redis://:p ss@redis:6379/0"


def test_lists_numbers_and_switches_may_be_kept_in_files_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, words in {"OLD_KEYS": "one,two\r\n", "A_PORT": "587\n", "A_SWITCH": "yes\n"}.items():
        (tmp_path / name).write_text(words)
        monkeypatch.setenv(f"{name}_FILE", str(tmp_path / name))
    assert environment.listed("OLD_KEYS") == ["one", "two"]
    assert environment.integer("A_PORT", 25) == 587
    assert environment.flag("A_SWITCH")


def test_an_empty_name_of_a_file_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_HOST_PASSWORD_FILE", "")
    assert environment.text("EMAIL_HOST_PASSWORD", "none") == "none"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "is empty"),
        ("\n", "is empty"),
        (b"k\xffey", "is not UTF-8 text"),
        (None, "cannot be read (No such file or directory)"),
    ],
)
def test_a_file_that_holds_no_setting_stops_the_start_and_is_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str | bytes | None, said: str
) -> None:
    where = _file(tmp_path, words) if words is not None else str(tmp_path / "nowhere")
    monkeypatch.setenv("A_SECRET_FILE", where)
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.text("A_SECRET", "default")
    assert said in str(refusal.value)
    assert "A_SECRET_FILE" in str(refusal.value)
    assert "key" not in str(refusal.value)
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None


def test_a_folder_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET_FILE", str(tmp_path))
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        environment.text("A_SECRET")


def test_a_setting_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET", "one")
    monkeypatch.setenv("A_SECRET_FILE", _file(tmp_path, "another"))
    with pytest.raises(ImproperlyConfigured, match="A_SECRET and A_SECRET_FILE are both set"):
        environment.text("A_SECRET")


def test_a_service_starts_with_its_secrets_in_files(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("kept in a file " * 4)
    (tmp_path / "url").write_text("postgres://casework_app:from%20a%20file@db.example/casework\n")
    files = {"SECRET_KEY_FILE": str(tmp_path / "key"), "DATABASE_URL_FILE": str(tmp_path / "url")}
    made = _settings("SECRET_KEY", "DATABASES", SECRET_KEY="", DATABASE_URL="", **files)
    assert made["SECRET_KEY"] == "kept in a file " * 4
    assert made["DATABASES"]["default"]["PASSWORD"] == "from a file"  # type: ignore[index]


@pytest.mark.parametrize("ending", ["", "_FILE"])
def test_the_owners_database_is_taken_from_wherever_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    owners = "postgres://owner@db.example/casework"
    for name in ("DATABASE_URL", "OWNER_DATABASE_URL"):
        monkeypatch.setenv(name, "")
        monkeypatch.setenv(f"{name}_FILE", "")
    monkeypatch.setenv("DATABASE_URL", "postgres://app@db.example/casework")
    monkeypatch.setenv(f"OWNER_DATABASE_URL{ending}", _file(tmp_path, owners) if ending else owners)
    environment.become_owner()
    assert environment.text("DATABASE_URL") == owners


def test_nobody_becomes_an_owner_who_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWNER_DATABASE_URL", "")
    monkeypatch.setenv("DATABASE_URL", "postgres://app@db.example/casework")
    environment.become_owner()
    assert environment.text("DATABASE_URL") == "postgres://app@db.example/casework"


def test_https_without_a_proxy_is_warned_of() -> None:
    command = [sys.executable, "manage.py", "check", "--deploy"]
    variables = {**os.environ, **AS_IN_PRODUCTION, "TRUSTED_PROXIES": ""}
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)
    assert "casework.W110" in done.stderr
