"""The rota's week, its lines, and who is away, as people read and keep them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from casework.front.pages.setup.rota_week import week_of
from casework.records.models import Leave, Membership, RotaShift, User
from casework.records.times import LONDON, now, pretend_now
from incidents.models import MissingEpisode
from incidents.services import reports
from tests.cast import Cast
from tests.front.pages.at_the_desk import at_the_desk, send, text_of, url
from tests.front.pages.duty_night import in_force, missing

pytestmark = pytest.mark.django_db

# A Wednesday in June, 23:00 on the wall; the week begins on the 15th.
NIGHT = datetime(2026, 6, 17, 22, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def a_wednesday_night(cast: Cast) -> None:
    Membership.objects.update(starts_at=NIGHT - timedelta(days=90))
    pretend_now(NIGHT)


def add(cast: Cast, by: User, **more: object) -> Any:
    """Femi on each night of the week but Saturday's."""
    said = {
        "role": "duty_worker",
        "person": str(cast.femi.pk),
        "weekdays": ["0", "1", "2", "3", "4", "6"],
        "starts": "17:00",
        "ends": "09:00",
        **day("from_on", date(2026, 6, 1)),
        **more,
    }
    return send(by, "authority-shift-add", cast.exampleshire.pk, **said)


def day(name: str, on: date) -> dict[str, str]:
    return {f"{name}_day": str(on.day), f"{name}_month": str(on.month), f"{name}_year": str(on.year)}


def week(cast: Cast, reader: User, ahead: int = 0) -> str:
    return text_of(at_the_desk(reader).get(url("authority-rota", cast.exampleshire.pk) + f"?week={ahead}"))


def test_bev_makes_a_rota_and_the_week_says_who_and_which_hours_nobody_has(cast: Cast) -> None:
    assert "No rota is kept for this week." in week(cast, cast.femi)
    assert add(cast, cast.bev).status_code == 302
    text = week(cast, cast.amina)
    assert "Rota, week of 15 June 2026" in text
    assert text.count("Femi Castell") >= 6
    assert "Nobody: 09:00 to 24:00" in text  # Saturday; until nine it is Friday's shift
    assert "Nobody: 00:00 to 17:00" in text  # Sunday


def test_the_gaps_are_those_of_the_hours_for_which_a_rota_is_kept(cast: Cast) -> None:
    add(cast, cast.bev)
    days = week_of(cast.exampleshire, 0, now()).days
    gaps = {f"{one.day:%a}": list(one.cells[0].gaps) for one in days if one.cells[0].gaps}
    assert gaps == {"Sat": ["09:00 to 24:00"], "Sun": ["00:00 to 17:00"]}


def test_before_a_rota_began_nobody_was_missing_from_it(cast: Cast) -> None:
    add(cast, cast.bev, **day("from_on", date(2026, 6, 17)))  # the Wednesday
    days = {one.day: one.cells[0].gaps for one in week_of(cast.exampleshire, 0, now()).days}
    assert [gaps for on, gaps in days.items() if on < date(2026, 6, 17)] == [[], []]
    assert days[date(2026, 6, 20)]  # a Saturday, on which nobody comes


def test_a_bank_holiday_is_no_office_day(cast: Cast) -> None:
    add(cast, cast.bev)
    pretend_now(datetime(2026, 8, 31, 9, 0, tzinfo=UTC))  # the last Monday in August
    monday = week_of(cast.exampleshire, 0, now()).days[0]
    assert list(monday.cells[0].gaps) == ["09:00 to 17:00"]


def test_whoever_is_away_stands_there_with_who_stands_in(cast: Cast) -> None:
    add(cast, cast.bev)
    rows = {"user": cast.femi, "recorded_by": cast.bev, "starts_at": NIGHT - timedelta(hours=1)}
    leave = Leave.objects.create(deputy=cast.bev, ends_at=NIGHT + timedelta(days=1), **rows)
    assert "away; Bev Aldous stands in" in week(cast, cast.amina)
    Leave.objects.filter(pk=leave.pk).update(deputy=None)
    assert "Nobody: 22:00 to 24:00" in week(cast, cast.amina)  # Wednesday, from when she went


def test_a_line_ends_on_its_page(cast: Cast) -> None:
    add(cast, cast.bev)
    line = RotaShift.objects.get(weekday=2)
    page = text_of(at_the_desk(cast.bev).get(url("shift-change", line.pk)))
    assert "Femi Castell, emergency duty team: each Wednesday 17:00 to 09:00, from 1 June 2026." in page
    answer = send(cast.bev, "shift-change", line.pk, version="1", **day("last_on", date(2026, 6, 10)))
    assert answer.status_code == 302
    line.refresh_from_db()
    assert line.until_on == date(2026, 6, 10)
    assert "Nobody: 17:00 to 24:00" in week(cast, cast.amina)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"starts": ""}, "Enter when it starts."),
        ({"starts": "25:00"}, "starts"),
        ({"weekdays": []}, "Choose the days of the week."),
        ({"person": "00000000-0000-4000-8000-000000000000"}, "Choose one from the list."),
        ({"role": "home_staff"}, "Choose one from the list."),
        ({"from_on_month": "13"}, "Enter a real date."),
    ],
)
def test_what_cannot_be_is_asked_again(cast: Cast, wrong: dict[str, object], said: str) -> None:
    answer = add(cast, cast.bev, **wrong)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert not RotaShift.objects.exists()


def test_reading_is_for_colleagues_and_keeping_for_managers(cast: Cast) -> None:
    assert add(cast, cast.femi).status_code == 403
    assert add(cast, cast.eve).status_code == 404
    assert at_the_desk(cast.femi).get(url("authority-rota", cast.exampleshire.pk)).status_code == 200
    assert at_the_desk(cast.eve).get(url("authority-rota", cast.exampleshire.pk)).status_code == 404
    assert at_the_desk(cast.gita).get(url("provider-rota", cast.larchwood.pk)).status_code == 200
    assert at_the_desk(cast.ada).get(url("provider-rota", cast.larchwood.pk)).status_code == 404


def test_gita_keeps_who_is_on_call(cast: Cast) -> None:
    said = {"person": str(cast.gita.pk), "weekdays": ["5", "6"], "starts": "09:00", "ends": "09:00"}
    dates = day("from_on", date(2026, 6, 1))
    assert send(cast.gita, "provider-shift-add", cast.larchwood.pk, **said, **dates).status_code == 302
    text = text_of(at_the_desk(cast.gita).get(url("provider-rota", cast.larchwood.pk)))
    assert "09:00, for 24 hours" in text
    assert "Nobody: 17:00 to 24:00" in text


def test_the_link_leads_straight_to_ones_only_rota_and_else_to_leave(cast: Cast) -> None:
    assert at_the_desk(cast.femi).get("/rota/")["Location"] == url("authority-rota", cast.exampleshire.pk)
    assert at_the_desk(cast.gita).get("/rota/")["Location"] == url("provider-rota", cast.larchwood.pk)
    assert at_the_desk(cast.carl).get("/rota/")["Location"] == "/leave/"


# Away ------------------------------------------------------------------------------------------------


def test_amina_goes_on_leave_and_bev_brings_her_back(cast: Cast) -> None:
    first = now().astimezone(LONDON).date()
    said = {
        "person": str(cast.amina.pk),
        "deputy": str(cast.ruth.pk),
        **day("starts_on", first),
        **day("ends_on", first),
    }
    assert send(cast.amina, "leave-record", **said).status_code == 302
    assert "Ruth Sandiford stands in." in text_of(at_the_desk(cast.amina).get("/leave/"))
    assert "Amina Rahal" in text_of(at_the_desk(cast.bev).get("/leave/"))
    assert "You are not away." in text_of(at_the_desk(cast.femi).get("/leave/"))
    leave = Leave.objects.get()
    assert send(cast.femi, "leave-end", leave.pk).status_code == 404
    assert send(cast.bev, "leave-end", leave.pk).status_code == 302
    assert "You are not away." in text_of(at_the_desk(cast.amina).get("/leave/"))


def test_only_ones_own_people_are_offered(cast: Cast) -> None:
    form = at_the_desk(cast.femi).get("/leave/new/").context["form"]
    assert [choice.label for choice in form.fields["person"].choices] == ["Femi Castell (you)"]
    form = at_the_desk(cast.bev).get("/leave/new/").context["form"]
    offered = [choice.label for choice in form.fields["person"].choices]
    assert "Amina Rahal" in offered
    assert "Eve Northcott" not in offered


def test_a_tablet_is_never_away(cast: Cast) -> None:
    assert at_the_desk(cast.tablet).get("/leave/").status_code == 403


# What the board and the episode say -------------------------------------------------------------------


@pytest.fixture
def episode(cast: Cast) -> MissingEpisode:
    in_force(cast)
    return missing(cast)


def test_the_board_says_that_nobody_is_on_the_rota(cast: Cast, episode: MissingEpisode) -> None:
    assert "Nobody is on the rota now" not in text_of(at_the_desk(cast.bev).get("/now/"))
    add(cast, cast.bev, weekdays=["0"])
    assert "Nobody is on the rota now" in text_of(at_the_desk(cast.bev).get("/now/"))
    assert "Nobody is on the rota now" in text_of(
        at_the_desk(cast.bev).get(url("episode-detail", episode.pk))
    )
    add(cast, cast.bev, weekdays=["2"])
    assert "Nobody is on the rota now" not in text_of(at_the_desk(cast.bev).get("/now/"))


def test_the_number_to_ring_is_the_one_that_is_answered_now(cast: Cast, episode: MissingEpisode) -> None:
    page = url("episode-detail", episode.pk)

    def rung() -> list[str]:
        return [one.number for one in at_the_desk(cast.amina).get(page).context["ring"]]

    assert rung() == ["01632 960002", "01632 960201"]
    assert "01632 960002" in text_of(at_the_desk(cast.carl).get("/home/"))
    pretend_now(NIGHT + timedelta(hours=12))
    assert rung() == ["01632 960001", "01632 960201"]


def test_for_a_child_next_door_the_hosts_number_stands_there_too(cast: Cast) -> None:
    in_force(cast)
    neighbour = cast.exampleshire.neighbours.get(other=cast.northmoor)
    neighbour.out_of_hours_phone = "01632 960020"
    neighbour.save()
    episode = reports.report_missing(by=cast.mo, child=cast.maisie, category="missing", noticed_at=now())
    ring = at_the_desk(cast.amina).get(url("episode-detail", episode.pk)).context["ring"]
    assert [(one.who, one.number) for one in ring][2:] == [("Northmoor, where the home is", "01632 960020")]
