"""Addresses of the pages that people see in a browser."""

from django.urls import URLPattern, URLResolver

app_name = "pages"

urlpatterns: list[URLPattern | URLResolver] = []
