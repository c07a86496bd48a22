"""A meeting as it is written down: what was said, who came, and who does what after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from casework.front.pages.episodes.action_forms import (
    ActionRow,
    Owner,
    add_action_rows,
    agreed_in_rows,
    check_rows,
    rows_of_actions,
)
from casework.front.pages.kit.forms import (
    Choice,
    ChoiceField,
    GovForm,
    LondonDateTimeField,
    NarrativeField,
    TextField,
    VersionedForm,
)
from casework.front.pages.kit.forms.fields import GovBoundField
from incidents import quorum
from incidents.models import Agency, Attendee, Meeting, MeetingKind
from incidents.services.actions import Agreed
from incidents.services.meetings import Came

NEW_PEOPLE: Final = 8
MORE_PEOPLE: Final = 4  # when a meeting is put right
AT_ONCE: Final = 4  # rows that stand open; the others open with a press
SAID: Final = ("how", "held_at", "chaired_by", "known", "not_known", "decided", "next_at")
PARTS: Final = ("name", "agency", "role", "attendance")


@dataclass(frozen=True)
class PersonRow:
    """One line of the list of those who came."""

    number: int
    fields: Sequence[GovBoundField]
    is_open: bool


class MeetingRows(GovForm):
    """What both forms of a meeting ask in rows."""

    how = ChoiceField("How did you meet?", Meeting.How.choices, inline=True, missing="Choose how you met.")
    held_at = LondonDateTimeField("When was it?", missing="Say when it was.")
    chaired_by = TextField("Who chaired it?", missing="Enter who chaired it.")
    known = NarrativeField("What do we know?", rows=3)
    not_known = NarrativeField("What do we not know?", rows=3)
    decided = NarrativeField("What was decided?", rows=4, missing="Enter what was decided.")
    next_at = LondonDateTimeField(
        "When is the next one?",
        quick=False,
        may_be_future=True,
        hint="Leave the time empty if none is agreed",
    )

    def __init__(self, post: Any = None, *, owners: Sequence[Owner] = (), **options: Any) -> None:
        super().__init__(post, **options)
        for number in range(1, self.people_rows + 1):
            self.fields |= _person(number, is_there_already=self.place_of(number) > 0)
        add_action_rows(self, owners)
        for field in self.questions.values():
            field.now = options.get("now")

    @property
    def people_rows(self) -> int:
        return NEW_PEOPLE

    # ---- as the page shows them ----

    @property
    def questions_before(self) -> list[GovBoundField]:
        """Everything but the rows and what is decided, which come after the list of people."""
        names = [name for name in ("kind", "how", "held_at", "chaired_by") if name in self.fields]
        return [self._bound(name) for name in names]

    @property
    def questions_after(self) -> list[GovBoundField]:
        return [self._bound(name) for name in ("known", "not_known", "decided")]

    @property
    def person_rows(self) -> list[PersonRow]:
        return [self._person_row(number) for number in range(1, self.people_rows + 1)]

    @property
    def action_rows(self) -> list[ActionRow]:
        return rows_of_actions(self)

    def _person_row(self, number: int) -> PersonRow:
        fields = [self._bound(f"attendee_{number}_{part}") for part in PARTS]
        is_filled = any(field.errors for field in fields) or bool(fields[0].value())
        return PersonRow(number, fields, is_filled or number <= AT_ONCE)

    def _bound(self, name: str) -> GovBoundField:
        found = self[name]
        if not isinstance(found, GovBoundField):
            raise TypeError(f"{name} is no question of ours")
        return found

    # ---- as the service takes them ----

    @property
    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in SAID}

    @property
    def came(self) -> list[Came]:
        return [came for _, came in self._came()]

    @property
    def agreed(self) -> list[Agreed]:
        return agreed_in_rows(self)

    def _came(self) -> Iterator[tuple[int, Came]]:
        for number in range(1, self.people_rows + 1):
            name, agency, role, attendance = (
                str(self.cleaned_data.get(f"attendee_{number}_{part}") or "") for part in PARTS
            )
            place = self.place_of(number)
            if name or role or agency or place:
                yield number, Came(name, agency, role, attendance or Attendee.Attendance.PRESENT, place)

    def place_of(self, number: int) -> int:
        """The place of a line that is there already; 0 for a new one."""
        return 0

    def clean(self) -> None:
        for number, came in self._came():
            if came.place and not came.name:
                continue  # struck from the list
            if not came.name:
                self.add_error(f"attendee_{number}_name", "Enter their name.")
            elif not came.agency:
                self.add_error(f"attendee_{number}_agency", "Choose where they come from.")
        check_rows(self)


class MeetingForm(MeetingRows):
    """A meeting that was held. The kind comes first, so that the page can say who has to be there."""

    kind = ChoiceField(
        "What kind of meeting was it?", MeetingKind.choices, missing="Choose the kind of meeting."
    )
    field_order = ("form_key", "kind")

    def clean(self) -> None:
        super().clean()
        if not self.came:
            self.add_error("attendee_1_name", "Enter who was there.")
        present = {came.agency for came in self.came if came.attendance == Attendee.Attendance.PRESENT}
        kind = str(self.cleaned_data.get("kind") or "")
        missing = quorum.in_words(kind, quorum.not_there(kind, present)) if kind else ""
        self.questions["kind"].warnings = [missing] if missing else []


class MeetingChangeForm(MeetingRows, VersionedForm):
    """Puts a meeting right. A name that is taken out is struck from the list, and kept."""

    def __init__(self, post: Any = None, *, meeting: Meeting, **options: Any) -> None:
        self._lines = list(meeting.attendees.all())
        initial = {name: getattr(meeting, name) for name in SAID} | {"version": meeting.version}
        for number, line in enumerate(self._lines, start=1):
            initial |= {f"attendee_{number}_{part}": getattr(line, part) for part in PARTS}
        super().__init__(post, initial=initial, **options)

    @property
    def people_rows(self) -> int:
        return len(self._lines) + MORE_PEOPLE

    def place_of(self, number: int) -> int:
        return self._lines[number - 1].place if number <= len(self._lines) else 0


def _person(number: int, *, is_there_already: bool) -> dict[str, Any]:
    """The four questions of one line. Only somebody who stands on the list can be struck from it."""
    attendance = [Choice(one.value, str(one.label)) for one in Attendee.Attendance]
    return {
        f"attendee_{number}_name": TextField("Name"),
        f"attendee_{number}_agency": ChoiceField("From", Agency.choices, as_select=True),
        f"attendee_{number}_role": TextField("Role", limit=120),
        f"attendee_{number}_attendance": ChoiceField(
            "There?",
            attendance if is_there_already else attendance[:2],
            as_select=True,
            blank="",
            initial=Attendee.Attendance.PRESENT,
        ),
    }
