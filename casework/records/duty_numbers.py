"""Which telephone number reaches an authority now."""

from datetime import datetime

from casework.records.models import LocalAuthority, Neighbour
from casework.records.office_hours import in_office_hours


def number_to_ring(office: LocalAuthority | Neighbour, at: datetime) -> str:
    """By day the duty desk, outside office hours the other number; if there is but one, that one."""
    by_day, by_night = office.duty_phone, office.out_of_hours_phone
    return (by_day or by_night) if in_office_hours(at) else (by_night or by_day)


def neighbours_number(asking: LocalAuthority, other: LocalAuthority, at: datetime) -> str:
    """The other authority's number as the asking one knows it; else as that one keeps it itself."""
    known = Neighbour.objects.filter(authority=asking, other=other).first()
    return (number_to_ring(known, at) if known else "") or number_to_ring(other, at)
