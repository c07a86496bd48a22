"""Where a child lives, from when, and how the SSDA903 return calls it."""

from typing import Final

from casework.front.pages.forms import (
    ChoiceField,
    GovForm,
    LondonDateTimeField,
    NarrativeField,
    RowChoiceField,
    TextField,
)

# SSDA903, from 2025-26. The return has four codes for "other"; which one fits is its guide's business.
PLACE_CODES: Final = (
    ("K2", "Children’s home (K2)"),
    ("K1", "Secure children’s home (K1)"),
    ("K3", "Supported accommodation, 16 and over (K3)"),
    ("U1", "Fostered by a relative or friend, long-term (U1)"),
    ("U2", "Fostered by a relative or friend who may adopt (U2)"),
    ("U3", "Fostered by a relative or friend, other (U3)"),
    ("U4", "Foster carer, long-term (U4)"),
    ("U5", "Foster carer who may adopt (U5)"),
    ("U6", "Foster carer, other (U6)"),
    ("P1", "With parents (P1)"),
    ("P3", "Residential employment (P3)"),
    ("A3", "Placed for adoption with their carer, by consent (A3)"),
    ("A4", "Placed for adoption, not with their carer, by consent (A4)"),
    ("A5", "Placed for adoption with their carer, placement order (A5)"),
    ("A6", "Placed for adoption, not with their carer, placement order (A6)"),
    ("R1", "Residential care home (R1)"),
    ("R2", "NHS or other medical care (R2)"),
    ("R3", "Family centre, or mother and baby unit (R3)"),
    ("R5", "Young offender institution (R5)"),
    ("S1", "Residential school (S1)"),
    ("T0", "Any temporary move (T0)"),
    ("T1", "Hospital, for a time (T1)"),
    ("T2", "On holiday (T2)"),
    ("T3", "Carer on holiday (T3)"),
    ("T4", "Temporary, up to 7 days (T4)"),
    ("Z11", "Other (Z11)"),
    ("Z12", "Other (Z12)"),
    ("Z13", "Other (Z13)"),
    ("Z14", "Other (Z14)"),
)
PROVIDER_CODES: Final = (
    ("PR0", "Parents (PR0)"),
    ("PR1", "This authority (PR1)"),
    ("PR2", "Another authority (PR2)"),
    ("PR3", "Other public (PR3)"),
    ("PR4", "Private (PR4)"),
    ("PR5", "Voluntary (PR5)"),
)


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
