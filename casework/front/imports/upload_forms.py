"""Handing over an authority's files, and saying yes to what they do."""

from typing import Any, Final, Self

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from casework.front.imports.packing import Handed, packed
from casework.front.pages.kit.forms import ChoiceField, FilesField, GovForm
from casework.records.errors import Invalid
from casework.records.return_years import ReturnYear

YEARS_BACK: Final = 20
TOO_LARGE: Final = "These are more than 10 MB together. Zip them, or send fewer."


class UploadForm(GovForm):
    folder = FilesField(
        "The zip of your folder, or its files",
        accept=".zip,.csv",
        hint="At most 10 MB. Single files have to be all: four of the folder and four of the year.",
        missing="Choose the zip of your folder, or its files.",
    )
    year = ChoiceField(
        "Which return year are the single files of?", as_select=True, blank="A zip says so itself"
    )

    years: dict[str, ReturnYear]
    is_too_large: bool

    @classmethod
    def of(cls, request: HttpRequest, this_year: ReturnYear) -> Self:
        """The form as it was sent, with its files. Files larger than we take have not come with it at all."""
        form = cls.read(request, files=request.FILES) if request.method == "POST" else cls.read(request)
        form.years = {
            str(year): year for back in range(YEARS_BACK) if (year := ReturnYear(this_year.year - back))
        }
        form.offer_words("year", form.years)
        form.is_too_large = _length(request) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
        return form

    def clean(self) -> dict[str, object]:
        """Adds `content`: the one zip that all of it comes to."""
        files = self.cleaned_data.get("folder")
        self.refuse_strange(set(self.files) - {"folder"})
        if self.is_too_large:
            self.errors.pop("folder", None)
            self.add_error("folder", TOO_LARGE)
        elif files and "year" in self.cleaned_data:
            self._pack(files)
        return self.cleaned_data

    def _pack(self, files: "list[UploadedFile[Any]]") -> None:
        handed = [Handed(file.name or "", file.read()) for file in files]
        try:
            content = packed(handed, self.years.get(self.cleaned_data["year"]))
        except Invalid as invalid:
            self.refuse(invalid)
        else:
            self.cleaned_data["content"] = content


class AgreeForm(GovForm):
    """The one button."""


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdigit() else 0
