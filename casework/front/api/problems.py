"""Every error of the API in one form (RFC 9457): for a program by `code`, for a person in words."""

from __future__ import annotations

import http
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import structlog
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

from casework.records.errors import Changed, Invalid, NotFound, Refused, Unavailable

JSON_PROBLEM: Final = "application/problem+json"
REALM: Final = 'Bearer realm="casework"'
DATABASE_AWAY: Final = 10  # seconds after which it is worth another try

Fault = Mapping[str, str]  # field, code, detail


class Problem(exceptions.APIException):
    """What goes wrong here, under a code of our own."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
        **more: str,
    ) -> None:
        super().__init__(detail, code)
        self.status_code, self.code, self.words = status, code, detail
        self.errors, self.headers, self.more = list(errors), dict(headers or {}), more


def body_of(problem: Problem) -> dict[str, Any]:
    """The members of the answer; `type` names the code for ever, wherever the service runs."""
    body: dict[str, Any] = {
        "type": f"urn:casework:problem:{problem.code}",
        "title": http.HTTPStatus(problem.status_code).phrase,
        "status": problem.status_code,
        "detail": problem.words,
        "code": problem.code,
        **problem.more,
    }
    return body | ({"errors": problem.errors} if problem.errors else {})


def answer(problem: Problem) -> Response:
    return Response(
        body_of(problem), status=problem.status_code, headers=problem.headers, content_type=JSON_PROBLEM
    )


def no_token() -> Problem:
    """One answer for a token that is missing, unknown, too old or taken away: nobody can tell which."""
    words = "Send a live access token in the header “Authorization: Bearer …”."
    return Problem(401, "token", words, headers={"WWW-Authenticate": REALM})


def not_found() -> Problem:
    """One answer for what is not there and for what is not shared."""
    return Problem(404, "not_found", "Not found.")


def problem_of(error: Exception, allowed: Sequence[str] = ()) -> Problem | None:
    """What an error says to the caller; None for one that is our own mistake."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Refused):
        return _refused(error)
    if isinstance(error, exceptions.ValidationError):
        faults = list(_faults(error.get_full_details()))
        return Problem(400, "invalid", "Something in the request has to be mended.", errors=faults)
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return no_token()
    if isinstance(error, Http404 | exceptions.NotFound):
        return not_found()
    if isinstance(error, exceptions.MethodNotAllowed):
        words = "This address does not take that method."
        return Problem(405, "method", words, headers={"Allow": ", ".join(allowed)})
    if isinstance(error, OperationalError | InterfaceError):
        later = {"Retry-After": str(DATABASE_AWAY)}
        return Problem(503, "unavailable", "The service cannot answer now. Try again soon.", headers=later)
    return _by_kind(error)


# What the framework itself refuses: our code and our words for it.
_KINDS: Final[Mapping[type[Exception], tuple[int, str, str]]] = {
    exceptions.UnsupportedMediaType: (415, "media_type", "Send JSON, as “Content-Type: application/json”."),
    exceptions.NotAcceptable: (406, "not_acceptable", "This address does not answer in that type."),
    exceptions.PermissionDenied: (403, "not_allowed", "You may not do this."),
    PermissionDenied: (403, "not_allowed", "You may not do this."),
    exceptions.ParseError: (400, "malformed", "The request cannot be read."),
}


def _by_kind(error: Exception) -> Problem | None:
    said = next((said for kind, said in _KINDS.items() if isinstance(error, kind)), None)
    return Problem(*said) if said else None


def _refused(refused: Refused) -> Problem:
    """A service's refusal. What a form mends with 422 is 400 here: the sender is a program."""
    if isinstance(refused, NotFound) or refused.status == NotFound.status:
        return not_found()
    if isinstance(refused, Changed):
        return Problem(412, "changed", "It was changed meanwhile. Read it again, then send its new ETag.")
    if refused.status == Invalid.status:
        fault = {"field": refused.field or "", "code": refused.code, "detail": refused.message}
        return Problem(400, "invalid", refused.message, errors=[fault])
    later = {"Retry-After": "10"} if isinstance(refused, Unavailable) else {}
    return Problem(refused.status, refused.code, refused.message, headers=later)


def _faults(details: Any, path: str = "") -> Iterator[Fault]:
    """Each field at fault, by its path: `sightings.2.words`."""
    if isinstance(details, Mapping) and "message" in details and not isinstance(details["message"], Mapping):
        yield {"field": path, "code": str(details["code"]), "detail": str(details["message"])}
    elif isinstance(details, Mapping):
        for name, inner in details.items():
            yield from _faults(inner, _under(path, "" if name == "non_field_errors" else str(name)))
    else:
        for at, inner in enumerate(details):
            is_fault = isinstance(inner, Mapping) and "message" in inner
            if inner:
                yield from _faults(inner, path if is_fault else _under(path, str(at)))


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path and name else path or name


# Outside of any view --------------------------------------------------------------------------------


def broken(request: HttpRequest) -> HttpResponse:
    """500, with the reference under which the logs have it."""
    reference = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    words = "Something went wrong here. It has been written down."
    return plain(Problem(500, "broken", words, reference=reference))


def unreadable(request: HttpRequest) -> HttpResponse:
    return plain(Problem(400, "malformed", "The request cannot be read."))


def plain(problem: Problem) -> HttpResponse:
    """The same form where the framework has no say."""
    return JsonResponse(
        body_of(problem), status=problem.status_code, headers=problem.headers, content_type=JSON_PROBLEM
    )
