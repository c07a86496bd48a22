"""Kit moves: Larch House stops seeing the record in that instant, and nothing that it knew is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from casework.front.pages.kit.forms.stamps import stamped
from casework.records.access import child_for
from casework.records.errors import Conflict, NotFound
from casework.records.models import Home, Notification, NotificationEvent, User
from casework.records.notify import outbox
from casework.records.services import placements
from casework.records.times import now, pretend_now
from incidents.models import MissingEpisode, News, ReportCopy, UnverifiedInformation
from incidents.services import keeping, reports, returns
from tests.cast import Cast
from tests.front.pages.a_report import answer_all, begin, question_url, signed_in

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

SENTENCES = ("We can’t show this record", "If you were writing, it has been kept for the authority.")
TYPED = "His aunt says he is at the skate park."


def kit_is_missing(cast: Cast) -> MissingEpisode:
    return reports.report_missing(
        by=cast.carl,
        child=cast.kit,
        category="missing",
        noticed_at=now() - timedelta(minutes=30),
        last_seen_where="Front door",
    )


def move_kit(cast: Cast, to: Home) -> None:
    placements.move_child(by=cast.amina, child=cast.kit, home=to, at=now())


def url(page: str, *ids: UUID) -> str:
    return reverse(f"pages:{page}", args=ids)


def key_on(page: Answer) -> str:
    """The key of the form as it stands on the page, with the moment at which it was shown."""
    found = re.search(r'name="form_key" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def news(key: str) -> dict[str, str]:
    return {"kind": "call", "happened_at": "now", "words": TYPED, "told_by": "Aunt", "form_key": key}


# T02.1 ------------------------------------------------------------------------------------------------


@pytest.mark.ac("T02.1")
def test_carl_writes_while_amina_moves_kit_and_what_he_wrote_reaches_her(cast: Cast) -> None:
    episode, carl = kit_is_missing(cast), signed_in(cast.carl)
    address = url("news-add", episode.pk)
    key = key_on(carl.get(address))

    move_kit(cast, cast.fenwick_house)
    gone, sent = carl.get(address), carl.post(address, news(key))

    assert (gone.status_code, sent.status_code) == (404, 404)
    assert all(words in sent.content.decode() for words in SENTENCES)
    assert not News.objects.exists()
    kept = UnverifiedInformation.objects.get()
    assert (kept.episode, kept.sent_by, kept.sent_from) == (episode, cast.carl, "Larch House")
    seen_by_amina = signed_in(cast.amina).get(url("episode-detail", episode.pk)).content.decode()
    assert TYPED in seen_by_amina
    assert "Information that nobody has checked" in seen_by_amina
    assert "placed at Larch House" not in seen_by_amina
    assert "reported from Larch House, and moved since" in seen_by_amina


def test_what_he_wrote_reads_like_answers_and_not_like_a_form(cast: Cast) -> None:
    episode, carl = kit_is_missing(cast), signed_in(cast.carl)
    keys = [key_on(carl.get(url("news-add", episode.pk))) for _ in range(3)]
    move_kit(cast, cast.fenwick_house)
    day = {"happened_at_day": "28", "happened_at_month": "11", "happened_at_year": "2026"}
    moments = (
        {"happened_at": "30", "happened_at_asked": "2026-11-28T22:50:00+00:00", **day},
        {"happened_at": "give", **day, "happened_at_time": "18:40"},
        {"happened_at": "60", "happened_at_asked": "0001-01-01T00:00:00+00:00", **day},
    )
    for key, moment in zip(keys, moments, strict=True):
        carl.post(url("news-add", episode.pk), {**news(key), **moment})

    kept = [row.words.splitlines() for row in UnverifiedInformation.objects.order_by("recorded_at")]
    assert kept[0] == [
        "Kind: call",
        "Happened at: Saturday 28 November 2026, 22:20",
        f"Words: {TYPED}",
        "Told by: Aunt",
    ]
    assert kept[1][1] == "Happened at: 28/11/2026 18:40"
    assert kept[2][1] == "Happened at: 28/11/2026"


@pytest.mark.ac("T02.1")
def test_every_form_sent_out_of_sight_gets_the_same_bytes(cast: Cast) -> None:
    """Whether the record is another's, nobody's, or was theirs a moment ago; whether anything was kept."""
    episode, carl, eve = kit_is_missing(cast), signed_in(cast.carl), signed_in(cast.eve)
    key = key_on(carl.get(url("news-add", episode.pk)))
    move_kit(cast, cast.fenwick_house)
    answers = [
        carl.post(url("news-add", episode.pk), news(key)),
        carl.post(url("news-add", episode.pk), news(str(uuid4()))),
        carl.post(url("news-add", uuid4()), news(key)),
        eve.post(url("news-add", episode.pk), news(key)),
        eve.post(url("child-change", cast.kit.pk), {}),
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}


@pytest.mark.ac("T02.1")
@pytest.mark.parametrize(
    "make_key",
    [
        pytest.param(lambda now, key: str(uuid4()), id="never shown"),
        pytest.param(lambda now, key: f"{key[:-2]}xx", id="a signature of one's own"),
        pytest.param(lambda now, key: stamped(str(uuid4()), now + timedelta(seconds=1)), id="after the move"),
        pytest.param(lambda now, key: stamped(str(uuid4()), now - timedelta(days=800)), id="before the post"),
    ],
)
def test_nothing_is_kept_of_a_form_that_was_not_shown_in_sight(
    cast: Cast, make_key: Callable[[object, str], str]
) -> None:
    episode, carl = kit_is_missing(cast), signed_in(cast.carl)
    key = key_on(carl.get(url("news-add", episode.pk)))
    move_kit(cast, cast.fenwick_house)
    sent = carl.post(url("news-add", episode.pk), news(make_key(now(), key)))
    assert sent.status_code == 404
    assert not UnverifiedInformation.objects.exists()


@pytest.mark.ac("T02.1")
def test_eve_keeps_nothing_in_a_record_that_never_was_hers(cast: Cast) -> None:
    episode = kit_is_missing(cast)
    signed_in(cast.eve).post(url("news-add", episode.pk), news(stamped(str(uuid4()), now())))
    assert not UnverifiedInformation.objects.exists()


@pytest.mark.ac("T02.1")
def test_a_move_that_is_recorded_late_takes_nothing_from_who_was_writing(cast: Cast) -> None:
    """The end lies before the form was shown; the home saw the child until it was recorded."""
    episode, carl = kit_is_missing(cast), signed_in(cast.carl)
    key = key_on(carl.get(url("news-add", episode.pk)))
    placements.move_child(
        by=cast.amina,
        child=cast.kit,
        home=cast.fenwick_house,
        at=now() - timedelta(minutes=20),
        reason="Written down when they had arrived.",
    )
    carl.post(url("news-add", episode.pk), news(key))
    assert TYPED in UnverifiedInformation.objects.get().words


@pytest.mark.ac("T02.1")
def test_a_report_that_was_begun_is_kept_with_its_earlier_answers(cast: Cast) -> None:
    carl = signed_in(cast.carl)
    draft_id = begin(carl, cast.kit)
    carl.post(question_url(draft_id, "where"), {"where": "away", "whereabouts": "At his brother’s flat"})
    key = key_on(carl.get(question_url(draft_id, "checks")))

    move_kit(cast, cast.fenwick_house)
    sent = carl.post(question_url(draft_id, "checks"), {"circumstances": TYPED, "form_key": key})

    assert sent.status_code == 404
    kept = UnverifiedInformation.objects.get()
    assert (kept.child, kept.episode) == (cast.kit, None)
    assert TYPED in kept.words
    assert "At his brother’s flat" in kept.words
    page = signed_in(cast.amina).get(url("child-detail", cast.kit.pk)).content.decode()
    assert "At his brother’s flat" in page
    assert (
        "At his brother’s flat"
        not in signed_in(cast.mo).get(url("child-detail", cast.kit.pk)).content.decode()
    )


@pytest.mark.ac("T02.1")
@pytest.mark.django_db(transaction=True)
def test_of_a_hundred_races_between_news_and_move_none_is_lost_and_none_comes_late(cast: Cast) -> None:
    """The news is in the record before the move, or kept unverified. Never both, never neither."""
    episode, carl = kit_is_missing(cast), signed_in(cast.carl)
    address, homes = url("news-add", episode.pk), (cast.fenwick_house, cast.larch_house)
    outcomes = []
    with ThreadPoolExecutor(2) as two:
        for _ in range(100):
            key = key_on(carl.get(address))
            start = Barrier(2)
            sent = two.submit(_after, start, carl.post, address, news(key))
            moved = two.submit(_after, start, move_kit, cast, homes[0])
            moved.result()
            in_record = News.objects.count()
            status = sent.result().status_code
            assert in_record == News.objects.count()  # nothing is written once the move is there
            outcomes.append((status, in_record, UnverifiedInformation.objects.count()))
            assert carl.get(address).status_code == 404
            move_kit(cast, homes[1])
        each = Barrier(2)
        for _ in range(2):
            two.submit(_after, each, lambda: connection.close())  # each thread its own
    assert {status for status, *_ in outcomes} <= {302, 404}
    assert [written + kept for _, written, kept in outcomes] == list(range(1, 101))


def _after(start: Barrier, act: Callable[..., Any], *arguments: object) -> Any:
    start.wait()
    return act(*arguments)


# T02.3, T02.6 -----------------------------------------------------------------------------------------


@pytest.mark.ac("T02.3")
def test_what_was_unsent_at_the_move_never_reaches_larch_house(cast: Cast, mailoutbox: list[object]) -> None:
    episode = kit_is_missing(cast)
    for person in (cast.carl, cast.amina, cast.gita):
        _owe(person, cast, episode)
    move_kit(cast, cast.fenwick_house)
    outbox.deliver()
    state = {owed.recipient: owed.state for owed in Notification.objects.select_related("recipient")}
    sent, withdrawn = Notification.State.SENT, Notification.State.WITHDRAWN
    # Gita answers for both homes of the provider, so that the child never left her sight.
    assert state == {cast.carl: withdrawn, cast.amina: sent, cast.gita: sent}
    assert len(mailoutbox) == 2
    event = NotificationEvent.objects.get(kind="withdrawn")
    assert event.reason == placements.THE_CHILD_MOVED


def _owe(person: User, cast: Cast, episode: MissingEpisode) -> None:
    Notification.objects.create(
        key=f"test-{person.pk}",
        child=cast.kit,
        episode_id=episode.pk,
        recipient=person,
        template="step_due",
        reference=episode.reference,
    )


@pytest.mark.ac("T02.6")
def test_a_placement_to_come_shows_nothing_before_its_first_second(cast: Cast) -> None:
    starts = now() + timedelta(days=2)
    placements.move_child(by=cast.amina, child=cast.kit, home=cast.fenwick_house, at=starts)
    mo, address = signed_in(cast.mo), url("child-detail", cast.kit.pk)
    for moment, mos, carls in ((starts - timedelta(seconds=1), 404, 200), (starts, 200, 404)):
        pretend_now(moment)
        statuses = [mo.get(address).status_code, signed_in(cast.carl).get(address).status_code]
        assert statuses == [mos, carls]
    pretend_now(starts - timedelta(seconds=1))
    assert "Fenwick House" not in signed_in(cast.carl).get(address).content.decode()


# T02.4 ------------------------------------------------------------------------------------------------


@pytest.mark.ac("T02.4")
def test_larch_house_keeps_what_it_sent_byte_for_byte_and_nothing_later(cast: Cast) -> None:
    carl = signed_in(cast.carl)
    carl.post(answer_all(carl, cast.kit))
    episode = MissingEpisode.objects.get()
    before = ReportCopy.objects.get()
    page_before = carl.get(url("report-copy", before.pk)).content

    reports.correct_report(
        by=cast.amina,
        episode=episode,
        version=episode.version,
        changes={"wearing": "A blue coat"},
        reason="Seen on camera.",
    )
    move_kit(cast, cast.fenwick_house)
    reports.add_news(by=cast.mo, episode=episode, kind="call", words="Rang from the pier.")

    copy = ReportCopy.objects.get(home=cast.larch_house)
    assert (copy.text, copy.digest) == (before.text, before.digest)
    assert copy.text == keeping.as_sent(_what_carl_sent(episode))
    page = carl.get(url("report-copy", copy.pk))
    assert _main(page.content) == _main(page_before)
    text = page.content.decode() + carl.get(url("reports-ours")).content.decode()
    assert "Upstairs landing, going to her room" in text
    for later in ("A blue coat", "Fenwick", "Rang from the pier", "Amina"):
        assert later not in text


def _what_carl_sent(episode: MissingEpisode) -> dict[str, object]:
    """The answers of `answer_all`, with the times that "an hour ago" became."""
    return {
        "category": "missing",
        "noticed_at": episode.noticed_at,
        "last_seen_at": episode.last_seen_at,
        "last_seen_estimated": False,
        "last_seen_where": "Upstairs landing, going to her room",
        "last_seen_by": "Carl Penrose",
        "checks_made": ["room", "phoned"],
        "wearing": "Grey hoodie, black joggers",
        "carrying": "School bag",
        "circumstances": "A call at ten, in tears after it",
    }


def _main(page: bytes) -> bytes:
    """What the page is about; words for times grow older."""
    found = re.search(rb"(?s)<main.*</main>", page)
    assert found
    return re.sub(rb"(?s)<time.*?</time>", b"", found[0])


@pytest.mark.ac("T02.4")
def test_a_copy_is_the_homes_own_and_the_authority_can_take_it_back(cast: Cast) -> None:
    kit_is_missing(cast)
    copy = ReportCopy.objects.get()
    address = url("report-copy", copy.pk)
    for stranger in (cast.mo, cast.eve, cast.femi, cast.tablet):
        assert signed_in(stranger).get(address).status_code == 404
    assert signed_in(cast.tablet).get(url("reports-ours")).status_code == 403
    assert "Front door" in signed_in(cast.gita).get(address).content.decode()
    keeping.withdraw_copy(by=cast.bev, copy=copy, reason="It names another child.")
    page = signed_in(cast.carl).get(address).content.decode()
    assert "It names another child." in page
    assert "Front door" not in page
    with pytest.raises(Conflict):
        keeping.withdraw_copy(by=cast.bev, copy=copy, reason="Again.")


@pytest.mark.ac("T02.4")
def test_what_the_authority_writes_leaves_no_copy_with_the_home(cast: Cast) -> None:
    episode = kit_is_missing(cast)
    reports.add_news(by=cast.amina, episode=episode, kind="call", words="The school rang.")
    assert ReportCopy.objects.count() == 1


# The write-only form -----------------------------------------------------------------------------------


def test_the_old_home_can_write_and_reads_nothing_until_the_child_is_back(cast: Cast) -> None:
    episode = kit_is_missing(cast)
    address, tablet = url("information-add", episode.pk), signed_in(cast.tablet)
    assert signed_in(cast.carl).get(address).status_code == 404  # the child still lives there: there is news
    move_kit(cast, cast.fenwick_house)

    page = signed_in(cast.carl).get(address).content.decode()
    assert episode.reference in page
    assert not [word for word in ("Kit", "Ashdown", "EX-20417", "Front door", "Fenwick") if word in page]
    assert episode.reference in tablet.get(url("home")).content.decode()
    assert tablet.post(address, {"words": TYPED}).status_code == 422  # who is typing?
    assert tablet.post(address, {"words": TYPED, "typed_name": "Joss Pike"}).status_code == 302

    kept = UnverifiedInformation.objects.get()
    assert (kept.words, kept.typed_name, kept.sent_from) == (TYPED, "Joss Pike", "Larch House")
    assert TYPED in signed_in(cast.amina).get(url("episode-detail", episode.pk)).content.decode()
    for stranger in (cast.eve, cast.mo, cast.amina, cast.dee):
        assert signed_in(stranger).get(address).status_code == 404
    returns.record_return(by=cast.mo, episode=episode)
    assert signed_in(cast.carl).get(address).status_code == 404
    with pytest.raises(Conflict):
        keeping.add_information(by=cast.carl, episode=episode, home=cast.larch_house, words=TYPED)


def test_who_lived_there_before_it_began_is_nothing_to_the_old_home(cast: Cast) -> None:
    move_kit(cast, cast.fenwick_house)
    episode = reports.report_missing(by=cast.mo, child=cast.kit, category="missing", noticed_at=now())
    assert signed_in(cast.carl).get(url("information-add", episode.pk)).status_code == 404


def test_the_service_answers_as_if_the_child_were_not_there(cast: Cast) -> None:
    """Not that they may not: a person learns nothing about where the child went."""
    episode, client = kit_is_missing(cast), Client()
    move_kit(cast, cast.fenwick_house)
    client.force_login(cast.carl)
    with pytest.raises(NotFound):
        child_for(cast.carl, cast.kit.pk)
    assert client.get(url("episode-back", episode.pk)).status_code == 404
