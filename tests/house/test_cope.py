"""Parts of a real service are killed and held while steps fall due: each fires once, in time; nothing lies.

Before that, a night on it leaves no word behind in any log, queue, address or letter. The rest is one story,
told once: `coped` lives through it and writes down what was seen; each test asks one thing of that. What is
waited for has a limit in the text of the issue, never in the speed of this machine.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import psycopg2
import pytest

from casework.mailbox import Mailbox
from casework.pretend_notify import Phone
from tests.house.a_night_overheard import (
    CANARY,
    REFERENCE,
    Desk,
    a_child_goes_missing,
    a_search,
    a_stranger_knocks,
    an_error,
    letters,
    overhearing,
    traces,
    unpacked,
)
from tests.running import ALL_PARTS, ROOT, Service, Visitor, scratch_folder

pytestmark = pytest.mark.xdist_group("coping")

# Where nothing at all was heard, nothing was listened to.
SIGNS_OF_LIFE: Final = {
    "web.log": "/children/search/",
    "the queues": '"callbacks": null',
    "the letters": "Message-ID",
}
SECONDS_OF_A_BEAT: Final = 2
SPREAD_SECONDS: Final = 45
LATE_AT_MOST: Final = 30
LATE_AFTER: Final = 60  # the strip's and the health address's own limits, said here once more
SILENT_AFTER: Final = 15
KILLED: Final = ("worker", "beat", "valkey")

TRUTH: Final = """
SELECT (SELECT count(*) FROM protocols_steprun
        WHERE state = 'waiting' AND due_at < casework_now() - make_interval(secs => %s)),
       (SELECT extract(epoch FROM clock_timestamp() - at) FROM records_heartbeat WHERE name = 'sweep')"""
SENT: Final = "SELECT key FROM records_notification WHERE state = 'sent'"
OWED_SINCE: Final = "SELECT key FROM records_notification WHERE recorded_at > %s"
UNFIRED: Final = (
    "SELECT count(*) FROM protocols_steprun WHERE state = 'waiting' AND due_at <= casework_now() + %s"
)
WORKER_IS_SILENT: Final = """
SELECT clock_timestamp() - at > make_interval(secs => %s) FROM records_heartbeat WHERE name = 'worker'"""
# What is noticed "just now" is noticed as this minute begins, and can only be due once it is written down.
FIRED: Final = """
SELECT r.id, extract(epoch FROM r.fired_at - greatest(r.due_at, r.recorded_at)),
       (SELECT count(*) FROM protocols_stepevent e WHERE e.step_run_id = r.id AND e.kind = 'fired'),
       (SELECT count(*) FROM records_chronologyentry c WHERE c.about_id = r.id AND c.verb = 'step.fired')
FROM protocols_steprun r WHERE r.fired_at IS NOT NULL"""
OWED_BY_PEOPLE: Final = """
SELECT count(*) FROM protocols_steprun
WHERE state = 'fired' AND done_at IS NULL AND due_at < casework_now() - make_interval(secs => %s)"""


class Records:
    """What the service's database says."""

    def __init__(self, service: Service) -> None:
        self._url = service.settings()["DATABASE_URL"]

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(psycopg2.connect(self._url)) as connection, connection.cursor() as cursor:
            cursor.execute(question, values)
            return list(cursor.fetchall())

    def one(self, question: str, *values: object) -> Any:
        return self.rows(question, *values)[0][0]

    def is_on_time(self) -> bool:
        """Nothing is late and somebody swept lately: asked without any of the service's own code."""
        ((late, swept_ago),) = self.rows(TRUTH, LATE_AFTER)
        return late == 0 and swept_ago is not None and swept_ago <= SILENT_AFTER


@dataclass(frozen=True)
class Seen:
    """What the service said of its clock, between two looks at the truth."""

    true_before: bool
    health_status: int
    health: str
    strip: str
    strip_says: str
    true_after: bool

    @property
    def is_on_time_throughout(self) -> bool:
        return self.true_before and self.true_after


class Onlooker(threading.Thread):
    """Reads the health address and the strip of a signed-in page the whole time, and checks both."""

    def __init__(self, service: Service, seen: list[Seen]) -> None:
        super().__init__(daemon=True)
        self._seen = seen
        self._visitor, self._records = Visitor(service.address), Records(service)
        (femi,) = [account for account in service.accounts() if account["name"] == "Femi Castell"]
        assert self._visitor.signs_in(femi["email"], femi["password"])
        self._enough = threading.Event()
        self._failure: Exception | None = None

    def run(self) -> None:
        while not self._enough.wait(0.3):
            try:
                self._seen.append(self._look())
            except Exception as failure:  # raised again by `finish`: a thread's own would be lost
                self._failure = failure
                return

    def finish(self) -> None:
        self._enough.set()
        self.join()
        if self._failure:
            raise self._failure

    def _look(self) -> Seen:
        before = self._records.is_on_time()
        status, health = self._visitor.get("/health/escalations")
        words = self._visitor.get("/clock/")[1]
        strip = re.search(r'data-state="(\w+)"', words)
        assert strip is not None, "The strip is not there"
        after = self._records.is_on_time()
        return Seen(before, status, json.loads(health)["status"], strip[1], words, after)


@dataclass
class Coped:
    """The end of the story, and what was written down on the way."""

    service: Service
    records: Records
    fell_due: int
    seen: list[Seen] = field(default_factory=list)
    seen_in_the_dark: list[Seen] = field(default_factory=list)
    caught_while_held: set[str] = field(default_factory=set)
    silent_from: int = 0  # in `seen`
    silent_until: int = 0

    def owed_since(self, moment: datetime) -> set[str]:
        """The outbox keys of the messages owed since then."""
        return {key for (key,) in self.records.rows(OWED_SINCE, moment)}

    def counted_as_sent(self) -> set[str]:
        return {key for (key,) in self.records.rows(SENT)}

    def caught(self) -> Counter[str]:
        """The outbox keys of what was caught: a letter's Message-ID, a text's reference."""
        folder = self.service.folder / "mail"
        letters = [one.message_id.strip("<>") for one in Mailbox(folder).letters(newest=10_000)]
        texts = [str(text.reference) for text in Phone(folder).texts(newest=10_000)]
        return Counter([*(one.partition("@")[0] for one in letters), *texts])


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with scratch_folder() as folder:
        service = Service(folder / "data")
        try:
            service.until(lambda: service.answers("/health/live"))
            service.until(lambda: set(service.processes()) == ALL_PARTS)
            service.until(lambda: Records(service).rows(WORKER_IS_SILENT, SILENT_AFTER) == [(False,)])
            yield service
        finally:
            service.stop()


@pytest.fixture(scope="module")
def coped(service: Service) -> Coped:
    return _live_through(service)


def _live_through(service: Service) -> Coped:
    """1. Steps fall due. 2. Three parts are killed. 3. Valkey is held. 4. Nobody sweeps at all."""
    coped = Coped(service, Records(service), fell_due=_go_missing(service, "Kit", "Ola", "Rosie", "Maisie"))
    with _watched(service, coped.seen):
        for part in KILLED:
            _kill(service, part)
        _hold_valkey(coped)
        service.until(lambda: coped.records.one(UNFIRED, f"{SPREAD_SECONDS} seconds") == 0)
        service.until(lambda: coped.records.one(OWED_BY_PEOPLE, LATE_AFTER) > 0)
    with _watched(service, coped.seen_in_the_dark):
        _wish(service, "hold", "standby", "worker")
        service.until(lambda: any(seen.strip == "unknown" for seen in coped.seen_in_the_dark))
        _wish(service, "release", "standby", "worker")
        service.until(lambda: coped.seen_in_the_dark[-1].is_on_time_throughout)
    return coped


@contextmanager
def _watched(service: Service, seen: list[Seen]) -> Iterator[None]:
    onlooker = Onlooker(service, seen)
    onlooker.start()
    try:
        yield
    finally:
        onlooker.finish()


def _go_missing(service: Service, *names: str) -> int:
    command = [sys.executable, "-m", "tests.house.falling_due", str(SPREAD_SECONDS), *names]
    environment = {**service.environment(), **service.settings()}
    said = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return int(said.stdout)


def _kill(service: Service, part: str) -> None:
    before = service.processes()[part]
    os.kill(before, signal.SIGKILL)
    service.until(lambda: service.processes().get(part, before) != before)


def _hold_valkey(coped: Coped) -> None:
    """Until Celery has fallen silent, Biniam goes missing too, and those who must know have their letters."""
    service, records = coped.service, coped.records
    _wish(service, "hold", "valkey")
    service.until(lambda: records.one(WORKER_IS_SILENT, SILENT_AFTER))
    coped.silent_from = len(coped.seen)
    silent_since = records.one("SELECT casework_now()")
    coped.fell_due += _go_missing(service, "Biniam")
    service.until(lambda: coped.owed_since(silent_since) & coped.caught().keys())
    coped.caught_while_held = coped.owed_since(silent_since) & coped.caught().keys()
    coped.silent_until = len(coped.seen)
    _wish(service, "release", "valkey")
    service.until(lambda: not records.one(WORKER_IS_SILENT, SILENT_AFTER))


def _wish(service: Service, verb: str, *parts: str) -> None:
    for part in parts:
        done = service.ask(verb, part)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.ac("T25.1", "T25.2", "T25.3")
def test_a_night_leaves_no_word_behind(service: Service) -> None:
    with overhearing(service) as overheard:
        desk = Desk(service)
        child_path = a_child_goes_missing(desk)
        service.until(lambda: REFERENCE.search(letters(service)))
        a_search(desk)
        an_error(service, desk, child_path)
        a_stranger_knocks(service)
        time.sleep(2 * SECONDS_OF_A_BEAT)  # so that the queues have something of this night in them
    said = traces(service) | {"the queues": unpacked("\n".join(overheard)), "the letters": letters(service)}
    for where, sign in SIGNS_OF_LIFE.items():
        assert sign in said[where], f"{where} was not listened to"
    assert [where for where, words in said.items() if CANARY in words.lower()] == []


def test_each_step_fired_once_and_its_story_is_told_once(coped: Coped) -> None:
    fired = coped.records.rows(FIRED)
    assert len(fired) >= coped.fell_due > 50
    assert {(events, entries) for _, _, events, entries in fired} == {(1, 1)}


def test_no_step_was_early_or_more_than_half_a_minute_late(coped: Coped) -> None:
    late = [float(seconds) for _, seconds, _, _ in coped.records.rows(FIRED)]
    assert min(late) >= 0
    assert max(late) <= LATE_AT_MOST


def test_what_was_owed_arrived_without_valkey(coped: Coped) -> None:
    assert coped.caught_while_held


def test_every_message_that_counts_as_sent_is_in_the_mail_and_no_other(coped: Coped) -> None:
    """The service goes on sending: what counts as sent is in the mail by now, what is there counts soon."""
    counted, there = coped.counted_as_sent(), coped.caught().keys()
    assert counted <= there
    coped.service.until(lambda: there <= coped.counted_as_sent())
    assert coped.records.one("SELECT count(*) FROM records_notification WHERE state = 'failed'") == 0


def test_health_and_strip_say_what_is_so(coped: Coped) -> None:
    """Looks between which the truth changed prove nothing; the others must agree with it."""
    steady = [seen for seen in coped.seen + coped.seen_in_the_dark if seen.true_before == seen.true_after]
    assert [seen for seen in steady if (seen.health == "ok") != seen.true_before] == []
    assert [seen for seen in steady if (seen.strip == "ok") != seen.true_before] == []
    assert all((seen.health == "ok") == (seen.health_status == 200) for seen in steady)


def test_the_loss_of_celery_and_valkey_turns_nothing_red(coped: Coped) -> None:
    assert {(seen.health_status, seen.health, seen.strip) for seen in coped.seen} == {(200, "ok", "ok")}


def test_the_strip_says_who_does_the_work_while_celery_is_away(coped: Coped) -> None:
    silent = coped.seen[coped.silent_from : coped.silent_until]
    assert all("the standby runs the steps" in seen.strip_says for seen in silent)
    assert any("the standby" not in seen.strip_says for seen in coped.seen)


def test_where_nobody_sweeps_nobody_says_that_all_is_well(coped: Coped) -> None:
    dark = [seen for seen in coped.seen_in_the_dark if not (seen.true_before or seen.true_after)]
    assert {(seen.health_status, seen.health, seen.strip) for seen in dark} == {(503, "unknown", "unknown")}


def test_people_who_are_late_turn_nothing_red(coped: Coped) -> None:
    assert coped.records.one(OWED_BY_PEOPLE, LATE_AFTER) > 0
    last = next(seen for seen in reversed(coped.seen_in_the_dark) if seen.is_on_time_throughout)
    assert (last.health_status, last.health, last.strip) == (200, "ok", "ok")
