"""The other ends: another authority, 18 on the way, a death two people are sure of, a report too many."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from casework.records.errors import Changed, Conflict, Invalid, NotAllowed
from casework.records.models import Child, ChronologyEntry, Death, Notification
from casework.records.notify import outbox
from casework.records.services import children
from casework.records.times import LONDON, now, pretend_now
from incidents.models import Ending, MissingEpisode, News
from incidents.queries import interviews_waiting_for, story_of, turned_18_while_gone
from incidents.rules import Position
from incidents.services import endings
from incidents.services.closing import reopen_episode
from incidents.services.reports import add_news, report_missing
from protocols import engine
from protocols.models import StepRun
from protocols.publishing import publish_default
from tests.cast import Cast
from tests.incidents.nights import come_back, die, join, locate, report, sign_off, stands_at, transfer

pytestmark = pytest.mark.django_db


def owed(cast: Cast, episode: MissingEpisode, key: str = "k", *, stops: bool = True) -> Notification:
    return Notification.objects.create(
        key=key,
        child=episode.child,
        episode_id=episode.pk,
        stops_on_return=stops,
        recipient=cast.bev,
        template="step_due",
    )


def hand_over(cast: Cast, episode: MissingEpisode, **changes: object) -> Ending:
    told = {
        "by": cast.bev,
        "version": episode.version,
        "to_authority": cast.westing,
        "to_name": "Ola Strand",
        "at": now(),
        "reason": "Kit’s mother has moved there.",
        "evidence": "Their letter of today.",
        **changes,
    }
    return endings.transfer_episode(episode=episode, **told)  # type: ignore[arg-type]  # one wrong on purpose


# ---- another authority ----


def test_a_transfer_stops_what_waits_and_says_to_whom(cast: Cast) -> None:
    publish_default(authority=cast.exampleshire)
    episode = report(cast)
    engine.fire_due(episode.pk)
    message = owed(cast, episode, stops=False)
    hand_over(cast, episode)
    engine.reconcile(episode.pk)
    episode.refresh_from_db()
    assert (episode.state, episode.returned_at) == ("transferred", None)
    assert not StepRun.objects.filter(episode=episode, state__in=["waiting", "fired"]).exists()
    message.refresh_from_db()
    assert message.state == "withdrawn"
    assert episode.ending.to_authority == cast.westing
    assert ChronologyEntry.objects.get(verb="episode.transferred").actor == cast.bev


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("to_name", {"to_name": " "}),
        ("reason", {"reason": ""}),
        ("evidence", {"evidence": ""}),
        ("evidence", {"evidence": "x" * 10_001}),
        ("to_authority", {"to_authority": "own"}),
        ("at", {"at": "ahead"}),
        ("at", {"at": "before"}),
    ],
)
def test_a_transfer_that_cannot_be(cast: Cast, field: str, changes: dict[str, object]) -> None:
    episode = report(cast)
    hour = timedelta(hours=1)
    stand_ins = {"own": cast.exampleshire, "ahead": now() + hour, "before": now() - hour}
    given = {name: stand_ins.get(str(value), value) for name, value in changes.items()}
    with pytest.raises(Invalid) as refusal:
        hand_over(cast, episode, **given)
    assert refusal.value.field == field
    episode.refresh_from_db()
    assert episode.state == "open"


def test_only_a_manager_hands_over_and_only_what_they_saw(cast: Cast) -> None:
    episode = report(cast)
    for by in (cast.amina, cast.femi, cast.carl, cast.eve):
        with pytest.raises(NotAllowed):
            hand_over(cast, episode, by=by)
    with pytest.raises(Changed):
        hand_over(cast, episode, version=episode.version + 3)
    assert hand_over(cast, episode).recorded_by == cast.bev


def test_an_interview_that_waits_for_nobody_any_more_is_settled(cast: Cast) -> None:
    episode = stands_at(cast, Position.FOLLOW_UP)
    assert interviews_waiting_for(cast.ines).count() == 1
    transfer(cast, episode)
    assert interviews_waiting_for(cast.ines).count() == 0
    interview = episode.interviews.get()
    assert (interview.state, interview.why_not_held) == ("unable", "other")


# ---- a death ----


def test_one_person_writes_it_down_and_another_confirms_it(cast: Cast) -> None:
    episode = report(cast)
    message = owed(cast, episode, stops=False)
    death = endings.record_death(
        by=cast.femi, episode=episode, died_on=now().date(), how_known="Inspector Hale came to us."
    )
    cast.kit.refresh_from_db()
    message.refresh_from_db()
    episode.refresh_from_db()
    assert (cast.kit.is_restricted, message.state, episode.state) == (True, "withdrawn", "open")
    for by in (cast.femi, cast.amina, cast.eve):
        with pytest.raises(NotAllowed):
            endings.confirm_death(by=by, episode=episode, death=death, version=1, words="Rang.")
    with pytest.raises(Invalid, match="made sure"):
        endings.confirm_death(by=cast.bev, episode=episode, death=death, version=1, words=" ")
    with pytest.raises(Changed):
        endings.confirm_death(by=cast.bev, episode=episode, death=death, version=9, words="Rang.")
    endings.confirm_death(by=cast.bev, episode=episode, death=death, version=1, words="Rang the coroner.")
    episode.refresh_from_db()
    assert (episode.state, episode.ending.kind) == ("died", "died")


def test_a_manager_does_not_confirm_what_she_wrote_herself(cast: Cast) -> None:
    episode = report(cast)
    death = endings.record_death(by=cast.bev, episode=episode, died_on=now().date(), how_known="Police.")
    with pytest.raises(Conflict, match="Somebody else"):
        endings.confirm_death(by=cast.bev, episode=episode, death=death, version=1, words="Sure.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Death.objects.filter(pk=death.pk).update(confirmed_by=cast.bev)
    endings.confirm_death(by=cast.ruth, episode=episode, death=death, version=1, words="Rang the coroner.")
    episode.refresh_from_db()
    assert episode.state == "died"


def test_no_message_about_the_child_leaves_while_a_death_stands(cast: Cast) -> None:
    episode = report(cast)
    death = endings.record_death(by=cast.amina, episode=episode, died_on=now().date(), how_known="Police.")
    message = owed(cast, episode, stops=False)
    assert outbox.deliver() == 0
    message.refresh_from_db()
    assert (message.state, "death is recorded" in message.reason) == ("withdrawn", True)
    endings.withdraw_death(by=cast.bev, episode=episode, death=death, version=1, reason="Another boy.")
    later = owed(cast, episode, "later", stops=False)
    assert outbox.deliver() == 1
    later.refresh_from_db()
    episode.refresh_from_db()
    assert (later.state, episode.state) == ("sent", "open")


def test_a_death_that_cannot_be(cast: Cast) -> None:
    episode = report(cast)
    said = {"by": cast.amina, "episode": episode, "how_known": "Police."}
    for day in (now().date() + timedelta(days=2), date(1999, 1, 1)):
        with pytest.raises(Invalid, match="between the child’s birth and today"):
            endings.record_death(died_on=day, **said)  # type: ignore[arg-type]
    with pytest.raises(Invalid, match="how this is known"):
        endings.record_death(by=cast.amina, episode=episode, died_on=now().date(), how_known=" ")
    for by in (cast.carl, cast.ines, cast.eve):
        with pytest.raises(NotAllowed):
            endings.record_death(by=by, episode=episode, died_on=now().date(), how_known="Police.")
    endings.record_death(died_on=now().date(), **said)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="recorded already"):
        endings.record_death(died_on=now().date(), **said)  # type: ignore[arg-type]


def test_every_absence_that_is_not_over_ends_with_it(cast: Cast) -> None:
    earlier = stands_at(cast, Position.FOLLOW_UP)
    now_gone = report(cast)
    die(cast, now_gone)
    earlier.refresh_from_db()
    assert earlier.state == "died"
    assert interviews_waiting_for(cast.ines).count() == 0


@pytest.mark.parametrize(
    ("position", "said"),
    [(Position.DIED, "two people"), (Position.AGED_OUT, "adults’ work"), (Position.MERGED, "Go on there")],
)
def test_what_ended_for_good_is_not_opened_again_and_says_why(
    cast: Cast, position: Position, said: str
) -> None:
    episode = stands_at(cast, position)
    with pytest.raises(Conflict, match=said):
        reopen_episode(by=cast.bev, episode=episode, reason="To add to it.")


# ---- 18 on the way ----


def spring_forward(year: int) -> tuple[int, int]:
    """The last Sunday of March."""
    return 3, 31 - (date(year, 3, 31).weekday() + 1) % 7


@pytest.mark.parametrize(
    ("birthday", "turns"),
    [((7, 15), (7, 15)), ((2, 29), (3, 1)), (None, None)],
    ids=["in summer", "of a leap day", "when the clocks go forward"],
)
def test_the_absence_ends_at_midnight_of_the_birthday(
    cast: Cast, birthday: tuple[int, int] | None, turns: tuple[int, int] | None
) -> None:
    publish_default(authority=cast.exampleshire)
    year = next(year for year in range(now().year + 1, now().year + 9) if (year - 18) % 4 == 0)
    born_on = date(year - 18, *(birthday or spring_forward(year)))
    midnight = datetime(year, *(turns or spring_forward(year)), tzinfo=LONDON)
    pretend_now(midnight - timedelta(days=2))
    Child.objects.filter(pk=cast.kit.pk).update(born_on=born_on)
    episode = report_missing(
        by=cast.amina, child=cast.kit, category="missing", noticed_at=now() - timedelta(hours=1)
    )
    engine.fire_due(episode.pk)
    pretend_now(midnight - timedelta(seconds=1))
    assert turned_18_while_gone(5) == []
    pretend_now(midnight)
    assert engine.end_at_18() == 1
    episode.refresh_from_db()
    spell = episode.spells.get()
    assert (episode.state, spell.ended_at, episode.ending.happened_at) == ("aged_out", midnight, midnight)
    assert not StepRun.objects.filter(episode=episode, state__in=["waiting", "fired"]).exists()
    told = Notification.objects.filter(template="step_notice", episode_id=episode.pk, state="queued")
    assert set(told.values_list("recipient__name", flat=True)) >= {"Bev Aldous", "Amina Rahal"}
    assert engine.end_at_18() == 0


def test_one_who_was_18_already_or_is_back_is_left_alone(cast: Cast) -> None:
    publish_default(authority=cast.exampleshire)
    today = now().astimezone(LONDON).date()
    Child.objects.filter(pk=cast.kit.pk).update(born_on=today - timedelta(days=19 * 366))
    gone = report(cast)
    assert engine.end_at_18() == 0
    come_back(cast, gone)
    assert engine.end_at_18() == 0
    assert endings.turn_18(episode_id=gone.pk, born_on=today) is None


# ---- one report too many ----


def test_the_one_that_is_joined_keeps_its_rows_and_points_to_the_other(cast: Cast) -> None:
    duplicate = report(cast)
    add_news(by=cast.carl, episode=duplicate, kind="sighting", words="At the station.")
    join(cast, duplicate)
    duplicate.refresh_from_db()
    other = duplicate.ending.joined_to
    assert other is not None
    assert (duplicate.state, other.child, other.state) == ("merged", cast.ola, "open")
    assert News.objects.filter(episode=duplicate).count() == 1
    assert ChronologyEntry.objects.get(verb="episode.joined_here").episode_id == other.pk
    assert report(cast).pk != duplicate.pk  # the child can be reported again


def test_of_one_child_the_other_story_holds_both(cast: Cast) -> None:
    closed = stands_at(cast, Position.CLOSED)
    again = report(cast)
    endings.join_to(by=cast.bev, episode=closed, version=closed.version, other=again, reason="One night.")
    verbs = set(story_of(again).values_list("verb", flat=True))
    assert {"episode.signed_off", "episode.joined_here"} <= verbs


def test_what_cannot_be_joined(cast: Cast) -> None:
    closed = stands_at(cast, Position.CLOSED)
    gone = report(cast)
    said = {"by": cast.bev, "episode": gone, "version": gone.version, "reason": "One night."}
    with pytest.raises(Invalid, match="other report"):
        endings.join_to(other=gone, **said)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="this child is not back"):
        endings.join_to(other=closed, **said)  # type: ignore[arg-type]
    ola = report(cast, child=cast.ola)
    with pytest.raises(Invalid, match="how you know"):
        endings.join_to(other=ola, **{**said, "reason": " "})  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        endings.join_to(other=ola, **{**said, "by": cast.amina})  # type: ignore[arg-type]
    endings.join_to(other=ola, **said)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="joined to another"):
        endings.join_to(other=ola, **said)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="does not count itself"):
        endings.join_to(
            by=cast.bev, episode=closed, version=closed.version, other=_now(gone), reason="One night."
        )


def _now(episode: MissingEpisode) -> MissingEpisode:
    episode.refresh_from_db()
    return episode


def test_an_ended_absence_takes_no_second_end_and_they_are_back_is_explained(cast: Cast) -> None:
    episode = stands_at(cast, Position.TRANSFERRED)
    with pytest.raises(Conflict, match="Another authority has taken"):
        come_back(cast, episode)
    with pytest.raises(Conflict, match="Another authority has taken"):
        locate(cast, episode)
    assert Ending.objects.count() == 1


def test_a_closed_file_that_is_handed_over_is_not_signed_off_again(cast: Cast) -> None:
    episode = stands_at(cast, Position.CLOSED)
    transfer(cast, episode)
    with pytest.raises(Conflict, match="Another authority"):
        sign_off(cast, episode)


def test_lifting_a_restriction_after_a_mistake_is_a_managers(cast: Cast) -> None:
    episode = report(cast)
    death = endings.record_death(by=cast.amina, episode=episode, died_on=now().date(), how_known="Police.")
    endings.withdraw_death(by=cast.bev, episode=episode, death=death, version=1, reason="Another boy.")
    cast.kit.refresh_from_db()
    assert cast.kit.is_restricted
    children.restrict_child(by=cast.bev, child=cast.kit, is_restricted=False, reason="A mistake.")
    cast.kit.refresh_from_db()
    assert not cast.kit.is_restricted
