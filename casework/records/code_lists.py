"""The SSDA903 return's codes: which return year has which, and the words a person sees. Pure.

The sets are the return's own (DfE, SSDA903 guide); the words are ours. A year is the one in which the return
year begins: 2025 is 2025-26. Nothing else in the product keeps a list of these codes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices


class LegalStatusCode(TextChoices):
    """LS: the law under which a child is looked after. Its years are in `LEGAL_STATUS`."""

    C1 = "C1", "Interim care order"
    C2 = "C2", "Full care order"
    E1 = "E1", "Placement order"
    V2 = "V2", "Accommodated under section 20"
    V3 = "V3", "Short breaks (series)"
    V4 = "V4", "Short breaks (single)"
    J1 = "J1", "On remand"
    J2 = "J2", "Detained under PACE"
    J3 = "J3", "Sentenced, with residence requirement"
    L1 = "L1", "Police protection"
    L2 = "L2", "Emergency protection order"
    L3 = "L3", "Child assessment order"
    D1 = "D1", "Freeing order (to 2005)"


@dataclass(frozen=True, slots=True)
class Code:
    """One code: its words, and the first and last return year that has it (None: without limit)."""

    code: str
    label: str
    first: int | None = None
    last: int | None = None

    def holds_in(self, year: int) -> bool:
        return (self.first is None or self.first <= year) and (self.last is None or year <= self.last)


CodeList = tuple[Code, ...]
NEWEST_SETS: Final = 2025  # a return year of the newest codes known here: what is asked for today


def _all(*entries: tuple[str, str]) -> CodeList:
    return tuple(Code(code, label) for code, label in entries)


PLACE: Final[CodeList] = (
    Code("K2", "Children’s home"),
    Code("K1", "Secure children’s home"),
    Code("K3", "Supported accommodation, 16 and over", first=2024),
    Code("H5", "Semi-independent living", last=2024),
    Code("U1", "Fostered by a relative or friend, long-term"),
    Code("U2", "Fostered by a relative or friend who may adopt"),
    Code("U3", "Fostered by a relative or friend, other"),
    Code("U4", "Foster carer, long-term"),
    Code("U5", "Foster carer who may adopt"),
    Code("U6", "Foster carer, other"),
    Code("P1", "With parents"),
    Code("P2", "Independent living", last=2024),
    Code("P3", "Residential employment"),
    Code("A3", "Placed for adoption with their carer, by consent"),
    Code("A4", "Placed for adoption, not with their carer, by consent"),
    Code("A5", "Placed for adoption with their carer, placement order"),
    Code("A6", "Placed for adoption, not with their carer, placement order"),
    Code("R1", "Residential care home"),
    Code("R2", "NHS or other medical care"),
    Code("R3", "Family centre, or mother and baby unit"),
    Code("R5", "Young offender institution"),
    Code("S1", "Residential school"),
    Code("T0", "Any temporary move"),
    Code("T1", "Hospital, for a time"),
    Code("T2", "On holiday"),
    Code("T3", "Carer on holiday"),
    Code("T4", "Temporary, up to 7 days"),
    Code("Z1", "Other", last=2024),
    Code("Z11", "Other", first=2025),
    Code("Z12", "Other", first=2025),
    Code("Z13", "Other", first=2025),
    Code("Z14", "Other", first=2025),
)
PROVIDER: Final = _all(
    ("PR0", "Parents"),
    ("PR1", "This authority"),
    ("PR2", "Another authority"),
    ("PR3", "Other public"),
    ("PR4", "Private"),
    ("PR5", "Voluntary"),
)
REASON_NEW_EPISODE: Final = _all(
    ("S", "Started to be looked after"),
    ("L", "Legal status only"),
    ("P", "Placement and carer"),
    ("T", "Placement, same carer"),
    ("B", "Legal status, placement and carer"),
    ("U", "Legal status and placement, same carer"),
)
LEGAL_STATUS: Final[CodeList] = tuple(
    Code(status.value, str(status.label), last=2005 if status is LegalStatusCode.D1 else None)
    for status in LegalStatusCode
)
NEED: Final = _all(
    ("N1", "Abuse or neglect"),
    ("N2", "Child’s disability"),
    ("N3", "Parental illness or disability"),
    ("N4", "Family in acute stress"),
    ("N5", "Family dysfunction"),
    ("N6", "Socially unacceptable behaviour"),
    ("N7", "Low income"),
    ("N8", "Absent parenting"),
)
REASON_PLACE_CHANGE: Final = _all(
    ("CARPL", "As the care plan says"),
    ("CLOSE", "The home closed or the carer resigned"),
    ("ALLEG", "An allegation was made"),
    ("STAND", "Concerns about the standard of care"),
    ("APPRR", "The carer’s approval was removed"),
    ("CREQB", "The carer asked, because of the child’s behaviour"),
    ("CREQO", "The carer asked, for another reason"),
    ("CHILD", "The child asked"),
    ("LAREQ", "The authority asked"),
    ("PLACE", "Only the kind of placement changed"),
    ("CUSTOD", "The child went into custody"),
    ("OTHER", "Another reason"),
)
REASON_CEASED: Final = _all(
    ("X1", "A new episode follows at once"),
    ("E11", "Adopted, unopposed"),
    ("E12", "Adopted, consent dispensed with"),
    ("E13", "Left to live with a person without parental responsibility"),
    ("E14", "Remand ended"),
    ("E15", "Found to be 18 or over"),
    ("E16", "Moved abroad"),
    ("E17", "Turned 18 and stayed with their carers"),
    ("E2", "Died"),
    ("E3", "Another authority took over"),
    ("E41", "Child arrangements order"),
    ("E45", "Special guardianship: foster carer who is a relative or friend"),
    ("E46", "Special guardianship: other foster carer"),
    ("E47", "Special guardianship: relative or friend, not their foster carer"),
    ("E48", "Special guardianship: another person"),
    ("E4A", "Returned home, as planned"),
    ("E4B", "Returned home, not as planned"),
    ("E5", "Independent living, with formal support"),
    ("E6", "Independent living, without formal support"),
    ("E7", "Moved to adult social care"),
    ("E8", "Care ended for another reason"),
    ("E9", "Sentenced to custody"),
)
ETHNICITY: Final = _all(
    ("WBRI", "White British"),
    ("WIRI", "White Irish"),
    ("WIRT", "Traveller of Irish heritage"),
    ("WROM", "Gypsy or Roma"),
    ("WOTH", "Any other White background"),
    ("MWBC", "White and Black Caribbean"),
    ("MWBA", "White and Black African"),
    ("MWAS", "White and Asian"),
    ("MOTH", "Any other mixed background"),
    ("AIND", "Indian"),
    ("APKN", "Pakistani"),
    ("ABAN", "Bangladeshi"),
    ("CHNE", "Chinese"),
    ("AOTH", "Any other Asian background"),
    ("BCRB", "Black Caribbean"),
    ("BAFR", "Black African"),
    ("BOTH", "Any other Black background"),
    ("OOTH", "Any other background"),
    ("REFU", "Refused to say"),
    ("NOBT", "Not yet known"),
)
SEX: Final[CodeList] = (
    Code("F", "Female", first=2024),
    Code("M", "Male", first=2024),
    Code("U", "Not known", first=2024),
    Code("1", "Male", last=2023),
    Code("2", "Female", last=2023),
)

# Rules 218 and 222: a placement that nobody registers has no URN, any other has one.
WITHOUT_URN: Final = frozenset({"P1", "P2", "P3", "R1", "R2", "R5", "T0", "T1", "T2", "T3", "T4", "Z1"}) | {
    "Z11",
    "Z12",
    "Z13",
    "Z14",
}
# Nobody provides a temporary stay or a placement of no kind: their PLACE_PROVIDER is blank.
WITHOUT_PROVIDER: Final = frozenset({"T0", "T1", "T2", "T3", "T4", "Z1", "Z11", "Z12", "Z13", "Z14"})
MAY_LACK_URN: Final = frozenset({"H5"})  # semi-independent living was registered only at its very end


def labels(codes: CodeList, year: int | None = None) -> dict[str, str]:
    """What a person may choose from: code to words, of one return year or of all."""
    return {one.code: one.label for one in _in_year(codes, year)}


def choices(codes: CodeList, year: int | None = None) -> tuple[tuple[str, str], ...]:
    """The same for a form's list, with the code in brackets, as performance officers know it."""
    return tuple((code, f"{words} ({code})") for code, words in labels(codes, year).items())


def label(codes: CodeList, code: str) -> str:
    """The words of a code of any year; "" for one that never was."""
    return labels(codes).get(code, "")


def is_valid(codes: CodeList, code: str, year: int) -> bool:
    """Whether the return of this year knows the code."""
    return any(one.code == code for one in _in_year(codes, year))


def entry(codes: CodeList, code: str) -> Code | None:
    """The entry of a code of any year, so that a refusal can say when it was used."""
    return next((one for one in codes if one.code == code), None)


def _in_year(codes: CodeList, year: int | None) -> Iterable[Code]:
    return codes if year is None else (one for one in codes if one.holds_in(year))
