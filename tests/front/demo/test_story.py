"""The demo's story, told once for all the tests here, on a Friday night; cut off twice on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client, TestCase
from pytest_django import DjangoDbBlocker

from casework.embedded import APPLICATION
from casework.front.demo import filling
from casework.front.demo.children import RESIDENTS
from casework.front.demo.people import PEOPLE
from casework.front.demo.seeding import seed
from casework.front.demo.story.more_children import MORE_CHILDREN, NED
from casework.front.demo.story.stage import Stage
from casework.front.demo.story.stories import PRESENT, STORIES
from casework.front.imports.as_of import as_it_stood
from casework.front.imports.importing import preview
from casework.front.imports.reading import read_folder
from casework.front.pages.now.board import board_rows, rows_of
from casework.records.heartbeats import beat
from casework.records.models import AuditEntry, Child, Notification, NotificationEvent, Photo, Placement, User
from casework.records.notify import outbox
from casework.records.oversight import conflicts_visible_to, glasses_to_review
from casework.records.times import now
from incidents.models import Challenge, InterviewState, MissingEpisode, PoliceAnswer, ReturnInterview, State
from incidents.queries import story_of
from incidents.verbs import EpisodeVerb
from protocols import engine, watchdog
from protocols.engine import forgotten, unplanned
from protocols.models import StepRun, StepState
from protocols.publishing import publish_default
from protocols.queries import overdue_plan_steps_visible_to, overdue_steps_visible_to

pytestmark = [pytest.mark.xdist_group("the demo's story"), pytest.mark.django_db]

FRIDAY_NIGHT: Final = datetime(2026, 11, 20, 21, 40, tzinfo=UTC)
OF_THE_FILES: Final = 456
ARRIVALS: Final = len(MORE_CHILDREN) + 1
CHILDREN: Final = OF_THE_FILES + len(RESIDENTS) + ARRIVALS
TOLD_BEFORE_THE_CUT: Final = 2


class CutOff(Exception):
    """The power goes."""


@dataclass(frozen=True)
class Told:
    """What was counted on the way, and the answers of later runs."""

    when_cut_off: Counter[str]
    after_the_next_cut: Counter[str]
    done_by_the_third_run: int
    done_by_the_fourth_run: int
    before_the_fourth_run: Counter[str]


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Told]:
    """The whole, in one transaction that is taken back in the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        _set_clock(FRIDAY_NIGHT)
        publish_default()
        seed(lambda email: "only for the demo")
        yield _tell_it_all()
        transaction.set_rollback(True)


def _tell_it_all() -> Told:
    _cut_off_between_two_stories()
    _let_the_database_count_its_rows()
    when_cut_off = _everything()
    _cut_off_within_a_story()
    after_the_next_cut = _everything()
    with TestCase.captureOnCommitCallbacks(execute=True):  # what was open in the files is planned
        third = filling.fill()
    before_the_fourth = _everything()
    return Told(when_cut_off, after_the_next_cut, third, filling.fill(), before_the_fourth)


def _cut_off_between_two_stories() -> None:
    def stop_there(done: int, of: int) -> None:
        if done == 1 + ARRIVALS + TOLD_BEFORE_THE_CUT:
            raise CutOff

    with TestCase.captureOnCommitCallbacks(execute=True), pytest.raises(CutOff):
        filling.fill(stop_there)


def _cut_off_within_a_story() -> None:
    def fail(stage: Stage) -> None:
        raise CutOff

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stage, "end", fail)
        with pytest.raises(CutOff):
            filling.fill()


def _let_the_database_count_its_rows() -> None:
    """As it does by itself in a service; within one transaction it would go on guessing, slowly."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("ANALYZE")
        cursor.execute(f"SET LOCAL ROLE {APPLICATION}")


def _everything() -> Counter[str]:
    models = (Child, MissingEpisode, StepRun, Notification, ReturnInterview)
    counted = Counter({model.__name__: model._default_manager.count() for model in models})
    counted["told"] = AuditEntry.objects.filter(about_kind=filling.TOLD).count()
    return counted


def _set_clock(moment: datetime) -> None:
    """Only the owner may; until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("UPDATE casework_clock SET shown = %s, started = clock_timestamp()", [moment])
        cursor.execute("SET LOCAL ROLE casework_app")


def person(name: str) -> User:
    return User.objects.get(name=name)


def board(name: str) -> dict[str, str]:
    """Who is not back, as this person's board has them: first name and tag."""
    rows = rows_of(board_rows(person(name), now()), "all")
    return {row.episode.child.first_name: row.category_words for row in rows}


# ---- told whole, once ----


def test_a_start_that_was_cut_off_goes_on_where_it_was(told: Told) -> None:
    assert told.when_cut_off["told"] == 1 + TOLD_BEFORE_THE_CUT
    assert told.after_the_next_cut == told.when_cut_off
    assert told.done_by_the_third_run == len(STORIES) - TOLD_BEFORE_THE_CUT


def test_another_run_changes_nothing(told: Told) -> None:
    assert told.done_by_the_fourth_run == 0
    assert _everything() == told.before_the_fourth_run


def test_every_story_is_told_once_and_the_numbers_have_no_gap(told: Told) -> None:
    assert (
        told.before_the_fourth_run["told"] == 1 + len({story.name for story in STORIES}) == 1 + len(STORIES)
    )
    this_year = MissingEpisode.objects.filter(authority__code="EXS", reference__startswith="E-2026-")
    references = this_year.values_list("reference", flat=True)
    assert sorted(references) == [f"E-2026-{number:04}" for number in range(1, len(references) + 1)]
    assert Child.objects.count() == CHILDREN


# ---- the clock is green, and nobody is written to about the past ----


def test_health_finds_nothing_late(told: Told) -> None:
    beat("sweep")
    reading = watchdog.reading()
    assert (reading.state, reading.late_count, reading.outbox_age) == ("ok", 0, None)


def test_every_step_that_came_due_fired_at_its_time(told: Told) -> None:
    assert not StepRun.objects.filter(state=StepState.WAITING, due_at__lte=now()).exists()
    assert not StepRun.objects.filter(state=StepState.FAILED).exists()
    late = [
        row for row in StepRun.objects.exclude(fired_at=None) if row.fired_at and row.fired_at > _latest(row)
    ]
    assert late == []


def _latest(row: StepRun) -> datetime:
    """A step that was due before anybody told of it fires when it is first known."""
    return max(row.due_at, row.recorded_at)


def test_messages_of_the_past_count_as_sent_and_nothing_leaves(told: Told) -> None:
    assert (outbox.deliver(), mail.outbox) == (0, [])
    sent = Notification.objects.filter(state=Notification.State.SENT)
    assert sent.count() > 200
    assert all(one.sent_at == one.recorded_at for one in sent)
    assert set(NotificationEvent.objects.filter(kind="sent").values_list("reason", flat=True)) == {
        "Part of a past that was told afterwards: it counts as sent here, and nothing left."
    }


def test_exampleshires_files_are_in_the_record_and_agree_with_it(told: Told) -> None:
    day = now().date()
    difference = preview(as_it_stood(read_folder(filling.EXAMPLESHIRE), day), by=None)
    assert (difference.changes, difference.left) == (0, [])
    assert MissingEpisode.objects.exclude(imported_at=None).count() > 800


# ---- who is missing now ----


def test_femis_board_is_a_friday_night(told: Told) -> None:
    seen = board("Femi Castell")
    of_the_files = 2
    assert Counter(seen.values()) == {"Missing": 11 + of_the_files, "Away": 1, "Located": 1, "Late": 1}
    assert {"Kit", "Ola", "Rosie", "Ned"} & seen.keys() == set()
    rows = board_rows(person("Femi Castell"), now())
    assert len(rows_of(rows, "overdue")) == 3  # Dev for his hand-over alone
    assert rows_of(rows, "nobody") == []
    assert len(rows_of(rows, "high")) >= 5
    assert len(rows_of(rows, "back")) >= 6


def test_several_steps_fall_due_in_the_next_minutes(told: Told) -> None:
    soon = StepRun.objects.filter(state=StepState.WAITING, rung=0, due_at__lte=now() + timedelta(minutes=10))
    assert {row.step.code for row in soon.select_related("step")} >= {"T0", "T3", "E3", "L1", "R4"}


def test_what_is_overdue_has_climbed(told: Told) -> None:
    overdue = overdue_steps_visible_to(person("Ruth Sandiford"))
    assert {row.step.code for row in overdue} == {"T9", "T0", "T7b", "R5", "R9"}
    told_above = StepRun.objects.filter(rung__gt=0, state=StepState.FIRED).values_list("role", flat=True)
    assert set(told_above) >= {"duty_worker", "team_manager", "service_manager", "head_of_service"}


def test_every_stage_is_there(told: Told) -> None:
    open_ones = MissingEpisode.objects.filter(state__in=[State.OPEN, State.LOCATED], imported_at=None)
    assert open_ones.exclude(together_id=None).count() == 2
    assert open_ones.filter(home__host_authority__code="NMR", authority__code="EXS").count() == 3
    assert open_ones.filter(child__is_unaccompanied=True, child__needs_interpreter=True).count() == 1
    assert open_ones.filter(noticed_at__lt=now() - timedelta(days=18)).count() == 1
    assert open_ones.filter(news__kind="sighting", news__force__name="Farshire Police").count() == 1
    assert {"enquirer", "spoken"} <= set(open_ones.values_list("news__kind", flat=True))
    assert Notification.objects.filter(template="enquirer", state="sent").exists()
    assert StepRun.objects.filter(acknowledged_until__gt=now(), holder__name="Sonia Grieve").count() == 1
    assert Challenge.objects.filter(answer__answer=PoliceAnswer.Answer.REFUSED).count() == 1
    lower = PoliceAnswer.objects.filter(answer=PoliceAnswer.Answer.GRADED_LOWER, challenges=None)
    assert lower.count() == 1
    again = ReturnInterview.objects.filter(why_not_held="missing_again").get()
    assert MissingEpisode.objects.filter(child=again.child, state=State.OPEN).exists()


def test_each_story_begins_with_its_report(told: Told) -> None:
    lived = MissingEpisode.objects.filter(imported_at=None)
    assert {story_of(episode).last().verb for episode in lived} == {EpisodeVerb.REPORTED}  # type: ignore[union-attr]  # each has one


def test_the_weeks_before_have_every_ending(told: Told) -> None:
    lived = MissingEpisode.objects.filter(authority__code="EXS", imported_at=None)
    states = Counter(lived.values_list("state", flat=True))
    assert states[State.CLOSED] >= 20
    assert states.keys() >= {State.FOLLOW_UP, State.LATE_BACK, State.FALSE_REPORT}
    interviews = Counter(ReturnInterview.objects.values_list("state", flat=True))
    assert interviews.keys() == {*InterviewState}
    assert MissingEpisode.objects.filter(child__first_name="Jaden").count() >= 6


# ---- those who look at the lookers ----


def test_bev_has_an_emergency_to_review_and_a_child_to_find(told: Told) -> None:
    bev = person("Bev Aldous")
    (opened,) = glasses_to_review(bev)
    assert (opened.user, opened.child.is_restricted) == (person("Femi Castell"), True)
    assert opened.until < now()
    assert [one.about for one in conflicts_visible_to(bev)] == ["A boy at Rowan Court called Tyler"]


def test_petra_finds_who_opened_a_record_of_her_team(told: Told) -> None:
    browser = signed_in("Petra Sands")
    found = browser.get("/looks/").content.decode()
    assert "Theo Brandt" in found
    assert "Callum Reyes" not in found
    mason = Child.objects.get(reference="EX-20904")
    looks = browser.get(f"/children/{mason.pk}/looks/").content.decode()
    assert all(name in looks for name in ("Theo Brandt", "Callum Reyes", "Petra Sands"))


# ---- everybody finds something ----


# The home with the three who are free to be reported.
NOBODY_MISSING: Final = ("Carl Penrose", "Larch House tablet")


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(person(name), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def first_page(name: str) -> str:
    page = signed_in(name).get("/", follow=True)
    assert page.status_code == 200
    return page.content.decode()


@pytest.mark.parametrize("name", [one.name for one in PEOPLE])
def test_a_first_page_answers_and_has_something_on_it(told: Told, name: str) -> None:
    page = first_page(name)
    assert ("Nobody is missing or away." in page) == (name in NOBODY_MISSING)
    assert "Nothing here yet" not in page


def test_northmoor_sees_its_own_and_nobody_elses(told: Told) -> None:
    assert board("Eve Northcott") == {NED.first_name: "Missing"}


def test_carl_has_three_to_report_and_one_who_is_back(told: Told) -> None:
    page = first_page("Carl Penrose")
    assert "Missing or away now (0)" in page
    assert "Back in the last three days (1)" in page
    assert "Children placed with you now (3)" in page


def test_what_happens_now_is_told_last(told: Told) -> None:
    assert STORIES[-1] is PRESENT[-1]
    assert [story.days_ago for story in STORIES] == sorted(
        (story.days_ago for story in STORIES), reverse=True
    )


# ---- before anybody goes missing ----


def test_the_children_of_the_files_get_plans_that_ask_for_nothing_of_the_past(told: Told) -> None:
    messages, living = Notification.objects.count(), Placement.objects.exclude(home=None)
    while some := unplanned.next_without_run():
        forgotten.reconcile_each(some, engine.reconcile_placement)
    engine.sweep_once()

    planned = living.filter(period__endswith=None).exclude(runs=None)
    assert planned.count() == living.filter(period__endswith=None).count() > 250
    assert Notification.objects.count() == messages
    assert overdue_plan_steps_visible_to(person("Ruth Sandiford")).count() <= 3
    reviews = StepRun.objects.filter(run__placement__in=planned, rung=0, state=StepState.WAITING)
    soon = reviews.filter(due_at__lte=now() + timedelta(days=28)).count()
    assert 30 < soon < reviews.count()


def test_most_who_are_missing_have_a_face_and_the_police_most_of_those(told: Told) -> None:
    away = MissingEpisode.objects.filter(state__in=("open", "located")).values("child")
    shown = Photo.objects.filter(child__in=away).live()
    assert shown.values("child").distinct().count() > 10
    unapproved = shown.exclude(pk__in=Photo.objects.approved_for("police"))
    assert {photo.child.known_as or photo.child.first_name for photo in unapproved} == {"Sana", "Jaden"}
    assert [photo.child.first_name for photo in Photo.objects.approved_for("public")] == ["Dev"]


def test_the_demos_own_children_have_a_plan_that_somebody_wrote(told: Told) -> None:
    kits = StepRun.objects.filter(run__placement__child__reference="EX-20417", rung=0)
    states = list(kits.order_by("due_at").values_list("state", flat=True))
    assert states[0] == StepState.DONE
    assert states[-1] == StepState.WAITING
    assert not kits.filter(fired_at__isnull=False).exists()
