"""What one cell may say, and what it then means. A reader gives the value or says what to do instead.

Nothing is guessed: a day that can be read in two ways, or a number that a spreadsheet has eaten, is refused.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from casework.front.imports.days import Wrong, shown
from casework.records import code_lists
from casework.records.code_lists import CodeList
from casework.records.return_years import ReturnYear

Reader = Callable[[str, int], object]  # the cell, and the return year whose codes hold

NOT_KNOWN_URN: Final = "XXXXXXX"  # the return's own word for a URN that nobody has
_EATEN: Final = re.compile(r"-?[0-9](?:[.,][0-9]+)?E\+[0-9]{1,3}", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_.-]{0,19}")
_PHONE: Final = re.compile(r"\+?[0-9(][0-9 ()-]{4,}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?")
_POSTCODE: Final = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}")
# Control characters but the tab, signs that turn text round or show as nothing, the mark of a lost letter.
_STRANGE: Final = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffd]")
_UPN_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"
_EMAIL: Final = EmailValidator()


def required(read: Reader) -> Reader:
    def reader(cell: str, year: int) -> object:
        if not cell:
            raise Wrong("This is blank, and has to be filled in.")
        return read(cell, year)

    return reader


def optional(read: Reader, blank: object = "") -> Reader:
    def reader(cell: str, year: int) -> object:
        return read(cell, year) if cell else blank

    return reader


# ---- text ----


def plain(cell: str) -> str:
    """Text that a person can see and the record can keep, without the spaces around it."""
    if found := _STRANGE.search(cell):
        raise Wrong(_why_strange(found[0]))
    return cell.strip(" \u00a0")


def _why_strange(sign: str) -> str:
    if sign in "\r\n":
        return "There is a line break inside this cell. Write it in one line."
    if sign == "\ufffd":
        return "A letter was lost when this was saved (“\ufffd”). Type it anew and save as UTF-8."
    return "There is an invisible character inside this cell. Type it anew."


def text(longest: int) -> Reader:
    def reader(cell: str, year: int) -> str:
        if len(cell) > longest:
            raise Wrong(f"This has {len(cell):,} characters; {longest} are the most.")
        return cell

    return reader


def names(cell: str, year: int) -> tuple[str, ...]:
    """Names divided by semicolons."""
    return tuple(name for part in cell.split(";") if (name := str(text(200)(part.strip(), year))))


def reference(cell: str, year: int) -> str:
    """An authority's own ID of a child."""
    _refuse_eaten(cell)
    if not _REFERENCE.fullmatch(cell):
        raise Wrong("This is no ID of a child: up to 20 letters and digits, without spaces.")
    return cell


def short_code(cell: str, year: int) -> str:
    """An authority's code."""
    if not re.fullmatch(r"[A-Za-z0-9-]{1,12}", cell):
        raise Wrong("This is no code of an authority: up to 12 letters and digits.")
    return cell


def urn(cell: str, year: int) -> str:
    """Any token, the return's "not known" too."""
    _refuse_eaten(cell)
    if not re.fullmatch(r"[A-Za-z0-9-]{1,20}", cell):
        raise Wrong("This is no URN: up to 20 letters and digits, without spaces.")
    return NOT_KNOWN_URN if cell.upper() == NOT_KNOWN_URN else cell


def known_urn(cell: str, year: int) -> str:
    """The URN of a home that is described here: it has one."""
    token = urn(cell, year)
    if token == NOT_KNOWN_URN:
        raise Wrong("A home is known by its URN. Leave a home without one out of this file.")
    return token


def phone(cell: str, year: int) -> str:
    _refuse_eaten(cell)
    if len(cell) > 30 or not _PHONE.fullmatch(cell):
        raise Wrong("This is no phone number. Write it like 01632 960001.")
    return cell


def email(cell: str, year: int) -> str:
    """In small letters: an address is one whatever its capitals."""
    try:
        _EMAIL(cell)
    except ValidationError:
        raise Wrong("This is no e-mail address.") from None
    if len(cell) > 254:
        raise Wrong("This e-mail address is longer than 254 characters.")
    return cell.lower()


def postcode(cell: str, year: int) -> str:
    if not _POSTCODE.fullmatch(cell.upper()):
        raise Wrong(f"{shown(cell)} is no postcode. Write it like ZZ99 3VZ.")
    return cell.upper()


def upn(cell: str, year: int) -> str:
    """A unique pupil number, whose first letter checks the rest; or UN1 to UN9: why there is none."""
    _refuse_eaten(cell)
    if re.fullmatch(r"UN[1-9]", cell):
        return cell
    if not re.fullmatch(r"[A-Z][0-9]{11}[0-9A-Z]", cell):
        raise Wrong("This is no unique pupil number: a letter and 12 digits, or a code like UN1.")
    last = int(cell[12]) if cell[12].isdigit() else _UPN_LETTERS.find(cell[12])
    total = sum(int(digit) * place for place, digit in enumerate(cell[1:12], start=2)) + last * 13
    if last < 0 or _UPN_LETTERS[total % 23] != cell[0]:
        raise Wrong("The letter of this unique pupil number does not fit its digits. Check each.")
    return cell


# ---- codes and numbers ----


def code(codes: CodeList) -> Reader:
    """A code of the return year's list."""

    @lru_cache(maxsize=1000)
    def reader(cell: str, year: int) -> str:
        if not code_lists.is_valid(codes, cell, year):
            raise Wrong(_why_not(codes, cell, year))
        return cell

    return reader


def code_of_any_year(codes: CodeList) -> Reader:
    def reader(cell: str, year: int) -> str:
        if code_lists.entry(codes, cell) is None:
            raise Wrong(_why_not(codes, cell, year))
        return cell

    return reader


def sex(cell: str, year: int) -> str:
    """As the record keeps it: M, F or U. Until 2023-24 the return wrote 1 and 2."""
    code(code_lists.SEX)(cell, year)
    return {"1": "M", "2": "F"}.get(cell, cell)


def one_of(meanings: dict[str, object]) -> Reader:
    def reader(cell: str, year: int) -> object:
        if cell not in meanings:
            raise Wrong(f"{shown(cell)} is not one of {', '.join(meanings)}.")
        return meanings[cell]

    return reader


def whole_number(cell: str, year: int) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", cell):
        raise Wrong("This is no whole number from 0 to 9999.")
    return int(cell)


def _why_not(codes: CodeList, cell: str, year: int) -> str:
    entry = code_lists.entry(codes, cell)
    label = ReturnYear(year).label
    if entry is not None and entry.last is not None and entry.last < year:
        return f"{cell} left the return after {ReturnYear(entry.last).label}; this is {label}."
    if entry is not None and entry.first is not None:
        return f"{cell} came with {ReturnYear(entry.first).label}; this is {label}."
    return f"{shown(cell)} is not one of {', '.join(code_lists.labels(codes, year))}."


def _refuse_eaten(cell: str) -> None:
    if _EATEN.fullmatch(cell):
        raise Wrong(
            f"Excel has turned a long number into {shown(cell)}, and its digits are lost. "
            "Export it again, and open it with this column as text."
        )
