"""What is asked once while a page is only looked at: who the reader is there, and what time it is.

A page that shows something changes nobody's post, and is of one moment. Whatever writes asks each time anew.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_known: ContextVar[dict[object, Any] | None] = ContextVar("known", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """For as long as one page is put together."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def noted_for_this_look(key: object, answer: object) -> None:
    """What another question has answered besides; outside of a look, nothing is kept."""
    known = _known.get()
    if known is not None:
        known.setdefault(key, answer)


def once_a_look(key: object, ask: Callable[[], Answer]) -> Answer:
    """The answer of the first time, within one look; outside of one, `ask` each time."""
    known = _known.get()
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    answer: Answer = known[key]
    return answer
