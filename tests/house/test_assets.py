"""Third-party files: none committed, no crown or font served, no download address in the lock."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from casework import assets

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_third_party_is_committed() -> None:
    files = subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).splitlines()
    foreign = re.compile(r"(^|/)(node_modules|\.venv|var|vendor)/|\.min\.(js|css)$|\.woff2?$|\.whl$")
    assert [path for path in files if foreign.search(path)] == []


def test_the_lock_names_no_host_and_pins_every_package() -> None:
    text = (ROOT / "package-lock.json").read_text()
    assert "://" not in text
    packages = json.loads(text)["packages"]
    assert all("integrity" in package for path, package in packages.items() if path)


def test_requirements_are_pinned_exactly() -> None:
    for path in ROOT.glob("requirements*.txt"):
        for line in path.read_text().splitlines():
            if line and not line.startswith(("#", "-r ")):
                assert re.fullmatch(r"[\w.\[\]-]+==[\w.]+(; .+)?", line), f"{path.name}: {line}"


def test_crown_and_font_stay_behind() -> None:
    css = (
        "@font-face{font-family:GDS Transport;src:url(/assets/fonts/light.woff2)}"
        "p{font-family:GDS Transport,arial,sans-serif}"
        "i{background:url(/assets/images/govuk-crest.svg)}b{background:url(/assets/images/icon-x.svg)}"
        "/*# sourceMappingURL=x.css.map */"
    )
    assert assets.without_crown(css) == (
        "p{font-family:Arial,Helvetica,sans-serif}i{background:none}b{background:url(assets/images/icon-x.svg)}"
    )


def test_a_style_sheet_that_names_the_font_differently_is_refused() -> None:
    with pytest.raises(ValueError, match="font or the crest"):
        assets.without_crown('p{font-family:"GDS Transport"}')


def test_what_is_served_asks_for_nothing_that_is_not() -> None:
    if not assets.are_current():
        assets.make()
    for sheet in assets.SERVED.rglob("*.css"):
        for wanted in re.findall(r"url\((?!data:)([^)]+)\)", sheet.read_text()):
            assert (sheet.parent / wanted).is_file(), f"{sheet.name} asks for {wanted}"
