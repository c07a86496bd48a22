"""Which engine may sweep: an old one that meets a database a newer one has taken over stops and says so."""

from typing import Final

ENGINE: Final = 1


class NewerEngine(Exception):
    """A newer engine sweeps this database. Bring this process up to its release."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Engine {number} sweeps this database; this process is engine {ENGINE}.")
