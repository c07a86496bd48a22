"""The overview: whose children it is about, what is short of somebody, and who may look."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from casework.records.models import AuditEntry, Membership, Role, Team, User
from casework.records.services import conflicts
from casework.records.times import now
from incidents.models import MissingEpisode
from incidents.services import reports, risk
from protocols import acts
from tests.front.pages.duty_night import at_the_desk, back, in_force, later, missing, step_of, text_of

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def night(cast: Cast) -> Cast:
    in_force(cast)
    return cast


def overview(user: User, **asked: str) -> Any:
    return at_the_desk(user).get(reverse("dashboards:overview"), asked)


def counts(answer: Any) -> dict[str, int]:
    return {tile.text: tile.count for _, group in answer.context["tiles"] for tile in group}


def test_bev_sees_the_night_and_workers_are_sent_away(night: Cast) -> None:
    missing(night)
    answer = overview(night.bev)
    assert "Kit Ashdown" in text_of(answer)
    assert (counts(answer)["Everyone not back"], counts(answer)["Missing"]) == (1, 1)
    for person in (night.amina, night.femi, night.carl, night.ada, night.ines):
        assert overview(person).status_code == 403


def test_grades_are_counted_by_the_higher_and_none_is_a_tile_of_its_own(night: Cast) -> None:
    episode = missing(night)
    assert counts(overview(night.bev))["Not graded yet"] == 1
    for made_by, grade in (("authority", "medium"), ("police", "low")):
        risk.assess_risk(
            by=night.amina, episode=episode, made_by=made_by, grade=grade, rationale="What is known."
        )
    found = counts(overview(night.bev))
    assert (found["High"], found["Medium"], found["Low, or no apparent risk"]) == (0, 1, 0)
    assert found["Not graded yet"] == 0


def test_a_team_manager_starts_with_their_team_and_can_look_at_all(night: Cast) -> None:
    other = Team.objects.create(authority=night.exampleshire, name="Looked-after Team 5")
    night.kit.team = other
    night.kit.save()
    missing(night)
    assert counts(overview(night.bev))["Everyone not back"] == 0
    assert counts(overview(night.bev, of="all"))["Everyone not back"] == 1
    assert counts(overview(night.bev, of=str(other.pk)))["Everyone not back"] == 1
    assert counts(overview(night.ruth))["Everyone not back"] == 1
    night.kit.team = None  # in no team: every team manager's
    night.kit.save()
    assert counts(overview(night.bev))["Everyone not back"] == 1


def test_another_authoritys_team_cannot_be_asked_for(night: Cast) -> None:
    theirs = Team.objects.create(authority=night.northmoor, name="Northmoor Team 1")
    assert overview(night.bev, of=str(theirs.pk)).status_code == 400
    assert overview(night.bev, show="everything").status_code == 400
    assert overview(night.bev, sort="name").status_code == 400


def test_a_step_that_is_due_stays_unanswered_until_somebody_promises(night: Cast) -> None:
    episode = missing(night)
    later(episode, timedelta(hours=2))
    before = counts(overview(night.bev))
    step = step_of(episode, "T3")
    acts.acknowledge_step(by=night.bev, step_run=step, until=now() + timedelta(hours=1))
    after = counts(overview(night.bev))
    assert before["Overdue steps"] == after["Overdue steps"] > 0
    assert after["Due, nobody promised"] == before["Due, nobody promised"] - 1
    assert step.step.title in text_of(overview(night.bev, show="overdue"))
    assert step.step.title not in text_of(overview(night.bev, show="unanswered"))


def test_who_owes_most_is_named_by_role_until_somebody_takes_it(night: Cast) -> None:
    episode = missing(night)
    later(episode, timedelta(hours=2))
    owing = {(one.name, one.role) for one in overview(night.bev).context["short"].owing}
    assert ("", "team_manager") in owing or ("", "duty_worker") in owing
    step = step_of(episode, "T3")
    acts.hand_over_step(by=night.bev, step_run=step, to=night.amina)
    assert "Amina Rahal" in {one.name for one in overview(night.bev).context["short"].owing}


def test_a_child_with_nobody_on_duty_is_named_in_red(night: Cast) -> None:
    episode = missing(night)
    assert overview(night.bev).context["short"].nobodys == []
    Membership.objects.filter(role__in=(Role.DUTY_WORKER, Role.SOCIAL_WORKER)).update(ends_at=now())
    assert overview(night.bev).context["short"].nobodys == [episode]


def test_nobody_is_missing_is_said_and_a_conflict_hides_a_child(night: Cast) -> None:
    assert "Everybody is back." in text_of(overview(night.bev))
    missing(night)
    conflicts.declare_conflict(by=night.ruth, child=night.kit, reason="My godson.")
    assert counts(overview(night.ruth))["Everyone not back"] == 0
    assert "Kit Ashdown" not in text_of(overview(night.ruth))


def test_whom_the_lists_show_is_in_the_audit(night: Cast) -> None:
    episode = missing(night)
    overview(night.bev)
    overview(night.bev, show="missing")
    rows = AuditEntry.objects.filter(actor_id=night.bev.pk, about_kind="overview")
    assert [row.child_ids for row in rows] == [[episode.child_id]] * 2


def test_an_interview_is_due_and_then_late(night: Cast) -> None:
    episode = missing(night)
    back(night, episode)
    first = counts(overview(night.bev))
    assert (first["Interviews due"], first["Interviews late"]) == (1, 0)
    later(episode, timedelta(hours=73))
    found = counts(overview(night.bev))
    assert (found["Interviews due"], found["Interviews late"]) == (0, 1)
    assert "Kit Ashdown" in text_of(overview(night.bev, show="interviews_late"))


def test_a_director_of_two_authorities_sees_which_is_which(night: Cast) -> None:
    Membership.objects.create(user=night.ruth, role=Role.HEAD_OF_SERVICE, authority=night.northmoor)
    missing(night)
    table = text_of(overview(night.ruth, show="missing")).split("<table")[1].split("</table>")[0]
    assert ("Exampleshire" in table, "Northmoor" in table) == (True, False)


def test_the_longest_gone_is_first(night: Cast) -> None:
    first = missing(night)
    second = reports.report_missing(
        by=night.amina, child=night.ola, category="missing", noticed_at=now() - timedelta(hours=9)
    )
    longest: list[MissingEpisode] = overview(night.bev).context["short"].longest
    assert longest == [second, first]
