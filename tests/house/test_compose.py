"""The image and docker-compose.yml, held by their text: there is no engine here to build and start them."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house.shipped import ROOT, RULES, Rule, Shipped, filled_in

MAKE_SECRETS = ROOT / "docs" / "how-to" / "make-secrets.sh"
ROLES = ROOT / "docs" / "how-to" / "roles.sh"

AS_IT_IS = Shipped.read()
Damage = Callable[[Shipped], object]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_what_is_shipped_holds(rule: Rule) -> None:
    assert list(rule(AS_IT_IS)) == []


def _without(service: str, key: str) -> Damage:
    return lambda shipped: shipped.services[service].pop(key)


def _with(service: str, **changed: object) -> Damage:
    return lambda shipped: shipped.services[service].update(changed)


def _set(service: str, **variables: str) -> Damage:
    return lambda shipped: shipped.services[service]["environment"].update(variables)


def _unset(service: str, name: str) -> Damage:
    return lambda shipped: shipped.services[service]["environment"].pop(name)


def _written(old: str, new: str, file: str = "dockerfile") -> Damage:
    """The same file with other words; the old ones must have been there."""

    def damage(shipped: Shipped) -> None:
        text = getattr(shipped, file)
        assert old in text
        setattr(shipped, file, text.replace(old, new))

    return damage


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda shipped: shipped.services.pop("beat"), "./run has"),
        (lambda shipped: shipped.services.pop("bulk"), "nobody takes the queue bulk"),
        (_with("standby", command="python manage.py sweep"), "standby does not run"),
        (_with("worker", command="celery -A casework worker -Q clock"), "nobody takes the queue deliver"),
        (_with("bulk", command="celery -A casework worker -Q bulk,post"), "there is no queue post"),
        (_written("`python manage.py watchdog`", "watchdog", "manual"), "the manual's table has"),
        (_without("web", "read_only"), "web: its image is not read-only"),
        (_with("worker", cap_drop=["NET_RAW"]), "worker: it keeps capabilities"),
        (_with("postgres", cap_add=["SYS_ADMIN"]), "postgres: it keeps capabilities"),
        (_without("beat", "security_opt"), "beat: it may gain privileges"),
        (_with("redis", privileged=True), "redis: it is privileged"),
        (_with("web", tmpfs=["/run"]), "web: its /tmp is not in memory"),
        (_with("proxy", user="root"), "proxy: it runs as root"),
        (_without("redis", "user"), "redis: it runs as root"),
        (_without("bulk", "mem_limit"), "bulk: its memory has no limit"),
        (_without("mail", "pids_limit"), "mail: its processes have no limit"),
        (_with("watchdog", logging={"driver": "json-file"}), "watchdog: its log grows for ever"),
        (_with("standby", restart="no"), "standby: it is not started again"),
        (_with("prepare", restart="always"), "prepare: it is not started again"),
        (_without("postgres", "healthcheck"), "postgres: nobody knows"),
        (_with("web", healthcheck={"disable": True}), "web: nobody knows"),
        (_without("web", "stop_grace_period"), "web: it is cut off"),
        (_with("web", user="1000:1000"), "web: its user is not the image's"),
        (_with("bulk", build={"context": ".", "target": "mail"}), "bulk: it is built to another stage"),
        (_without("worker", "init"), "worker: nobody looks after its children"),
        (
            _with("beat", healthcheck={"test": ["CMD", "python", "-m", "casework.alive", "web"]}),
            "beat: its health check asks after something else",
        ),
        (_set("web", WEB_WORKER="2"), "web: nothing reads WEB_WORKER"),
        (_set("web", WEB_WORKERS_FILE="2"), "web: nothing reads WEB_WORKERS_FILE"),
        (_unset("beat", "REDIS_URL_FILE"), "beat: REDIS_URL is not set"),
        (_set("web", LOG_LEVEL="${LOG_LEVEL:-INFO}"), "no example explains LOG_LEVEL"),
        (_written("EMAIL_PORT=", "MAIL_PORT=", "examples"), "an example sets MAIL_PORT"),
        (_set("web", SECRET_KEY="${SECRET_KEY}"), "web: SECRET_KEY would be seen"),
        (_set("postgres", POSTGRES_PASSWORD="${PASSWORD}"), "postgres: POSTGRES_PASSWORD would be seen"),
        (_with("beat", secrets=["secret_key", "database_url"]), "beat: REDIS_URL_FILE names a secret that"),
        (_with("beat", secrets=["key_to_all"]), "beat: key_to_all is no secret of ours"),
        (_with("redis", command="redis-server --requirepass ${REDIS_PASSWORD}"), "redis: a value would"),
        (
            lambda shipped: shipped.compose["secrets"].update(secret_key={"environment": "SECRET_KEY"}),
            "the secret secret_key is not a file",
        ),
        (_with("web", secrets=["owner_database_url"]), "web is given owner_database_url"),
        (_with("bulk", secrets=["notify_api_key"]), "bulk is given notify_api_key"),
        (_with("postgres", networks=["back", "out"]), "postgres: it is on a network with a way out"),
        (_with("proxy", networks=["front", "back"]), "redis: proxy can reach it"),
        (lambda shipped: shipped.compose["networks"].update(back=None), "redis: it is on a network"),
        (_with("web", ports=["8000:8000"]), "web: ['8000:8000'] can be reached"),
        (_with("postgres", ports=["5432:5432"]), "postgres: ['5432:5432'] can be reached"),
        (_set("web", TRUSTED_PROXIES="10.0.0.0/8"), "web: it believes others"),
        (_written("$proxy_add_x_forwarded_for", "$http_x_forwarded_for", "proxy"), "whom it heard"),
        (_written("Proto https", "Proto $http_x_forwarded_proto", "proxy"), "what the caller says of TLS"),
        (_written("access_log off", "access_log /dev/stdout", "proxy"), "its log would hold"),
        (_written("path /tmp/body", "path /var/body", "proxy"), "proxy: it would write /var/body"),
        (_with("beat", command="celery -A casework beat --schedule=beat"), "beat: it would write beat"),
        (_set("bulk", ALIVE_FILE="/src/alive"), "bulk: it would write /src/alive"),
        (_with("bulk", volumes=["redis:/files"]), "bulk: it keeps files"),
        (_with("standby", depends_on={"prepare": {}, "redis": {}}), "standby: it waits for more"),
        (_with("worker", stop_grace_period="10s"), "worker: it is given less than 60 s"),
        (_with("redis", image="redis"), "redis is whatever its makers call so today"),
        (_with("postgres", image="postgres:latest"), "postgres:latest is whatever"),
        (_written("FROM node:24-slim", "FROM node:slim"), "node:slim is whatever"),
        (_with("proxy", volumes=["./docs/nginx.conf:/etc/nginx/nginx.conf:ro"]), "proxy: there is no file"),
        (_with("proxy", volumes=["./docs/how-to/nginx.conf:/etc/nginx/nginx.conf"]), "proxy: it may change"),
        (_with("redis", volumes=["kept:/data"]), "redis: there is no volume kept"),
        (_written("COPY casework ./casework", "COPY . ."), "the image is given ."),
        (_written("COPY static", "COPY secrets"), "the image is given secrets"),
        (_written("COPY templates ./templates\n", ""), "the image has no templates"),
        (_written("COPY static ./static", "COPY statics ./static"), "there is no statics to copy"),
        (_written("!protocols\n", "", "ignored"), ".dockerignore keeps protocols out"),
        (_written("!static\n", "!static\n!var\n", "ignored"), ".dockerignore lets in var"),
        (_written("*\n!casework", "!casework", "ignored"), ".dockerignore lets in what nobody named"),
        (_written("USER 10001:10001\n", ""), "the image runs as root"),
        (_written("USER 10001:10001", "USER casework"), "whose number may change"),
        (_written("EXPOSE 8000", "USER root\nUSER 10001:10001"), "the image is root for a while"),
        (_written("STOPSIGNAL SIGTERM\n", ""), "the image has no STOPSIGNAL"),
        (_written("HEALTHCHECK", "#"), "the image has no HEALTHCHECK"),
        (_written("EXPOSE 8000", "RUN apt-get install gcc"), "the image is built where it runs"),
        (_written("EXPOSE 8000", "RUN pip install gunicorn"), "the image is built where it runs"),
        (_written("EXPOSE 8000", "ENV SECRET_KEY=x"), "a secret would stay in the image: SECRET_KEY"),
        (_written("EXPOSE 8000", "EXPOSE 8000\nFROM runtime AS last"), "last is what is built"),
        (_written("3.12-slim AS runtime", "3.9-slim AS runtime"), "Python 3.9 is none"),
    ],
)  # fmt: skip
def test_each_damage_is_named(damage: Damage, said: str) -> None:
    damaged = copy.deepcopy(AS_IT_IS)
    damage(damaged)
    found = [fault for rule in RULES for fault in _what_it_says(rule, damaged)]
    assert any(said in fault for fault in found), found


def _what_it_says(rule: Rule, damaged: Shipped) -> list[str]:
    """A rule that finds its ground gone says nothing: another has named why."""
    try:
        return list(rule(damaged))
    except (KeyError, AttributeError):
        return []


def _make_secrets(folder: Path) -> dict[str, str]:
    subprocess.run(["sh", MAKE_SECRETS], cwd=folder, check=True, capture_output=True)
    return {file.name: file.read_text().strip() for file in (folder / "secrets").iterdir()}


def test_secrets_are_made_once_and_fit_each_other(tmp_path: Path) -> None:
    made = _make_secrets(tmp_path)
    for url, password in {
        "database_url": "app_password",
        "owner_database_url": "owner_password",
        "watchdog_database_url": "watchdog_password",
        "redis_url": "redis_password",
    }.items():
        assert f":{made[password]}@" in made[url]
        assert len(made[password]) == 64
    assert len({made[name] for name in made if name.endswith("_password") and made[name]}) == 5
    assert made["email_host_password"] == made["notify_api_key"] == ""
    assert _make_secrets(tmp_path) == made


def test_every_secret_of_compose_is_made_but_the_certificate(tmp_path: Path) -> None:
    assert set(AS_IT_IS.compose["secrets"]) - set(_make_secrets(tmp_path)) == {"tls_certificate", "tls_key"}


def test_only_their_owner_passes_the_folder_and_a_container_may_read_what_it_is_given(tmp_path: Path) -> None:
    _make_secrets(tmp_path)
    folder = tmp_path / "secrets"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o644}


def test_a_secret_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "app_password").write_text("chosen by hand\n")
    made = _make_secrets(tmp_path)
    assert made["app_password"] == "chosen by hand"


def test_roles_get_their_passwords_from_files_and_no_command_line_shows_them(tmp_path: Path) -> None:
    made = _make_secrets(tmp_path)
    psql = tmp_path / "psql"
    psql.write_text('#!/bin/sh\nprintf "%s " "$@"\nprintf "%s " "$OWNER_PASSWORD" "$APP_PASSWORD" >&2\ncat\n')
    psql.chmod(0o755)
    files = {
        f"{role.upper()}_PASSWORD_FILE": str(tmp_path / "secrets" / f"{role}_password")
        for role in ("owner", "app", "watchdog")
    }
    environment = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", **files}
    done = subprocess.run([ROLES], env=environment, capture_output=True, text=True, check=True)
    assert done.stderr.split() == [made["owner_password"], made["app_password"]]
    assert not any(made[f"{role}_password"] in done.stdout for role in ("owner", "app", "watchdog"))
    assert r"\getenv watchdog WATCHDOG_PASSWORD" in done.stdout
    del environment["APP_PASSWORD_FILE"]
    assert subprocess.run([ROLES], env=environment, capture_output=True).returncode != 0


def test_scripts_can_be_run() -> None:
    for script in (MAKE_SECRETS, ROLES):
        assert os.access(script, os.X_OK)


@pytest.mark.parametrize(
    ("example", "allowed"),
    [
        ("docs/how-to/try.env", ["127.0.0.1", "localhost", "[::1]"]),
        (".env.example", ["casework.council.example"]),
    ],
)
@pytest.mark.parametrize("name", ["prepare", "web", "worker", "beat", "standby", "watchdog"])
def test_every_process_starts_with_what_compose_gives_it(
    tmp_path: Path, name: str, example: str, allowed: list[str]
) -> None:
    _make_secrets(tmp_path)
    given = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / example).read_text(), re.MULTILINE))
    environment = {
        key: filled_in(value, given) for key, value in AS_IT_IS.services[name]["environment"].items()
    }
    for secret in AS_IT_IS.services[name]["secrets"]:
        environment = {
            key: value.replace(f"/run/secrets/{secret}", str(tmp_path / "secrets" / secret))
            for key, value in environment.items()
        }
    asked = (
        "import json; from django.conf import settings\n"
        "print(json.dumps([settings.ALLOWED_HOSTS, settings.DATABASES]))"
    )
    bare = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "casework.settings", **environment}
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, env=bare, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    names, databases = json.loads(done.stdout)
    roles = {"prepare": "casework_owner", "watchdog": "casework_watchdog"}
    assert (names, databases["default"]["USER"]) == (allowed, roles.get(name, "casework_app"))
