"""A picture drawn anew: whatever else was in the file, what comes out is a small JPEG with pixels only.

Run as a program it does that to what it is given, within limits that it cannot lift again: a decoder of
pictures from outside is the likeliest thing here to be broken into, or to be made to eat the machine. So it
knows nothing of the service, and `pictures` starts it with an empty environment. It ends with 0 and the JPEG,
or with 1 and nothing.
"""

from __future__ import annotations

import contextlib
import resource
import sys
import warnings
from io import BytesIO
from typing import Final

from PIL import Image

LONGEST_SIDE: Final = 1600
MOST_PIXELS: Final = 40_000_000
QUALITY: Final = 85
MEMORY: Final = 512 * 1024 * 1024  # of addresses, half of which the largest picture fills
SECONDS: Final = 10  # of work; two are much
ORIENTATION: Final = 0x0112
# What a camera says about how it was held, and how the picture is turned upright.
TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def redraw(content: bytes) -> bytes:
    """The same picture: upright, on white, at most 1600 pixels on its longer side. Raises as Pillow does."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        picture = Image.open(BytesIO(content), formats=("JPEG", "PNG"))
        turn = TURNS.get(_orientation(picture))
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is read no larger than it is needed
        picture.load()
    made = _on_white(_small(picture))
    upright = made.transpose(turn) if turn is not None else made
    out = BytesIO()
    upright.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _orientation(picture: Image.Image) -> int:
    """Cameras write nonsense now and then, and the picture is good all the same."""
    with contextlib.suppress(Exception):
        return int(picture.getexif().get(ORIENTATION, 1))
    return 1


def _small(picture: Image.Image) -> Image.Image:
    """Channel by channel: a large picture never stands in memory twice."""
    plain = _plain(picture)
    scale = min(1.0, LONGEST_SIDE / max(plain.size))
    size = (max(1, round(plain.width * scale)), max(1, round(plain.height * scale)))
    return Image.merge(plain.mode, [_scaled(plain.getchannel(band), size) for band in plain.getbands()])


def _scaled(channel: Image.Image, size: tuple[int, int]) -> Image.Image:
    return channel.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _plain(picture: Image.Image) -> Image.Image:
    """In grey or in colour, of eight bits, perhaps with transparency."""
    if picture.mode in ("L", "LA", "RGB", "RGBA"):
        return picture
    if picture.mode.startswith("I"):  # sixteen bits of grey
        return picture.point(lambda grey: grey / 256).convert("L")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _on_white(picture: Image.Image) -> Image.Image:
    """On a canvas of our own, to which nothing clings that the file said beside its pixels."""
    canvas = Image.new("RGB", picture.size, "white")
    alpha = picture.getchannel("A") if "A" in picture.getbands() else None
    canvas.paste(picture.convert("RGB"), mask=alpha)
    return canvas


def main() -> int:
    _limit(resource.RLIMIT_AS, MEMORY)
    _limit(resource.RLIMIT_CPU, SECONDS)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)  # it writes into a pipe and nowhere else
    try:
        drawn = redraw(sys.stdin.buffer.read())
    except BaseException:  # no words about it: they could repeat what the file says
        return 1
    sys.stdout.buffer.write(drawn)
    return 0


def _limit(what: int, most: int) -> None:
    with contextlib.suppress(ValueError, OSError):  # macOS does not know each of them
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    sys.exit(main())
