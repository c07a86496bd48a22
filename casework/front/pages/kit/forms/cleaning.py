"""What typed or pasted text may hold. Pure: text in, text out, or a sentence that says what to mend."""

import re
import unicodedata
from dataclasses import dataclass

# Look like nothing and are no space to Python: zero width, soft hyphen, fillers, braille blank.
_INVISIBLE = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u2060\u2800\u3164\ufe0f\ufeff\uffa0"
)
_NOTHING = re.compile(rf"[\s{_INVISIBLE}]*")
_EDGES = re.compile(r"^[\s\u200b\u2060\ufeff]+|[\s\u200b\u2060\ufeff]+$")

# Embeddings, overrides and isolates turn the text after them round, so a name can be made to read as another.
# The plain marks (U+200E, U+200F, U+061C) only help mixed Arabic and English along, and stay.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")

# PostgreSQL keeps no NUL, UTF-8 no half of a pair. A browser's half pair arrives here as U+FFFD.
_UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd]")

UNKEEPABLE = "This has a character that cannot be kept. Look for � or an empty box, and type it again."
ONE_LINE = "Write this on one line."
TURNED = "Hidden marks that turn text round were taken out. Check that it reads as you meant it."


class Unfit(ValueError):
    """The text cannot be kept as it is; the message says what to do."""


@dataclass(frozen=True)
class Cleaned:
    """Text as it is stored, and whether hidden marks were taken out of it."""

    text: str
    was_turned: bool = False


def clean_text(raw: str, *, limit: int, many_lines: bool = False) -> Cleaned:
    """Stored form of `raw`: composed (NFC), no marks that turn text round, no blank edges; "" for nothing."""
    if _UNKEEPABLE.search(raw):
        raise Unfit(UNKEEPABLE)
    turned = _TURNS.sub("", raw)
    text = unicodedata.normalize("NFC", turned.replace("\r\n", "\n").replace("\r", "\n"))
    text = "" if _NOTHING.fullmatch(text) else _EDGES.sub("", text)
    if len(text) > limit:
        raise Unfit(f"Use {limit:,} characters or fewer.")
    if not many_lines and len(text.splitlines()) > 1:
        raise Unfit(ONE_LINE)
    return Cleaned(text, was_turned=turned != raw)


def showable(raw: str) -> str:
    """`raw` as it can be sent back to a browser, so that a refused answer is still there to be mended."""
    return _UNKEEPABLE.sub("\ufffd", raw)
