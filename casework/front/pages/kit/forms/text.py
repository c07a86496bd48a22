"""Questions answered in words, numbers and addresses."""

import re
from typing import Any, Unpack

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from casework.front.pages.kit.forms.cleaning import TURNED, Unfit, clean_text
from casework.front.pages.kit.forms.fields import GovField, Wording
from casework.front.pages.kit.telephones import spoken

LINE = 200  # characters in an answer of one line
NARRATIVE = 10_000


class TextField(GovField):
    """An answer of one line."""

    many_lines = False

    def __init__(
        self,
        label: str,
        *,
        limit: int = LINE,
        width: int = 0,
        kind: str = "text",
        autocomplete: str = "off",
        inputmode: str = "",
        **wording: Unpack[Wording],
    ) -> None:
        super().__init__(label, widget=forms.TextInput(), **wording)
        self.limit, self.width, self.kind = limit, width, kind
        self.autocomplete, self.inputmode = autocomplete, inputmode

    def to_python(self, value: Any) -> str:
        self.warnings = []
        try:
            cleaned = clean_text(str(value or ""), limit=self.limit, many_lines=self.many_lines)
        except Unfit as unfit:
            raise self.wrong(str(unfit)) from None
        if cleaned.was_turned:
            self.warnings.append(TURNED)
        return self.read(cleaned.text) if cleaned.text else ""

    def read(self, text: str) -> str:
        """The stored form of text that is there and clean; fields with a format say more."""
        return text


class NarrativeField(TextField):
    """As much as a person needs to say, with a count of what is left."""

    template = "govuk/textarea.html"
    many_lines = True

    def __init__(
        self, label: str, *, limit: int = NARRATIVE, rows: int = 5, **wording: Unpack[Wording]
    ) -> None:
        super().__init__(label, limit=limit, **wording)
        self.rows = rows


class EmailField(TextField):
    """An e-mail address; a domain beyond ASCII is kept as punycode, which every mail server reads."""

    WRONG = "Enter an e-mail address like name@example.org."
    LONGEST = 254  # RFC 5321

    def __init__(self, label: str, **wording: Unpack[Wording]) -> None:
        super().__init__(label, limit=NARRATIVE, kind="email", autocomplete="email", **wording)

    def read(self, text: str) -> str:
        name, at, domain = text.rpartition("@")
        try:
            address = f"{name}{at}{domain.encode('idna').decode()}"
            if len(address) > self.LONGEST:
                raise self.wrong(f"Use {self.LONGEST} characters or fewer.")
            validate_email(address)
        except UnicodeError:
            raise self.wrong(self.WRONG) from None
        except ValidationError as invalid:
            raise invalid if "or fewer" in invalid.message else self.wrong(self.WRONG) from None
        return address


class PhoneField(TextField):
    """A telephone number, kept as +447700900123 or +441632960140;ext=4. Without a country: British.

    Possible, not valid: numbers for drama belong to nobody, and no list of ranges is ever new enough.
    """

    WRONG = "Enter a telephone number, like 01632 960 001 or 07700 900 982."
    _SHAPE = re.compile(r"\+?[\d\s().\-/]+((ext\.?|extension|x|#)\s*\d{1,6})?", re.IGNORECASE)

    def __init__(self, label: str, **wording: Unpack[Wording]) -> None:
        super().__init__(label, limit=60, width=20, kind="tel", autocomplete="tel", **wording)

    def prepare_value(self, value: Any) -> Any:
        """A kept number is shown as people write it; a typed one stays as it was typed."""
        return spoken(value) if isinstance(value, str) and value.startswith("+") else value

    def read(self, text: str) -> str:
        try:
            number = phonenumbers.parse(text, "GB") if self._SHAPE.fullmatch(text) else None
        except phonenumbers.NumberParseException:
            number = None
        possible = phonenumbers.ValidationResult.IS_POSSIBLE
        if number is None or phonenumbers.is_possible_number_with_reason(number) != possible:
            raise self.wrong(self.WRONG)
        extension = f";ext={number.extension}" if number.extension else ""
        number.extension = None
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) + extension


class MobileField(PhoneField):
    """A British mobile number: the only kind that text messages are sent to."""

    NO_MOBILE = "Enter a British mobile number, like 07700 900 982."
    _MOBILE = re.compile(r"\+447\d{9}")

    def read(self, text: str) -> str:
        number = super().read(text)
        if not self._MOBILE.fullmatch(number):
            raise self.wrong(self.NO_MOBILE)
        return number


class PostcodeField(TextField):
    """A postcode as the Royal Mail writes it. The pseudo codes ZZ99 stand for no fixed abode and abroad."""

    WRONG = "Enter a full postcode, like LS1 4AP."
    _SHAPE = re.compile(r"(GIR|[A-Z]{1,2}\d[A-Z\d]?|ZZ99)(\d[ABD-HJLNP-UW-Z]{2})")

    def __init__(self, label: str, **wording: Unpack[Wording]) -> None:
        super().__init__(label, limit=20, width=10, autocomplete="postal-code", **wording)

    def read(self, text: str) -> str:
        found = self._SHAPE.fullmatch("".join(text.split()).upper())
        if found is None:
            raise self.wrong(self.WRONG)
        return f"{found[1]} {found[2]}"


class NumberField(TextField):
    """A whole number from `least` to `most`. Empty is None, never 0."""

    def __init__(self, label: str, *, least: int, most: int, **wording: Unpack[Wording]) -> None:
        super().__init__(label, limit=20, width=5, inputmode="numeric", **wording)
        self.least, self.most = least, most

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        number = int(text) if text.isascii() and text.isdigit() else None
        if number is None or not self.least <= number <= self.most:
            raise self.wrong(f"Enter a whole number from {self.least} to {self.most}.")
        return number
