"""What `./run` does with the local service: start it, hold parts of it, run commands on its database.

python -m casework.local serve [--empty]      python -m casework.local manage migrate
python -m casework.local hold valkey          python -m casework.local release valkey
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from casework.embedded import NotStarted, write_private
from casework.processes import PREPARED, ROOT, LocalService
from casework.supervisor import AlreadyRunning, Supervisor, only_one, part_states, wish

HOLDABLE = ("valkey", "postgres", "worker", "beat", "bulk", "web", "standby", "watchdog", "mail")

FIRST_ADMINISTRATOR = "administrator@casework.example"


def serve(folder: Path, *, port: int, demo: bool) -> int:
    """Start everything, say where it is, and keep it running until told to stop."""
    if not _is_free(port):
        say(f"Port {port} is in use. Stop what uses it, or choose another: PORT=8001 ./run")
        return 1
    service = LocalService(folder, port=port, demo=demo)
    with only_one(folder):
        signal.signal(signal.SIGTERM, _stop_early)
        try:
            _bring_up(service)
            supervisor = Supervisor(service.parts(), folder=folder, say=say)
            supervisor.when(lambda: _answers(service.address), lambda: _welcome(service))
            return supervisor.run()
        finally:
            service.stop_servers()
            (folder / "service.json").unlink(missing_ok=True)


def _bring_up(service: LocalService) -> None:
    """Servers, then tables, then people, each only as far as it is not there yet.

    `seed_demo --accounts FILE` may run again on the same database. It keeps the passwords that FILE already
    holds (or takes DEMO_PASSWORD for all), and writes FILE with mode 0600:
    {"address": PUBLIC_URL, "accounts": [{"email", "password", "name", "role"}, …],
    "police_system": {"client_id", "secret", "name", "force", "scopes"}}.
    """
    say("Starting PostgreSQL and Valkey")
    service.start_servers()
    write_private(service.folder / "service.json", json.dumps(service.environment(), indent=1))
    if service.is_prepared():
        return
    say("Bringing the database up to date")
    _manage(service, "prepare", "--verbosity=0")
    if service.demo:
        say("Placing the demo's people")
        _manage(service, "seed_demo", "--accounts", str(service.folder / "demo.json"))
    else:
        _manage(service, "first_administrator", os.environ.get("ADMIN_EMAIL", FIRST_ADMINISTRATOR))
    service.remember_prepared()


def _welcome(service: LocalService) -> None:
    say(f"Casework is at   {service.address}")
    say(f"Caught mail at   http://127.0.0.1:{service.mail_page_port}")
    accounts = service.folder / "demo.json"
    if service.demo:
        for account in json.loads(accounts.read_text())["accounts"]:
            say(f"  {account['email']:<44} {account['password']:<20} {account['name']}, {account['role']}")
        say(f"The police force's own system calls with what is in {accounts} under police_system")
    say("Stop with Ctrl-C")


def _manage(service: LocalService, *arguments: str) -> None:
    environment = {**os.environ, **service.environment()}
    done = subprocess.run([sys.executable, ROOT / "manage.py", *arguments], cwd=ROOT, env=environment)
    if done.returncode:
        raise NotStarted(f"manage.py {arguments[0]} failed; the reason is above.")


def manage(folder: Path, arguments: Sequence[str], *, port: int, demo: bool) -> int:
    """manage.py against this data directory's service, or against its database alone when it is stopped."""
    (folder / PREPARED).unlink(missing_ok=True)  # whatever this command does, the next start looks again
    with _environment_of(folder, port=port, demo=demo) as made:
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.run(command, env={**os.environ, **made}).returncode


@contextlib.contextmanager
def _environment_of(folder: Path, *, port: int, demo: bool) -> Iterator[dict[str, str]]:
    if part_states(folder):
        yield json.loads((folder / "service.json").read_text())
        return
    service = LocalService(folder, port=port, demo=demo)
    with only_one(folder):
        try:
            service.start_servers()
            yield service.environment()
        finally:
            service.stop_servers()


def say(line: str) -> None:
    """One line for the person at the terminal."""
    print(line, flush=True)  # noqa: T201


def _stop_early(number: int, frame: object) -> None:
    raise SystemExit(0)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health/live", timeout=0.5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def data_directory(*, demo: bool) -> Path:
    """DATA_DIR, else var/demo or var/empty."""
    return Path(os.environ.get("DATA_DIR", ROOT / "var" / ("demo" if demo else "empty"))).resolve()


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("serve", "manage"):
        commands.add_parser(name).add_argument("--empty", action="store_true", help="without the demo")
    commands.choices["manage"].add_argument("arguments", nargs=argparse.REMAINDER)
    for name in ("hold", "release"):
        commands.add_parser(name).add_argument("part", choices=HOLDABLE)
        commands.choices[name].add_argument("--empty", action="store_true")
    chosen = parser.parse_args()
    folder, port = data_directory(demo=not chosen.empty), int(os.environ.get("PORT", "8000"))
    started = time.monotonic()
    try:
        if chosen.command == "serve":
            return serve(folder, port=port, demo=not chosen.empty)
        if chosen.command == "manage":
            return manage(folder, chosen.arguments, port=port, demo=not chosen.empty)
        wish(folder, chosen.part, held=chosen.command == "hold")
        done = "held" if chosen.command == "hold" else "released"
        say(f"{chosen.part} {done} after {time.monotonic() - started:.1f} s")
    except (AlreadyRunning, NotStarted, LookupError, TimeoutError) as refusal:
        say(str(refusal))
        return 1
    except KeyboardInterrupt:
        say("Stopped")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
