"""What a spreadsheet would take for a formula, kept from it in CSV. Pure.

A leading apostrophe tells a spreadsheet that text follows. `guarded` puts it there, `unguarded` takes it
away: for every text, `unguarded(guarded(text)) == text`.
"""

import unicodedata
from typing import Final

_STARTS: Final = ("=", "+", "-", "@", "|", "%", "\t", "\r")
_SKIPPED: Final = " \t\r\n\ufeff\u00a0"  # a spreadsheet looks past these for the sign of a formula


def guarded(text: str) -> str:
    """For a cell of a CSV file: as it is, or with an apostrophe when a spreadsheet would calculate it."""
    return f"'{text}" if _looks_calculated(text.lstrip("'")) else text


def unguarded(text: str) -> str:
    """What the cell said before `guarded`. A text with no guard stays."""
    return text[1:] if text[:1] == "'" and _looks_calculated(text.lstrip("'")) else text


def _looks_calculated(text: str) -> bool:
    shown = unicodedata.normalize("NFKC", text.lstrip(_SKIPPED)[:1])  # full-width signs count too
    return text.startswith(("\t", "\r")) or shown.startswith(_STARTS)
