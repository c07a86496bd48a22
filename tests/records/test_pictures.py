"""A file from outside becomes a picture of ours, or is refused: what it said besides is nowhere."""

from __future__ import annotations

import resource
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from casework.records import pictures
from casework.records.errors import Invalid
from casework.records.pictures import MOST_BYTES, NO_HEIC, NOT_A_PHOTO, TOO_LARGE, redrawn
from casework.records.redrawing import LONGEST_SIDE, redraw
from tests.a_photo import (
    HEIC,
    NO_PICTURES,
    RED,
    SECRET,
    exif,
    flood,
    jpeg,
    png,
    segments_of,
    talkative_jpeg,
    talkative_png,
)

PIXELS_ONLY = {0xE0, 0xDB, 0xC0, 0xC4}  # the format's own header, its tables and the frame
WORDS = (SECRET.encode(), b"Exif", b"GPS", b"http://ns.adobe.com", b"8BIM", b"ICC_PROFILE", b"Camera")


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content), formats=("JPEG",))


def refused(content: bytes) -> str:
    with pytest.raises(Invalid) as no:
        redrawn(content)
    assert (no.value.status, no.value.field) == (422, "photo")
    return no.value.message


@pytest.mark.ac("T12.1", "U02")
@pytest.mark.parametrize("content", [talkative_jpeg(), talkative_png()], ids=["JPEG", "PNG"])
def test_only_the_pixels_are_left(content: bytes) -> None:
    assert SECRET.encode() in content
    kept = redrawn(content)
    assert [word for word in WORDS if word in kept.content] == []
    assert set(segments_of(kept.content)) <= PIXELS_ONLY
    assert kept.content.endswith(b"\xff\xd9")
    assert (kept.width, kept.height) == opened(kept.content).size == (90, 120)
    assert opened(kept.content).info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_stands_upright_however_the_phone_was_held(orientation: int) -> None:
    """The red third is at the top of what the camera meant."""
    meant = Image.new("RGB", (60, 90), "white")
    meant.paste(RED, (0, 0, 60, 30))
    stored = meant.transpose(_undoing[orientation]) if orientation > 1 else meant
    out = BytesIO()
    stored.save(out, "JPEG", exif=exif(orientation=orientation), quality=95)
    upright = opened(redraw(out.getvalue()))
    assert upright.size == (60, 90)
    assert green_of(upright, (30, 10)) < 90
    assert green_of(upright, (30, 80)) > 200


def green_of(image: Image.Image, at: tuple[int, int]) -> int:
    pixel = image.getpixel(at)
    assert isinstance(pixel, tuple)
    return pixel[1]


Turn = Image.Transpose
_undoing = {
    2: Turn.FLIP_LEFT_RIGHT,
    3: Turn.ROTATE_180,
    4: Turn.FLIP_TOP_BOTTOM,
    5: Turn.TRANSPOSE,
    6: Turn.ROTATE_90,
    7: Turn.TRANSVERSE,
    8: Turn.ROTATE_270,
}


def test_a_nonsense_of_the_camera_spoils_no_picture() -> None:
    assert redrawn(jpeg(exif=b"Exif\0\0II*\0\xff\xff\xff\xff nonsense")).width == 90


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_sort_of_png_becomes_a_jpeg(mode: str) -> None:
    assert opened(redraw(png(mode=mode))).mode == "RGB"


def test_what_is_transparent_is_white_and_sixteen_bits_of_grey_stay_grey() -> None:
    out = BytesIO()
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(redraw(out.getvalue())).getpixel((4, 4)) == (255, 255, 255)
    out = BytesIO()
    Image.new("I;16", (9, 9), 128 * 256).save(out, "PNG")
    assert opened(redraw(out.getvalue())).getpixel((4, 4)) == (128, 128, 128)


def test_a_large_one_is_made_small_and_keeps_its_shape() -> None:
    kept = redrawn(jpeg((4000, 3000)))
    assert (kept.width, kept.height) == (LONGEST_SIDE, 1200)
    thin = redrawn(png((5000, 1)))
    assert (thin.width, thin.height) == (LONGEST_SIDE, 1)


def test_a_photo_with_a_second_one_in_it_is_its_first() -> None:
    """As phones write them: a gain map or a depth behind the photo."""
    out = BytesIO()
    first, second = Image.new("RGB", (80, 60), RED), Image.new("RGB", (20, 10))
    first.save(out, "MPO", save_all=True, append_images=[second])
    assert (redrawn(out.getvalue()).width, redrawn(out.getvalue()).height) == (80, 60)


@pytest.mark.ac("T12.2", "U01", "U03", "U04")
@pytest.mark.parametrize("content", NO_PICTURES.values(), ids=NO_PICTURES.keys())
def test_what_is_no_picture_is_refused_whatever_it_is_called(content: bytes) -> None:
    assert refused(content) == NOT_A_PHOTO


@pytest.mark.ac("U03")
def test_an_iphones_own_format_is_refused_with_what_to_do() -> None:
    assert refused(HEIC) == NO_HEIC


@pytest.mark.ac("T12.2", "U04")
def test_a_jpeg_that_is_a_zip_too_is_a_jpeg_and_no_more() -> None:
    kept = redrawn(jpeg() + b"PK\3\4" + b"<script>alert(1)</script>")
    assert b"PK" not in kept.content
    assert b"<script>" not in kept.content


@pytest.mark.ac("T12.3", "U05")
@pytest.mark.parametrize(
    ("width", "height"), [(50_000, 50_000), (2**31 - 1, 2**31 - 1), (6_400, 6_400), (40_000_001, 1)]
)
def test_a_flood_of_pixels_is_refused(width: int, height: int) -> None:
    content = flood(width, height)
    assert len(content) < 300_000
    assert refused(content) == NOT_A_PHOTO


@pytest.mark.ac("T12.3")
def test_the_largest_that_is_taken_takes_no_memory_of_ours() -> None:
    """Forty megapixels are 160 MB in the process that draws, and nothing in the one that serves."""
    content = png((8_000, 5_000), mode="RGBA", compress_level=1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert redrawn(content).width == LONGEST_SIDE
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150 * 1024


@pytest.mark.ac("U07")
def test_more_than_ten_megabytes_are_refused_with_the_limit() -> None:
    assert refused(jpeg() + b"\0" * MOST_BYTES) == TOO_LARGE


def test_words_in_a_png_that_unpack_to_much_are_refused_or_left_out() -> None:
    from PIL import PngImagePlugin

    words = PngImagePlugin.PngInfo()
    for _ in range(4):
        words.add_text("Comment", "x" * 900_000, zip=True)
    assert redrawn(png(pnginfo=words)).width == 90
    words.add_text("Comment", "x" * 90_000_000, zip=True)
    assert refused(png(pnginfo=words)) == NOT_A_PHOTO


# The process that draws ---------------------------------------------------------------------------------


@pytest.fixture
def another_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    program = tmp_path / "program.py"
    monkeypatch.setattr(pictures, "_PROGRAM", program)
    monkeypatch.setattr(pictures, "_PATIENCE", 3.0)
    return program


@pytest.mark.ac("T12.3")
@pytest.mark.parametrize(
    "does",
    [
        "import os; os.abort()",
        "import sys; sys.stdout.write('no picture')",
        "raise SystemExit(1)",
        "import sys; sys.stdout.buffer.write(bytes([255, 216, 255])); raise SystemExit(1)",
        "while True: pass",
    ],
    ids=["crashes", "writes something else", "gives up", "writes and gives up", "never ends"],
)
def test_whatever_becomes_of_it_the_file_is_refused(another_program: Path, does: str) -> None:
    another_program.write_text(does)
    assert refused(jpeg()) == NOT_A_PHOTO


def test_it_is_told_no_secret_and_cannot_take_more_than_its_limits(another_program: Path) -> None:
    """What it would answer if it were broken into: its environment, and its limits."""
    ours = Path(redraw.__code__.co_filename)
    another_program.write_text(
        "import importlib.util, json, os, resource, sys\n"
        f"spec = importlib.util.spec_from_file_location('redrawing', {str(ours)!r})\n"
        "module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)\n"
        "module.redraw = lambda content: b'\\xff\\xd8\\xff' + json.dumps([sorted(os.environ), [\n"
        "    resource.getrlimit(one)[1] for one in (resource.RLIMIT_AS, resource.RLIMIT_CPU,\n"
        "    resource.RLIMIT_FSIZE)]]).encode()\n"
        "sys.exit(module.main())\n"
    )
    answer = pictures._by_another_process(jpeg())
    assert answer is not None
    import json

    environment, limits = json.loads(answer[3:])
    assert set(environment) <= {"LC_CTYPE", "__CF_USER_TEXT_ENCODING"}  # what Python and macOS add themselves
    assert limits == [512 * 1024 * 1024, 10, 0]
