"""Where a child lives, from when, and how the SSDA903 return calls it."""

from typing import Final

from casework.front.pages.kit.forms import (
    ChoiceField,
    GovForm,
    LondonDateTimeField,
    NarrativeField,
    RowChoiceField,
    TextField,
)
from casework.records import code_lists

PLACE_CODES: Final = code_lists.choices(code_lists.PLACE, code_lists.NEWEST_SETS)
PROVIDER_CODES: Final = code_lists.choices(code_lists.PROVIDER, code_lists.NEWEST_SETS)


class PlaceQuestions(GovForm):
    """Where to, as people say it and as the return codes it."""

    home = RowChoiceField("Which home?", blank="Not in a home")
    address = NarrativeField("If not in a home, where?", rows=3, limit=1000)
    place_code = ChoiceField(
        "Kind of placement", PLACE_CODES, as_select=True, missing="Choose the kind of placement."
    )
    provider_code = ChoiceField(
        "Who provides it?", PROVIDER_CODES, as_select=True, blank="Not asked for this kind"
    )


class StartPlacementForm(PlaceQuestions):
    starts_at = LondonDateTimeField(
        "From when?", may_be_future=True, missing="Give the day and time the placement starts."
    )


class MoveForm(PlaceQuestions):
    at = LondonDateTimeField("When?", may_be_future=True, missing="Give the day and time of the move.")
    reason = TextField("Why do they move?", hint="Needed when the move is recorded later than it happened")


class EndPlacementForm(GovForm):
    ends_at = LondonDateTimeField(
        "When does it end?", may_be_future=True, missing="Give the day and time the placement ends."
    )
    reason = TextField("Why does it end?", hint="Needed when the end is recorded later than it happened")
