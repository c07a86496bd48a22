"""Every message the service may send. A closed list: no other words ever leave by e-mail or as a text.

A message can be read on a locked phone by whoever stands near, so it says that there is work, gives the case
reference and leads to a page behind sign-in. Nothing in it can name a child, a place or a reason, because no
placeholder for that exists (CASEWORK.E101). A text has no link at all: people learn not to follow those.
"""

from collections.abc import Iterator, Mapping
from string import Formatter, ascii_letters, digits
from typing import Final, NamedTuple


class Wording(NamedTuple):
    """A fixed subject, and a body with placeholders. `{link}` is what the reader opens next.

    `path` is where the link leads when the message is about no episode; `text` is the same for a phone.
    """

    subject: str
    body: str
    path: str = "/"
    text: str = ""


PLACEHOLDERS: Final = frozenset({"reference", "link"})
IN_A_TEXT: Final = frozenset({"reference"})
LONGEST_TEXT: Final = 160  # one part of the network's own alphabet
LONGEST_REFERENCE: Final = "E-2026-000000"
REPEAT_MARK: Final = "\nRef {mark}"  # so that whoever gets a text twice sees that it is the same one
# The letters of the network's alphabet that we use; any other would cut a text to 70 characters.
_PLAIN: Final = frozenset(f"{ascii_letters}{digits} .,:'-\n")
INVITATION: Final = "invitation"  # its link is a new one-time key each time it is sent

TEMPLATES: Final[Mapping[str, Wording]] = {
    "step_due": Wording(
        "A step is yours to do",
        "A step is due on case ref {reference}. Open Casework.\n\n{link}",
        text="Casework: a step is due on case ref {reference}. Open Casework.",
    ),
    "step_late": Wording(
        "A step is late",
        "Step late on case ref {reference}. Open Casework.\n\n{link}",
        text="Casework: a step is late on case ref {reference}. Open Casework.",
    ),
    "step_notice": Wording(
        "For you to know", "There is something to know on case ref {reference}. Open Casework.\n\n{link}"
    ),
    "step_failed": Wording(
        "A step could not be carried out",
        "A step on case ref {reference} could not be carried out. Do it by hand, and ring round.\n\n{link}",
        text="Casework: a step on case ref {reference} was not carried out. Do it by hand and ring round.",
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
    "police_news": Wording(
        "The police wrote something",
        "The police have written something on case ref {reference}. Open Casework.\n\n{link}",
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
    "police_client_ends": Wording(
        "A police system can soon call no more",
        "The time of a police force's system ends within two weeks, or has ended. Open Casework to renew it, "
        "or to let it end.\n\n{link}",
        "/setup/",
    ),
    "many_addresses": Wording(
        "Somebody looked at many addresses",
        "Somebody was stopped after looking at many addresses. Open Casework to see who.\n\n{link}",
        "/reviews/",
    ),
    "police_let_in": Wording(
        "A police force was let in",
        "Somebody of a police force, or its system, was given access to what you share with that force, or a "
        "new secret. Open Casework to see who.\n\n{link}",
        "/setup/",
    ),
    "key_in_address": Wording(
        "A key was sent in an address",
        "A police force's system sent its key in an address, where every log on the way has it. If it was a "
        "token, it has been ended; a secret still works. Ask the force to mend its system, give it a new "
        "secret, and end the old one.\n\n{link}",
        "/setup/",
    ),
    "key_from_elsewhere": Wording(
        "A police system's key was used elsewhere",
        "Somebody called with the live key of a police system from a network that is not its own. The call "
        "was refused. Ask the force at once. If it was not them, the key is stolen: give their system a "
        "new secret and end the old one, or revoke it.\n\n{link}",
        "/setup/",
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
        yield from _faults_of_text(name, wording.text)


def _faults_of_text(name: str, text: str) -> Iterator[str]:
    """A text is one part, in plain letters, and leads nowhere."""
    for strange in sorted(_placeholders(text) - IN_A_TEXT):
        yield f"The text of {name} uses {strange!r}."
        return
    said = f"{text.format(reference=LONGEST_REFERENCE)}{REPEAT_MARK.format(mark='7F3K')}"
    if not _PLAIN.issuperset(said):
        yield f"The text of {name} has a letter that phones send as another alphabet."
    if len(said) > LONGEST_TEXT:
        yield f"The text of {name} is longer than {LONGEST_TEXT} characters."


def _placeholders(text: str) -> set[str]:
    """Everything between braces; "" for an empty pair, and attributes and indexes as they are written."""
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}
