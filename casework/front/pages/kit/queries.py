"""What may stand behind the question mark of a list: a name that it knows, with a value that it knows."""

from collections.abc import Mapping

from django.http import HttpRequest

from casework.records.errors import Malformed

Known = frozenset[str] | None  # None: any number of a page


def asked_of_list(request: HttpRequest, **known: Known) -> Mapping[str, str]:
    """The answers by name; `Malformed` for a name that the list does not know, a value it does not offer, or
    the same name twice. Nothing that a person typed becomes the name of a column.
    """
    found = {}
    for name, values in request.GET.lists():
        if name not in known or len(values) != 1 or not _is_known(values[0], known[name]):
            raise Malformed
        found[name] = values[0]
    return found


def page_asked(request: HttpRequest) -> str:
    """The number of the page, for a list that asks nothing else."""
    return asked_of_list(request, page=None).get("page", "1")


def _is_known(value: str, known: Known) -> bool:
    return value.isascii() and value.isdigit() if known is None else value in known
