"""What is asked about a photograph: the file, when it was taken, where it is from, and who may have it."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, Self

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from casework.front.pages.kit import words
from casework.front.pages.kit.forms import (
    Choice,
    ChoiceField,
    DateField,
    FilesField,
    GovForm,
    SignedForm,
    TextField,
    TickField,
)
from casework.records.errors import Invalid
from casework.records.pictures import TOO_LARGE, redrawn

WHY: Final = 300
NO_LONGER: Final = "Whoever has copied it keeps the copy: ring them and ask them to destroy it."
ONE_AT_A_TIME: Final = "Send one photograph at a time."
ONCE_MORE: Final = "Choose the photograph once more: this page cannot keep it."


class DayTakenField(DateField):
    """Today or a day before it."""

    def judge(self, day: date) -> None:
        if day > words.wall(self.the_time()).date():
            raise self.wrong("That day is in the future.")


class PhotoForm(SignedForm):
    # Told what we take, an iPhone makes a JPEG of a photo before it sends it.
    photo = FilesField(
        "The photograph",
        accept="image/jpeg,image/png",
        is_one=True,
        hint="The face, from the front, as they look now. A JPEG or PNG of at most 10 MB.",
        missing="Choose the photograph, or take one.",
    )
    taken = ChoiceField(
        "When was it taken?",
        [
            Choice("today", "Today"),
            Choice("day", "On another day", reveals="taken_on"),
            Choice("about", "I know roughly when", reveals="taken_about"),
            Choice("unknown", "Not known"),
        ],
        missing="Say when it was taken. “Not known” is an answer.",
    )
    taken_on = DayTakenField("Which day?", missing="Enter the day.")
    taken_about = DayTakenField(
        "About when?", hint="Any day near it, such as 1 6 2026 for June", missing="Enter a day near it."
    )
    source = TextField(
        "Who took it, or where is it from?",
        hint="Her key worker, his school, they sent it themselves",
        missing="Enter who took it or where it is from.",
    )
    for_police = TickField(
        "The police may have it",
        hint="They are shown it when the child is missing, on their pages and by their own system",
    )

    is_too_large = False

    @classmethod
    def of(cls, request: HttpRequest, *, may_approve: bool, **options: Any) -> Self:
        """The form as it was sent, with its file. One larger than we take has not come with it at all."""
        files = request.FILES if request.method == "POST" else None
        form = cls.read(request, files=files, **options)
        if not may_approve:
            del form.fields["for_police"]
        length = request.META.get("CONTENT_LENGTH") or "0"
        form.is_too_large = length.isdigit() and int(length) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
        return form

    def clean(self) -> dict[str, object]:
        """Adds `picture`, drawn anew; and what the answers about its day come to."""
        self.refuse_strange(set(self.files) - {"photo"})
        if self.is_too_large:
            self.errors.pop("photo", None)
            self.add_error("photo", TOO_LARGE)
        elif files := self.cleaned_data.get("photo"):
            self._draw(files)
        if self.errors and "photo" not in self.errors:
            self.add_error("photo", ONCE_MORE)
        return self.cleaned_data

    def _draw(self, files: list[UploadedFile[Any]]) -> None:
        if len(files) > 1:
            self.add_error("photo", ONE_AT_A_TIME)
            return
        try:
            self.cleaned_data["picture"] = redrawn(files[0].read())
        except Invalid as invalid:
            self.refuse(invalid)

    @property
    def said(self) -> dict[str, Any]:
        """The answers by the service's names."""
        given = self.cleaned_data
        today = words.wall(self.questions["taken_on"].the_time()).date()
        days = {"today": today, "day": given["taken_on"], "about": given["taken_about"]}
        return {
            "picture": given["picture"],
            "source": given["source"],
            "taken_on": days.get(given["taken"]),
            "is_rough": given["taken"] == "about",
            "for_police": bool(given.get("for_police")),
            "typed_name": self.signature,
        }


class ForPoliceForm(GovForm):
    words = TextField("Anything to write down with it?", hint="The police do not see this", limit=WHY)


class ForPublicForm(GovForm):
    words = TextField(
        "Why, and who agreed?",
        hint="What is published is decided under Meetings and decisions",
        limit=WHY,
        missing="Enter why, and who agreed.",
    )


class ReasonForm(GovForm):
    reason = TextField("Why?", limit=WHY, missing="Enter why.")
