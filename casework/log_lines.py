"""What a log line may say of a request: its page; not what was typed, nor a key that lets its reader in.

And of an error: where it broke and what kind it was. An error's own words repeat what it broke on, and a
database's repeat the whole row: "Failing row contains (Kit, Ashdown, …)".
"""

import re
import traceback
from typing import Any, Final

from structlog.types import EventDict, ExcInfo, WrappedLogger

_ONE_TIME_KEY: Final = re.compile(r"(/reset/key/)[^/?\s]+")
_CELERY_TRACE: Final = "celery.app.trace"


def page_only(address: str) -> str:
    """The address on one line, without its query and without the key of a link to choose a password."""
    page = _ONE_TIME_KEY.sub(r"\1...", address.partition("?")[0])
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in page)


def name_page_only(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """The same, for each line that says which request it belongs to."""
    if isinstance(request := event.get("request"), str):
        event["request"] = page_only(request)
    return event


def name_task_only(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """A task that failed, by its name and id: Celery's own sentence has the error's words in it."""
    record = event.get("_record")
    if record is not None and record.name == _CELERY_TRACE:
        task: dict[str, Any] = getattr(record, "data", {})
        event["event"] = f"Task {task.get('name')} {task.get('description', 'ended')}"
        event["task_id"] = task.get("id")
    return event


def what_broke(exc_info: ExcInfo) -> str:
    """Each error of the chain, the first cause first: the lines of code that led to it, and its kind."""
    found = list[str]()
    error: BaseException | None = exc_info[1]
    while error is not None:
        found.append(f"{''.join(traceback.format_tb(error.__traceback__))}{_kind(error)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\nwhich led to\n".join(reversed(found))


def _kind(error: BaseException) -> str:
    """Its class; of a database's error also the code and the constraint, which name no row."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    constraint = getattr(getattr(error, "diag", None), "constraint_name", None)
    return " ".join(str(part) for part in (kind, getattr(error, "pgcode", None), constraint) if part)
