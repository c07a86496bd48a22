"""What a browser sends, as the zip of a folder: a zip already, or single files to put into one."""

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

from casework.front.imports.columns import OF_THE_FOLDER
from casework.front.imports.faults import Faults
from casework.front.imports.sources import sources_of_archive
from casework.records.errors import Invalid
from casework.records.return_years import ReturnYear

NO_YEAR: Final = "Choose the return year of the files."
NOT_BOTH: Final = "Send one zip, or the single files, not both."


@dataclass(frozen=True, slots=True)
class Handed:
    """A file as it was handed over."""

    name: str
    content: bytes

    @property
    def is_zip(self) -> bool:
        return self.content.startswith(b"PK\x03\x04") or self.name.casefold().endswith(".zip")


def packed(files: Iterable[Handed], year: ReturnYear | None) -> bytes:
    """One zip that has the layout of a folder. Invalid when that cannot be made of these files."""
    handed = list(files)
    zips = [file for file in handed if file.is_zip]
    if zips and len(handed) > 1:
        raise Invalid(NOT_BOTH, field="folder")
    content = zips[0].content if zips else _zip_of(handed, year)
    faults = Faults()
    sources_of_archive(BytesIO(content), faults)
    if faults.count:
        raise Invalid(" ".join(faults.sentences()), field="folder")
    return content


def _zip_of(files: Iterable[Handed], year: ReturnYear | None) -> bytes:
    """Files of the folder at its top, all others in the folder of the year."""
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as folder:
        for file in files:
            name = PurePosixPath(file.name.replace("\\", "/")).name.casefold()
            if name not in OF_THE_FOLDER and year is None:
                raise Invalid(NO_YEAR, field="year")
            folder.writestr(name if name in OF_THE_FOLDER or year is None else f"{year}/{name}", file.content)
    return archive.getvalue()
