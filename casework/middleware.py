"""What holds for every request: headers that keep answers private, and a caller that the audit can name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from ipaddress import ip_address
from typing import Final

import pghistory
import structlog
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from casework.records import audit
from casework.records.one_look import one_look

_FEATURES_OFF = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
)


# There nobody is signed in: a system shows its token, and the door of the API says whose it is.
API: Final = "/api/"


def real_address(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Behind a proxy the caller's address is the last that it wrote: what stands before, anybody writes."""
    if not settings.BEHIND_PROXY:
        raise MiddlewareNotUsed

    def answer(request: HttpRequest) -> HttpResponse:
        written = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        with suppress(ValueError):  # none: a probe from inside, which came past the proxy
            request.META["REMOTE_ADDR"] = str(ip_address(written))
        return get_response(request)

    return answer


def private_answers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Nothing about a child stays in a shared PC's cache, and no page may use the device's sensors."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", _FEATURES_OFF)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return answer


def named_caller(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Each row of the audit says from which session, address and request it came, and whose.

    The database's triggers hear it with each write, in the same round trip.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        caller = _caller(request)
        with audit.calling(caller), pghistory.context(user=_user(request), **asdict(caller)):
            return get_response(request)

    return answer


def one_look_a_page(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A page that only shows something asks once who reads it and what time it is."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        with one_look():
            return get_response(request)

    return answer


def _user(request: HttpRequest) -> str | None:
    if request.path.startswith(API):
        return None
    return str(request.user.pk) if request.user.is_authenticated else None


def _caller(request: HttpRequest) -> audit.Caller:
    key = None if request.path.startswith(API) else request.session.session_key
    return audit.Caller(
        session=hashlib.sha256(key.encode()).hexdigest() if key else "",
        address=request.META.get("REMOTE_ADDR") or None,
        request_id=str(structlog.contextvars.get_contextvars().get("request_id", "")),
    )
