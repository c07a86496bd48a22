"""Pictures to send: an honest one, and those that say more than a picture should."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

from casework.records.pictures import Picture, picture_of
from casework.records.redrawing import redraw

GREEN, RED = (40, 120, 60), (200, 30, 30)
SECRET: Final = "zq-where-she-lives-qz"  # stands in everything that is not the picture
JPEG_TYPE: Final = "image/jpeg"


def jpeg(size: tuple[int, int] = (90, 120), colour: tuple[int, int, int] = GREEN, **said: Any) -> bytes:
    return _saved(Image.new("RGB", size, colour), "JPEG", **said)


def png(size: tuple[int, int] = (90, 120), mode: str = "RGB", **said: Any) -> bytes:
    return _saved(Image.new(mode, size), "PNG", **said)


def _saved(image: Image.Image, kind: str, **said: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **said)
    return out.getvalue()


def picture(colour: tuple[int, int, int] = GREEN) -> Picture:
    """As it is kept."""
    return picture_of(redraw(jpeg(colour=colour)))


def upload(content: bytes, name: str = "IMG_0001.jpg", kind: str = JPEG_TYPE) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


# What says too much ------------------------------------------------------------------------------------


def exif(**more: Any) -> bytes:
    """Where it was taken, with what, and a word of its maker's; `orientation` for how it was held."""
    said = Image.Exif()
    said[0x010E], said[0x010F] = SECRET, "Camera of a phone"
    said[0x0112] = more.get("orientation", 1)
    place = said.get_ifd(0x8825)
    place.update({1: "N", 2: (51.0, 30.0, 26.0), 3: "W", 4: (0.0, 7.0, 39.0)})
    return said.tobytes()


def xmp() -> bytes:
    return f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>{SECRET}</exif:GPSLatitude>'.encode()


def talkative_jpeg() -> bytes:
    """EXIF with a place, XMP, IPTC, a comment, a thumbnail, a profile, and a zip behind the end."""
    whole = jpeg(exif=exif(), xmp=xmp(), comment=SECRET.encode(), icc_profile=SECRET.encode() * 9)
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + SECRET.encode()
    thumbnail = b"JFXX\0\x10" + jpeg((16, 12), comment=SECRET.encode())
    before, behind = _segment(0xED, iptc) + _segment(0xE0, thumbnail), b"PK\3\4" + SECRET.encode()
    return whole[:2] + before + whole[2:] + behind


def talkative_png() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", SECRET)
    words.add_text("GPSLatitude", SECRET, zip=True)
    words.add_itxt("XML:com.adobe.xmp", xmp().decode())
    return png(pnginfo=words, exif=exif(), icc_profile=SECRET.encode()) + SECRET.encode()


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def segments_of(content: bytes) -> list[int]:
    """The markers of a JPEG up to its pixels."""
    found, at = [], 2
    while content[at] == 0xFF and content[at + 1] != 0xDA:
        found.append(content[at + 1])
        at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    return found


# What is no picture, or too much of one ------------------------------------------------------------------


def flood(width: int, height: int) -> bytes:
    """A PNG of so many pixels, in a few kilobytes."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    whole = ((width + 7) // 8 + 1) * height
    packed = zlib.compress(b"\0" * min(whole, 10_000_000), 9)  # or its beginning
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(name, body) for name, body in ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


HEIC: Final = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200
NO_PICTURES: Final = {
    "nothing": b"",
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "GIF that is a script": b"GIF89a/*" + b"\0" * 60 + b"*/=1;alert(1)",
    "a program": b"MZ\x90\0" + b"\0" * 200,
    "PDF that is a page": b"%PDF-1.7\n<html><script>alert(1)</script></html>",
    "TIFF": b"II*\0" + b"\0" * 200,
    "WebP": b"RIFF\x10\0\0\0WEBPVP8 " + b"\0" * 40,
    "a JPEG's first bytes and a page": b"\xff\xd8\xff\xe0<html><script>alert(1)</script></html>",
    "half a JPEG": jpeg((400, 400))[:900],
    "a PNG without an end": png()[:60],
}
