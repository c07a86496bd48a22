"""Steps that count from a placement, on the pages: below the absences, on the child's page, done in place."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.records.models import AuditEntry, Placement
from casework.records.times import now, pretend_now
from incidents.services import risk
from protocols import engine
from protocols.models import StepRun, StepState
from tests.cast import Cast
from tests.front.pages.at_the_desk import at_the_desk, send, text_of, url
from tests.protocols.nights import kit_goes_missing
from tests.protocols.placed import moved_in, plan_step, plans_in_force

pytestmark = pytest.mark.django_db

TITLE = "Prepare for the day the child goes missing"
HEADING = "Before anybody goes missing"
DONE = {"evidence_1": "Photo, phone and friends are written down."}


@pytest.fixture
def olas(cast: Cast) -> Placement:
    """Ola moves to Fenwick House today; her plan is due in five working days."""
    plans_in_force()
    return moved_in(cast, cast.ola)


def soon(placement: Placement) -> StepRun:
    """The plan is due within a week, in which it waits for Amina: five working days can be longer."""
    row = plan_step(placement, "P1")
    pretend_now(max(now(), row.due_at - timedelta(days=6)))
    return row


def late(placement: Placement) -> StepRun:
    """The plan has been due for a day, and Amina was told."""
    pretend_now(plan_step(placement, "P1").due_at + timedelta(days=1))
    engine.sweep_once()
    return plan_step(placement, "P1")


def test_my_work_has_plans_below_what_is_about_an_absence(cast: Cast, olas: Placement) -> None:
    late(olas)
    kit_goes_missing(cast)

    page = text_of(at_the_desk(cast.amina).get(url("my-work")))

    assert f"{HEADING} (1)" in page
    assert page.index(cast.kit.name) < page.index(HEADING) < page.index(TITLE)
    assert url("child-detail", cast.ola.pk) in page
    assert "Plans (1)" in page
    only = text_of(at_the_desk(cast.amina).get(url("my-work"), {"show": "plans"}))
    assert TITLE in only
    assert "Kit Ashdown" not in only


def test_a_plan_is_shown_to_whoever_owes_it_and_to_nobody_else(cast: Cast, olas: Placement) -> None:
    soon(olas)
    assert TITLE in text_of(at_the_desk(cast.amina).get(url("my-work")))
    for somebody_else in (cast.bev, cast.femi, cast.ines, cast.eve):
        assert TITLE not in text_of(at_the_desk(somebody_else).get(url("my-work")))


def test_amina_does_it_from_her_work_and_comes_back_to_it(cast: Cast, olas: Placement) -> None:
    row = late(olas)
    desk = at_the_desk(cast.amina)
    page = text_of(desk.get(url("my-work")))
    address = f"{url('step-complete', row.pk)}?from=work"
    assert address in page

    key = re.search(r'name="form_key" value="([^"]+)"', page)
    assert key
    answer = desk.post(address, {"form_key": key[1], **DONE})

    assert (answer.status_code, answer.headers["Location"]) == (302, url("my-work"))
    done = plan_step(olas, "P1")
    assert (done.state, done.done_by) == (StepState.DONE, cast.amina)
    assert TITLE not in text_of(desk.get(url("my-work")))


def test_a_page_of_the_step_is_about_the_child_and_leads_back_there(cast: Cast, olas: Placement) -> None:
    row = plan_step(olas, "P1")
    childs_page = url("child-detail", cast.ola.pk)
    for act in ("complete", "acknowledge", "hand-over", "waive"):
        page = text_of(at_the_desk(cast.bev).get(url(f"step-{act}", row.pk)))
        title = re.search(r"<title>([^<]*)", page)
        assert title
        assert f"{TITLE}, {cast.ola.reference}" in title[1]
        assert cast.ola.name not in title[1]
        assert cast.ola.name in page
        assert f'href="{childs_page}"' in page
    assert AuditEntry.objects.filter(child_id=cast.ola.pk, actor_id=cast.bev.pk, action="read").exists()

    assert send(cast.bev, "step-hand-over", row.pk, to=str(cast.femi.pk)).headers["Location"] == childs_page
    assert plan_step(olas, "P1").holder == cast.femi
    assert send(cast.bev, "step-waive", row.pk, reason="").status_code == 422
    assert send(cast.bev, "step-waive", row.pk, reason="The home has one.").status_code == 302
    assert plan_step(olas, "P1").state == StepState.WAIVED
    assert send(cast.bev, "step-reopen", row.pk, reason="Not of this child.").status_code == 302
    assert plan_step(olas, "P1").state == StepState.WAITING


def test_a_waiver_of_a_plan_is_asked_and_answered_like_any(cast: Cast, olas: Placement) -> None:
    row, decisions, why = (
        soon(olas),
        reverse("dashboards:decisions"),
        "The home has written it down.",
    )
    assert url("step-ask-waiver", row.pk) in text_of(at_the_desk(cast.amina).get(url("my-work")))
    for reason, status in (("", 422), (why, 302), (why, 409)):
        assert send(cast.amina, "step-ask-waiver", row.pk, reason=reason).status_code == status
    assert send(cast.eve, "step-ask-waiver", row.pk, reason=why).status_code == 404
    waiting = text_of(at_the_desk(cast.bev).get(decisions))
    assert why in waiting
    assert cast.ola.reference in waiting
    assert why in text_of(at_the_desk(cast.bev).get(url("step-waive", row.pk)))

    answer = send(cast.bev, "step-keep", row.pk, reason="Her school is not in it.")

    assert answer.headers["Location"] == url("child-detail", cast.ola.pk)
    assert why not in text_of(at_the_desk(cast.bev).get(decisions))
    assert plan_step(olas, "P1").state == StepState.WAITING


def test_what_is_unanswered_too_long_or_another_persons_is_refused(cast: Cast, olas: Placement) -> None:
    row = plan_step(olas, "P1")
    assert send(cast.amina, "step-complete", row.pk, evidence_1="").status_code == 422
    assert send(cast.amina, "step-complete", row.pk, evidence_1="x" * 4001).status_code == 422
    assert (
        send(cast.mo, "step-complete", row.pk, **DONE).status_code == 403
    )  # the authority's, not the home's
    for stranger in (cast.eve, cast.carl, cast.dee):
        assert send(stranger, "step-complete", row.pk, **DONE).status_code == 404
    assert plan_step(olas, "P1").state == StepState.WAITING

    assert send(cast.amina, "step-complete", row.pk, **DONE).status_code == 302
    assert send(cast.amina, "step-complete", row.pk, **DONE).status_code == 409


def test_overdue_now_has_plans_under_a_heading_of_their_own_and_counts_both(
    cast: Cast, olas: Placement
) -> None:
    nothing = text_of(at_the_desk(cast.bev).get(url("overdue")))
    assert "Overdue now (0)" in nothing
    assert HEADING not in nothing

    late(olas)
    page = text_of(at_the_desk(cast.bev).get(url("overdue")))

    assert "Overdue now (1)" in page
    assert f"{HEADING} (1)" in page
    assert "Amina Rahal" in page[page.index(TITLE) :]
    assert TITLE not in text_of(at_the_desk(cast.eve).get(url("overdue")))


def test_the_childs_page_shows_what_is_due_and_what_was_done(cast: Cast, olas: Placement) -> None:
    heading, address = "Plan for the day they go missing", url("child-detail", cast.ola.pk)
    page = text_of(at_the_desk(cast.amina).get(address))
    assert heading in page
    assert url("step-complete", plan_step(olas, "P1").pk) in page
    homes = text_of(at_the_desk(cast.mo).get(address))
    assert heading in homes
    assert url("step-complete", plan_step(olas, "P1").pk) not in homes
    assert heading not in text_of(
        at_the_desk(cast.ada).get(address)
    )  # keeps people and places, reads no cases

    send(cast.amina, "step-complete", plan_step(olas, "P1").pk, **DONE)
    engine.reconcile_placement(olas.pk)
    done = text_of(at_the_desk(cast.amina).get(address))

    assert "Amina Rahal" in done[done.index(heading) :]
    assert heading not in text_of(at_the_desk(cast.amina).get(url("child-detail", cast.kit.pk)))


def test_why_a_plan_was_waived_is_for_the_authority_alone(cast: Cast, olas: Placement) -> None:
    send(cast.bev, "step-waive", plan_step(olas, "P1").pk, reason="Her aunt has it all.")
    for somebody, reads in ((cast.amina, True), (cast.mo, False)):
        page = text_of(at_the_desk(somebody).get(url("child-detail", cast.ola.pk)))
        assert "Waived" in page
        assert ("Her aunt has it all." in page) == reads


def test_moving_a_child_plans_the_new_place_and_ends_the_old(
    cast: Cast, olas: Placement, django_capture_on_commit_callbacks: object
) -> None:
    pretend_now(now() + timedelta(hours=2))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        answer = send(
            cast.amina,
            "child-move",
            cast.ola.pk,
            at="now",
            home=str(cast.larch_house.pk),
            place_code="K2",
            provider_code="PR4",
            reason="Nearer to school.",
        )
    assert answer.status_code == 302
    here = cast.ola.placements.get(home=cast.larch_house, period__contains=now())
    assert plan_step(here, "P1").state == StepState.WAITING
    assert plan_step(olas, "P1").state == StepState.NOT_NEEDED


def test_a_sign_of_danger_recorded_on_a_page_asks_for_the_second_plan(
    cast: Cast, olas: Placement, django_capture_on_commit_callbacks: object
) -> None:
    risk.record_indicator(
        by=cast.amina, child=cast.ola, episode=None, code="trafficking", words="Gifts.", seen_by="Mo"
    )
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        send(cast.bev, "child-allocate", cast.ola.pk, worker=str(cast.femi.pk))
    assert plan_step(olas, "P2").state == StepState.WAITING


def test_queries_do_not_grow_with_the_plans(cast: Cast, olas: Placement) -> None:
    def queries(page: str) -> int:
        desk = at_the_desk(cast.amina)
        desk.get(url(page))
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(url(page)).status_code == 200
        return len(asked)

    late(olas)
    before = [queries(page) for page in ("my-work", "overdue")]
    for child in (cast.kit, cast.rosie, cast.maisie, cast.biniam):
        home = cast.larch_house if child.placements.get().home == cast.fenwick_house else cast.fenwick_house
        late(moved_in(cast, child, home=home))
    assert StepRun.objects.filter(state=StepState.FIRED, rung=0).count() >= 5

    assert [queries(page) for page in ("my-work", "overdue")] == before
