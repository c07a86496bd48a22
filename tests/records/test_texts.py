"""Text messages: in which words, once, and whether they arrived; against a stand-in for GOV.UK Notify."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from pytest_django import Settings

from casework.embedded import free_port
from casework.pretend_notify import Desk, Phone, Refused, listen
from casework.processes import LOCAL_KEY, LOCAL_TEMPLATE
from casework.records.models import Disclosure, Notification, User
from casework.records.notify import outbox, texts
from casework.records.notify.templates import LONGEST_TEXT, TEMPLATES, Wording, faults
from casework.records.times import now
from incidents.services.reports import report_missing
from protocols import engine
from protocols.models import StepRun
from protocols.publishing import publish_default
from tests.cast import Cast
from tests.records.test_outbox import absence_of, come_back, kinds, let_it_be_tried_again

MOBILE, OFF, NO_SUCH = "+447700900123", "+447700900003", "+447700900002"
SMS, EMAIL = Notification.Channel.SMS, Notification.Channel.EMAIL


@pytest.fixture
def desk(tmp_path: Path, settings: Settings) -> Iterator[Desk]:
    """Notify, as far as this machine is concerned."""
    desk, port = Desk(Phone(tmp_path), api_key=LOCAL_KEY, template_id=LOCAL_TEMPLATE), free_port()
    close = listen(desk, port=port)
    settings.NOTIFY_API_KEY, settings.NOTIFY_TEMPLATE_ID = LOCAL_KEY, LOCAL_TEMPLATE
    settings.NOTIFY_URL = f"http://127.0.0.1:{port}"
    yield desk
    close()


def owe_text(cast: Cast, to: User, *, phone: str = MOBILE, **more: Any) -> Notification:
    """A late step's text to somebody with a mobile number."""
    User.objects.filter(pk=to.pk).update(phone=phone)
    values = {"template": "step_late", "reference": "E-2026-0412", "child": cast.kit, "channel": SMS}
    return Notification.objects.create(key=f"{to.pk.hex}{SMS}", recipient=to, **{**values, **more})


def owe_letter(like: Notification) -> Notification:
    """The letter that goes with a text."""
    same = {
        name: getattr(like, name) for name in ("template", "reference", "child", "recipient", "step_run_id")
    }
    return Notification.objects.create(key=f"{like.recipient_id.hex}{EMAIL}", **same)


def ask_again_now() -> None:
    """As if the wait until the next question were over."""
    Notification.objects.filter(state="sent", next_try_at__isnull=False).update(
        next_try_at="2020-01-01T00:00Z"
    )


# Words -----------------------------------------------------------------------------------------------


def test_a_text_says_the_reference_and_how_to_know_it_again_and_has_no_link(cast: Cast, desk: Desk) -> None:
    owed = owe_text(cast, cast.bev)
    assert outbox.deliver() == 1
    (text,) = desk.phone.texts()
    assert text.body == (
        f"Casework: a step is late on case ref E-2026-0412. Open Casework.\nRef {owed.key[:4].upper()}"
    )
    assert (text.phone_number, text.reference) == (MOBILE, owed.key)
    assert not re.search(r"http|Kit|Ashdown|Larch", text.body)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("See {link}", "uses 'link'"),
        ("Kit {child}", "uses 'child'"),
        ("A “step” is due", "another alphabet"),
        ("x" * LONGEST_TEXT, "longer than 160"),
    ],
)
def test_a_text_that_says_too_much_is_not_on_the_list(words: str, fault: str) -> None:
    (found,) = faults({"one": Wording("A subject", "A body", text=words)})
    assert fault in found
    assert list(faults(TEMPLATES)) == []


# Once ------------------------------------------------------------------------------------------------


def test_a_text_that_arrived_unheard_is_asked_for_and_not_sent_again(cast: Cast, desk: Desk) -> None:
    owed = owe_text(cast, cast.bev)
    desk.loses_answers = 1
    assert outbox.deliver() == 0
    owed.refresh_from_db()
    assert (owed.state, owed.reason) == ("queued", texts.NOT_REACHED)
    let_it_be_tried_again(owed)
    assert outbox.deliver() == 1
    (text,) = desk.phone.texts()
    owed.refresh_from_db()
    assert (owed.state, owed.outside_id) == ("sent", text.id)


def test_a_text_that_never_arrived_is_sent_by_the_second_try(cast: Cast, desk: Desk) -> None:
    owed = owe_text(cast, cast.bev)
    desk.fails_next = [Refused(500, "Exception", "Internal server error")]
    assert (outbox.deliver(), list(desk.phone.texts())) == (0, [])
    let_it_be_tried_again(owed)
    assert (outbox.deliver(), len(list(desk.phone.texts()))) == (1, 1)


@pytest.mark.parametrize(
    ("status", "error", "message", "said", "state"),
    [
        (403, "AuthError", "Invalid token: API key not found", texts.NOT_ALLOWED, "queued"),
        (429, "RateLimitError", "Exceeded rate limit for key type LIVE", texts.TOO_MANY, "queued"),
        (500, "Exception", "Internal server error", texts.NOT_REACHED, "queued"),
        (400, "BadRequestError", "Template not found", texts.NOT_TAKEN, "queued"),
        (400, "ValidationError", "phone_number Too many digits", texts.NO_SUCH_NUMBER, "failed"),
    ],
)
def test_what_notify_refuses_is_put_off_and_only_a_number_is_given_up(
    cast: Cast, desk: Desk, status: int, error: str, message: str, said: str, state: str
) -> None:
    owed = owe_text(cast, cast.bev)
    desk.fails_next = [Refused(status, error, message)]
    assert outbox.deliver() == 0
    owed.refresh_from_db()
    assert (owed.state, owed.reason) == (state, said)


def test_a_silent_notify_costs_one_try_and_keeps_no_letter(
    cast: Cast, desk: Desk, settings: Settings
) -> None:
    settings.NOTIFY_URL = f"http://127.0.0.1:{free_port()}"
    first, second = owe_text(cast, cast.bev), owe_text(cast, cast.amina)
    owe_letter(first)
    assert outbox.deliver() == 1
    assert len(mail.outbox) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.attempts + second.attempts, list(desk.phone.texts())) == (1, [])


def test_a_wrong_key_is_refused_by_the_desk_itself(cast: Cast, desk: Desk, settings: Settings) -> None:
    owed = owe_text(cast, cast.bev)
    settings.NOTIFY_API_KEY = LOCAL_KEY.replace("2222-", "2223-")
    outbox.deliver()
    owed.refresh_from_db()
    assert (owed.reason, list(desk.phone.texts())) == (texts.NOT_ALLOWED, [])


# No longer wanted, no longer allowed -----------------------------------------------------------------


def test_a_text_is_looked_at_again_before_it_goes(cast: Cast, desk: Desk) -> None:
    episode = absence_of(cast.kit)
    back = owe_text(cast, cast.bev, episode_id=episode.pk, stops_on_return=True)
    stranger = owe_text(cast, cast.eve)
    numberless = owe_text(cast, cast.amina, phone="")
    come_back(episode)
    assert (outbox.deliver(), list(desk.phone.texts())) == (0, [])
    for owed in (back, stranger, numberless):
        owed.refresh_from_db()
    assert [one.reason for one in (back, stranger, numberless)] == [
        "The child is back.",
        "This person no longer has access to the record.",
        "This person has no mobile number any more.",
    ]


def test_without_a_key_what_was_owed_is_taken_back_and_says_so(cast: Cast) -> None:
    owed = owe_text(cast, cast.bev)
    assert outbox.deliver() == 0
    owed.refresh_from_db()
    assert (owed.state, owed.reason) == ("withdrawn", "Text messages are switched off.")


# Whether it arrived ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phone", "kind", "state", "told"),
    [
        (MOBILE, "delivered", "sent", 1),
        (OFF, "not_delivered", "failed", 0),
        (NO_SUCH, "not_delivered", "failed", 0),
    ],
)
def test_notify_is_asked_what_became_of_it(
    cast: Cast, desk: Desk, monkeypatch: pytest.MonkeyPatch, phone: str, kind: str, state: str, told: int
) -> None:
    owed = owe_text(cast, cast.bev, phone=phone)
    outbox.deliver()
    assert (kinds(owed), Disclosure.objects.count()) == (["sent"], 0)
    monkeypatch.setattr("casework.pretend_notify._SENDING_SECONDS", 0)
    ask_again_now()
    outbox.deliver()
    owed.refresh_from_db()
    assert (kinds(owed), owed.state, owed.next_try_at) == (["sent", kind], state, None)
    assert Disclosure.objects.filter(told_user=cast.bev, how="system").count() == told
    outbox.deliver()
    assert kinds(owed) == ["sent", kind]


def test_it_is_asked_for_ten_minutes_and_then_nobody_knows(
    cast: Cast, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.pretend_notify._SENDING_SECONDS", 10_000)
    owed = owe_text(cast, cast.bev)
    outbox.deliver()
    for _ in range(20):
        ask_again_now()
        outbox.deliver()
    owed.refresh_from_db()
    assert (kinds(owed), owed.receipt_asks) == (["sent", "unknown"], 9)


def test_a_letter_and_a_text_of_the_same_words_tell_once(
    cast: Cast, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.pretend_notify._SENDING_SECONDS", 0)
    publish_default(authority=cast.exampleshire)
    episode = report_missing(by=cast.carl, child=cast.kit, category="missing", noticed_at=now())
    engine.fire_due(episode.pk)
    owed = owe_text(cast, cast.bev, step_run_id=StepRun.objects.filter(episode=episode)[0].pk)
    owe_letter(owed)
    outbox.deliver()
    ask_again_now()
    outbox.deliver()
    assert kinds(owed) == ["sent", "delivered"]
    assert Disclosure.objects.filter(told_user=cast.bev, what="A step is late").count() == 1
