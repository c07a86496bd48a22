"""Every address of the service, by room."""

from django.urls import include, path

from casework.front.pages import health

urlpatterns = [
    path("health/live", health.live, name="health-live"),
    path("health/escalations", health.escalations, name="health-escalations"),
    path("health/audit", health.audit, name="health-audit"),
    path("accounts/", include("allauth.account.urls")),
    path("returns/", include("casework.front.returns.urls")),
    path("setup/authorities/<uuid:authority_id>/import/", include("casework.front.imports.urls")),
    path("", include("casework.front.dashboards.urls")),
    path("", include("casework.front.pages.urls")),
]

handler500 = "casework.front.pages.kit.refusals.server_error"
