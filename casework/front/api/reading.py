"""JSON, read strictly: what two programs could understand differently is refused, and nothing is guessed."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import IO, Any, Final, NoReturn

from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from casework.front.api.problems import Problem

LARGEST_BODY: Final = 64 * 1024
DEEPEST: Final = 20
LARGEST_INTEGER: Final = 2**53  # beyond it a program that counts in doubles reads another number
LONGEST_NUMBER: Final = 400
DISCARDED: Final = 16 * 1024 * 1024  # so much of a body that is too long is read, that its sender hears why
JSON: Final = "application/json"
_BOM: Final = b"\xef\xbb\xbf"
# Each byte is looked at once: one that nobody closes goes on to the end, and is not tried again from each of
# its quotes, which took a worker seconds.
_STRINGS: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)


class StrictJson(BaseParser):
    """The only parser. It counts what it reads, whatever a header said."""

    media_type = JSON

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        body = stream.read(LARGEST_BODY + 1)
        if len(body) > LARGEST_BODY:
            refuse_length()
        return read_json(body)


def read_json(body: bytes) -> Any:
    """What it says; `Problem` 400 names what is wrong. One rule for a byte order mark: none."""
    if body.startswith(_BOM):
        refuse("byte_order_mark", "Leave out the byte order mark.")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        refuse("not_utf8", "The body is not UTF-8.")
    if not text.strip(" \t\r\n"):
        refuse("empty", "The body is empty.")
    _refuse_depth(body)
    try:
        found = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
        )
    except json.JSONDecodeError:
        refuse("not_json", "The body is not JSON.")
    _refuse_half_characters(found)
    return found


def refuse_unreadable(request: Request) -> None:
    """415 and 413 before a byte of the body is read."""
    meta = request.META
    if meta.get("HTTP_CONTENT_ENCODING", "identity").strip().lower() != "identity":
        raise Problem(415, "content_encoding", "Send the body as it is, not compressed.")
    if meta.get("HTTP_TRANSFER_ENCODING"):
        raise Problem(413, "no_length", "Send the length of the body: “Content-Length”.")
    if _length(request) > LARGEST_BODY:
        _discard(request)
        refuse_length()


def refuse_other_types(request: Request) -> None:
    """A wildcard, a charset that is not UTF-8 and a type that only begins alike are not ours."""
    if not is_of(JSON, request):
        raise Problem(415, "media_type", "Send JSON, as “Content-Type: application/json”.")


def is_of(kind: str, request: Request) -> bool:
    """Whether the body is said to be of this type, in UTF-8."""
    said, _, parameters = (request.content_type or "").partition(";")
    charset = parameters.strip().lower().replace('"', "")
    return said.strip().lower() == kind and charset in ("", "charset=utf-8")


def has_body(request: Request) -> bool:
    return _length(request) > 0


def _length(request: Request) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _discard(request: Request) -> None:
    """A sender who is cut off in the middle never reads the answer."""
    left = min(_length(request), DISCARDED)
    while left > 0 and (part := request._request.read(min(left, LARGEST_BODY))):
        left -= len(part)


def refuse(code: str, words: str) -> NoReturn:
    raise Problem(400, code, words)


def refuse_length() -> NoReturn:
    raise Problem(413, "too_long", f"Send at most {LARGEST_BODY // 1024} KiB.")


def _refuse_depth(body: bytes) -> None:
    """Counted before it is read: the reader itself goes one call deeper with each bracket."""
    depth = 0
    for mark in _STRINGS.sub(b"", body):
        depth += (mark in b"[{") - (mark in b"]}")
        if depth > DEEPEST:
            refuse("too_deep", f"Nest at most {DEEPEST} deep.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        refuse("duplicate_key", "A name stands twice in one object.")
    return found


def _integer(digits: str) -> int:
    number = int(digits) if len(digits) <= LONGEST_NUMBER else LARGEST_INTEGER + 1
    if abs(number) > LARGEST_INTEGER:
        refuse("number", "A whole number is too large to be read alike everywhere.")
    return number


def _number(digits: str) -> float:
    number = float(digits) if len(digits) <= LONGEST_NUMBER else math.inf
    if math.isinf(number):
        refuse("number", "A number is too large.")
    return number


def _constant(name: str) -> NoReturn:
    refuse("number", f"{name} is no number of JSON.")


def _refuse_half_characters(found: Any) -> None:
    """Half of a surrogate pair is valid JSON, and no text."""
    try:
        json.dumps(found, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        refuse("not_text", "A text has half a character in it.")
