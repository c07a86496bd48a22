"""The doors through which a refusal leaves when no view has answered it: never a 500."""

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from casework.front.pages.kit import sent_too_late
from casework.front.pages.kit.answers import refusal
from casework.records.errors import NotFound, ReasonNeeded, Refused

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
        if isinstance(exception, ReasonNeeded):
            return _ask_why(request, exception)
        if exception.status == NotFound.status and request.method == "POST":
            sent_too_late.keep(request)
            return render(None, "404_sent.html", status=404)  # the same bytes, whether anything was kept
        return refusal(request, exception)


def _ask_why(request: HttpRequest, needed: ReasonNeeded) -> HttpResponse:
    """To the question why, and from there to the page. What was being sent is shown, to be sent again."""
    query = {"next": request.get_full_path()} if request.method == "GET" else {}
    why_url = reverse("pages:child-reason", args=[needed.child_id], query=query)
    if kept := kept_texts(request):
        return render(request, "why_first.html", {"kept": kept, "why_url": why_url}, status=403)
    return redirect(why_url)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a page that was open too long. What was written is shown, to be copied and sent again."""
    context = {"kept": kept_texts(request), "again_url": request.path}
    return render(request, "403_csrf.html", context, status=403)


def kept_texts(request: HttpRequest) -> list[str]:
    """What a person had written in the page they sent, without keys and choices."""
    return [
        text
        for name, text in request.POST.items()
        if isinstance(text, str) and len(text.split()) > 1 and not any(word in name for word in _SECRET)
    ]


def server_error(request: HttpRequest) -> HttpResponse:
    """500 with the reference that the logs carry, and nothing else about what went wrong."""
    reference = structlog.contextvars.get_contextvars().get("request_id", "")
    return render(None, "500.html", {"reference": reference}, status=500)
