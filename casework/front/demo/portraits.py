"""Drawn heads for the demo's children: nobody's face, and the same each time. A table says how they look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from casework.records.pictures import Picture, picture_of
from casework.records.redrawing import redraw

Colour = tuple[int, int, int]

WIDTH, HEIGHT, FINER = 480, 560, 2  # drawn twice as large, so that its edges are smooth
CLOSE, SIZE = (52, 66, 428, 536), (376, 470)
SKIN: Final[Mapping[str, Colour]] = {
    "pale": (240, 210, 188),
    "fair": (228, 188, 158),
    "olive": (205, 162, 124),
    "brown": (160, 112, 78),
    "dark": (112, 74, 52),
}
HAIR: Final[Mapping[str, Colour]] = {
    "black": (38, 32, 34),
    "brown": (92, 62, 42),
    "sandy": (186, 148, 98),
    "fair": (218, 188, 128),
    "bleached": (236, 220, 176),
    "red": (168, 76, 40),
    "green": (70, 140, 96),
}
CLOTH: Final[Mapping[str, Colour]] = {
    "green": (72, 110, 78),
    "grey": (128, 132, 138),
    "black": (58, 60, 66),
    "blue": (70, 104, 150),
    "navy": (48, 60, 96),
    "denim": (96, 124, 158),
    "yellow": (226, 186, 66),
    "purple": (122, 92, 150),
    "camel": (196, 158, 112),
    "red": (170, 58, 58),
    "khaki": (112, 112, 78),
    "white": (226, 226, 222),
}
WALLS: Final[tuple[Colour, ...]] = ((214, 224, 232), (222, 228, 214), (232, 224, 212), (224, 218, 230))
INK: Final[Colour] = (60, 46, 44)


@dataclass(frozen=True)
class Looks:
    """What is drawn. `style`: short, shaved, bob, long, braids, plait, curly, scarf.

    `also`: glasses, freckles, beard, cap, scarf.
    """

    skin: str
    hair: str
    style: str
    cloth: str
    also: tuple[str, ...] = ()


LOOKS: Final[Mapping[str, Looks]] = {
    "EX-20417": Looks("fair", "brown", "short", "green"),
    "EX-20588": Looks("dark", "black", "braids", "purple", ("glasses",)),
    "EX-20733": Looks("pale", "red", "long", "navy", ("freckles",)),
    "EX-20391": Looks("fair", "bleached", "long", "black"),
    "EX-20655": Looks("dark", "black", "shaved", "grey"),
    "EX-20478": Looks("pale", "brown", "short", "black"),
    "EX-20702": Looks("fair", "sandy", "short", "blue"),
    "EX-20611": Looks("pale", "fair", "plait", "denim"),
    "EX-20612": Looks("pale", "fair", "short", "blue", ("cap",)),
    "EX-20866": Looks("pale", "sandy", "short", "grey", ("freckles",)),
    "EX-20540": Looks("brown", "black", "braids", "grey"),
    "EX-20329": Looks("dark", "black", "shaved", "yellow"),
    "EX-20815": Looks("fair", "brown", "curly", "purple"),
    "EX-20266": Looks("fair", "brown", "short", "grey"),
    "EX-20590": Looks("pale", "green", "short", "black"),
    "EX-19984": Looks("olive", "black", "short", "grey", ("beard",)),
    "EX-20123": Looks("olive", "green", "scarf", "black", ("glasses",)),
    "EX-20147": Looks("brown", "black", "short", "navy", ("cap",)),
    "EX-20031": Looks("fair", "brown", "shaved", "khaki"),
    "EX-20877": Looks("pale", "sandy", "short", "yellow"),
    "EX-20690": Looks("olive", "black", "bob", "navy", ("scarf",)),
    "NM-3071": Looks("pale", "red", "short", "white"),
}


def portrait(reference: str) -> Picture | None:
    """As it would be kept had somebody sent it; None for a child of whom there is no photograph."""
    if reference not in LOOKS:
        return None
    wall = WALLS[sum(map(ord, reference)) % len(WALLS)]
    drawn = _Drawing(LOOKS[reference], wall).finished()
    out = BytesIO()
    drawn.save(out, "PNG", compress_level=1)
    return picture_of(redraw(out.getvalue()))


class _Drawing:
    """One head and shoulders, from the back to the front."""

    def __init__(self, looks: Looks, wall: Colour) -> None:
        self.looks = looks
        self.image = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), wall)
        self.pen = ImageDraw.Draw(self.image)
        self.skin, self.hair = SKIN[looks.skin], HAIR[looks.hair]

    def finished(self) -> Image.Image:
        self._hair_behind()
        self._shoulders()
        self._head()
        self._hair_in_front()
        self._face()
        return self.image.crop(_scaled(CLOSE)).resize(SIZE, Image.Resampling.LANCZOS)

    def _hair_behind(self) -> None:
        style = self.looks.style
        if style in ("long", "plait", "braids", "bob"):
            end = {"bob": 345, "plait": 330}.get(style, 470)
            self._round((132, 96, 348, end), 100, self.hair)
        elif style == "curly":
            for x, y in ((150, 150), (330, 150), (135, 215), (345, 215), (140, 285), (340, 285), (240, 110)):
                self._oval((x - 62, y - 62, x + 62, y + 62), self.hair)
        elif style == "scarf":
            self._round((126, 92, 354, 520), 110, self.hair)

    def _shoulders(self) -> None:
        cloth = CLOTH[self.looks.cloth]
        self._round((205, 330, 275, 440), 30, _darker(self.skin))
        self._round((70, 405, 410, 725), 110, cloth)
        self._oval((196, 376, 284, 440), self.hair if self.looks.style == "scarf" else _darker(self.skin))
        if "scarf" in self.looks.also:
            self._round((180, 388, 300, 456), 34, CLOTH["red"])
        if self.looks.style == "plait":
            self._round((322, 290, 358, 490), 18, self.hair)
        if self.looks.style == "braids":
            for x in (140, 170, 300, 330):
                self._round((x, 290, x + 20, 500), 10, self.hair)

    def _head(self) -> None:
        for left in (146, 308):
            self._oval((left, 228, left + 28, 278), _darker(self.skin))
        self._oval((160, 120, 320, 375), self.skin)
        if "beard" in self.looks.also:
            self.pen.chord(_scaled((160, 120, 320, 378)), 28, 152, fill=self.hair)
            self._oval((192, 268, 288, 344), self.skin)

    def _hair_in_front(self) -> None:
        style, cap = self.looks.style, "cap" in self.looks.also
        if style == "scarf":
            self.pen.chord(_scaled((152, 106, 328, 380)), 190, 350, fill=self.hair)
        elif style == "shaved":
            self.pen.chord(_scaled((158, 116, 322, 372)), 208, 332, fill=_darker(self.skin))
        else:
            self.pen.chord(_scaled((150, 104, 330, 366)), 200, 340, fill=self.hair)
        if style == "bob":
            self.pen.rectangle(_scaled((162, 170, 318, 196)), fill=self.hair)
        if cap:
            colour = CLOTH["red"] if self.looks.hair == "fair" else CLOTH["black"]
            self.pen.chord(_scaled((146, 92, 334, 330)), 190, 350, fill=colour)
            self._round((140, 184, 340, 204), 10, _darker(colour))

    def _face(self) -> None:
        for x in (206, 274):
            self._oval((x - 9, 238, x + 9, 252), (250, 250, 248))
            self._oval((x - 6, 238, x + 6, 252), INK)
            self.pen.arc(_scaled((x - 18, 214, x + 18, 238)), 205, 335, fill=INK, width=4 * FINER)
        self.pen.line(_scaled((240, 250, 234, 286)), fill=_darker(self.skin), width=3 * FINER)
        self.pen.line(_scaled((234, 286, 246, 288)), fill=_darker(self.skin), width=3 * FINER)
        lips = _darker(_darker(self.skin))
        self.pen.arc(_scaled((212, 290, 268, 322)), 25, 155, fill=lips, width=4 * FINER)
        if "freckles" in self.looks.also:
            for x, y in ((196, 272), (208, 280), (220, 270), (262, 270), (274, 280), (286, 272)):
                self._oval((x, y, x + 4, y + 4), _darker(self.skin))
        if "glasses" in self.looks.also:
            for x in (206, 274):
                self.pen.ellipse(_scaled((x - 28, 222, x + 28, 270)), outline=INK, width=4 * FINER)
            self.pen.line(_scaled((234, 244, 246, 244)), fill=INK, width=4 * FINER)

    def _oval(self, box: tuple[int, int, int, int], colour: Colour) -> None:
        self.pen.ellipse(_scaled(box), fill=colour)

    def _round(self, box: tuple[int, int, int, int], radius: int, colour: Colour) -> None:
        self.pen.rounded_rectangle(_scaled(box), radius * FINER, fill=colour)


def _scaled(box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    left, top, right, bottom = box
    return left * FINER, top * FINER, right * FINER, bottom * FINER


def _darker(colour: Colour) -> Colour:
    red, green, blue = colour
    return red * 84 // 100, green * 84 // 100, blue * 84 // 100
