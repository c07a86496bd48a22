"""A file from outside, taken for a photograph or refused. What is kept is never what was sent.

It is decoded in a process of its own (`redrawing`), which has no secrets, little memory and little time.
"""

from __future__ import annotations

import hashlib
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from casework.records.errors import Invalid

MOST_BYTES: Final = 10 * 1024 * 1024
NOT_A_PHOTO: Final = "This file is not a photo we can accept. Send a JPEG or PNG of at most 10 MB."
TOO_LARGE: Final = "This file is larger than 10 MB. Send a JPEG or PNG of at most 10 MB."
NO_HEIC: Final = (
    "This is an iPhone’s HEIC file, which we cannot accept. Take a new photo from this page; or open the "
    "photo on the iPhone, take a screenshot of it and send that."
)
JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_HEIC: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_PROGRAM: Final = Path(__file__).with_name("redrawing.py")
_PATIENCE: Final = 15.0  # seconds; it is stopped by itself after ten of work
# One in each of our processes: eight large pictures at once would fill the container.
_ONE_AT_A_TIME: Final = BoundedSemaphore(1)


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG that was made here."""

    content: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def redrawn(content: bytes) -> Picture:
    """The picture in this file, drawn anew. `Invalid` with what to do, when there is none we take."""
    if len(content) > MOST_BYTES:
        raise Invalid(TOO_LARGE, code="too_large", field="photo")
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        raise Invalid(NO_HEIC, code="heic", field="photo")
    if not content.startswith((JPEG, PNG)):
        raise Invalid(NOT_A_PHOTO, code="not_a_photo", field="photo")
    with _ONE_AT_A_TIME:
        drawn = _by_another_process(content)
    if drawn is None:
        raise Invalid(NOT_A_PHOTO, code="not_a_photo", field="photo")
    return picture_of(drawn)


def picture_of(jpeg: bytes) -> Picture:
    """What `redrawing` made, with its size."""
    width, height = _size(jpeg)
    return Picture(jpeg, width, height)


def _by_another_process(content: bytes) -> bytes | None:
    """None when it would not, or was stopped."""
    command = [sys.executable, "-I", str(_PROGRAM)]
    try:
        done = subprocess.run(  # nosec B603  # our own program, without a word from outside
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 and done.stdout.startswith(JPEG) else None


def _size(jpeg: bytes) -> tuple[int, int]:
    """From the frame's header (SOF0 to SOF2), so that the service itself decodes nothing."""
    at = 2
    while jpeg[at] == 0xFF:
        marker, length = jpeg[at + 1], struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
        if marker in (0xC0, 0xC1, 0xC2):
            height, width = struct.unpack(">HH", jpeg[at + 5 : at + 9])
            return width, height
        at += 2 + length
    raise ValueError("no JPEG of ours")
