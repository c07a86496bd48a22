"""`manage.py protocol validate|import|export|diff`: protocols as documents, from the command line.

An edition is named by a file (`night.yaml`), as `default` (the one that ships), by an authority's code
(`EXS`: the one in force there) or by code and number (`EXS@3`).
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.records.errors import Refused
from casework.records.models import LocalAuthority
from casework.records.times import now
from protocols.differences import differences
from protocols.document import DEFAULT, read_document
from protocols.marked import DocumentError
from protocols.models import ProtocolVersion
from protocols.publishing import current_version_for, draft_version, publish_version
from protocols.rulebook import ProtocolDocument


class Command(BaseCommand):
    help = "Check, take in, give out and compare protocol documents (YAML)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="act", required=True, parser_class=ArgumentParser)
        validate = commands.add_parser("validate", help="name every mistake by line and column")
        validate.add_argument("file", type=Path)
        take_in = commands.add_parser("import", help="keep a document as the next draft")
        take_in.add_argument("file", type=Path)
        take_in.add_argument("--authority", metavar="CODE", help="else for all without their own")
        take_in.add_argument("--publish", action="store_true", help="put it in force (for setting up)")
        give_out = commands.add_parser("export", help="write an edition's document to standard output")
        give_out.add_argument("edition")
        compare = commands.add_parser("diff", help="say what the second edition changes in the first")
        compare.add_argument("old")
        compare.add_argument("new")

    def handle(self, *args: Any, **options: Any) -> None:
        match options["act"]:
            case "validate":
                self.validate(options["file"])
            case "import":
                self.take_in(options["file"], options["authority"], publish=options["publish"])
            case "export":
                self.stdout.write(_source_of(options["edition"]), ending="")
            case "diff":
                self.compare(options["old"], options["new"])

    def validate(self, file: Path) -> None:
        document = _read(_text_of(file), str(file))
        self.stdout.write(f"{document.name}: {len(document.steps)} steps, no mistakes.")

    def take_in(self, file: Path, code: str | None, *, publish: bool) -> None:
        authority = _authority(code) if code else None
        try:
            version = draft_version(by=None, authority=authority, source=_text_of(file))
            if publish:
                version = publish_version(by=None, version_id=version.id)
        except Refused as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write(f"{version.protocol.name}: version {version.number}, {version.state}.")

    def compare(self, old: str, new: str) -> None:
        before, after = _read(_source_of(old), old), _read(_source_of(new), new)
        for sentence in differences(before, after):
            self.stdout.write(sentence)


def _source_of(edition: str) -> str:
    if edition == "default":
        return _text_of(DEFAULT)
    if edition.endswith((".yaml", ".yml")):
        return _text_of(Path(edition))
    code, _, number = edition.partition("@")
    return _version(_authority(code), number).document


def _version(authority: LocalAuthority, number: str) -> ProtocolVersion:
    if not number:
        try:
            return current_version_for(authority.id, now())
        except Refused as refused:
            raise CommandError(refused.message) from refused
    if not (number.isascii() and number.isdigit()):
        raise CommandError(f"“{number}” is not the number of a version.")
    own = ProtocolVersion.objects.filter(protocol__authority=authority, number=int(number))
    version = own.order_by("-recorded_at").first()
    if version is None:
        raise CommandError(f"{authority.code} has no version {number}.")
    return version


def _authority(code: str) -> LocalAuthority:
    authority = LocalAuthority.objects.filter(code=code).first()
    if authority is None:
        raise CommandError(f"There is no authority with the code {code}.")
    return authority


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{file}: not UTF-8 text.") from error


def _read(source: str, name: str) -> ProtocolDocument:
    try:
        return read_document(source)
    except DocumentError as error:
        raise CommandError("\n".join(f"{name}: {problem}" for problem in error.problems)) from error
