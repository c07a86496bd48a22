"""Telephone numbers as people read them out: kept as +441632960140;ext=4, shown as 01632 960140 x4."""

import phonenumbers


def spoken(number: str) -> str:
    """The British way for British numbers, the international way for others; what is no number, as it is."""
    try:
        found = phonenumbers.parse(number, "GB")
    except phonenumbers.NumberParseException:
        return number
    abroad = found.country_code != phonenumbers.country_code_for_region("GB")
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(found, style.INTERNATIONAL if abroad else style.NATIONAL)
