"""Files that are handed over with a form: in memory while the request lasts, and nowhere else."""

from typing import Any, Unpack

from django import forms
from django.core.files.uploadedfile import UploadedFile

from casework.front.pages.kit.forms.fields import GovField, Wording


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> "list[UploadedFile[Any]]":
        return list(files.getlist(name)) if files else []


class FilesField(GovField):
    """One file or several. Nothing is `[]`. A form with it is sent as multipart and read with its `files`.

    `is_one`: a person may choose one only. What was sent is a list all the same.
    """

    template = "govuk/files.html"

    def __init__(
        self, label: str, *, accept: str = "", is_one: bool = False, **wording: Unpack[Wording]
    ) -> None:
        super().__init__(label, widget=FilesInput(), **wording)
        self.accept, self.is_one = accept, is_one
