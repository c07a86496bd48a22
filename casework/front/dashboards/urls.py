"""Addresses of the managers' pages."""

from django.urls import URLPattern, URLResolver, path

from casework.front.dashboards import often, overview, waiting

app_name = "dashboards"

urlpatterns: list[URLPattern | URLResolver] = [
    path("overview/", overview.overview, name="overview"),
    path("decisions/", waiting.decisions, name="decisions"),
    path("often/", often.often, name="often"),
]
