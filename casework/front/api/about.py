"""What the API says of itself to whoever asks: its schema, and a page to read it on."""

from __future__ import annotations

from functools import cache
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

YAML: Final = "application/yaml"


@cache
def schema_text() -> bytes:
    """The same bytes as `docs/api/police-v1.yaml`."""
    # These three of the library's have no types.
    generator = SchemaGenerator(urlconf="casework.urls")  # type: ignore[no-untyped-call]  # it has no types
    made = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    text: bytes = OpenApiYamlRenderer().render(made, renderer_context={})  # type: ignore[no-untyped-call]
    return text


@login_not_required
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1, from which programs make themselves."""
    return HttpResponse(schema_text(), content_type=YAML)


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The schema to read and to try out, from this service's own files."""
    return render(request, "api/docs.html")
