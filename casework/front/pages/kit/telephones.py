"""Telephone numbers as people read them out: kept as +441632960140;ext=4, shown as 01632 960140 x4."""

import re
from datetime import datetime
from typing import Final

import phonenumbers

from casework.records.models import LocalAuthority, Neighbour
from casework.records.office_hours import in_office_hours

_WORDS: Final = re.compile(r"[^\W\d_]")


def spoken(number: str) -> str:
    """The British way for British numbers, the international way for others; what is no number, as it is."""
    if _WORDS.search(number.partition(";ext=")[0]):  # digits among words are no number
        return number
    try:
        found = phonenumbers.parse(number, "GB")
    except phonenumbers.NumberParseException:
        return number
    abroad = found.country_code != phonenumbers.country_code_for_region("GB")
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(found, style.INTERNATIONAL if abroad else style.NATIONAL)


def duty_number(office: LocalAuthority | Neighbour, now: datetime) -> str:
    """The number of a duty desk that is answered at this hour; the other one where there is only that."""
    day, night = office.duty_phone, office.out_of_hours_phone
    return (day or night) if in_office_hours(now) else (night or day)
