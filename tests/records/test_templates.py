"""What a message may say: a reference and a link, and nothing about a child."""

from __future__ import annotations

import pytest


@pytest.mark.ac("T06.2")
def test_every_template_keeps_to_its_placeholders() -> None:
    from casework.records.notify.templates import faults

    assert list(faults()) == []


@pytest.mark.parametrize(
    ("subject", "body", "said"),
    [
        ("A step is late", "{child} is missing", "The body of bad uses 'child'."),
        ("A step is late", "{reference.child.name}", "The body of bad uses 'reference.child.name'."),
        ("A step is late", "{}", "The body of bad uses ''."),
        ("Late: {reference}", "{link}", "The subject of bad must be one fixed line."),
        ("Late\nBcc: all@elsewhere.example", "{link}", "The subject of bad must be one fixed line."),
    ],
)
def test_a_template_that_says_more_is_found(subject: str, body: str, said: str) -> None:
    from casework.records.notify.templates import Wording, faults

    assert list(faults({"bad": Wording(subject, body)})) == [said]


@pytest.mark.ac("T06.2")
def test_such_a_template_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    from casework import checks

    assert checks.messages_carry_no_content(None) == []
    monkeypatch.setattr(checks, "faults", lambda: iter(["The body of bad uses 'child'."]))
    (error,) = checks.messages_carry_no_content(None)
    assert error.id == "casework.E101"


def test_every_message_of_a_step_has_its_words() -> None:
    from casework.records.notify.templates import TEMPLATES
    from protocols.messages import Template

    assert {str(template) for template in Template} <= TEMPLATES.keys()
