"""Addresses of the import."""

from django.urls import URLPattern, URLResolver, path

from casework.front.imports import upload_pages

app_name = "imports"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", upload_pages.hand_over, name="hand-over"),
    path("<uuid:upload_id>/", upload_pages.detail, name="upload"),
    path("<uuid:upload_id>/discard/", upload_pages.discard, name="discard"),
]
