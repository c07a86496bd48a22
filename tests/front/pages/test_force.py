"""Dee of the constabulary at her desk: Kit is shared with her force, in whose name she speaks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from casework.records.models import (
    AuditEntry,
    Child,
    ConflictOfInterest,
    Membership,
    Notification,
    PoliceForce,
    Role,
    User,
)
from casework.records.services import profile
from casework.records.times import now
from incidents.access import share_for
from incidents.models import (
    EpisodeShare,
    Located,
    MissingEpisode,
    News,
    RiskAssessment,
    State,
    UnverifiedInformation,
)
from incidents.services import reports, returns, sharing
from tests.cast import PASSWORD
from tests.front.pages.at_the_desk import at_the_desk, send, text_of, url
from tests.front.pages.duty_night import back, in_force, missing

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db

SEEN: Final = {
    "words": "By the fountain, with a man in a grey coat.",
    "where": "Market Square",
    "happened_at": "30",
    "how_sure": "likely",
    "told_by": "PC 4471",
}
GRADED: Final = {
    "grade": "high",
    "rationale": "Seen with an adult nobody knows.",
    "assessor": "Insp. Hale",
    "assessed_at": "now",
}
FOUND: Final = {"located_at": "now", "where": "At the station", "identity_confirmed": "yes"}
SAYING: Final[Mapping[str, Mapping[str, str]]] = {
    "shared-acknowledge": {},
    "shared-reference": {"reference": "EX 4417"},
    "shared-grade": GRADED,
    "shared-sighting": SEEN,
    "shared-found": FOUND,
}


@pytest.fixture
def episode(cast: Cast) -> MissingEpisode:
    """Kit, missing from Larch House."""
    in_force(cast)
    return missing(cast, indicators={"trafficking": "A car waited outside."})


@pytest.fixture
def dee(cast: Cast) -> Client:
    return at_the_desk(cast.dee)


@pytest.fixture
def dag(db: None) -> User:
    """Liaison of a second force."""
    user = User.objects.create_user("dag@moorland.example", name="Dag Moor")
    moorland = PoliceForce.objects.create(name="Moorland Police")
    Membership.objects.create(user=user, role=Role.POLICE_LIAISON, police_force=moorland)
    return user


def say(user: User, page: str, episode: MissingEpisode, **changed: str) -> str:
    """Send a page as it should be, and read where it leads."""
    answers = {**SAYING[page], **changed}
    if page == "shared-reference":
        answers.setdefault("version", shown_version(at_the_desk(user), episode))
    answer = send(user, page, episode.pk, **answers)
    assert answer.status_code == 302, text_of(answer)
    return str(answer.headers["Location"])


def shown_version(browser: Client, episode: MissingEpisode) -> str:
    page = text_of(browser.get(url("shared-reference", episode.pk)))
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


def form_key(browser: Client, page: str, episode: MissingEpisode) -> str:
    """The key of a page as it was shown."""
    found = re.search(r'name="form_key" value="([^"]+)"', text_of(browser.get(url(page, episode.pk))))
    assert found
    return found[1]


# ---- the list ----


def test_kit_is_on_dees_first_page_and_it_waits_for_her(
    cast: Cast, dee: Client, episode: MissingEpisode
) -> None:
    assert dee.get("/")["Location"] == url("shared-list")
    page = text_of(dee.get(url("shared-list")))
    for words in ("Kit Ashdown", "Front door", "No reference yet", "Not acknowledged.", "cw-alarm"):
        assert words in page
    assert page.count("not graded") == 2
    assert "Amina Rahal" not in page
    (row,) = AuditEntry.objects.filter(actor_id=cast.dee.pk, about_kind="shared")
    assert row.child_ids == [cast.kit.pk]


def test_what_is_done_waits_no_more(cast: Cast, dee: Client, episode: MissingEpisode) -> None:
    for shown in ("unseen", "ungraded", "unnumbered"):
        assert "Kit Ashdown" in text_of(dee.get(url("shared-list"), {"show": shown}))
    for page in ("shared-acknowledge", "shared-grade", "shared-reference"):
        say(cast.dee, page, episode)
    for shown in ("unseen", "ungraded", "unnumbered"):
        answer = text_of(dee.get(url("shared-list"), {"show": shown}))
        assert "Nobody here." in answer
        assert "Kit Ashdown" not in answer
    page = text_of(dee.get(url("shared-list")))
    assert "EX 4417" in page
    assert "cw-alarm" not in page


def test_the_most_urgent_is_first(cast: Cast, dee: Client, episode: MissingEpisode) -> None:
    """Ola is graded high, Rosie is twelve, Kit is neither; Biniam was found and waits to be fetched."""
    for child in (cast.ola, cast.rosie, cast.biniam):
        reports.report_missing(by=cast.amina, child=child, category="missing", noticed_at=now())
    of = {row.child_id: row for row in MissingEpisode.objects.all()}
    say(cast.dee, "shared-grade", of[cast.ola.pk])
    say(cast.dee, "shared-grade", of[cast.biniam.pk])
    say(cast.dee, "shared-found", of[cast.biniam.pk])
    page = text_of(dee.get(url("shared-list")))
    assert _in_order(page, cast.ola, cast.rosie, cast.kit, cast.biniam)
    say(cast.dee, "shared-acknowledge", of[cast.ola.pk])
    assert _in_order(text_of(dee.get(url("shared-list"))), cast.ola, cast.rosie, cast.kit)


def _in_order(page: str, *children: Child) -> bool:
    places = [page.index(child.name) for child in children]
    return places == sorted(places)


def test_who_is_back_stands_below_and_can_still_be_read(
    cast: Cast, dee: Client, episode: MissingEpisode
) -> None:
    assert "Back or closed (0)" in text_of(dee.get(url("shared-list")))
    back(cast, episode)
    page = text_of(dee.get(url("shared-list")))
    assert "Nobody who is shared with your force is missing." in page
    assert page.index("Back or closed (1)") < page.index("Kit Ashdown")
    detail = dee.get(url("shared-detail", episode.pk))
    assert re.search(r"Back <time[^>]*>Today", text_of(detail))
    assert url("shared-reference", episode.pk) in text_of(detail)
    assert url("shared-found", episode.pk) not in text_of(detail)


def test_an_address_that_asks_for_what_the_list_does_not_know_is_refused(dee: Client) -> None:
    for asked in ({"show": "mine"}, {"page": "two"}, {"order": "name"}):
        assert dee.get(url("shared-list"), asked).status_code == 400
    assert "Nobody who is shared" in text_of(dee.get(url("shared-list"), {"page": "99"}))


# ---- one absence ----


def test_dee_reads_what_somebody_who_looks_for_kit_needs(
    cast: Cast, dee: Client, episode: MissingEpisode
) -> None:
    for kind, words in (("phone", "07700 900123"), ("description", "Tall, red hair"), ("place", "The pier")):
        profile.record_fact(by=cast.amina, child=cast.kit, kind=kind, words=words, source="Carl")
    page = text_of(dee.get(url("shared-detail", episode.pk)))
    order = ("Tall, red hair", "A car waited outside.", "07700 900123", "The pier", "Left after tea")
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    for number in ("tel:01632960201", "tel:01632960001", "tel:01632960002"):
        assert number in page
    assert f"<title>Shared absence {episode.reference} - Casework</title>" in page
    for words in ("Amina Rahal", "Carl Penrose, Larch House", "Looked-after Team 2"):
        assert words not in page
    row = AuditEntry.objects.get(actor_id=cast.dee.pk, about_kind="shared_episode")
    assert (row.child_id, row.about_id) == (cast.kit.pk, episode.pk)
    assert row.fields == ["description", "indicators", "phone", "place"]


def test_a_long_story_asks_no_more_of_the_database_than_a_short_one(
    cast: Cast, dee: Client, episode: MissingEpisode
) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert dee.get(url("shared-detail", episode.pk)).status_code == 200
        return len(asked.captured_queries)

    for page in ("shared-sighting", "shared-grade"):
        say(cast.dee, page, episode)
    short = questions()
    for number in range(5):
        say(cast.dee, "shared-sighting", episode, where=f"Stand {number}")
        say(cast.dee, "shared-grade", episode)
        profile.record_fact(by=cast.amina, child=cast.kit, kind="place", words=f"Pier {number}", source="")
    assert questions() == short


def test_it_is_there_for_the_force_with_which_it_is_shared_and_for_nobody_else(
    cast: Cast, dag: User, episode: MissingEpisode
) -> None:
    for stranger in (dag, cast.carl, cast.amina, cast.eve):
        assert at_the_desk(stranger).get(url("shared-detail", episode.pk)).status_code == 404
        assert send(stranger, "shared-sighting", episode.pk, **SEEN).status_code == 404
    assert at_the_desk(cast.carl).get(url("shared-list")).status_code == 403
    assert "Kit" not in text_of(at_the_desk(dag).get(url("shared-list")))
    sharing.share_episode(
        by=cast.amina, episode=episode, force=PoliceForce.objects.get(name="Moorland Police"), reason="Seen."
    )
    assert at_the_desk(dag).get(url("shared-detail", episode.pk)).status_code == 200


def test_whoever_is_too_close_to_kit_sees_nothing(cast: Cast, dee: Client, episode: MissingEpisode) -> None:
    assert dee.get(url("shared-detail", episode.pk)).status_code == 200
    ConflictOfInterest.objects.create(
        user=cast.dee, authority=cast.exampleshire, child=cast.kit, reason="His uncle.", recorded_by=cast.bev
    )
    assert dee.get(url("shared-detail", episode.pk)).status_code == 404
    assert "Kit Ashdown" not in text_of(dee.get(url("shared-list")))


# ---- what Dee says ----


def test_one_tap_and_the_home_knows_that_the_force_has_it(
    cast: Cast, dee: Client, episode: MissingEpisode
) -> None:
    page = text_of(dee.get(url("shared-detail", episode.pk)))
    assert f'action="{url("shared-acknowledge", episode.pk)}"' in page
    key = form_key(dee, "shared-detail", episode)
    for _ in range(2):
        answer = dee.post(url("shared-acknowledge", episode.pk), {"form_key": key})
        assert answer["Location"] == url("shared-detail", episode.pk)
    assert share_for(cast.dee, episode).acknowledged_by == cast.dee
    after = text_of(dee.get(url("shared-detail", episode.pk)))
    assert "has not acknowledged" not in after
    assert re.search(r"Acknowledged <time[^>]*>Today", after)


def test_a_reference_is_given_and_changed(cast: Cast, dee: Client, episode: MissingEpisode) -> None:
    assert say(cast.dee, "shared-reference", episode) == url("shared-detail", episode.pk)
    assert "your reference EX 4417" in text_of(dee.get(url("shared-detail", episode.pk)))
    say(cast.dee, "shared-reference", episode, reference="EX 4418")
    assert share_for(cast.dee, episode).reference == "EX 4418"


def test_two_who_give_a_reference_at_once_see_both(cast: Cast, dee: Client, episode: MissingEpisode) -> None:
    version = shown_version(dee, episode)
    say(cast.dee, "shared-reference", episode, reference="EX 1", version=version)
    late = send(cast.dee, "shared-reference", episode.pk, reference="EX 2", version=version)
    assert late.status_code == 409
    assert "EX 1" in text_of(late)
    assert "EX 2" in text_of(late)
    assert share_for(cast.dee, episode).reference == "EX 1"


def test_a_grade_stands_beside_the_authoritys(cast: Cast, dee: Client, episode: MissingEpisode) -> None:
    say(cast.dee, "shared-grade", episode)
    row = RiskAssessment.objects.get(episode=episode)
    assert (row.made_by, row.grade, row.assessor) == ("police", "high", "Insp. Hale")
    page = text_of(dee.get(url("shared-detail", episode.pk)))
    assert "Police grade: high" in page
    assert "Seen with an adult nobody knows." in page
    assert "Authority grade" not in page


def test_a_sighting_reaches_the_home_and_locates_nobody(
    cast: Cast, dee: Client, episode: MissingEpisode
) -> None:
    key = form_key(dee, "shared-sighting", episode)
    for _ in range(2):
        sent = dee.post(url("shared-sighting", episode.pk), {"form_key": key, **SEEN})
        assert sent["Location"] == url("shared-detail", episode.pk)
    news = News.objects.get(episode=episode)
    assert (news.where, news.how_sure, news.told_by) == ("Market Square", "likely", "PC 4471")
    assert Notification.objects.filter(template="police_news", recipient=cast.carl).count() == 1
    episode.refresh_from_db()
    assert episode.state == State.OPEN
    page = text_of(dee.get(url("shared-detail", episode.pk)))
    assert "Thought that it was them" in page
    assert "Market Square" in page


def test_found_is_proposed_and_the_page_says_so(cast: Cast, dee: Client, episode: MissingEpisode) -> None:
    assert "This is a proposal." in text_of(dee.get(url("shared-found", episode.pk)))
    say(cast.dee, "shared-found", episode)
    located = Located.objects.get(episode=episode)
    assert (located.proposed_by, located.identity_confirmed) == (cast.police, True)
    episode.refresh_from_db()
    assert (episode.state, episode.returned_at) == (State.LOCATED, None)
    page = text_of(dee.get(url("shared-detail", episode.pk)))
    assert "Waiting for their answer" in page
    assert url("shared-found", episode.pk) not in page
    again = send(cast.dee, "shared-found", episode.pk, **{**FOUND, "where": "At the port"})
    assert again.status_code == 409
    assert "At the port" in text_of(again)


@pytest.mark.parametrize("is_them", [True, False])
def test_dee_reads_what_they_answered(
    cast: Cast, dee: Client, episode: MissingEpisode, is_them: bool
) -> None:
    say(cast.dee, "shared-found", episode)
    located = Located.objects.get(episode=episode)
    if is_them:
        returns.confirm_found(by=cast.carl, located=located)
    else:
        returns.refuse_found(by=cast.carl, located=located, words="Another boy.")
    page = text_of(dee.get(url("shared-detail", episode.pk)))
    assert ("It is them" in page, "It was not them." in page) == (is_them, not is_them)
    assert (url("shared-found", episode.pk) in page) is not is_them


BAD: Final = [
    ("shared-reference", {"reference": " "}),
    ("shared-reference", {"reference": "9" * 41}),
    ("shared-reference", {"version": "x"}),
    ("shared-grade", {"grade": "extreme"}),
    ("shared-grade", {"rationale": ""}),
    ("shared-grade", {"rationale": "x" * 4001}),
    ("shared-grade", {"assessor": ""}),
    ("shared-sighting", {"words": ""}),
    ("shared-sighting", {"words": "x" * 10_001}),
    ("shared-sighting", {"where": "x" * 301}),
    ("shared-sighting", {"how_sure": "very"}),
    ("shared-sighting", {"happened_at": "later"}),
    ("shared-found", {"where": ""}),
    ("shared-found", {"identity_confirmed": "perhaps"}),
    ("shared-acknowledge", {"acknowledged_by": "somebody"}),
]


@pytest.mark.parametrize(("page", "wrong"), BAD)
def test_what_does_not_do_is_asked_again_and_nothing_is_done(
    cast: Cast, dee: Client, episode: MissingEpisode, page: str, wrong: dict[str, str]
) -> None:
    version = {"version": shown_version(dee, episode)} if page == "shared-reference" else {}
    answer = send(cast.dee, page, episode.pk, **{**SAYING[page], **version, **wrong})
    assert answer.status_code == 422
    assert "There is a problem" in text_of(answer)
    share = share_for(cast.dee, episode)
    assert (share.reference, share.acknowledged_at) == ("", None)
    assert not News.objects.exists()
    assert not Located.objects.exists()
    assert not RiskAssessment.objects.exists()


def tomorrow(name: str) -> dict[str, str]:
    at = now() + timedelta(days=1)
    day = {"day": at.day, "month": at.month, "year": at.year, "time": "12:00"}
    return {name: "give", **{f"{name}_{part}": str(value) for part, value in day.items()}}


@pytest.mark.parametrize(
    ("page", "field"),
    [("shared-grade", "assessed_at"), ("shared-sighting", "happened_at"), ("shared-found", "located_at")],
)
def test_nothing_happened_tomorrow(cast: Cast, episode: MissingEpisode, page: str, field: str) -> None:
    answer = send(cast.dee, page, episode.pk, **{**SAYING[page], **tomorrow(field)})
    assert answer.status_code == 422
    assert "That time is in the future." in text_of(answer)


# ---- when sharing ends ----


def end_sharing(cast: Cast, episode: MissingEpisode) -> None:
    sharing.end_share(
        by=cast.bev,
        share=EpisodeShare.objects.get(episode=episode, force=cast.police),
        reason="Not needed any more.",
    )


def test_once_sharing_has_ended_there_is_no_such_absence(
    cast: Cast, dee: Client, episode: MissingEpisode
) -> None:
    end_sharing(cast, episode)
    nothing = "00000000-0000-4000-8000-000000000000"
    for page in ("shared-detail", *SAYING):
        gone, unknown = (dee.get(url(page, key)) for key in (episode.pk, nothing))
        assert (gone.status_code, gone.content) == (404, unknown.content)
    assert "Kit Ashdown" not in text_of(dee.get(url("shared-list")))


def test_what_dee_was_typing_reaches_the_authority_and_nobody_else_is_told_whether(
    cast: Cast, dee: Client, dag: User, episode: MissingEpisode
) -> None:
    key = form_key(dee, "shared-sighting", episode)
    end_sharing(cast, episode)
    sent = dee.post(url("shared-sighting", episode.pk), {"form_key": key, **SEEN})
    kept = UnverifiedInformation.objects.get()
    assert (kept.episode, kept.sent_by, kept.sent_from) == (episode, cast.dee, "Exampleshire Constabulary")
    assert "Words: By the fountain, with a man in a grey coat." in kept.words
    assert not News.objects.exists()
    stranger = at_the_desk(dag).post(url("shared-sighting", episode.pk), {"form_key": key, **SEEN})
    assert (sent.status_code, sent.content) == (404, stranger.content)
    shown_after = dee.post(url("shared-sighting", episode.pk), SEEN)  # nobody said when it was shown
    assert shown_after.content == sent.content
    assert UnverifiedInformation.objects.count() == 1


# ---- the force's system has no browser ----


@pytest.fixture
def machine(cast: Cast) -> User:
    """The account of a force's system; somebody even set a password for it."""
    address = "3f0b8f7e-0000-4000-8000-000000000001@systems.invalid"
    user = User.objects.create_user(address, PASSWORD, name="Control room system")
    Membership.objects.create(user=user, role=Role.POLICE_SYSTEM, police_force=cast.police)
    return user


def test_a_system_signs_in_with_no_password(client: Client, cast: Cast, machine: User) -> None:
    def sign_in(user: User, password: str) -> str:
        answer = client.post("/accounts/login/", {"login": user.email, "password": password})
        return text_of(answer) if answer.status_code == 200 else "in"

    wrong = "That e-mail address and password do not belong together."
    assert wrong in sign_in(machine, PASSWORD)
    assert "_auth_user_id" not in client.session
    machine.set_unusable_password()
    machine.save()
    for password in ("", "!", machine.password):
        assert sign_in(machine, password) != "in"
    cast.dee.set_password(PASSWORD)
    cast.dee.save()
    assert sign_in(cast.dee, PASSWORD) == "in"


def test_nothing_is_sent_to_a_system_that_has_forgotten_its_password(
    client: Client, cast: Cast, machine: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def ask(user: User) -> tuple[int, str]:
        answer = client.post("/accounts/password/reset/", {"email": user.email})
        return answer.status_code, answer["Location"]

    assert ask(machine) == ask(cast.dee)
    assert [letter.to for letter in mail.outbox] == [[cast.dee.email]]
