"""Addresses of the pages that people see in a browser."""

from django.urls import URLPattern, URLResolver, path

from casework.front.pages import around

app_name = "pages"

# Around every page: where each person starts, and the strip that tells of the clock.
frame: list[URLPattern | URLResolver] = [
    path("", around.start, name="start"),
    path("clock/", around.clock_strip, name="clock-strip"),
    path("nothing/", around.nothing, name="nothing"),
]

urlpatterns: list[URLPattern | URLResolver] = [*frame]
