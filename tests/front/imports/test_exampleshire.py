"""Exampleshire's own files: all of them into the record, once, and out again as they came."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from casework.front.imports import importing
from casework.front.imports.importing import import_folder, preview
from casework.front.returns.missing_rows import missing_rows
from casework.records.models import (
    AuditEntry,
    Child,
    ChronologyEntry,
    Home,
    HomeKind,
    ImportedRow,
    LegalStatus,
    LocalAuthority,
    Membership,
    Neighbour,
    Notification,
    Placement,
    Role,
    User,
)
from casework.records.return_years import ReturnYear
from incidents.models import MissingEpisode, Spell, State
from protocols import engine
from protocols.models import ProtocolRun, StepRun, StepState
from protocols.publishing import publish_default
from tests import content
from tests.front.imports.folders import as_handed_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority() -> LocalAuthority:
    """Exampleshire, imported from both years' files."""
    publish_default()
    import_folder(as_handed_out(), by=None)
    return LocalAuthority.objects.get(code="EXS")


def test_everybody_is_there_with_everything_the_files_say(authority: LocalAuthority) -> None:
    folder = as_handed_out()
    assert Child.objects.filter(authority=authority).count() == len(folder.children) == 456
    assert Home.objects.filter(kept_by=authority).count() == len(folder.homes) == 60
    assert (Placement.objects.count(), LegalStatus.objects.count()) == (1052, 516)
    assert Child.objects.filter(is_unaccompanied=True).count() == 32
    assert not Child.objects.filter(allocated_worker=None).exists()
    assert not Child.objects.filter(team=None).exists()
    states = Counter(MissingEpisode.objects.values_list("state", flat=True))
    assert states == {State.CLOSED: 818, State.AGED_OUT: 2, State.OPEN: 2}


def test_a_row_that_changes_the_legal_status_only_is_no_placement_of_its_own(
    authority: LocalAuthority,
) -> None:
    rows = {(row.reference, row.decom): row for files in as_handed_out().years for row in files.episodes}
    ends = {(row.reference, row.dec) for row in rows.values()}
    going_on = [key for key, row in rows.items() if row.rne == "L" and key in ends]
    assert len(going_on) == 60
    assert Placement.objects.count() == len(rows) - len(going_on)


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_missing_period_comes_out_as_it_went_in(authority: LocalAuthority, year: int) -> None:
    files = next(files for files in as_handed_out().years if files.year == year)
    went_in = [(row.reference, row.kind, row.start, row.end) for row in files.missing]
    came_out = [
        (row.child_reference, row.code, row.start_on, row.end_on)
        for row in missing_rows(authority.pk, ReturnYear(year))
    ]
    assert Counter(came_out) == Counter(went_in)


@pytest.mark.ac("C08")
def test_the_same_files_again_change_nothing_and_say_so(authority: LocalAuthority) -> None:
    before, entries = content.lines(), AuditEntry.objects.count()
    assert preview(as_handed_out(), by=None).changes == 0
    again = import_folder(as_handed_out(), by=None)
    assert (again.changes, again.left) == (0, [])
    assert content.lines() == before
    assert AuditEntry.objects.count() == entries + 1  # that it was read


def test_a_dry_run_says_what_would_happen_and_writes_nothing() -> None:
    would = preview(as_handed_out(), by=None)
    assert not LocalAuthority.objects.exists()
    assert "456 children" in would.added_words()
    did = import_folder(as_handed_out(), by=None)
    assert (did.added, did.changes) == (would.added, would.changes)


def test_when_the_last_row_cannot_be_written_nothing_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        assert Child.objects.count() == 456  # everything else was written by now
        raise OSError

    monkeypatch.setattr(importing, "store", broken)
    with pytest.raises(OSError):  # noqa: PT011  # ours
        import_folder(as_handed_out(), by=None)
    assert content.lines() == []
    assert not ChronologyEntry.objects.exists()


# ---- absences ----


def test_what_is_over_is_closed_and_marked_and_nobody_is_asked_for_anything(
    authority: LocalAuthority,
) -> None:
    closed = MissingEpisode.objects.filter(state=State.CLOSED)
    assert not closed.filter(imported_at=None).exists()
    assert not closed.filter(noticed_estimated=False).exists()
    assert not closed.filter(returned_estimated=False).exists()
    assert not closed.filter(placement=None).exists()
    assert not ProtocolRun.objects.filter(episode__in=closed).exists()


def test_found_and_not_yet_back_is_one_absence_of_two_spells(authority: LocalAuthority) -> None:
    together = MissingEpisode.objects.filter(spells__ordinal=2)
    assert together.count() == 55
    for episode in together[:10]:
        missing, away = episode.spells.order_by("ordinal")
        assert (missing.category, away.category) == ("missing", "away")
        assert missing.ended_at == away.started_at
        assert episode.returned_at == away.ended_at


def test_references_count_each_year_from_one_in_the_order_of_the_days(authority: LocalAuthority) -> None:
    rows = list(MissingEpisode.objects.order_by("reference").values_list("reference", "noticed_at"))
    for year in (2025, 2026):
        of_year = [(reference, at) for reference, at in rows if reference.startswith(f"E-{year}-")]
        assert [reference[-4:] for reference, _ in of_year] == [
            f"{number:04d}" for number in range(1, len(of_year) + 1)
        ]
        assert [at for _, at in of_year] == sorted(at for _, at in of_year)


def test_an_open_absence_is_reviewed_within_the_hour_and_what_was_due_is_not_asked_for(
    authority: LocalAuthority,
) -> None:
    for episode in MissingEpisode.objects.filter(state=State.OPEN):
        engine.reconcile(episode.pk)
        steps = StepRun.objects.filter(episode=episode, rung=0).select_related("step")
        assert episode.imported_at is not None
        for step in steps:
            is_due_later = step.due_at >= episode.imported_at
            assert (step.state == StepState.WAITING) == is_due_later, step.step.code
            assert is_due_later or step.reason == "Before this system."
        review = steps.get(step__code="I1")
        assert (review.due_at - episode.imported_at).total_seconds() == 3600
        spell = Spell.objects.get(episode=episode)
        assert steps.get(step__code="T9").anchor_at == spell.started_at


def test_a_period_without_an_end_is_an_open_absence_that_began_at_midnight(authority: LocalAuthority) -> None:
    episode = MissingEpisode.objects.get(child__reference="100392", state=State.OPEN)
    assert episode.missing_from.isoformat() == "2026-11-15T00:00:00+00:00"
    assert episode.spells.get().ended_at is None


def test_the_18th_birthday_ends_it_and_nobody_came_back(authority: LocalAuthority) -> None:
    for episode in MissingEpisode.objects.filter(state=State.AGED_OUT).select_related("child"):
        born_on = episode.child.born_on
        assert episode.returned_at is None
        ended_at = episode.spells.latest("ordinal").ended_at
        assert ended_at is not None
        assert ended_at.date() in (born_on.replace(year=born_on.year + 18), _day_before(born_on))


def _day_before(born_on: date) -> date:
    """In summer, midnight in London is eleven at night in UTC."""
    return date.fromordinal(born_on.replace(year=born_on.year + 18).toordinal() - 1)


# ---- who is who ----


def test_workers_are_there_to_be_allocated_and_hear_nothing_yet(authority: LocalAuthority) -> None:
    worker = User.objects.get(email="team.north.worker6@exampleshire.example")
    assert worker.name == "Team North Worker 6"
    assert not worker.has_usable_password()
    post = Membership.objects.get(user=worker)
    assert (post.role, post.authority, post.team.name if post.team else "") == (
        Role.SOCIAL_WORKER,
        authority,
        "Team North",
    )
    assert Child.objects.get(reference="100000").allocated_worker == worker
    assert not Notification.objects.exists()


def test_neighbours_are_names_with_what_exampleshire_knows_of_them(authority: LocalAuthority) -> None:
    known = {row.other.name: row for row in Neighbour.objects.select_related("other")}
    assert {name: row.is_adjoining for name, row in known.items()} == {
        "Northmoor": True,
        "Westing": True,
        "Farshire": False,
    }
    assert known["Westing"].duty_phone == "+441632960011"
    westing = known["Westing"].other
    assert (westing.code, westing.is_tenant, westing.duty_phone) == ("WES", False, "")
    assert westing.police_force is not None
    assert westing.police_force.name == "Westing Police"


def test_the_sector_is_the_homes_and_its_kind_follows_from_the_place_code(authority: LocalAuthority) -> None:
    kinds = Counter(Home.objects.values_list("kind", flat=True))
    assert kinds == {
        HomeKind.CHILDREN_HOME: 37,
        HomeKind.SUPPORTED: 12,
        HomeKind.SECURE_HOME: 7,
        HomeKind.FOSTERING: 4,
    }
    home = Home.objects.select_related("provider", "host_authority").get(urn="SC128137")
    assert (home.name, home.provider.name, home.sector) == ("Ashby Court", "Innes Care Ltd", "private")
    assert home.host_authority is not None
    assert home.host_authority.name == "Northmoor"
    assert (home.email, home.phone, home.capacity) == ("ashby.court@innes.example", "+441632960101", 5)


def test_each_change_of_a_child_is_in_the_audit_and_in_the_story(authority: LocalAuthority) -> None:
    added = Counter(AuditEntry.objects.filter(action="add").values_list("about_kind", flat=True))
    assert (added["child"], added["placement"], added["legalstatus"]) == (456, 1052, 516)
    told = Counter(ChronologyEntry.objects.values_list("verb", flat=True))
    assert told["child.imported"] == 456
    assert told["placement.started"] == 1052
    assert told["legal_status.recorded"] == 516
    assert told["episode.imported"] == 822
    assert ImportedRow.objects.filter(kind__in=["episode", "missing", "child"], about_id=None).count() == 0
