"""What a log line may say of a request: its page; not what was typed, nor a key that lets its reader in."""

import re
from typing import Final

from structlog.types import EventDict, WrappedLogger

_ONE_TIME_KEY: Final = re.compile(r"(/reset/key/)[^/?\s]+")


def page_only(address: str) -> str:
    """The address without its query and without the key of a link to choose a password."""
    return _ONE_TIME_KEY.sub(r"\1...", address.partition("?")[0])


def name_page_only(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """The same, for each line that says which request it belongs to."""
    if isinstance(request := event.get("request"), str):
        event["request"] = page_only(request)
    return event
