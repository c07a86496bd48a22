"""A night on the real service, each of whose words would be known again: Amina's, and who else hears it."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import psycopg2
import redis

from tests.running import Service, Visitor

CANARY: Final = "zquillaby"  # in every name, place and story of this night
CHILD: Final = {
    "reference": "EX-99001",
    "first_name": "Zquillaby",
    "last_name": "Zquillaby-Ashdown",
    "born_on_day": "3",
    "born_on_month": "2",
    "born_on_year": "2012",
    "sex": "U",
    "languages": "Zquillabyan",
    "nhs_number": "943 476 5919",
}
REPORT: Final = {
    "category": "missing",
    "typed_name": "Zquillaby from the home",
    "last_seen_at": "now",
    "noticed_at": "now",
    "last_seen_where": "Zquillaby station",
    "circumstances": "Left with zquillaby after a call.",
    "indicators": "trafficking",
    "indicator_words": "A zquillaby waited outside.",
    "police": "not_yet",
}
_HIDDEN: Final = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
REFERENCE: Final = re.compile(r"E-\d{4}-\d{4}")
_BODY: Final = re.compile(r'"body\W+([A-Za-z0-9+/]{8,}={0,2})')
_OPTION: Final = r'<option value="([0-9a-f-]{36})"[^>]*>[^<]*%s'


class Desk:
    """Amina at her desk: opens a page, fills it in and sends it."""

    def __init__(self, service: Service) -> None:
        account = next(one for one in service.accounts() if one["name"] == "Amina Rahal")
        self.visitor = Visitor(service.address)
        assert self.visitor.signs_in(account["email"], account["password"])

    def sends(self, path: str, *, to: str = "", **answers: str) -> tuple[int, str]:
        """The status and the page that follows. `to` is where the page's form goes, if not to itself."""
        page = self.visitor.get(path)[1]
        return self.visitor.get(to or path, **dict(_HIDDEN.findall(page)), **answers)

    def option(self, path: str, words: str) -> str:
        """The value of the choice that reads so."""
        found = re.search(_OPTION % re.escape(words), self.visitor.get(path)[1])
        assert found is not None, f"{path} offers no {words}"
        return found[1]


def a_child_goes_missing(desk: Desk) -> str:
    """Registered, placed, reported; the address of the child's page."""
    status, page = desk.sends("/children/new/", **CHILD, authority=desk_authority(desk))
    assert (status, CHILD["last_name"] in page) == (200, True), page
    found = re.search(r"/children/([0-9a-f-]{36})/change/", page)
    assert found is not None
    path = f"/children/{found[1]}/"
    home = desk.option(f"{path}placements/new/", "Larch House")
    place = {"home": home, "place_code": "K2", "provider_code": "PR4", "starts_at": "now"}
    assert desk.sends(f"{path}placements/new/", **place)[0] == 200
    status, page = desk.sends("/reports/phone/", child=found[1], **REPORT)
    assert status == 200, page
    assert REFERENCE.search(page), page
    return path


def desk_authority(desk: Desk) -> str:
    return desk.option("/children/new/", "Exampleshire")


def a_search(desk: Desk) -> None:
    status, page = desk.sends("/children/", to="/children/search/", words="zquillaby")
    assert (status, "1 child found" in page) == (200, True), page
    desk.visitor.get("/now/?who=zquillaby")


def an_error(service: Service, desk: Desk, path: str) -> None:
    """The same child again, which the database refuses; and a page whose table is gone for a moment."""
    assert desk.sends("/children/new/", **CHILD, authority=desk_authority(desk))[0] == 409
    with psycopg2.connect(service.settings()["OWNER_DATABASE_URL"]) as owner, owner.cursor() as cursor:
        cursor.execute("ALTER TABLE records_profilefact RENAME TO records_away")
        owner.commit()
        status, page = desk.visitor.get(path)
        cursor.execute("ALTER TABLE records_away RENAME TO records_profilefact")
        owner.commit()
    assert status == 500
    assert CANARY not in page.lower()
    assert re.search(r"<strong>[0-9a-f-]{36}</strong>", page)


def a_stranger_knocks(service: Service) -> None:
    assert not Visitor(service.address).signs_in("zquillaby@casework.example", "zquillaby zquillaby")


@contextmanager
def overhearing(service: Service) -> Iterator[list[str]]:
    """Every command that reaches Valkey meanwhile, arguments and all; then what lies in it."""
    patient = {"socket_timeout": None}  # a queue may be still for a while
    client = redis.Redis.from_url(service.settings()["REDIS_URL"], **patient)
    heard: list[str] = []
    over = threading.Event()

    def listen() -> None:
        with client.monitor() as monitor:  # type: ignore[no-untyped-call]  # redis has no type for it
            while not over.is_set():
                heard.append(str(monitor.next_command()["command"]))

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    yield heard
    over.set()
    client.ping()  # so that the listener has one last thing to hear
    listener.join(timeout=30)
    heard += [what_lies_in(client, key) for key in client.scan_iter()]


def what_lies_in(client: redis.Redis, key: bytes | str) -> str:
    """The key and its value, of whatever kind it is."""
    read: dict[object, Callable[[], object]] = {
        b"string": lambda: client.get(key),
        b"list": lambda: client.lrange(key, 0, -1),
        b"hash": lambda: client.hgetall(key),
        b"set": lambda: client.smembers(key),
        b"zset": lambda: client.zrange(key, 0, -1),
    }
    kind: object = client.type(key)
    return f"{key!r} {read[kind]()!r}"


def unpacked(messages: str) -> str:
    """The same with the arguments of each task, which Celery packs."""
    return messages + "\n".join(base64.b64decode(body).decode() for body in _BODY.findall(messages))


def letters(service: Service) -> str:
    return "\n".join(
        path.read_text(errors="replace") for path in (service.folder / "mail").rglob("*") if path.is_file()
    )


def traces(service: Service) -> dict[str, str]:
    """Everything that the processes have said, by the file they said it to."""
    logs = [service.output, *(service.folder / "logs").iterdir(), *service.folder.glob("*/*.log")]
    return {path.name: path.read_text(errors="replace") for path in logs}
