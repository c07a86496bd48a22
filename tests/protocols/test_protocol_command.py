"""The protocol command, as an administrator types it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from casework.records.models import LocalAuthority
from casework.records.times import now
from protocols.publishing import current_version_for, rules_of
from tests.protocols.kits_night import DOCUMENT, RULES

SOONER_OFFER = DOCUMENT.replace(
    "after: 24 hours\n    met_by: interview_offered", "after: 20 hours\n    met_by: interview_offered"
)


def said(*arguments: str | Path) -> str:
    out = StringIO()
    call_command("protocol", *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.fixture
def sooner(tmp_path: Path) -> Path:
    file = tmp_path / "sooner.yaml"
    file.write_text(SOONER_OFFER)
    return file


def test_a_good_document_is_called_good(sooner: Path) -> None:
    assert said("validate", sooner) == "Children missing from care: 59 steps, no mistakes.\n"


def test_a_bad_one_is_refused_with_file_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(DOCUMENT.replace("    kind: decide", "    kind: maybe", 1))
    line = DOCUMENT[: DOCUMENT.index("    kind: decide")].count("\n") + 1
    with pytest.raises(CommandError, match=f"bad.yaml: line {line}, column 11: “maybe”"):
        said("validate", file)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "gone.yaml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError, match=r"gone\.yaml: "):
        said("validate", file)


def test_what_an_edition_changes_is_said_step_by_step(sooner: Path, tmp_path: Path) -> None:
    assert said("diff", "default", sooner) == "R4 due: R + 24 hours → R + 20 hours.\n"
    assert said("diff", sooner, sooner) == ""
    without_l1 = tmp_path / "shorter.yaml"
    without_l1.write_text(
        DOCUMENT[: DOCUMENT.index("  - code: L1")] + DOCUMENT[DOCUMENT.index("  - code: L2") :]
    )
    title = "Who is with the child, and who fetches them"
    assert said("diff", "default", without_l1) == f"L1 is taken out: {title}.\n"
    assert said("diff", without_l1, "default") == f"L1 is new: {title}. L + 30 minutes.\n"


@pytest.mark.django_db
def test_a_document_goes_in_for_one_authority_and_comes_out_as_it_was(sooner: Path) -> None:
    exs = LocalAuthority.objects.create(code="EXS", name="Exampleshire", is_tenant=True)
    assert said("import", sooner, "--authority", "EXS") == "Children missing from care: version 1, draft.\n"
    assert said("import", sooner, "--authority", "EXS", "--publish").endswith("version 2, published.\n")
    assert said("export", "EXS") == said("export", "EXS@1") == SOONER_OFFER
    assert said("diff", "default", "EXS").startswith("R4 due")
    assert rules_of(current_version_for(exs.id, now()).id) != RULES


@pytest.mark.django_db
@pytest.mark.parametrize("edition", ["NOBODY", "EXS@9", "EXS@x", "EXS"])
def test_an_edition_that_is_not_there_is_refused_in_words(edition: str) -> None:
    LocalAuthority.objects.create(code="EXS", name="Exampleshire", is_tenant=True)
    with pytest.raises(CommandError, match=r"There is no|has no version|is not the number|No protocol"):
        said("export", edition)
