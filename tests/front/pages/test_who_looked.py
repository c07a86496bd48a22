"""Who looked at a child: on a page for those who watch the audit, and at the server's command line."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from casework.records import audit
from casework.records.acts import ROLE_ACTS, Act
from casework.records.lookers import Before, lookers_of, looks_at
from casework.records.models import AuditEntry, Child, ConflictOfInterest
from casework.records.times import now, pretend_now
from protocols.unexplained import Week
from tests.cast import Cast
from tests.front.pages.at_the_desk import at_the_desk, text_of, url


def look(user: object, child: Child, **about: object) -> None:
    audit.looked(user, child=child, **{"about_kind": "child", "about_id": child.pk, **about})  # type: ignore[arg-type]  # as tests call it


def page(user: object, child: Child, query: str = "") -> str:
    return text_of(at_the_desk(user).get(url("who-looked", child.pk) + query))  # type: ignore[arg-type]


# Whom it is for -----------------------------------------------------------------------------------------


def test_nobody_who_may_change_the_protocol_sees_the_audit() -> None:
    """`reliability` 1.3 (8): who sets the rules does not watch the watchers."""
    both = [role for role, acts in ROLE_ACTS.items() if {Act.EDIT_PROTOCOL, Act.VIEW_AUDIT} <= acts]
    assert both == []
    assert any(Act.VIEW_AUDIT in acts for acts in ROLE_ACTS.values())


@pytest.mark.ac("T01.1")
def test_managers_see_it_of_their_own_and_others_do_not_know_it_is_there(cast: Cast) -> None:
    address = url("who-looked", cast.kit.pk)
    for person in (cast.bev, cast.ruth):
        assert at_the_desk(person).get(address).status_code == 200
    for person in (cast.amina, cast.ada, cast.carl, cast.tablet, cast.eve, cast.dee, cast.femi):
        assert at_the_desk(person).get(address).status_code == 404, person.name


def test_a_manager_of_another_team_does_not_see_it(cast: Cast) -> None:
    Child.objects.filter(pk=cast.kit.pk).update(team=cast.duty_team)
    assert at_the_desk(cast.bev).get(url("who-looked", cast.kit.pk)).status_code == 404
    assert at_the_desk(cast.ruth).get(url("who-looked", cast.kit.pk)).status_code == 200


def test_the_data_protection_contact_sees_all_of_the_authority(cast: Cast) -> None:
    cast.exampleshire.data_protection_contact = cast.femi
    cast.exampleshire.save()
    assert at_the_desk(cast.femi).get(url("who-looked", cast.biniam.pk)).status_code == 200
    assert at_the_desk(cast.femi).get(url("unexplained")).status_code == 200


def test_a_contact_who_may_change_the_protocol_does_not(cast: Cast) -> None:
    cast.exampleshire.data_protection_contact = cast.ada
    cast.exampleshire.save()
    assert at_the_desk(cast.ada).get(url("who-looked", cast.kit.pk)).status_code == 404
    assert at_the_desk(cast.ada).get(url("unexplained")).status_code == 403


@pytest.mark.ac("T05.5")
def test_a_conflict_of_interest_hides_who_looked_too(cast: Cast) -> None:
    ConflictOfInterest.objects.create(
        user=cast.ruth, authority=cast.exampleshire, child=cast.kit, reason="Her nephew", recorded_by=cast.bev
    )
    assert at_the_desk(cast.ruth).get(url("who-looked", cast.kit.pk)).status_code == 404


# What it says -------------------------------------------------------------------------------------------


@pytest.mark.ac("T05.6")
def test_everybody_is_there_by_person_and_by_time(cast: Cast) -> None:
    look(cast.amina, cast.kit)
    look(cast.amina, cast.kit, fields=["interview"])
    look(cast.ines, cast.ola)
    audit.looked(cast.femi, child_ids=[cast.kit.pk, cast.ola.pk], about_kind="board")
    said = page(cast.ruth, cast.kit)
    assert all(name in said for name in ("Amina Rahal", "Social worker, Exampleshire", "Femi Castell"))
    assert "Opened the record: the return interview" in said
    assert "Saw the child on Now" in said
    assert cast.ines.name not in said
    opened = {one.name: (one.opened, one.listed) for one in lookers_of(cast.kit.pk)}
    assert opened == {"Amina Rahal": (2, 0), "Femi Castell": (0, 1), "Ruth Sandiford": (1, 0)}


def test_a_reason_that_was_given_is_shown(cast: Cast) -> None:
    look(cast.amina, cast.kit, reason="Cover: Amina’s colleague is ill")
    assert "Amina’s colleague is ill" in page(cast.ruth, cast.kit)


def test_the_page_shows_the_look_that_opened_it(cast: Cast) -> None:
    assert "By person (1)" in page(cast.ruth, cast.kit), "nobody but she has looked"


def test_the_look_at_the_audit_is_in_the_audit(cast: Cast) -> None:
    page(cast.ruth, cast.kit)
    entry = AuditEntry.objects.get(about_kind="who_looked")
    assert (entry.actor_id, entry.child_id) == (cast.ruth.pk, cast.kit.pk)


def test_one_persons_looks_can_be_chosen(cast: Cast) -> None:
    look(cast.amina, cast.kit)
    look(cast.carl, cast.kit, reason="Handover")
    said = page(cast.ruth, cast.kit, f"?by={cast.carl.pk}")
    assert "Looks by Carl Penrose" in said
    assert cast.amina.name not in said


def test_pages_follow_each_other_without_a_gap(cast: Cast) -> None:
    for number in range(120):
        look(cast.amina, cast.kit, reason=f"Look number {number}.")
    seen: list[str] = []
    before: Before | None = None
    while looks := looks_at(cast.kit.pk, before=before):
        assert len(looks) <= 50
        seen += [one.reason for one in looks]
        before = Before(looks[-1].at, looks[-1].id)
    assert seen == [f"Look number {number}." for number in reversed(range(120))]
    assert "Look number 119." in page(cast.ruth, cast.kit)
    assert "Earlier" in page(cast.ruth, cast.kit)


@pytest.mark.parametrize(
    "query", ["?before=yesterday", "?before=~", "?by=somebody", "?before=2026-01-01~x&by="]
)
def test_a_link_of_nonsense_shows_the_first_page(cast: Cast, query: str) -> None:
    look(cast.amina, cast.kit)
    assert "Amina Rahal" in page(cast.ruth, cast.kit, query)


def test_the_title_names_nobody(cast: Cast) -> None:
    said = page(cast.ruth, cast.kit)
    title = said.partition("<title>")[2].partition("</title>")[0]
    assert cast.kit.reference in title
    assert cast.kit.last_name not in title


# The weekly list ----------------------------------------------------------------------------------------


@pytest.mark.ac("T05.4")
def test_last_weeks_looks_without_a_part_are_on_a_page(cast: Cast) -> None:
    pretend_now(Week.of(now()).before.begins_at + timedelta(days=1))
    look(cast.ines, cast.kit)
    look(cast.amina, cast.kit)
    pretend_now(None)
    said = text_of(at_the_desk(cast.ruth).get(url("unexplained")))
    assert "Ines Vale" in said
    assert "Return interview worker, Exampleshire" in said
    assert cast.amina.name not in said
    assert AuditEntry.objects.get(about_kind="unexplained").child_ids == [cast.kit.pk]


def test_a_manager_checks_the_own_team_and_not_themselves(cast: Cast) -> None:
    Child.objects.filter(pk=cast.ola.pk).update(team=cast.duty_team)
    pretend_now(Week.of(now()).before.begins_at + timedelta(days=1))
    look(cast.ines, cast.ola)
    look(cast.ruth, cast.biniam)
    pretend_now(None)
    of_the_team = text_of(at_the_desk(cast.bev).get(url("unexplained")))
    assert cast.ruth.name in of_the_team
    assert cast.ines.name not in of_the_team, "that child is another team's"
    said = text_of(at_the_desk(cast.ruth).get(url("unexplained")))
    assert "Ines Vale" in said
    assert cast.biniam.last_name not in said, "her own look is for somebody else to ask about"


@pytest.mark.parametrize("week", ["", "2026-13-45", "1999-01-01", "2099-01-01", "now"])
def test_a_week_that_is_none_is_last_week(cast: Cast, week: str) -> None:
    answer = at_the_desk(cast.ruth).get(url("unexplained"), {"week": week})
    assert answer.status_code == 200
    assert f"{Week.of(now()).before.monday.day} " in text_of(answer)


# The command --------------------------------------------------------------------------------------------


@pytest.mark.ac("T05.6")
def test_the_command_lists_everybody_and_is_in_the_audit(cast: Cast) -> None:
    look(cast.amina, cast.kit)
    for wanted in (["--child", str(cast.kit.pk)], ["--child", cast.kit.reference, "--authority", "EXS"]):
        said = StringIO()
        call_command("who_looked", *wanted, stdout=said)
        assert "Amina Rahal <amina.rahal@casework.example>: opened 1" in said.getvalue()
    entry = AuditEntry.objects.filter(about_kind="who_looked").first()
    assert entry is not None
    assert entry.actor_id is None
    assert entry.on_behalf_of.startswith("casework ")  # and the command, which is a test's here


def test_each_look_can_be_listed_too(cast: Cast) -> None:
    look(cast.amina, cast.kit, fields=["indicators"], reason="Handover")
    said = StringIO()
    call_command("who_looked", "--child", cast.kit.reference, "--each", stdout=said)
    assert "Amina Rahal: child, indicators (Handover)" in said.getvalue()


def test_a_child_that_is_not_there_is_said_to_be_none(cast: Cast) -> None:
    with pytest.raises(CommandError, match="no such child"):
        call_command("who_looked", "--child", "EX-0")
