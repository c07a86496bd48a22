"""How far a long command is, as one line that goes on being rewritten; only where somebody is looking."""

from typing import Final, TextIO

WIDTH: Final = 30


class ProgressBar:
    """`stream` is where it is shown; nothing is when that is no terminal."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.is_seen = stream.isatty()
        self.shown = ""

    def __call__(self, what: str, behind: int, total: int) -> None:
        """Say that `behind` of `total` is done, in whichever unit."""
        if self.is_seen:
            share = behind / total if total else 1.0
            self._show(f"[{'#' * round(share * WIDTH):<{WIDTH}}] {share:4.0%}  {what}")

    def clear(self) -> None:
        """Make room for what is printed next."""
        if self.is_seen:
            self._show("")
            self.stream.write("\r")
            self.stream.flush()

    def _show(self, line: str) -> None:
        if line != self.shown:
            self.stream.write(f"\r{line:<{len(self.shown)}}")
            self.stream.flush()
            self.shown = line
