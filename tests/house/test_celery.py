"""Celery only nudges: intervals that expire, queues that somebody serves, nothing kept in the broker."""

from __future__ import annotations

import itertools
from pathlib import Path

import yaml

from casework.celery import app
from casework.processes import LocalService

ROOT = Path(__file__).resolve().parents[2]


def test_every_nudge_expires_within_its_interval() -> None:
    for name, entry in app.conf.beat_schedule.items():
        assert isinstance(entry["schedule"], float), f"{name}: seconds, never the wall clock"
        assert entry["options"]["expires"] <= entry["schedule"], name


def test_every_nudge_rings_a_bell_that_is_there_and_in_its_own_queue() -> None:
    app.loader.import_default_modules()
    queues = {entry["task"]: _queue_of(entry["task"]) for entry in app.conf.beat_schedule.values()}
    assert queues.keys() <= app.tasks.keys()
    assert queues == {
        "protocols.tasks.tick": "clock",
        "casework.records.tasks.deliver_notifications": "deliver",
        "protocols.tasks.tell_of_unexplained_looks": "bulk",
        "casework.records.tasks.keep_audit": "deliver",
        "casework.records.tasks.reconcile_permissions": "bulk",
        "casework.records.tasks.keep_audit_partitions": "bulk",
        "casework.front.tasks.look_after_uploads": "bulk",
        "casework.records.tasks.look_after_police_clients": "bulk",
    }


def test_every_task_of_ours_is_routed_by_name_and_none_by_default() -> None:
    app.loader.import_default_modules()
    ours = [name for name in app.tasks if not name.startswith("celery.")]
    assert [name for name in ours if app.amqp.router.lookup_route(name) is None] == []


def test_a_task_is_lost_with_its_worker_to_nobody() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.accept_content == ["json"]
    assert app.conf.result_backend is None


def test_every_queue_is_served_wherever_it_runs(tmp_path: Path) -> None:
    queues = {queue.name for queue in app.conf.task_queues}
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    in_compose = " ".join(str(service.get("command", "")) for service in services.values())
    commands = LocalService(tmp_path, port=1, demo=False).commands().values()
    locally = " ".join(word for command in commands for word in command)
    for served in (in_compose, locally):
        assert {name for option in _after("-Q", served) for name in option.split(",")} == queues


def test_both_ways_of_running_have_the_same_parts(tmp_path: Path) -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    in_compose = set(services) - {"postgres", "redis", "prepare", "proxy"}
    assert set(LocalService(tmp_path, port=1, demo=False).commands()) == in_compose


def _queue_of(task: str) -> str:
    return str(app.amqp.router.route({}, task)["queue"].name)


def _after(option: str, words: str) -> list[str]:
    all_words = words.split()
    return [value for word, value in itertools.pairwise(all_words) if word == option]
