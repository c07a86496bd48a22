"""What holds for every request: headers that keep answers private, and a caller that the audit can name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from typing import Final

import pghistory
import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from casework import hops
from casework.records import audit
from casework.records.one_look import one_look

_FEATURES_OFF = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
)


# There nobody is signed in: a system shows its token, and the door of the API says whose it is.
API: Final = "/api/"


def true_address(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """REMOTE_ADDR is whoever asked, told by our own proxies; whatever else came in about that is taken away.

    The audit, the limits on signing in and the networks of a police system all ask REMOTE_ADDR.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        peer = request.META.get("REMOTE_ADDR", "")
        forwarded = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        request.META["REMOTE_ADDR"] = hops.caller(peer, forwarded, settings.TRUSTED_PROXIES)
        if not hops.is_proxy(peer, settings.TRUSTED_PROXIES):
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        return get_response(request)

    return answer


def measured_bodies(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """413 for a body that does not say how long it is, before anybody reads it. No browser sends one.

    The API says so itself, in its own form.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if "HTTP_TRANSFER_ENCODING" in request.META and not request.path.startswith(API):
            return render(None, "400.html", status=413)
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
