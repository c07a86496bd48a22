"""What is wrong with an authority's files: by file, line, column and reason, all at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

KEPT: Final = 5000  # of a file that is wrong in every row, the first thousands are enough to mend it by
SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """`line` is the physical line in which the row begins, 0 when the whole file is meant."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = [self.file, f"line {self.line}" if self.line else "", self.column]
        return f"{', '.join(part for part in where if part)}: {self.reason}"


class FaultyFiles(Exception):
    """The files cannot be taken. `count` is of all faults, `faults` are those kept, in the files' order."""

    def __init__(self, faults: Sequence[Fault], count: int | None = None) -> None:
        self.faults = tuple(faults)
        self.count = len(self.faults) if count is None else count
        super().__init__(f"{self.count} faults")

    def lines(self, shown: int = SHOWN) -> Iterator[str]:
        """Sentences to print: the first faults, and how many more there are."""
        yield from (str(fault) for fault in self.faults[:shown])
        if self.count > shown:
            yield f"And {self.count - shown:,} more."


class Faults:
    """Collects faults while files are read; `refuse` ends the reading when there are any."""

    def __init__(self) -> None:
        self.count = 0
        self._kept: list[Fault] = []
        self._files: dict[str, int] = {}

    def add(self, file: str, line: int, column: str, reason: str) -> None:
        self.count += 1
        self._files.setdefault(file, len(self._files))
        if len(self._kept) < KEPT:
            self._kept.append(Fault(file, line, column, reason))

    def sentences(self) -> list[str]:
        """The first few, for a place where there is room for no more."""
        return [str(fault) for fault in self._kept[:5]]

    def refuse(self) -> None:
        """FaultyFiles when anything was found wrong."""
        if self.count:
            ordered = sorted(self._kept, key=lambda fault: (self._files[fault.file], fault.line))
            raise FaultyFiles(ordered, self.count)
