"""What a later file says otherwise is put right and told; what a person has done since stays as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from casework.front.imports.deriving import midnight
from casework.front.imports.faults import FaultyFiles
from casework.front.imports.importing import import_folder, preview
from casework.records.models import (
    Child,
    ChronologyEntry,
    ImportedRow,
    LegalStatus,
    LocalAuthority,
    Membership,
    Placement,
    Role,
    User,
)
from casework.records.return_years import ReturnYear
from casework.records.services import children, placements
from casework.records.times import now
from incidents.models import MissingEpisode, Spell, State
from incidents.services import closing, returns
from protocols import engine
from protocols.models import StepRun, StepState
from protocols.publishing import publish_default
from tests import content
from tests.front.imports.a_world import (
    HOUSE_1,
    HOUSE_2,
    VIK,
    World,
    absences,
    gone,
    left,
    stay,
    told,
    vik,
    with_child,
)

pytestmark = pytest.mark.django_db

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def bev() -> User:
    """A team manager of the authority that was imported."""
    user = User.objects.create_user("bev.aldous@exampleshire.example", name="Bev Aldous")
    since = now() - timedelta(days=9)
    authority = LocalAuthority.objects.get(code="EXS")
    for role in (Role.TEAM_MANAGER, Role.ADMINISTRATOR):
        Membership.objects.create(user=user, role=role, authority=authority, starts_at=since)
    return user


# ---- placements and legal statuses ----


def test_a_move_in_the_next_files_ends_one_placement_and_begins_another() -> None:
    World().read()
    moved = World(stays=(stay(), stay(MAY, rne="P", urn=HOUSE_2)))

    difference = moved.read()

    assert told(difference) == [f"Placement {VIK}, from 06/01/2025, end: blank → 01/05/2026"]
    assert difference.added_words() == ["1 placement"]
    first, second = Placement.objects.order_by("period")
    assert (first.home and first.home.urn, second.home and second.home.urn) == (HOUSE_1, HOUSE_2)
    assert first.period.upper == second.period.lower
    assert LegalStatus.objects.get().until_on is None  # the same law all the time


def test_a_day_of_moving_that_is_put_right_moves_both_placements() -> None:
    World(stays=(stay(), stay(MAY, rne="P", urn=HOUSE_2))).read()
    ids = set(Placement.objects.values_list("pk", flat=True))

    World(stays=(stay(), stay(JUNE, rne="P", urn=HOUSE_2))).read()

    first, second = Placement.objects.order_by("period")
    assert first.period.upper == second.period.lower
    assert second.period.lower.date() == date(2026, 5, 31)  # 11 at night in UTC is midnight in summer
    assert first.pk in ids
    assert Placement._base_manager.exclude(withdrawn_at=None).count() == 1  # the one of the wrong day


@pytest.mark.parametrize("rne", ["T", "U", "P", "B"])
def test_every_change_but_of_the_legal_status_alone_is_a_placement(rne: str) -> None:
    World(stays=(stay(), stay(MAY, rne=rne, ls="V2" if rne in "UB" else "C2"))).read()
    assert Placement.objects.count() == 2
    assert LegalStatus.objects.count() == (2 if rne in "UB" else 1)


def test_a_change_of_the_legal_status_alone_is_none() -> None:
    World(stays=(stay(), stay(MAY, rne="L", ls="V2"))).read()
    assert Placement.objects.get().period.upper is None
    first, second = LegalStatus.objects.order_by("from_on")
    assert (first.code, first.until_on, second.code) == ("C2", MAY, "V2")


def test_the_end_of_care_ends_both() -> None:
    World().read()
    World(care_ended=MAY).read()
    assert Placement.objects.get().period.upper is not None
    assert Placement.objects.get().reason_ended == "Care ended for another reason"
    assert LegalStatus.objects.get().until_on == MAY


def test_with_parents_there_is_no_home_and_the_code_says_so() -> None:
    World(stays=(stay(), stay(MAY, rne="P", place="P1", urn=""))).read()
    placement = Placement.objects.latest("period")
    assert (placement.home, placement.address, placement.place_code) == (None, "", "P1")


def test_a_placement_that_a_person_ended_stays_as_they_said() -> None:
    World().read()
    placement = Placement.objects.get()
    moment = now() - timedelta(days=3)
    placements.end_placement(by=bev(), placement=placement, ends_at=moment, reason="Moved in the night.")
    again = World().read()
    assert (again.changes, left(again)) == (0, [])

    later = World(stays=(stay(), stay(MAY, rne="P", urn=HOUSE_2))).read()

    placement.refresh_from_db()
    assert placement.period.upper == moment
    assert any("was changed here since" in line for line in left(later))
    assert any("overlaps with a placement that was recorded here" in line for line in left(later))
    assert Placement.objects.count() == 1


def test_what_a_person_has_recorded_of_a_child_is_that_child() -> None:
    World(years=(2025,)).read()
    before = Placement.objects.get().pk
    World().read()
    assert Placement.objects.get().pk == before


# ---- who a child is ----


def test_a_corrected_name_is_applied_and_not_told() -> None:
    folder = World().folder()
    import_folder(folder, by=None)
    difference = import_folder(with_child(folder, last_name="North"), by=None)
    assert vik().last_name == "North"
    assert told(difference) == [f"Child {VIK}, last name"]


def test_a_persons_later_change_wins_over_the_same_file_read_again() -> None:
    folder = World().folder()
    import_folder(folder, by=None)
    child = vik()
    changes = {"last_name": "Ashdown"}
    children.correct_child(by=bev(), child=child, version=child.version, changes=changes)

    assert import_folder(folder, by=None).changes == 0
    assert vik().last_name == "Ashdown"

    difference = import_folder(with_child(folder, last_name="North"), by=None)
    assert vik().last_name == "Ashdown"
    assert left(difference) == [
        f"Child {VIK}, last name: It was changed here since, and stays as it is recorded."
    ]
    assert import_folder(with_child(folder, last_name="North"), by=None).left == []  # told once


@pytest.mark.ac("C09")
def test_an_id_that_is_bound_to_somebody_else_is_refused_and_both_are_named_by_id() -> None:
    folder = World().folder()
    import_folder(folder, by=None)
    before = content.lines()
    stranger = with_child(folder, born_on=date(2011, 2, 3))

    for run in (preview, import_folder):
        with pytest.raises(FaultyFiles) as refused:
            run(stranger, by=None)
        (fault,) = refused.value.faults
        assert (fault.file, fault.line, fault.column) == ("children.csv", 2, "DOB")
        assert f"Child {VIK} of this file and child {VIK} of the record ({vik().pk})" in fault.reason
        assert "West" not in fault.reason
    assert content.lines() == before


def test_a_child_who_was_registered_by_hand_is_filled_in_where_nothing_was_known() -> None:
    World(years=(2025,)).read()
    authority = LocalAuthority.objects.get()
    by_hand = Child.objects.create(
        authority=authority,
        reference="100007",
        first_name="Milo",
        last_name="Elm",
        born_on=date(2012, 6, 1),
        sex="U",
        languages="Welsh",
    )
    folder = World().folder()
    second = replace(folder.children[0], reference="100007", first_name="Miles", last_name="Elm")

    difference = import_folder(replace(folder, children=(*folder.children, second)), by=None)

    by_hand.refresh_from_db()
    assert (by_hand.sex, by_hand.languages, by_hand.first_name) == ("F", "Welsh", "Milo")
    assert left(difference) == [
        "Child 100007, first name: It was changed here since, and stays as it is recorded."
    ]


def test_another_worker_in_the_files_is_allocated_and_made_known() -> None:
    folder = World().folder()
    import_folder(folder, by=None)
    difference = import_folder(with_child(folder, worker_email="bev.o-hara2@exampleshire.example"), by=None)
    worker = vik().allocated_worker
    assert worker is not None
    assert worker.name == "Bev O Hara 2"
    assert difference.added_words() == ["1 social worker"]
    assert told(difference) == [f"Child {VIK}, social worker"]


# ---- absences ----


def test_a_later_file_ends_an_open_absence_and_no_step_is_owed_any_more() -> None:
    publish_default()
    World(gone=(gone(date(2026, 3, 20), None),), years=(2025,)).read()
    (episode,) = absences()
    engine.reconcile(episode.pk)
    assert StepRun.objects.filter(episode=episode, state=StepState.WAITING).exists()

    difference = World(gone=(gone(date(2026, 3, 20), date(2026, 4, 3)),)).read()
    engine.reconcile(episode.pk)

    (episode,) = absences()
    assert (episode.state, str(episode.returned_at)[:16]) == (State.CLOSED, "2026-04-02 23:00")
    assert told(difference) == [f"Past absence {VIK}, missing from 20/03/2026, end: blank → 03/04/2026"]
    owed = StepRun.objects.filter(episode=episode, state__in=[StepState.WAITING, StepState.FIRED])
    assert not owed.exists()
    assert ChronologyEntry.objects.filter(episode_id=episode.pk, verb="episode.import_corrected").exists()


def test_an_older_file_read_again_never_reopens() -> None:
    was = World(gone=(gone(date(2026, 3, 20), None),), years=(2025,))
    was.read()
    World(gone=(gone(date(2026, 3, 20), date(2026, 4, 3)),)).read()
    before = content.lines()
    assert was.read().changes == 0
    assert content.lines() == before


def test_missing_until_away_is_known_only_from_the_next_file_and_joins_the_absence() -> None:
    World(gone=(gone(date(2026, 3, 20), None),), years=(2025,)).read()
    World(gone=(gone(date(2026, 3, 20), MAY), gone(MAY, JUNE, "A"))).read()
    (episode,) = absences()
    spells = list(episode.spells.order_by("ordinal").values_list("category", "started_at__date"))
    assert [category for category, _ in spells] == ["missing", "away"]
    assert episode.state == State.CLOSED


def test_what_the_same_years_file_no_longer_has_was_a_mistake() -> None:
    World(gone=(gone(MAY, MAY), gone(JUNE, None))).read()

    difference = World(gone=(gone(MAY, MAY),)).read()

    first, second = absences()
    assert (first.state, second.state) == (State.CLOSED, State.FALSE_REPORT)
    assert told(difference) == [f"Past absence {VIK}, missing from 01/06/2026: no longer in the files"]
    reason = ChronologyEntry.objects.get(episode_id=second.pk, verb="episode.false_report").payload["reason"]
    assert reason == "The authority’s file no longer has it."
    World(gone=(gone(MAY, MAY), gone(JUNE, None))).read()
    assert [row.state for row in absences()] == [State.CLOSED, State.FALSE_REPORT, State.OPEN]


def test_when_one_of_two_spells_was_a_mistake_the_other_is_recorded_anew() -> None:
    World(gone=(gone(MAY, JUNE), gone(JUNE, JUNE, "A"))).read()
    World(gone=(gone(MAY, JUNE),)).read()
    standing = [row for row in absences() if row.state != State.FALSE_REPORT]
    assert [row.spells.get().category for row in standing] == ["missing"]


def test_an_absence_that_people_have_worked_on_stays_as_they_left_it() -> None:
    World(gone=(gone(JUNE, None),)).read()
    (episode,) = absences()
    returns.record_return(by=bev(), episode=episode)

    difference = World(gone=(gone(JUNE, date(2026, 6, 9)),)).read()

    episode.refresh_from_db()
    assert episode.state == State.FOLLOW_UP
    assert left(difference) == [
        f"Past absence {VIK}, missing from 01/06/2026, end: It is {episode.reference} here, which people have"
        " worked on, and stays as it is recorded."
    ]
    assert World(gone=()).read().corrections == []
    episode.refresh_from_db()
    assert episode.state == State.FOLLOW_UP


def live_absence(start: date, end: date | None) -> MissingEpisode:
    """An absence that was reported here, in the evening of its day."""
    child = vik()
    began = midnight(start) + timedelta(hours=20)
    ended = midnight(end) + timedelta(hours=9) if end else None
    episode = MissingEpisode.objects.create(
        authority=child.authority,
        child=child,
        reference="E-2026-0999",
        noticed_at=began,
        last_seen_at=began,
        state=State.FOLLOW_UP if end else State.OPEN,
        returned_at=ended,
        located_at=ended,
    )
    Spell.objects.create(
        episode=episode,
        ordinal=1,
        category="missing",
        started_at=began + timedelta(hours=5),  # after midnight: the return counts from when they left
        ended_at=ended,
    )
    return episode


@pytest.mark.parametrize("end", [date(2026, 6, 3), None])
def test_an_absence_that_was_reported_here_is_the_one_in_the_file(end: date | None) -> None:
    World().read()
    episode = live_absence(JUNE, end)
    difference = World(gone=(gone(JUNE, end),)).read()
    assert (difference.changes, left(difference)) == (0, [])
    assert [row.pk for row in absences()] == [episode.pk]
    about = ImportedRow.objects.filter(kind="missing").values_list("about_id", flat=True)
    assert list(about) == [episode.spells.get().pk]


def test_an_end_in_the_file_does_not_end_an_absence_that_goes_on_here() -> None:
    World().read()
    episode = live_absence(JUNE, None)
    difference = World(gone=(gone(JUNE, date(2026, 6, 3)),)).read()
    assert [row.state for row in absences()] == [State.OPEN]
    assert episode.reference in left(difference)[0]


def test_a_child_has_one_open_absence_and_the_one_of_the_record_stays() -> None:
    World().read()
    live_absence(JUNE, None)
    difference = World(gone=(gone(MAY, None),)).read()
    assert len(absences()) == 1
    assert "E-2026-0999 is not over yet" in left(difference)[0]


def test_an_absence_that_had_to_wait_for_another_is_recorded_when_that_one_is_over() -> None:
    """The year between them is read last: until then one that began long ago looks as if it went on."""
    early, late = gone(date(2025, 3, 3), date(2025, 5, 1)), gone(JUNE, None)
    for years in ((2024,), (2026,), (2025,)):
        World(gone=(early, late), years=years).read()
    assert [row.state for row in absences()] == [State.CLOSED, State.OPEN]
    assert World(gone=(early, late), years=(2024, 2025, 2026)).read().changes == 0


def test_what_a_person_called_false_is_not_recorded_again() -> None:
    was = World(gone=(gone(JUNE, None),))
    was.read()
    (episode,) = absences()
    closing.record_false_report(by=bev(), episode=episode, reason="She was at school all day.")
    assert was.read().changes == 0
    assert [row.state for row in absences()] == [State.FALSE_REPORT]


# ---- faults between years ----


def test_a_period_that_the_next_year_does_not_carry_over_is_a_fault_by_file_and_line() -> None:
    World(years=(2026,)).read()
    with pytest.raises(FaultyFiles) as refused:
        World(gone=(gone(date(2026, 3, 20), None),), years=(2025,)).read()
    (fault,) = refused.value.faults
    assert (fault.file, fault.line, fault.column) == ("2025-26/missing.csv", 2, "MIS_END")
    assert "rule 576" in fault.reason


def test_nobody_was_missing_on_a_day_that_has_not_come() -> None:
    tomorrow = now().date() + timedelta(days=2)
    year = ReturnYear.of(tomorrow).year
    with pytest.raises(FaultyFiles) as refused:
        World(gone=(gone(tomorrow, None),), years=(year,)).read()
    assert [(fault.column, fault.reason) for fault in refused.value.faults] == [
        ("MIS_START", "This day is still to come.")
    ]
