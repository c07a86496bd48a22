"""Addresses of the returns."""

from django.urls import URLPattern, URLResolver, path, register_converter

from casework.front.returns import ssda903
from casework.records.return_years import ReturnYear


class ReturnYearConverter:
    """2025-26."""

    regex = "[0-9]{4}-[0-9]{2}"

    def to_python(self, text: str) -> ReturnYear:
        return ReturnYear.parse(text)

    def to_url(self, year: ReturnYear) -> str:
        return year.label


register_converter(ReturnYearConverter, "return_year")

app_name = "returns"

urlpatterns: list[URLPattern | URLResolver] = [
    path("ssda903/", ssda903.start, name="ssda903"),
    path("ssda903/<uuid:authority_id>/<return_year:year>/", ssda903.year_page, name="ssda903-year"),
    path(
        "ssda903/<uuid:authority_id>/<return_year:year>/download/", ssda903.download, name="ssda903-download"
    ),
]
