"""The head of each chain lies outside, every five minutes; when it does not, somebody is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core import mail
from django.core.checks import run_checks
from django.test import Client
from pytest_django import Settings

from casework.records import audit, chain_check, seals
from casework.records.notify import outside
from tests.cast import Cast
from tests.records.audit_rows import a_chain, do

FILE = "heads.jsonl"


@pytest.fixture
def sink(tmp_path: Path, settings: Settings) -> Path:
    settings.AUDIT_SINK = str(tmp_path / FILE)
    do("DELETE FROM records_heartbeat")
    return tmp_path / FILE


def lines_of(sink: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in sink.read_text().splitlines()]


def minutes_pass(minutes: int) -> None:
    do("UPDATE records_heartbeat SET at = at - make_interval(mins => %s)", minutes)


def test_the_head_of_each_chain_is_appended_to_a_file(cast: Cast, sink: Path) -> None:
    a_chain(cast, rows=3)
    audit.looked(cast.eve, child_ids=[], about_kind="board")
    outside.keep()
    by_authority = {line["authority"]: line for line in lines_of(sink)}
    assert by_authority["EXS"]["seq"] == 3
    assert {"", "EXS"} <= by_authority.keys(), "what belongs to no authority has a chain too"
    assert sink.stat().st_mode & 0o077 == 0


def test_it_is_stored_every_five_minutes_and_not_more_often(cast: Cast, sink: Path) -> None:
    a_chain(cast, rows=1)
    for _ in range(3):
        outside.keep()
    first = len(lines_of(sink))
    minutes_pass(5)
    audit.looked(cast.amina, child=cast.kit, about_kind="child")
    outside.keep()
    stored = [line["seq"] for line in lines_of(sink) if line["authority"] == "EXS"]
    assert (stored, len(lines_of(sink))) == ([1, 2], 2 * first)


def test_every_head_that_was_ever_stored_must_fit(cast: Cast, sink: Path) -> None:
    a_chain(cast, rows=1)
    outside.keep()
    minutes_pass(5)
    audit.looked(cast.amina, child=cast.kit, about_kind="child")
    outside.keep()
    heads = chain_check.heads_in(sink.read_text().splitlines())
    assert sorted(heads[cast.exampleshire.pk]) == [1, 2]
    assert chain_check.faults(cast.exampleshire.pk, stored=heads) == []


def test_a_letter_serves_as_well_and_names_nobody(cast: Cast, sink: Path, settings: Settings) -> None:
    settings.AUDIT_SINK = "mailto:data.protection@casework.example"
    a_chain(cast, rows=2)
    outside.keep()
    (letter,) = mail.outbox
    assert letter.to == ["data.protection@casework.example"]
    heads = chain_check.heads_in(str(letter.body).splitlines())
    assert heads[cast.exampleshire.pk][2].hash
    assert not [name for name in (cast.kit.last_name, cast.amina.name) if name in str(letter.message())]


def test_a_sink_that_fails_is_tried_again_and_told_of(cast: Cast, sink: Path, client: Client) -> None:
    sink.mkdir()
    (sink / outside.FILE_NAME).mkdir()  # nothing can be appended to a folder
    a_chain(cast, rows=1)
    outside.keep()
    assert client.get("/health/audit").status_code == 503
    (sink / outside.FILE_NAME).rmdir()
    minutes_pass(1)
    outside.keep()
    assert lines_of(sink / outside.FILE_NAME)
    assert client.get("/health/audit").json() == {"status": "ok", "why": [], "leftover_permissions": 0}


def test_a_head_that_is_ten_minutes_old_is_an_alarm(cast: Cast, sink: Path, client: Client) -> None:
    outside.keep()
    assert client.get("/health/audit").status_code == 200
    minutes_pass(11)
    seals.seal()
    answer = client.get("/health/audit")
    assert answer.status_code == 503
    assert answer.json()["why"] == ["no head of the audit has been stored outside for ten minutes"]


def test_an_audit_that_nobody_seals_is_an_alarm(cast: Cast, client: Client) -> None:
    seals.seal()
    assert client.get("/health/audit").status_code == 200
    do("UPDATE records_heartbeat SET at = at - interval '61 seconds'")
    assert client.get("/health/audit").json()["why"] == ["the audit has not been sealed for a minute"]


def test_production_without_a_sink_is_warned_about(settings: Settings) -> None:
    settings.AUDIT_SINK = ""
    assert "casework.W109" in {found.id for found in run_checks(include_deployment_checks=True)}
    settings.AUDIT_SINK = "/mnt/elsewhere"
    assert "casework.W109" not in {found.id for found in run_checks(include_deployment_checks=True)}
