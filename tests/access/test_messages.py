"""A message says that there is work and nothing of a child: not its words, its headers, nor its link."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from casework.records.models import Notification, NotificationEvent, User
from casework.records.notify import outbox
from casework.records.services.placements import move_child
from casework.records.times import now
from incidents.models import MissingEpisode
from incidents.services.reports import report_missing
from tests.access.a_world import make_world
from tests.cast import Cast
from tests.front.pages.a_report import signed_in

_LINK: Final = re.compile(r"http://\S+")


def owed_to(user: User, episode: MissingEpisode, template: str) -> Notification:
    outbox.queue(
        key=f"{template}-{user.pk}"[:64],
        recipient_id=user.pk,
        template=template,
        reference=episode.reference,
        child_id=episode.child_id,
        episode_id=episode.pk,
    )
    return Notification.objects.select_related("recipient").get(
        template=template, recipient=user, state="queued"
    )


# One person, and nobody else -------------------------------------------------------------------------


@pytest.mark.ac("T06.3")
@pytest.mark.parametrize(
    ("reader", "page", "answers"),
    [
        ("amina", "child-register", {"reference": "EX-1\r\nBcc: all@elsewhere.example"}),
        ("amina", "child-register", {"first_name": "Kit\nBcc: all@elsewhere.example"}),
        ("ada", "police-force-add", {"name": "Force\r\nBcc: all@elsewhere.example"}),
        ("ada", "authority-invite", {"name": "Una\r\nBcc: all@elsewhere.example"}),
        ("ada", "authority-invite", {"email": "una@casework.example\r\nBcc: all@elsewhere.example"}),
        ("ada", "authority-change", {"code": "EXS\r\nBcc: all@elsewhere.example"}),
    ],
)
def test_a_line_break_is_refused_where_it_is_typed(
    cast: Cast, reader: str, page: str, answers: dict[str, str]
) -> None:
    ids = [cast.exampleshire.pk] if page.startswith("authority") else []
    answer = signed_in(getattr(cast, reader)).post(reverse(f"pages:{page}", args=ids), answers)
    assert answer.status_code == 422
    (field,) = answers
    assert answer.context["form"].errors[field]


@pytest.mark.ac("T06.4")
def test_each_letter_goes_to_one_person(db: None) -> None:
    make_world()
    sent = outbox.deliver()
    assert sent == len(mail.outbox) > 3
    assert {len(letter.recipients()) for letter in mail.outbox} == {1}
    assert [letter for letter in mail.outbox if letter.cc or letter.bcc] == []


@pytest.mark.ac("T06.4")
def test_what_was_taken_back_at_the_last_moment_is_there_for_the_manager_to_see(cast: Cast) -> None:
    episode = report_missing(by=cast.carl, child=cast.kit, category="missing", noticed_at=now())
    owed = owed_to(cast.carl, episode, "step_due")
    move_child(
        by=cast.bev, child=cast.kit, at=now(), home=cast.fenwick_house, place_code="K2", provider_code="PR4"
    )
    outbox.deliver()
    owed.refresh_from_db()
    assert owed.state == Notification.State.WITHDRAWN
    assert [letter for letter in mail.outbox if cast.carl.email in letter.to] == []
    page = signed_in(cast.bev).get(reverse("pages:episode-detail", args=[episode.pk])).content.decode()
    reason = NotificationEvent.objects.get(notification=owed, kind="withdrawn").reason
    assert f"{cast.carl.name}. {reason}" in page
    assert f"{cast.carl.name}: withdrawn before sending" in page


# Where a link leads ----------------------------------------------------------------------------------


@pytest.mark.ac("T06.5")
def test_a_link_is_an_id_and_opens_nothing_for_anybody_else(cast: Cast) -> None:
    episode = report_missing(by=cast.carl, child=cast.kit, category="missing", noticed_at=now())
    owed_to(cast.bev, episode, "step_due")
    outbox.deliver()
    (letter,) = (one for one in mail.outbox if one.to == [cast.bev.email])
    (link,) = (urlsplit(found) for found in _LINK.findall(str(letter.body)))
    assert (link.path, link.query, link.fragment) == (f"/episodes/{episode.pk}/", "", "")
    assert signed_in(cast.bev).get(link.path).status_code == 200
    assert signed_in(cast.eve).get(link.path).status_code == 404
    assert Client().get(link.path).headers["Location"].startswith(reverse("account_login"))
