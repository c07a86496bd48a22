"""The doors through which a refusal leaves when no view has answered it: never a 500."""

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from casework.front.pages.kit.answers import refusal
from casework.records.errors import Refused

_SECRET = ("password", "token", "form_key", "csrf")


class Refusals:
    """Middleware: a `Refused` that leaves a page's view becomes its page. The API answers for itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused) or request.path.startswith("/api/"):
            return None
        return refusal(request, exception)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a page that was open too long. What was written is shown, to be copied and sent again."""
    kept = [
        text
        for name, text in request.POST.items()
        if isinstance(text, str) and len(text.split()) > 1 and not any(word in name for word in _SECRET)
    ]
    return render(request, "403_csrf.html", {"kept": kept, "again_url": request.path}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 with the reference that the logs carry, and nothing else about what went wrong."""
    reference = structlog.contextvars.get_contextvars().get("request_id", "")
    return render(None, "500.html", {"reference": reference}, status=500)
