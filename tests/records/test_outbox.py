"""Messages that are owed: once, to whom they still concern, and never with a word about a child."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from pytest_django import Settings

from casework.embedded import free_port

if TYPE_CHECKING:
    from casework.records.models import Child, Notification, User
    from incidents.models import MissingEpisode
    from tests.cast import Cast


def absence_of(child: Child) -> MissingEpisode:
    from incidents.models import MissingEpisode

    return MissingEpisode.objects.create(
        child=child, authority=child.authority, reference=f"E-2026-{child.last_name}"
    )


def owe(
    to: User, child: Child | None = None, episode: MissingEpisode | None = None, **more: object
) -> Notification:
    """Queue a late step's message and give back its row."""
    from casework.records.models import Notification
    from casework.records.notify import outbox

    key = uuid4().hex
    owed = {
        "key": key,
        "recipient_id": to.pk,
        "template": "step_late",
        "reference": episode.reference if episode else "",
        "child_id": child.pk if child else None,
        "episode_id": episode.pk if episode else None,
        **more,
    }
    outbox.queue(**owed)  # type: ignore[arg-type]  # the values are of several kinds
    return Notification.objects.get(key=owed["key"])


def deliver() -> int:
    from casework.records.notify import outbox

    return outbox.deliver()


def kinds(owed: Notification) -> list[str]:
    return list(owed.events.order_by("recorded_at").values_list("kind", flat=True))


def seconds_until_next_try(owed: Notification) -> float:
    """By the clock of the database that counts them, which is the one of the back-off."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM next_try_at - clock_timestamp())::float"
            " FROM records_notification WHERE id = %s",
            [owed.pk],
        )
        return float(cursor.fetchone()[0])


def let_it_be_tried_again(owed: Notification) -> None:
    """As if the wait were over."""
    type(owed).objects.filter(pk=owed.pk).update(next_try_at=None, lease_until=None)


class Door(EmailBackend):
    """The mail server of these tests: `before` is asked for each letter and may raise."""

    before: Callable[[], None] = staticmethod(lambda: None)
    is_open: bool = True

    def open(self) -> bool | None:
        if not type(self).is_open:
            raise ConnectionRefusedError
        return super().open()

    def send_messages(self, messages: Sequence[mail.EmailMessage]) -> int:
        type(self).before()
        return int(super().send_messages(messages))


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> type[Door]:
    monkeypatch.setattr(Door, "before", staticmethod(lambda: None))
    monkeypatch.setattr(Door, "is_open", True)
    monkeypatch.setattr("casework.records.notify.outbox.get_connection", lambda **options: Door(**options))
    return Door


# Owing -----------------------------------------------------------------------------------------------


def test_the_same_key_is_owed_once_and_sent_once(cast: Cast) -> None:
    from casework.records.models import Notification

    first = owe(cast.bev, cast.kit)
    owe(cast.bev, cast.kit, key=first.key)
    assert Notification.objects.count() == 1
    assert (deliver(), deliver()) == (1, 0)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"template": "free_words"}, "no template"),
        ({"key": "two words"}, "A key has"),
        ({"key": "line\nbreak"}, "A key has"),
        ({"key": "x" * 65}, "A key has"),
    ],
)
def test_words_off_the_list_and_impossible_keys_are_our_own_mistakes(
    cast: Cast, wrong: dict[str, object], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        owe(cast.bev, None, None, **wrong)


# Sending ---------------------------------------------------------------------------------------------


def test_a_letter_says_the_reference_and_where_to_go_and_nothing_of_kit(cast: Cast) -> None:
    episode = absence_of(cast.kit)
    episode.circumstances = "left after a phone call"
    episode.save()
    cast.kit.is_restricted = True
    cast.kit.save()
    owed = owe(cast.bev, cast.kit, episode, reference="E-2026-0412")
    assert deliver() == 1
    (letter,) = mail.outbox
    assert letter.to == ["bev.aldous@casework.example"]
    assert letter.subject == "A step is late"
    assert letter.body == (
        "Step late on case ref E-2026-0412. Open Casework.\n\n"
        f"http://127.0.0.1:8000/episodes/{episode.pk}/\n\nMessage {owed.key[:8]}\n"
    )
    whole = letter.message().as_string()
    for canary in ("Kit", "Ashdown", "Larch", "phone call", cast.kit.reference):
        assert canary not in whole


def test_what_was_sent_is_written_down_three_times(cast: Cast) -> None:
    from casework.records.models import Disclosure

    episode = absence_of(cast.kit)
    owed = owe(cast.carl, cast.kit, episode)
    deliver()
    owed.refresh_from_db()
    assert (owed.state, owed.lease_token, kinds(owed)) == ("sent", None, ["sent"])
    assert owed.sent_at is not None
    told = Disclosure.objects.get(episode_id=episode.pk)
    assert (told.told_user, told.how, told.audience) == (cast.carl, "system", "provider")
    assert (told.told_name, told.told_role, told.what) == ("Carl Penrose", "Home staff", "A step is late")


@pytest.mark.parametrize(
    ("who", "audience"), [("bev", "authority"), ("gita", "provider"), ("mo", "provider")]
)
def test_a_telling_says_in_what_capacity(cast: Cast, who: str, audience: str) -> None:
    from casework.records.models import Disclosure

    child = cast.biniam if who == "mo" else cast.kit
    owe(getattr(cast, who), child)
    deliver()
    assert Disclosure.objects.get().audience == audience


def test_a_repeat_is_the_same_letter_byte_for_byte(cast: Cast) -> None:
    from casework.records.notify.letters import letter_for

    owed = owe(cast.bev, cast.kit, absence_of(cast.kit))
    letter = letter_for(owed)
    assert letter.message().as_bytes() == letter_for(owed).message().as_bytes()
    assert letter.message()["Message-ID"] == f"<{owed.key}@casework.example>"


def test_a_leased_message_is_left_alone_until_the_lease_runs_out(cast: Cast) -> None:
    from casework.records.notify import outbox

    owed = owe(cast.bev, cast.kit)
    assert outbox._lease(uuid4()) == owed.pk
    assert deliver() == 0
    let_it_be_tried_again(owed)
    assert deliver() == 1
    owed.refresh_from_db()
    assert owed.attempts == 2


def test_whoever_lost_the_lease_sends_nothing(cast: Cast, door: type[Door]) -> None:
    from casework.records.notify import outbox
    from casework.records.notify.settling import settle

    owed = owe(cast.bev, cast.kit)
    late, quick = uuid4(), uuid4()
    outbox._lease(late)
    let_it_be_tried_again(owed)
    outbox._lease(quick)
    assert settle(owed.pk, late, door()) is False
    assert mail.outbox == []
    assert settle(owed.pk, quick, door()) is True
    assert settle(owed.pk, quick, door()) is False
    assert len(mail.outbox) == 1


# Failing ---------------------------------------------------------------------------------------------


def test_a_refused_message_is_put_off_longer_and_longer_and_never_dropped(
    cast: Cast, door: type[Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise SMTPDataError(451, b"Try again later, Kit Ashdown")

    monkeypatch.setattr(door, "before", staticmethod(refuse))
    owed = owe(cast.bev, cast.kit)
    for seconds in (30, 60, 120, 300, 900, 900):
        assert deliver() == 0
        assert seconds - 30 < seconds_until_next_try(owed) <= seconds
        assert deliver() == 0  # not before the wait is over
        let_it_be_tried_again(owed)
    owed.refresh_from_db()
    assert (owed.state, owed.attempts) == ("queued", 6)
    assert owed.reason == "The mail server refused it (451)."
    assert kinds(owed) == ["put_off"] * 6
    monkeypatch.setattr(door, "before", staticmethod(lambda: None))
    assert deliver() == 1


def test_a_server_that_does_not_answer_ends_the_round(
    cast: Cast, door: type[Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = owe(cast.bev, cast.kit), owe(cast.amina, cast.kit)
    monkeypatch.setattr(door, "is_open", False)
    assert deliver() == 0
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.attempts, first.reason) == (1, "The mail server could not be reached.")
    assert second.attempts == 0
    monkeypatch.setattr(door, "is_open", True)
    assert deliver() == 1
    second.refresh_from_db()
    assert second.state == "sent"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SMTPRecipientsRefused({"a@b": (450, b"later")}), "The mail server refused the address."),
        (SMTPServerDisconnected("gone"), "The mail server could not be reached."),
        (TimeoutError(), "The mail server could not be reached."),
        (KeyError("strange"), "The message could not be written."),
    ],
)
def test_what_breaks_one_message_does_not_keep_the_next(
    cast: Cast, door: type[Door], monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    faults: Iterator[Exception | None] = iter([error, None])

    def once() -> None:
        if fault := next(faults):
            raise fault

    monkeypatch.setattr(door, "before", staticmethod(once))
    broken, sound = owe(cast.bev, cast.kit), owe(cast.amina, cast.kit)
    assert deliver() == 1
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.state, broken.reason, sound.state) == ("queued", said, "sent")


@pytest.mark.ac("T06.3")
@pytest.mark.parametrize("strange", ["bev@casework.example\nBcc: all@elsewhere.example", "bev@x\r\n.example"])
def test_an_address_cannot_bring_a_header_of_its_own(cast: Cast, strange: str) -> None:
    from casework.records.models import User

    User.objects.filter(pk=cast.bev.pk).update(email=strange)
    owed = owe(cast.bev, cast.kit)
    assert deliver() == 0
    owed.refresh_from_db()
    assert (mail.outbox, owed.reason) == ([], "The message could not be written.")


@pytest.mark.ac("T06.3")
def test_a_reference_cannot_bring_a_header_or_a_line_of_its_own(cast: Cast) -> None:
    owe(cast.bev, cast.kit, reference="E-1\n\nKit Ashdown")
    assert (deliver(), mail.outbox) == (0, [])


# No longer wanted, no longer allowed -----------------------------------------------------------------


def come_back(episode: MissingEpisode) -> None:
    """The facts of a return, without what the service does besides."""
    from casework.records.times import CaseworkNow

    type(episode).objects.filter(pk=episode.pk).update(state="follow_up", returned_at=CaseworkNow())


def test_a_return_takes_back_what_is_unsent_and_leaves_what_counts_from_it(cast: Cast) -> None:
    from casework.records.notify import outbox

    episode, other = absence_of(cast.kit), absence_of(cast.ola)
    late = owe(cast.bev, cast.kit, episode, stops_on_return=True)
    interview = owe(cast.bev, cast.kit, episode, stops_on_return=False)
    olas = owe(cast.bev, cast.ola, other, stops_on_return=True)
    assert outbox.withdraw(episode.pk, "The child is back.") == 1
    assert outbox.withdraw(episode.pk, "The child is back.") == 0
    for owed in (late, interview, olas):
        owed.refresh_from_db()
    assert [owed.state for owed in (late, interview, olas)] == ["withdrawn", "queued", "queued"]
    assert (late.reason, kinds(late)) == ("The child is back.", ["withdrawn"])
    assert deliver() == 2


def test_a_message_that_a_return_overtook_is_not_sent(cast: Cast) -> None:
    episode = absence_of(cast.kit)
    late = owe(cast.bev, cast.kit, episode, stops_on_return=True)
    interview = owe(cast.bev, cast.kit, episode)
    come_back(episode)
    assert deliver() == 1
    late.refresh_from_db()
    interview.refresh_from_db()
    assert (late.state, late.reason, interview.state) == ("withdrawn", "The child is back.", "sent")


def test_a_message_withdrawn_after_its_lease_is_not_sent(cast: Cast, door: type[Door]) -> None:
    from casework.records.notify import outbox
    from casework.records.notify.settling import settle

    episode = absence_of(cast.kit)
    owed = owe(cast.bev, cast.kit, episode, stops_on_return=True)
    token = uuid4()
    outbox._lease(token)
    outbox.withdraw(episode.pk, "The child is back.")
    assert settle(owed.pk, token, door()) is False
    assert (mail.outbox, kinds(owed)) == ([], ["withdrawn"])


@pytest.mark.django_db(transaction=True)
def test_a_return_cannot_be_written_while_a_letter_is_on_its_way(
    cast: Cast, door: type[Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError, connection

    episode = absence_of(cast.kit)
    owe(cast.bev, cast.kit, episode, stops_on_return=True)
    waited: list[bool] = []

    def try_to_return() -> None:
        beside = connection.copy()
        with beside.cursor() as cursor:
            try:
                cursor.execute(
                    "SELECT FROM incidents_missingepisode WHERE id = %s FOR NO KEY UPDATE NOWAIT",
                    [episode.pk],
                )
                waited.append(False)
            except OperationalError:
                waited.append(True)
        beside.close()

    monkeypatch.setattr(door, "before", staticmethod(try_to_return))
    assert deliver() == 1
    try_to_return()
    assert waited == [True, False]


@pytest.mark.ac("T06.4")
def test_carl_is_not_told_once_kit_lives_elsewhere(cast: Cast) -> None:
    from casework.records.models import Disclosure, Placement
    from casework.records.times import now

    owed = owe(cast.carl, cast.kit)
    placement = Placement.objects.get(child=cast.kit)
    assert placement.period is not None
    Placement.objects.filter(pk=placement.pk).update(
        period=type(placement.period)(placement.period.lower, now())
    )
    assert deliver() == 0
    owed.refresh_from_db()
    assert owed.state == "withdrawn"
    assert owed.reason == "This person no longer has access to the record."
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("concerns_kit", [True, False])
def test_a_suspended_person_is_sent_nothing(cast: Cast, concerns_kit: bool) -> None:
    cast.bev.is_active = False
    cast.bev.save()
    owe(cast.bev, cast.kit if concerns_kit else None)
    assert (deliver(), mail.outbox) == (0, [])


def test_eve_of_another_authority_is_sent_nothing(cast: Cast) -> None:
    owe(cast.eve, cast.kit)
    assert (deliver(), mail.outbox) == (0, [])


# Invitations -----------------------------------------------------------------------------------------


def test_an_invitation_lets_a_person_choose_a_password_once(cast: Cast, client: Client) -> None:
    owe(cast.bev, template="invitation")
    assert deliver() == 1
    (link,) = re.findall(r"http://127\.0\.0\.1:8000(/\S+)", str(mail.outbox[0].body))
    page = client.get(link, follow=True)
    chosen = {"password1": "a sound of wooden bells", "password2": "a sound of wooden bells"}
    client.post(page.request["PATH_INFO"], chosen)
    cast.bev.refresh_from_db()
    assert cast.bev.check_password("a sound of wooden bells")
    again = Client().get(link, follow=True)
    assert b"password1" not in again.content


# A real mail server ----------------------------------------------------------------------------------


class Catcher:
    """An SMTP server on loopback that refuses one address."""

    def __init__(self) -> None:
        self.caught: list[tuple[list[str], bytes]] = []

    async def handle_RCPT(  # noqa: N802  the server's own name for it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("amina"):
            return "550 No such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.caught.append((list(envelope.rcpt_tos), envelope.content))
        return "250 Caught"


@pytest.fixture
def catcher(settings: Settings) -> Iterator[Catcher]:
    caught = Catcher()
    controller = Controller(caught, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    yield caught
    controller.stop()


def test_letters_go_through_a_real_mail_server_one_refusal_and_all(cast: Cast, catcher: Catcher) -> None:
    refused = owe(cast.amina, cast.kit)
    owed = owe(cast.bev, cast.kit, absence_of(cast.kit))
    assert deliver() == 1
    ((recipients, content),) = catcher.caught
    assert recipients == ["bev.aldous@casework.example"]
    assert f"Message-ID: <{owed.key}@casework.example>".encode() in content
    assert b"Auto-Submitted: auto-generated" in content
    refused.refresh_from_db()
    assert (refused.state, refused.reason) == ("failed", "The mail server refused the address.")
    assert list(refused.events.values_list("kind", flat=True)) == ["failed"]


def test_a_closed_port_is_an_unreached_server(cast: Cast, catcher: Catcher, settings: Settings) -> None:
    import socket

    with socket.socket() as held:  # bound and not listening: nobody answers here
        held.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = held.getsockname()[1]
        owed = owe(cast.bev, cast.kit)
        assert deliver() == 0
    owed.refresh_from_db()
    assert owed.reason == "The mail server could not be reached."


# A past that is told afterwards ---------------------------------------------------------------------


def test_a_told_past_counts_as_sent_at_its_own_time(cast: Cast) -> None:
    from casework.records.models import Disclosure, Notification, NotificationEvent
    from casework.records.notify.settling import count_as_sent
    from casework.records.times import now, pretend_now

    then = now() - timedelta(days=9)
    pretend_now(then)
    episode = absence_of(cast.kit)
    owed = owe(cast.bev, cast.kit, episode)
    outsider = owe(cast.eve, cast.kit, episode)
    elsewhere = owe(cast.bev, cast.ola, absence_of(cast.ola))
    assert count_as_sent(episode.pk) == 1
    pretend_now(None)

    owed.refresh_from_db()
    assert (owed.state, owed.sent_at, owed.attempts) == (Notification.State.SENT, then, 0)
    assert NotificationEvent.objects.get(notification=owed).reason.endswith("nothing left.")
    told = Disclosure.objects.get(episode_id=episode.pk)
    assert (told.told_user, told.told_at, told.told_role) == (cast.bev, then, "Team manager")
    outsider.refresh_from_db()
    assert outsider.state == Notification.State.WITHDRAWN
    elsewhere.refresh_from_db()
    assert elsewhere.state == Notification.State.QUEUED
    assert mail.outbox == []


def test_what_is_owed_in_earnest_can_only_be_sent(cast: Cast) -> None:
    from casework.records.notify.settling import count_as_sent

    episode = absence_of(cast.kit)
    owed = owe(cast.bev, cast.kit, episode)
    with pytest.raises(ValueError, match="told afterwards"):
        count_as_sent(episode.pk)
    owed.refresh_from_db()
    assert owed.state == "queued"
