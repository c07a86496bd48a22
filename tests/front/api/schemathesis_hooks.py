"""What a schema cannot say of a right request: a time that has come, a cursor and a version that were given.

Nothing is accepted that the checks would refuse; requests which are meant to be wrong go out as they are.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import requests
import schemathesis
from hypothesis import strategies as st

NO_CURSOR: Final = "none-was-given-yet-"
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ETAG: Final = re.compile(r'"v[1-9][0-9]{0,8}"')
_BEGUN: Final = datetime.now(UTC)


def _written(seconds: float) -> str:
    return (_BEGUN - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


# A moment ago: after whatever came before it, and not ahead.
schemathesis.openapi.format("date-time", st.floats(0, 1).map(_written))
schemathesis.openapi.format("cursor", st.integers(0, 9).map(lambda number: f"{NO_CURSOR}{number}"))


@schemathesis.hook
def before_call(
    context: schemathesis.HookContext, case: schemathesis.Case[Any], kwargs: dict[str, Any]
) -> None:
    """Each request has a key of its own, the version that is there now, and no cursor that nobody gave."""
    if _UUID.fullmatch(str(case.headers.get("Idempotency-Key", ""))):
        case.headers["Idempotency-Key"] = str(uuid4())
    if str(case.query.get("cursor", "")).startswith(NO_CURSOR):
        del case.query["cursor"]
    if case.method == "PATCH" and _ETAG.fullmatch(str(case.headers.get("If-Match", ""))):
        case.headers["If-Match"] = _version_now(case, kwargs) or case.headers["If-Match"]


def _version_now(case: schemathesis.Case[Any], kwargs: dict[str, Any]) -> str | None:
    headers = {**(kwargs.get("headers") or {}), **dict(case.headers)}
    keys = {name: value for name, value in headers.items() if name.lower() == "authorization"}
    answer = requests.get(f"{case.operation.base_url}{case.formatted_path}", headers=keys, timeout=30)
    return answer.headers.get("ETag")
