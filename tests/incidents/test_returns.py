"""Found, and back. "They're back" is taken whatever else is known."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from casework.records.access import children_visible_to
from casework.records.errors import Changed, Conflict, Invalid, NotAllowed
from casework.records.models import ChronologyEntry, Notification, NotificationEvent, Placement
from casework.records.services import placements
from casework.records.times import LONDON, now, pretend_now
from incidents import rules
from incidents.access import episodes_visible_to
from incidents.facts import facts_of
from incidents.models import Correction, MissingEpisode, ReturnInterview, State
from incidents.rules import Position
from incidents.services.closing import record_false_report
from incidents.services.returns import MovedTo, complete_return, record_located, record_return
from tests.cast import Cast
from tests.incidents.nights import go_missing, locate, report, sign_off, stands_at

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
LATER = timedelta(seconds=40)  # within the minute
NIGHT = datetime(2026, 11, 19, 22, 40, tzinfo=LONDON)


# ---- located ----


def test_located_ends_the_spell_and_is_not_back(cast: Cast) -> None:
    episode = report(cast)
    found = record_located(
        by=cast.femi,
        episode=episode,
        located_at=now(),
        where="Bus station",
        found_by="police",
        with_whom="PC 4417",
        identity_confirmed=True,
    )
    episode.refresh_from_db()
    assert (episode.state, episode.located_at, episode.returned_at) == (
        "located",
        found.located_at,
        None,
    )
    assert episode.spells.get().ended_at == found.located_at
    assert not ReturnInterview.objects.exists()


def test_found_while_the_report_was_being_typed_still_counts_from_the_report(cast: Cast) -> None:
    episode = report(cast)
    episode.noticed_at -= 20 * MINUTE
    episode.save()
    found_at = now() - 5 * MINUTE
    record_located(by=cast.femi, episode=episode, located_at=found_at, where="Bus station", found_by="police")
    episode.refresh_from_db()
    spell = episode.spells.get()
    assert episode.located_at == found_at
    assert spell.ended_at == spell.started_at
    assert facts_of([episode.pk])[episode.pk].located_at == spell.started_at


def test_what_locating_asks_for(cast: Cast) -> None:
    episode = report(cast)
    right = {"located_at": now(), "where": "Bus station", "found_by": "police"}
    for field, wrong in [
        ("where", ""),
        ("found_by", "a psychic"),
        ("located_at", now() + HOUR),
        ("located_at", now() - HOUR),
    ]:
        with pytest.raises(Invalid) as refusal:
            record_located(by=cast.femi, episode=episode, **{**right, field: wrong})  # type: ignore[arg-type]  # wrong on purpose
        assert refusal.value.field == field
    for by in (cast.eve, cast.tablet):
        with pytest.raises(NotAllowed):
            record_located(by=by, episode=episode, located_at=now(), where="Bus station", found_by="police")
    episode.refresh_from_db()
    assert episode.state == "open"


# ---- back ----


@pytest.mark.parametrize("position", rules.NOT_BACK)
@pytest.mark.parametrize("hours", [None, -48, 0, 48], ids=["no time", "too early", "now", "ahead"])
@pytest.mark.parametrize("who", ["carl", "tablet", "femi"])
def test_back_is_never_refused_and_twice_is_once(
    cast: Cast, position: Position, hours: int | None, who: str
) -> None:
    episode = stands_at(cast, position)
    by = getattr(cast, who)
    at = None if hours is None else now() + hours * HOUR
    first = record_return(by=by, episode=episode, returned_at=at)
    again = record_return(by=cast.carl, episode=episode, returned_at=now(), injuries="A cut")
    assert again.pk == first.pk
    episode.refresh_from_db()
    assert episode.state == ("late_back" if position == Position.CONCERN else "follow_up")
    assert episode.returns.count() == 1
    assert first.needs_time == (hours in (-48, 48))
    assert episode.returned_at == first.returned_at <= now()
    assert not episode.spells.filter(ended_at__isnull=True).exists()
    assert ChronologyEntry.objects.filter(verb="episode.returned").count() == 1


@pytest.mark.ac("B16")
def test_back_before_missing_counts_from_now_and_asks_again(cast: Cast) -> None:
    pretend_now(NIGHT)
    episode = report(cast)
    pretend_now(NIGHT + 3 * HOUR)
    back = record_return(by=cast.carl, episode=episode, returned_at=NIGHT - HOUR, said="I was at Jay's.")
    assert (back.returned_at, back.is_estimated, back.needs_time) == (NIGHT + 3 * HOUR, True, True)
    assert back.said == "I was at Jay's."
    with pytest.raises(Invalid, match=r"^The child went missing at 22:40\b") as refusal:
        complete_return(by=cast.carl, return_row=back, version=1, returned_at=NIGHT - HOUR)
    assert refusal.value.field == "returned_at"
    right = complete_return(
        by=cast.tablet, return_row=back, version=1, returned_at=NIGHT + HOUR, typed_name="Nell"
    )
    assert (right.returned_at, right.is_estimated, right.needs_time) == (NIGHT + HOUR, False, False)


def test_back_without_a_time_asks_for_it_when_nobody_could_give_one(cast: Cast) -> None:
    row = record_return(by=cast.carl, episode=report(cast), is_estimated=True)
    assert (row.is_estimated, row.needs_time) == (True, True)


def test_found_and_back_within_the_same_minute(cast: Cast) -> None:
    pretend_now(NIGHT + LATER)
    episode = report(cast)
    record_located(by=cast.femi, episode=episode, located_at=now(), where="By the gate", found_by="staff")
    row = record_return(by=cast.carl, episode=episode, returned_at=NIGHT)  # "just now", as a page says it
    assert (row.returned_at, row.needs_time) == (NIGHT + LATER, False)


def test_back_without_being_located_is_located_then(cast: Cast) -> None:
    episode = report(cast)
    at = now()
    record_return(by=cast.carl, episode=episode, returned_at=at, is_estimated=True)
    episode.refresh_from_db()
    assert episode.located_at == episode.returned_at == at
    assert (episode.located_estimated, episode.returned_estimated) == (True, True)
    assert episode.spells.get().ended_at is not None


def test_back_after_being_located_keeps_when_that_was(cast: Cast) -> None:
    pretend_now(NIGHT)
    episode = report(cast)
    pretend_now(NIGHT + HOUR)
    locate(cast, episode)
    pretend_now(NIGHT + 2 * HOUR)
    go_missing(cast, episode)
    pretend_now(NIGHT + 3 * HOUR)
    locate(cast, episode)
    pretend_now(NIGHT + 4 * HOUR)
    record_return(by=cast.carl, episode=episode)
    episode.refresh_from_db()
    assert (episode.located_at, episode.returned_at) == (NIGHT + 3 * HOUR, NIGHT + 4 * HOUR)


def test_eve_cannot_say_back_and_a_mistaken_report_has_nobody_to_come_back(cast: Cast) -> None:
    episode = report(cast)
    with pytest.raises(NotAllowed):
        record_return(by=cast.eve, episode=episode)
    mistaken = mistaken_report_of_ola(cast)
    with pytest.raises(Conflict, match="mistaken"):
        record_return(by=cast.carl, episode=mistaken)


def mistaken_report_of_ola(cast: Cast) -> MissingEpisode:

    return record_false_report(by=cast.bev, episode=report(cast, child=cast.ola), reason="Was in the attic.")


def test_unsent_messages_about_going_missing_are_withdrawn(cast: Cast) -> None:
    episode, other = report(cast), report(cast, child=cast.ola)
    wanted = {"recipient": cast.bev, "template": "step_due", "child": cast.kit}
    late = Notification.objects.create(key="late", episode_id=episode.pk, stops_on_return=True, **wanted)
    interview = Notification.objects.create(key="interview", episode_id=episode.pk, **wanted)
    sent = Notification.objects.create(
        key="sent", episode_id=episode.pk, stops_on_return=True, state="sent", **wanted
    )
    olas = Notification.objects.create(
        key="olas", episode_id=other.pk, stops_on_return=True, **{**wanted, "child": cast.ola}
    )
    record_return(by=cast.carl, episode=episode)
    states = dict(Notification.objects.values_list("key", "state"))
    assert states == {late.key: "withdrawn", interview.key: "queued", sent.key: "sent", olas.key: "queued"}
    event = NotificationEvent.objects.get()
    assert (event.notification, event.kind, event.reason) == (late, "withdrawn", "The child is back.")


# ---- the interview that it owes ----


def test_a_child_who_was_only_late_owes_no_interview(cast: Cast) -> None:
    record_return(by=cast.carl, episode=report(cast, "concern"))
    assert not ReturnInterview.objects.exists()


@pytest.mark.ac("T16.1")
@pytest.mark.parametrize(
    ("back", "due"),
    [
        (datetime(2027, 3, 26, 12, tzinfo=LONDON), datetime(2027, 3, 29, 13, tzinfo=LONDON)),
        (datetime(2027, 10, 29, 12, tzinfo=LONDON), datetime(2027, 11, 1, 11, tzinfo=LONDON)),
    ],
)
def test_the_interview_is_due_72_elapsed_hours_after_the_return(
    cast: Cast, back: datetime, due: datetime
) -> None:
    pretend_now(back - HOUR)
    episode = report(cast)
    pretend_now(back)
    record_return(by=cast.carl, episode=episode)
    interview = episode.interviews.get()
    assert (interview.due_at, interview.state, interview.child) == (due, "due", cast.kit)
    assert (interview.due_at - back.astimezone(interview.due_at.tzinfo)).total_seconds() == 259_200


# ---- the rest, later ----


def test_the_right_time_moves_what_came_with_the_first_and_the_old_is_kept(cast: Cast) -> None:
    pretend_now(NIGHT)
    episode = report(cast)
    pretend_now(NIGHT + 4 * HOUR)
    back = record_return(by=cast.carl, episode=episode)
    pretend_now(NIGHT + 9 * HOUR)
    right = NIGHT + 3 * HOUR
    done = complete_return(
        by=cast.carl,
        return_row=back,
        version=back.version,
        returned_at=right,
        details={"how": "On foot", "injuries": "None seen"},
        reason="The night log says so.",
    )
    assert (done.how, done.injuries, done.returned_at) == ("On foot", "None seen", right)
    episode.refresh_from_db()
    assert episode.returned_at == episode.located_at == episode.spells.get().ended_at == right
    assert episode.interviews.get().due_at == right + timedelta(hours=72)
    kept = Correction.objects.get(episode=episode, field="returned_at")
    assert (datetime.fromisoformat(kept.old), datetime.fromisoformat(kept.new)) == (
        NIGHT + 4 * HOUR,
        right,
    )
    assert kept.reason == "The night log says so."


def test_a_located_child_keeps_that_time_when_the_return_is_corrected(cast: Cast) -> None:
    pretend_now(NIGHT)
    episode = report(cast)
    pretend_now(NIGHT + HOUR)
    locate(cast, episode)
    pretend_now(NIGHT + 4 * HOUR)
    back = record_return(by=cast.carl, episode=episode)
    with pytest.raises(Invalid, match="later time"):
        complete_return(by=cast.carl, return_row=back, version=1, returned_at=NIGHT + HOUR / 2, reason="Log.")
    complete_return(by=cast.carl, return_row=back, version=1, returned_at=NIGHT + 2 * HOUR, reason="Log.")
    episode.refresh_from_db()
    assert (episode.located_at, episode.returned_at) == (NIGHT + HOUR, NIGHT + 2 * HOUR)
    assert episode.spells.get().ended_at == NIGHT + HOUR


def test_completing_that_cannot_be(cast: Cast) -> None:
    episode = report(cast)
    back = record_return(by=cast.carl, episode=episode)
    for by in (cast.tablet, cast.eve):  # the time given was possible, so the tablet has nothing to mend
        with pytest.raises(NotAllowed):
            complete_return(by=by, return_row=back, version=1, details={"how": "Bus"})
    with pytest.raises(Changed):
        complete_return(by=cast.carl, return_row=back, version=9, details={"how": "Bus"})
    with pytest.raises(Invalid, match="why you correct the time"):
        complete_return(by=cast.carl, return_row=back, version=1, returned_at=now())
    sign_off(cast, episode)
    with pytest.raises(Conflict, match="closed"):
        complete_return(by=cast.carl, return_row=back, version=1, details={"how": "Bus"})
    back.refresh_from_db()
    assert (back.how, back.version) == ("", 1)


# ---- back at another placement ----


def test_back_at_a_new_home_is_one_go(cast: Cast) -> None:
    episode = report(cast)
    row = record_return(
        by=cast.femi, episode=episode, moved_to=MovedTo(home=cast.fenwick_house), fetched_by="PC 4417"
    )
    old, new = Placement.objects.filter(child=cast.kit).order_by("period")
    assert (old.period.upper, new.period.lower) == (row.returned_at, row.returned_at)
    assert (new.home, new.place_code, new.provider_code) == (cast.fenwick_house, "K2", "PR4")
    assert "another placement" in old.reason_ended
    assert row.fetched_by == "PC 4417"
    assert episodes_visible_to(cast.mo).filter(pk=episode.pk).exists()  # its carers owe the welcome
    MissingEpisode.objects.filter(pk=episode.pk).update(state=State.CLOSED)
    theirs = episodes_visible_to(cast.mo).filter(pk=episode.pk)
    assert not theirs.exists()  # it was not this home's absence
    assert children_visible_to(cast.mo).filter(pk=cast.kit.pk).exists()
    assert not children_visible_to(cast.carl).filter(pk=cast.kit.pk).exists()


def test_back_with_an_aunt_hours_ago(cast: Cast) -> None:
    episode = report(cast)
    episode.noticed_at -= 5 * HOUR
    episode.save()
    episode.spells.update(started_at=now() - 5 * HOUR)
    back_at = now() - 2 * HOUR
    record_return(
        by=cast.femi,
        episode=episode,
        returned_at=back_at,
        moved_to=MovedTo(address="With her aunt", place_code="U3"),
    )
    new = Placement.objects.filter(child=cast.kit).latest("period")
    assert (new.home, new.address, new.place_code, new.period.lower) == (None, "With her aunt", "U3", back_at)


def test_when_the_move_cannot_be_nothing_of_it_is(cast: Cast) -> None:
    episode = report(cast)
    with pytest.raises(Invalid, match="lives there already"):
        record_return(by=cast.femi, episode=episode, moved_to=MovedTo(home=cast.larch_house))
    with pytest.raises(Invalid):
        record_return(by=cast.femi, episode=episode, moved_to=MovedTo())
    with pytest.raises(NotAllowed):  # a home places nobody
        record_return(by=cast.carl, episode=episode, moved_to=MovedTo(home=cast.fenwick_house))
    episode.refresh_from_db()
    assert (episode.state, episode.returns.exists()) == ("open", False)
    assert Placement.objects.filter(child=cast.kit).count() == 1


def test_a_child_who_was_placed_nowhere_is_placed_by_coming_back(cast: Cast) -> None:
    episode = report(cast)
    placements.end_placement(by=cast.amina, placement=cast.kit.placements.get(), ends_at=now())
    row = record_return(by=cast.femi, episode=episode, moved_to=MovedTo(home=cast.fenwick_house))
    assert Placement.objects.filter(child=cast.kit).latest("period").period.lower == row.returned_at
