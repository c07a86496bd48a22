"""What must hold of the image and of docker-compose.yml, by their text: each rule says what is wrong."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from packaging.specifiers import SpecifierSet

from casework.celery import app
from casework.gunicorn_conf import graceful_timeout
from casework.processes import LocalService

ROOT: Final = Path(__file__).resolve().parents[2]
SERVERS: Final = {"postgres", "redis", "proxy"}  # other people's images
NOT_KEPT_RUNNING: Final = {"prepare"}
RUN_IN_A_TRIAL: Final = {"mail"}
IN_MEMORY: Final = "/tmp"  # noqa: S108  a container's own
FAR_FROM_THE_DATABASE: Final = {"proxy", "mail"}

_VARIABLE: Final = re.compile(r"(?<!\$)\$\{(\w+)(?::?([-?])([^}]*))?\}")
_SECRET: Final = re.compile(r"PASSWORD|SECRET|API_KEY|(DATABASE|REDIS)_URL")
_ASKED_FOR: Final = re.compile(r'\b(?:text|flag|integer|listed|database)\(\s*"([A-Z_]+)"')
_ASKED_PLAINLY: Final = re.compile(r'os\.environ\.get\(\s*"([A-Z_]+)"')
_NEEDED: Final = re.compile(r'environment\.(?:text|database)\("([A-Z_]+)"\)')
_PINNED: Final = re.compile(r"[\w./-]+:\d[\w.-]*")

Instruction = tuple[str, str]


@dataclass
class Shipped:
    """The files as they are, or as a test has damaged them."""

    compose: dict[str, Any]
    dockerfile: str
    ignored: str
    manual: str
    examples: str
    proxy: str
    folder: Path = ROOT

    @classmethod
    def read(cls) -> Shipped:
        examples = (ROOT / ".env.example", ROOT / "docs" / "how-to" / "try.env")
        return cls(
            # By way of JSON, so that what YAML's anchors share is each service's own.
            compose=json.loads(json.dumps(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))),
            dockerfile=(ROOT / "Dockerfile").read_text(),
            ignored=(ROOT / ".dockerignore").read_text(),
            manual=(ROOT / "docs" / "how-to" / "production.md").read_text(),
            examples="".join(file.read_text() for file in examples),
            proxy=(ROOT / "docs" / "how-to" / "nginx.conf").read_text(),
        )

    @property
    def services(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = self.compose["services"]
        return found

    @property
    def ours(self) -> dict[str, dict[str, Any]]:
        """The services that run our code with its settings."""
        others = SERVERS | RUN_IN_A_TRIAL
        return {name: service for name, service in self.services.items() if name not in others}

    def stages(self) -> dict[str, list[Instruction]]:
        """The instructions of each stage of the Dockerfile, by the stage's name."""
        whole = re.sub(r"^\s*#.*\n", "", self.dockerfile, flags=re.MULTILINE).replace("\\\n", " ")
        found: dict[str, list[Instruction]] = {}
        for line in filter(None, map(str.strip, whole.splitlines())):
            word, _, rest = line.partition(" ")
            if word == "FROM":
                name = rest.split()[-1]
                found[name] = []
            found[name].append((word, rest.strip()))
        return found

    def whole_of(self, stage: str) -> list[Instruction]:
        """A stage's instructions after those of the stages that it begins with."""
        stages = self.stages()
        own = stages[stage]
        before = own[0][1].split()[0]
        return [*(self.whole_of(before) if before in stages else []), *own]

    def command(self, name: str) -> str:
        """What a service runs: its own words, or else the image's."""
        words = self.services[name].get("command") or dict(self.whole_of("service"))["CMD"]
        is_list = isinstance(words, str) and words.startswith("[")
        words = json.loads(words) if is_list else words
        return words if isinstance(words, str) else " ".join(words)


def filled_in(value: object, given: Mapping[str, str]) -> str:
    """A value as compose makes it of what .env says."""
    by_default = "-"
    return _VARIABLE.sub(
        lambda found: given.get(found[1]) or (found[3] if found[2] == by_default else ""), str(value)
    )


def every_process_is_there(shipped: Shipped) -> Iterator[str]:
    """The manual, `./run` and compose have the same processes, with the same commands."""
    local = set(LocalService(Path("/nowhere"), port=1, demo=False).commands())
    if local != set(shipped.services) - SERVERS - NOT_KEPT_RUNNING:
        yield f"./run has {sorted(local)}"
    table = dict(
        re.findall(r"^\| (\w+) \| `([^`]+)`", shipped.manual.partition("## Processes")[2], re.MULTILINE)
    )
    if set(table) != set(shipped.ours):
        yield f"the manual's table has {sorted(table)}"
    for name, words in table.items():
        if name in shipped.services and not _in_order(words.split(), shipped.command(name).split()):
            yield f"{name} does not run `{words}`"


def _in_order(wanted: list[str], words: list[str]) -> bool:
    left = iter(words)
    return all(word in left for word in wanted)


def every_container_is_closed(shipped: Shipped) -> Iterator[str]:
    for name, service in shipped.services.items():
        held = {
            "its image is not read-only": service.get("read_only") is True,
            "it keeps capabilities": service.get("cap_drop") == ["ALL"] and not service.get("cap_add"),
            "it may gain privileges": service.get("security_opt") == ["no-new-privileges:true"],
            "it is privileged": not service.get("privileged"),
            "its /tmp is not in memory": any(each.startswith(IN_MEMORY) for each in service.get("tmpfs", [])),
            "it runs as root": str(service.get("user", "0")).split(":")[0] not in {"0", "root"},
            "its memory has no limit": "mem_limit" in service,
            "its processes have no limit": "pids_limit" in service,
            "its log grows for ever": "max-size" in service.get("logging", {}).get("options", {}),
            "it is not started again": service.get("restart")
            == ("no" if name in NOT_KEPT_RUNNING else "always"),
            "nobody knows whether it is well": name in NOT_KEPT_RUNNING
            or "test" in service.get("healthcheck", {}),
            "it is cut off when it stops": name in NOT_KEPT_RUNNING or "stop_grace_period" in service,
        }
        yield from (f"{name}: {words}" for words, is_so in held.items() if not is_so)


def ours_run_as_the_image_says(shipped: Shipped) -> Iterator[str]:
    for name in (*shipped.ours, *RUN_IN_A_TRIAL):
        service, stage = shipped.services[name], "mail" if name in RUN_IN_A_TRIAL else "service"
        if service.get("user") != dict(shipped.whole_of(stage)).get("USER"):
            yield f"{name}: its user is not the image's"
        if service.get("build", {}).get("target") != stage:
            yield f"{name}: it is built to another stage"
        if service.get("init") is not True:
            yield f"{name}: nobody looks after its children"


def each_asks_after_itself(shipped: Shipped) -> Iterator[str]:
    for name in set(shipped.ours) - NOT_KEPT_RUNNING:
        if shipped.services[name]["healthcheck"].get("test") != [
            "CMD",
            "python",
            "-m",
            "casework.alive",
            name,
        ]:
            yield f"{name}: its health check asks after something else"


def settings_are_known_and_whole(shipped: Shipped) -> Iterator[str]:
    sources = [
        ROOT / "casework" / f"{name}.py" for name in ("settings", "environment", "gunicorn_conf", "alive")
    ]
    code = "".join(source.read_text() for source in sources)
    asked = set(_ASKED_FOR.findall(code))
    known = asked | {f"{name}_FILE" for name in asked} | set(_ASKED_PLAINLY.findall(code))
    needed = set(_NEEDED.findall(sources[0].read_text()))
    for name, service in shipped.ours.items():
        given = set(service["environment"])
        yield from (f"{name}: nothing reads {key}" for key in sorted(given - known))
        missing = {key for key in needed if not {key, f"{key}_FILE"} & given}
        yield from (f"{name}: {key} is not set" for key in sorted(missing))


def what_compose_asks_for_is_explained(shipped: Shipped) -> Iterator[str]:
    asked = {found[0] for found in _VARIABLE.findall(json.dumps(shipped.compose))}
    explained = set(re.findall(r"^#?([A-Z_]+)=", shipped.examples, re.MULTILINE)) - {"COMPOSE_PROFILES"}
    yield from (f"no example explains {name}" for name in sorted(asked - explained))
    yield from (f"an example sets {name}, which compose does not read" for name in sorted(explained - asked))


def secrets_are_files(shipped: Shipped) -> Iterator[str]:
    kept = shipped.compose["secrets"]
    for name, service in shipped.services.items():
        mounted = set(service.get("secrets", []))
        yield from (f"{name}: {secret} is no secret of ours" for secret in sorted(mounted - set(kept)))
        for key, value in service.get("environment", {}).items():
            if _SECRET.search(key) and not key.endswith("_FILE"):
                yield f"{name}: {key} would be seen by whoever may inspect the container"
            file = filled_in(value, {})
            if (
                key.endswith("_FILE")
                and file.startswith("/run/secrets/")
                and file.split("/")[-1] not in mounted
            ):
                yield f"{name}: {key} names a secret that it is not given"
        for words in (service.get("command"), service.get("healthcheck")):
            if _VARIABLE.search(json.dumps(words)):
                yield f"{name}: a value would stand on its command line"
    for name, where in kept.items():
        if where != {"file": f"./secrets/{name}"}:
            yield f"the secret {name} is not a file of its own in secrets/"
    if "secrets/" not in (ROOT / ".gitignore").read_text().split():
        yield "secrets/ might be committed"


def nobody_has_what_they_do_not_need(shipped: Shipped) -> Iterator[str]:
    owners = {"owner_database_url": {"prepare"}, "watchdog_database_url": {"watchdog"}, "tls_key": {"proxy"}}
    outward = {"web", "worker", "standby"}
    allowed = {**owners, "email_host_password": outward, "notify_api_key": outward}
    for secret, who in allowed.items():
        found = {name for name, service in shipped.services.items() if secret in service.get("secrets", [])}
        yield from (f"{name} is given {secret}" for name in sorted(found - who))


def the_database_is_out_of_reach(shipped: Shipped) -> Iterator[str]:
    inside = {name for name, net in shipped.compose["networks"].items() if (net or {}).get("internal")}
    for name in ("postgres", "redis"):
        service = shipped.services[name]
        if not set(service["networks"]) <= inside:
            yield f"{name}: it is on a network with a way out"
        for far in sorted(FAR_FROM_THE_DATABASE):
            if set(service["networks"]) & set(shipped.services[far]["networks"]):
                yield f"{name}: {far} can reach it"
    for name, service in shipped.services.items():
        open_ports = [port for port in service.get("ports", []) if not str(port).startswith("127.0.0.1:")]
        if open_ports and name != "proxy":
            yield f"{name}: {open_ports} can be reached from elsewhere"


def proxies_are_believed_on_their_network_alone(shipped: Shipped) -> Iterator[str]:
    (subnet,) = shipped.compose["networks"]["front"]["ipam"]["config"]
    believed = shipped.services["web"]["environment"].get("TRUSTED_PROXIES", "").split(",")
    if believed[0] != subnet["subnet"] or believed[1:] not in ([], ["${MORE_PROXIES:-}"]):
        yield "web: it believes others than the proxies in front of it"


def the_proxy_says_who_asks_and_keeps_nothing(shipped: Shipped) -> Iterator[str]:
    said = {
        "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;": "it does not say whom it heard",
        "proxy_set_header X-Forwarded-Proto https;": "it passes on what the caller says of TLS",
        "proxy_set_header Host $host;": "the pages would not know by which name they were called",
        "access_log off;": "its log would hold the keys of links",
        "error_log stderr crit;": "its complaints would hold the keys of links",
        "ssl_protocols TLSv1.2 TLSv1.3;": "it speaks old TLS",
    }
    yield from (f"proxy: {words}" for line, words in said.items() if line not in shipped.proxy)
    for path in re.findall(r"^\s*(?:pid|\w+_temp_path) (\S+);", shipped.proxy, re.MULTILINE):
        if not path.startswith(f"{IN_MEMORY}/"):
            yield f"proxy: it would write {path}"


def every_queue_is_taken(shipped: Shipped) -> Iterator[str]:
    commands = " ".join(shipped.command(name) for name in shipped.ours)
    taken = {queue for queues in re.findall(r"-Q (\S+)", commands) for queue in queues.split(",")}
    queues = {queue.name for queue in app.conf.task_queues}
    yield from (f"nobody takes the queue {name}" for name in sorted(queues - taken))
    yield from (f"there is no queue {name}" for name in sorted(taken - queues))


def nothing_is_written_but_in_memory(shipped: Shipped) -> Iterator[str]:
    for name, service in shipped.ours.items():
        written = re.findall(r"--(?:schedule|pidfile|statedb|logfile)=(\S+)", shipped.command(name))
        written += [value for key, value in service["environment"].items() if key == "ALIVE_FILE"]
        yield from (
            f"{name}: it would write {path}" for path in written if not path.startswith(f"{IN_MEMORY}/")
        )
        if service.get("volumes"):
            yield f"{name}: it keeps files"


def the_clock_waits_for_no_broker(shipped: Shipped) -> Iterator[str]:
    for name in ("standby", "watchdog"):
        if set(shipped.services[name]["depends_on"]) != {"prepare"}:
            yield f"{name}: it waits for more than its tables"


def what_is_in_hand_is_finished(shipped: Shipped) -> Iterator[str]:
    least = {"web": graceful_timeout, "worker": app.conf.task_time_limit, "bulk": app.conf.task_time_limit}
    for name, seconds in least.items():
        if int(shipped.services[name]["stop_grace_period"].rstrip("s")) < seconds:
            yield f"{name}: it is given less than {seconds} s to finish"


def images_are_pinned(shipped: Shipped) -> Iterator[str]:
    stages = shipped.stages()
    bases = [stage[0][1].split()[0] for stage in stages.values()]
    images = [service["image"] for name, service in shipped.services.items() if name in SERVERS]
    for image in [*images, *(base for base in bases if base not in stages)]:
        if not _PINNED.fullmatch(image):
            yield f"{image} is whatever its makers call so today"


def files_that_are_named_exist(shipped: Shipped) -> Iterator[str]:
    for name, service in shipped.services.items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith(".") and not (shipped.folder / source).is_file():
                yield f"{name}: there is no file {source}"
            if source.startswith(".") and not volume.endswith(":ro"):
                yield f"{name}: it may change {source}"
            if not source.startswith(".") and source not in shipped.compose["volumes"]:
                yield f"{name}: there is no volume {source}"


def the_image_holds_what_it_runs_on(shipped: Shipped) -> Iterator[str]:
    """Every file that is copied exists, gets past .dockerignore, and is named: no folder as a whole."""
    let_in = {line[1:] for line in shipped.ignored.splitlines() if line.startswith("!")}
    if "*" not in shipped.ignored.splitlines():
        yield ".dockerignore lets in what nobody named"
    copied = set()
    for word, rest in (one for stage in shipped.stages().values() for one in stage):
        if word in {"COPY", "ADD"} and "--from=" not in rest:
            copied |= set(rest.split()[:-1])
    for source in sorted(copied):
        if source in {".", "./"} or _looks_secret(source):
            yield f"the image is given {source}"
        elif not (shipped.folder / source).exists():
            yield f"there is no {source} to copy"
        elif source not in let_in:
            yield f".dockerignore keeps {source} out"
    yield from (f".dockerignore lets in {name}, which nobody copies" for name in sorted(let_in - copied))
    for package in ("casework", "incidents", "protocols", "templates", "static", "manage.py"):
        if package not in copied:
            yield f"the image has no {package}"


def _looks_secret(source: str) -> bool:
    return bool(re.search(r"secret|\.env|\.pem|\.key|password", source))


def the_last_stage_is_bare(shipped: Shipped) -> Iterator[str]:
    last = list(shipped.stages())[-1]
    instructions = shipped.whole_of(last)
    said = dict(instructions)
    if last != "service":
        yield f"{last} is what is built when nobody says which"
    if not re.fullmatch(r"[1-9]\d*:[1-9]\d*", said.get("USER", "")):
        yield "the image runs as root, or as somebody whose number may change"
    for word in ("HEALTHCHECK", "STOPSIGNAL", "LABEL", "CMD"):
        if word not in said:
            yield f"the image has no {word}"
    for word, rest in instructions:
        if word == "RUN" and re.search(r"\b(apt-get|npm|(pip|pip3) (\S+ )*install|curl|gcc)\b", rest):
            yield f"the image is built where it runs: {rest}"
        if word in {"ENV", "ARG"} and _SECRET.search(rest):
            yield f"a secret would stay in the image: {rest.split('=')[0]}"
        if word == "USER" and rest.split(":")[0] in {"0", "root"}:
            yield "the image is root for a while"


def python_is_one_we_run_on(shipped: Shipped) -> Iterator[str]:
    allowed = SpecifierSet(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"])
    for version in re.findall(r"^FROM python:(\d+\.\d+)", shipped.dockerfile, re.MULTILINE):
        if version not in allowed:
            yield f"Python {version} is none that pyproject.toml allows"


Rule = Callable[[Shipped], Iterator[str]]

RULES: Final[tuple[Rule, ...]] = (
    every_process_is_there,
    every_container_is_closed,
    ours_run_as_the_image_says,
    each_asks_after_itself,
    settings_are_known_and_whole,
    what_compose_asks_for_is_explained,
    secrets_are_files,
    nobody_has_what_they_do_not_need,
    the_database_is_out_of_reach,
    proxies_are_believed_on_their_network_alone,
    the_proxy_says_who_asks_and_keeps_nothing,
    every_queue_is_taken,
    nothing_is_written_but_in_memory,
    the_clock_waits_for_no_broker,
    what_is_in_hand_is_finished,
    images_are_pinned,
    files_that_are_named_exist,
    the_image_holds_what_it_runs_on,
    the_last_stage_is_bare,
    python_is_one_we_run_on,
)
