"""JSON is read strictly, whoever sends it."""

from __future__ import annotations

import os
import resource

import pytest

from casework.front.api.problems import Problem
from casework.front.api.reading import LARGEST_BODY, read_json

CPU_SECONDS = 1  # a hundred times what the longest body takes
REFUSED = 40


def code_of(body: bytes) -> str:
    with pytest.raises(Problem) as refused:
        read_json(body)
    assert refused.value.status_code == 400
    return refused.value.code


@pytest.mark.ac("A01")
@pytest.mark.parametrize(
    "body", [b"{", b'{"a":1,}', b"[1,]", b"{'a':1}", b'{"a":1} x', b"NULL", b'{"a":\x01"b"}']
)
def test_what_is_no_json_is_refused(body: bytes) -> None:
    assert code_of(body) == "not_json"


@pytest.mark.ac("A01")
@pytest.mark.parametrize("body", [b"", b"  \r\n\t"])
def test_nothing_is_no_json_either(body: bytes) -> None:
    assert code_of(body) == "empty"


@pytest.mark.ac("A04")
@pytest.mark.parametrize("body", [b"[" * 10_000 + b"]" * 10_000, b'{"a":' * 10_000 + b"1" + b"}" * 10_000])
def test_a_deep_nest_is_refused_before_anybody_climbs_into_it(body: bytes) -> None:
    assert code_of(body) == "too_deep"


def test_brackets_in_a_text_are_no_nest() -> None:
    assert read_json(b'{"a": "' + b"[" * 100 + b'\\""}') == {"a": "[" * 100 + '"'}


@pytest.mark.parametrize("piece", [b'\\"', b'"\\', b'"'])
@pytest.mark.parametrize("begun", [b'"', b'{"words":"', b'{"words":["\\'])
def test_no_body_keeps_a_worker_busy(begun: bytes, piece: bytes) -> None:
    """Of one text that is never closed, however many quotes it has; in a process that would be ended."""
    body = (begun + piece * LARGEST_BODY)[:LARGEST_BODY]
    assert os.waitstatus_to_exitcode(os.waitpid(a_reader_of(body), 0)[1]) == REFUSED


def a_reader_of(body: bytes) -> int:
    """A child that reads it, and is killed when it takes longer."""
    if child := os.fork():
        return child
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        read_json(body)
    except Problem:
        os._exit(REFUSED)
    finally:
        os._exit(0)


@pytest.mark.ac("A05")
@pytest.mark.parametrize("body", [b'{"a":1,"a":2}', b'{"x":[{"a":1,"\\u0061":2}]}'])
def test_a_name_twice_is_refused(body: bytes) -> None:
    assert code_of(body) == "duplicate_key"


@pytest.mark.ac("A06")
@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999"])
def test_a_number_that_is_none_is_refused(number: bytes) -> None:
    assert code_of(b'{"a":' + number + b"}") == "number"


@pytest.mark.ac("A07")
@pytest.mark.parametrize("number", [b"9007199254740993", b"-9007199254740993", b"1" * 20, b"1" * 5000])
def test_a_number_that_others_would_read_otherwise_is_refused(number: bytes) -> None:
    assert code_of(b'{"a":' + number + b"}") == "number"


@pytest.mark.ac("A07")
def test_a_number_that_is_taken_is_taken_exactly() -> None:
    assert read_json(b"[9007199254740992, -0, 1e2]") == [2**53, 0, 100.0]


@pytest.mark.ac("A21")
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"a":"\xff"}', "not_utf8"),
        ('{"a":"é"}'.encode("utf-16"), "not_utf8"),
        ('{"a":"é"}'.encode("utf-16-le"), "not_utf8"),
        (b'\xef\xbb\xbf{"a":1}', "byte_order_mark"),
        (b'{"a":"\\ud800"}', "not_text"),
        (b'{"\\udc00":1}', "not_text"),
    ],
)
def test_only_utf8_without_a_mark_is_read(body: bytes, code: str) -> None:
    assert code_of(body) == code
