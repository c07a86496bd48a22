"""Every message the service may send. A closed list: no other words ever leave by e-mail.

A letter can be read on a locked phone by whoever stands near, so it says that there is work, gives the case
reference and leads to a page behind sign-in. Nothing in it can name a child, a place or a reason, because no
placeholder for that exists (CASEWORK.E101).
"""

from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Final, NamedTuple


class Wording(NamedTuple):
    """A fixed subject, and a body with placeholders. `{link}` is what the reader opens next.

    `path` is where the link leads when the message is about no episode.
    """

    subject: str
    body: str
    path: str = "/"


PLACEHOLDERS: Final = frozenset({"reference", "link"})
INVITATION: Final = "invitation"  # its link is a new one-time key each time it is sent

TEMPLATES: Final[Mapping[str, Wording]] = {
    "step_due": Wording(
        "A step is yours to do", "A step is due on case ref {reference}. Open Casework.\n\n{link}"
    ),
    "step_late": Wording("A step is late", "Step late on case ref {reference}. Open Casework.\n\n{link}"),
    "step_notice": Wording(
        "For you to know", "There is something to know on case ref {reference}. Open Casework.\n\n{link}"
    ),
    "step_failed": Wording(
        "A step could not be carried out",
        "A step on case ref {reference} could not be carried out. Do it by hand, and ring round.\n\n{link}",
    ),
    "step_handed_over": Wording(
        "A step was handed over to you",
        "A step on case ref {reference} was handed over to you. Open Casework.\n\n{link}",
    ),
    "enquirer": Wording(
        "Somebody asked for a child",
        "Somebody whom nobody can vouch for rang and asked for a child. Open Casework to see what they said."
        "\n\n{link}",
        "/work/",
    ),
    "placement_notice": Wording(
        "A home has given notice",
        "A home has given notice on a place, case ref {reference}. Open Casework.\n\n{link}",
    ),
    INVITATION: Wording(
        "Your sign-in for Casework",
        "You have been given a sign-in for Casework. Choose a password within three days:\n\n{link}\n\n"
        "After that, choose 'I forgot my password' on the sign-in page to get a new link.",
    ),
    "unexplained_looks": Wording(
        "Looks to check",
        "Last week somebody opened records without a reason that Casework knows of. Open the list and ask."
        "\n\n{link}",
        "/looks/",
    ),
    "new_role": Wording(
        "You have a new role in Casework", "You have been given another role in Casework.\n\n{link}"
    ),
    "many_addresses": Wording(
        "Somebody looked at many addresses",
        "Somebody was stopped after looking at many addresses. Open Casework to see who.\n\n{link}",
        "/reviews/",
    ),
    "glass_broken": Wording(
        "A record was opened in an emergency",
        "Somebody opened a record that is closed to them, in an emergency. It has to be reviewed within one "
        "working day.\n\n{link}",
        "/reviews/",
    ),
    "conflict_recorded": Wording(
        "A conflict of interest",
        "Somebody you work with has a conflict of interest. Open Casework to see what it changes.\n\n{link}",
        "/conflicts/",
    ),
}


def faults(templates: Mapping[str, Wording] = TEMPLATES) -> Iterator[str]:
    """What is wrong with the list, as sentences; nothing when every template keeps to its placeholders."""
    for name, wording in templates.items():
        if "\n" in wording.subject or _placeholders(wording.subject):
            yield f"The subject of {name} must be one fixed line."
        for strange in sorted(_placeholders(wording.body) - PLACEHOLDERS):
            yield f"The body of {name} uses {strange!r}."


def _placeholders(text: str) -> set[str]:
    """Everything between braces; "" for an empty pair, and attributes and indexes as they are written."""
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}
