"""Every address of the service, by room."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views import defaults

from casework.front.api import problems
from casework.front.pages import health
from casework.front.pages.kit import refusals
from casework.middleware import API

urlpatterns = [
    path("health/live", health.live, name="health-live"),
    path("health/escalations", health.escalations, name="health-escalations"),
    path("health/audit", health.audit, name="health-audit"),
    path("api/v1/", include("casework.front.api.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("returns/", include("casework.front.returns.urls")),
    path("setup/authorities/<uuid:authority_id>/import/", include("casework.front.imports.urls")),
    path("", include("casework.front.dashboards.urls")),
    path("", include("casework.front.pages.urls")),
]


def handler500(request: HttpRequest) -> HttpResponse:
    """What broke, as its reader can take it."""
    return problems.broken(request) if request.path.startswith(API) else refusals.server_error(request)


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return problems.unreadable(request)
    return defaults.bad_request(request, exception)
