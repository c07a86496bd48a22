"""What a service says when it will not. Each message is a sentence a person can act on."""

from uuid import UUID


class Refused(Exception):
    """The rule said no. `code` is for machines, `field` names the answer to mend, if there is one."""

    status = 422

    def __init__(self, message: str, *, code: str = "refused", field: str | None = None) -> None:
        super().__init__(message)
        self.message, self.code, self.field = message, code, field


class Invalid(Refused):
    """An answer that can be mended: the page is shown again with it."""


class NotAllowed(Refused):
    """Yours to see, not yours to do."""

    status = 403


class NotFound(Refused):
    """Not there, or not yours: nobody can tell which."""

    status = 404

    def __init__(self) -> None:
        super().__init__("Not found.", code="not_found")


class Conflict(Refused):
    """Somebody was first, or it is already so."""

    status = 409


class Changed(Conflict):
    """The row changed while this person was writing: `version` no longer matches."""

    def __init__(self) -> None:
        super().__init__("Someone changed this while you were writing.", code="changed")


class TooMany(Refused):
    """So often that somebody else has to look at it."""

    status = 429


class Unavailable(Refused):
    """Cannot be done at this moment, and so is not done at all."""

    status = 503


class OutOfSight(NotAllowed):
    """Not theirs to do, because it is no longer theirs to see: shown as if it were not there."""

    status = 404

    def __init__(self) -> None:
        super().__init__("Not found.", code="not_found")


class ReasonNeeded(NotAllowed):
    """Theirs to see, once they have said why: they have no part in this child's case."""

    def __init__(self, child_id: UUID) -> None:
        super().__init__("Say why you need this record. Then it opens.", code="reason_needed")
        self.child_id = child_id


class Malformed(Refused):
    """An address that no page of ours makes."""

    status = 400

    def __init__(self) -> None:
        super().__init__("This address asks for something that the page does not offer.", code="malformed")
