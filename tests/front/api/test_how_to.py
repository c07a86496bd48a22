"""What a supplier is told works as told: the commands, the script, and a client made from the schema."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from casework.records.photos import content_of
from incidents.models import Located, MissingEpisode, News, RiskAssessment
from tests.front.api.an_absence import a_photo_of_kit, kit_is_missing
from tests.front.api.calling import System, a_system
from tests.front.api.serving import served

if TYPE_CHECKING:
    from tests.cast import Cast

ROOT: Final = Path(__file__).resolve().parents[3]
HOW_TO: Final = ROOT / "docs" / "how-to" / "police-api.md"
_COMMANDS: Final = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)

pytestmark = pytest.mark.django_db(transaction=True)


def environment_for(system: System, address: str) -> dict[str, str]:
    return {
        **os.environ,
        "CASEWORK": address,
        "CLIENT_ID": system.client_id,
        "CLIENT_SECRET": system.secret,
    }


def test_the_commands_of_the_how_to_tell_its_story(cast: Cast, tmp_path: Path) -> None:
    """All but the last, which is the script below: in one shell, and each of them works."""
    if not (shutil.which("curl") and shutil.which("jq")):
        pytest.skip("curl and jq are not installed")
    episode, photo = kit_is_missing(cast), a_photo_of_kit(cast)
    system = a_system(cast.ada, cast.police)
    *commands, script = _COMMANDS.findall(HOW_TO.read_text(encoding="utf-8"))
    assert "conformance.py" in script
    with served(WEB_WORKERS="2") as address:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", "".join(commands)],
            env=environment_for(system, address),
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert_that_it_was_told(episode)
    assert (tmp_path / "photo.jpg").read_bytes() == content_of(photo)


def assert_that_it_was_told(episode: MissingEpisode) -> None:
    episode.refresh_from_db()
    assert episode.police_reference == "EX-4417"
    assert RiskAssessment.objects.get(episode=episode, made_by="police").grade == "high"
    assert News.objects.get(episode=episode).where == "Bus station"
    assert Located.objects.get(episode=episode).where == "With a friend"


def test_the_script_for_suppliers_passes(cast: Cast) -> None:
    kit_is_missing(cast)
    a_photo_of_kit(cast)
    system = a_system(cast.ada, cast.police, calls_a_minute=600)
    with served(WEB_WORKERS="2") as address:
        done = subprocess.run(
            [sys.executable, ROOT / "docs" / "api" / "conformance.py", address],
            env=environment_for(system, address),
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("PASS") > 50
    assert "FAIL" not in done.stdout


def test_a_client_made_from_the_schema_tells_the_story(cast: Cast, tmp_path: Path) -> None:
    """By openapi-python-client, from the file in the repository."""
    made = tmp_path / "casework_client"
    generator = Path(sys.executable).with_name("openapi-python-client")
    schema = ROOT / "docs" / "api" / "police-v1.yaml"
    subprocess.run(
        [generator, "generate", "--path", schema, "--meta", "none", "--output-path", made],
        env={**os.environ, "PATH": f"{generator.parent}:{os.environ['PATH']}"},
        check=True,
        capture_output=True,
        cwd=tmp_path,
    )
    episode = kit_is_missing(cast)
    system = a_system(cast.ada, cast.police)
    with served(WEB_WORKERS="1") as address:
        told = subprocess.run(
            [sys.executable, Path(__file__).with_name("the_story.py")],
            env={**environment_for(system, address), "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
        )
    assert told.returncode == 0, told.stdout + told.stderr
    assert_that_it_was_told(episode)
