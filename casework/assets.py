"""Copies the style sheets and scripts that are served out of npm's packages into var/assets.

A council's domain may not serve the GDS Transport font or the crown and crest, so they stay behind.
Nothing copied is ever committed. Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
SERVED = Path(os.environ.get("ASSETS_DIR", ROOT / "var" / "assets"))

_GOVUK = PACKAGES / "govuk-frontend" / "dist" / "govuk"
_MOJ = PACKAGES / "@ministryofjustice" / "frontend" / "moj"


class MissingNode(Exception):
    """There is no npm, neither on the path nor from the wheel."""


def are_current() -> bool:
    """Whether what is served was made from the present lock file by the present code."""
    stamp = SERVED / "made-from"
    return stamp.exists() and stamp.read_text() == _fingerprint()


def find_npm() -> str | None:
    """npm on the path, else the one that the nodejs wheel puts beside our Python."""
    return shutil.which("npm") or shutil.which("npm", path=str(Path(sys.executable).parent))


def install_packages() -> None:
    """`npm ci`: exactly what the lock file says, and no package's scripts are run."""
    npm = find_npm()
    if npm is None:
        raise MissingNode("npm was not found. Install requirements-local.txt, which brings Node along.")
    environment = {**os.environ, "PATH": f"{Path(npm).parent}{os.pathsep}{os.environ['PATH']}"}
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([npm, "ci", *quiet], check=True, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


def copy_served() -> None:
    """Put only what pages ask for into SERVED, replacing what was there."""
    made = SERVED.with_name(f"{SERVED.name}.{os.getpid()}")
    for name, package in (("govuk", _GOVUK), ("moj", _MOJ)):
        (made / name / "assets" / "images").mkdir(parents=True)
        stem = f"{name}-frontend.min"
        (made / name / f"{stem}.css").write_text(without_crown(_read(package / f"{stem}.css")))
        (made / name / f"{stem}.js").write_text(_without_source_map(_read(package / f"{stem}.js")))
    for icon in sorted((_MOJ / "assets" / "images").glob("icon-*")):
        shutil.copy(icon, made / "moj" / "assets" / "images")
    (made / "made-from").write_text(_fingerprint())
    shutil.rmtree(SERVED, ignore_errors=True)
    made.rename(SERVED)


def without_crown(css: str) -> str:
    """The style sheet without the font and the crest, and with addresses relative to itself."""
    css = re.sub(r"@font-face\{font-family:GDS Transport;[^}]*\}", "", css)
    css = css.replace("GDS Transport,arial,sans-serif", "Arial,Helvetica,sans-serif")
    css = re.sub(r"url\(/assets/images/govuk-crest\.svg\)", "none", css)
    css = _without_source_map(css.replace("url(/assets/", "url(assets/"))
    if "GDS Transport" in css or "crest.svg" in css:
        raise ValueError("The style sheet names the font or the crest in a way that assets.py does not know.")
    return css


def _without_source_map(text: str) -> str:
    return re.sub(r"(/\*|//)# sourceMappingURL=\S*( ?\*/)?", "", text)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _fingerprint() -> str:
    sources = (ROOT / "package-lock.json", Path(__file__))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


def make() -> None:
    """Install and copy, unless that was done already."""
    if not are_current():
        install_packages()
        copy_served()


if __name__ == "__main__":
    make()
