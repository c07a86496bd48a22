"""Organisations and the people in them, set up by those who keep their details."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casework.records.models import Home, LocalAuthority, Membership, Role, Team, User
from casework.records.times import now
from tests.front.pages.at_the_desk import at_the_desk, send, text_of, url

if TYPE_CHECKING:
    from tests.cast import Cast

HOME = {"name": "Rowan House", "kind": "children_home", "sector": "private", "grace": "15"}


def details_of(home: Home, **changes: object) -> dict[str, object]:
    """What the form that changes a home would send, had nobody typed anything."""
    names = {name: getattr(home, name) for name in ("name", "kind", "sector", "urn", "phone")}
    chosen = {"host_authority": home.host_authority_id, "police_force": home.police_force_id}
    return {"version": home.version, **names, **chosen, "grace": "30", **changes}


def post_of(user: User) -> Membership:
    return Membership.objects.get(user=user)


# ---- who ----


def test_set_up_leads_straight_to_what_one_keeps(cast: Cast) -> None:
    assert at_the_desk(cast.ada).get(url("setup")).url == url("authority-detail", cast.exampleshire.pk)  # type: ignore[attr-defined]  # a redirect
    assert at_the_desk(cast.gita).get(url("setup")).url == url("provider-detail", cast.larchwood.pk)  # type: ignore[attr-defined]  # a redirect
    for person in (cast.amina, cast.bev, cast.carl, cast.tablet, cast.eve, cast.dee):
        assert at_the_desk(person).get(url("setup")).status_code == 403


def test_eve_finds_nothing_of_exampleshire(cast: Cast) -> None:
    eve, authority, post = at_the_desk(cast.eve), cast.exampleshire.pk, post_of(cast.carl).pk
    addresses = [
        url(f"authority-{page}", authority) for page in ("detail", "change", "homes", "people", "invite")
    ]
    addresses += [
        url(page, authority) for page in ("team-add", "neighbour-add", "home-register", "police-invite")
    ]
    addresses += [url(f"home-{page}", cast.larch_house.pk) for page in ("detail", "change", "invite")]
    addresses += [url(f"provider-{page}", cast.larchwood.pk) for page in ("detail", "invite")]
    addresses += [url(page, post) for page in ("membership-end", "person-suspend", "person-restore")]
    assert {eve.get(address).status_code for address in addresses} == {404}


def test_staff_of_the_authority_and_the_home_see_it_but_do_not_set_it_up(cast: Cast) -> None:
    assert at_the_desk(cast.bev).get(url("authority-detail", cast.exampleshire.pk)).status_code == 403
    assert at_the_desk(cast.carl).get(url("home-detail", cast.larch_house.pk)).status_code == 403
    assert at_the_desk(cast.bev).get(url("home-change", cast.larch_house.pk)).status_code == 403
    assert at_the_desk(cast.gita).get(url("home-change", cast.larch_house.pk)).status_code == 403


# ---- organisations ----


def test_ada_sees_the_authority_its_homes_and_its_people(cast: Cast) -> None:
    ada, authority = at_the_desk(cast.ada), cast.exampleshire.pk
    assert "01632 960001" in text_of(ada.get(url("authority-detail", authority)))
    assert "Fenwick House" in text_of(ada.get(url("authority-homes", authority)))
    people = text_of(ada.get(url("authority-people", authority)))
    assert "Bev Aldous" in people
    assert "Dee Marlow" in people
    assert "Carl Penrose" not in people
    assert "Carl Penrose" in text_of(ada.get(url("home-detail", cast.larch_house.pk)))


@pytest.mark.ac("B18", "B20")
def test_the_authoritys_numbers_are_kept_one_way_and_shown_another(cast: Cast) -> None:
    answers = {"name": "Exampleshire", "code": "EXS", "police_force": cast.police.pk, "version": 1}
    answer = send(
        cast.ada,
        "authority-change",
        cast.exampleshire.pk,
        **answers,
        duty_phone="+44 (0)7700 900123 ext 4",
        duty_email="duty@exämple.example",
    )
    assert answer.url == url("authority-detail", cast.exampleshire.pk)
    authority = LocalAuthority.objects.get(pk=cast.exampleshire.pk)
    assert authority.duty_phone == "+447700900123;ext=4"
    assert authority.duty_email == "duty@xn--exmple-cua.example"
    assert "07700 900123 x4" in text_of(at_the_desk(cast.ada).get(answer.url))


@pytest.mark.ac("B18", "B19")
@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"phone": "ring the bell"}, "Enter a telephone number"),
        ({"phone": "4" * 40}, "Enter a telephone number"),
        ({"postcode": "<b>"}, "Enter a full postcode, like LS1 4AP."),
        ({"grace": "-5"}, "Enter a whole number from 0 to 720."),
        ({"grace": "10000"}, "Enter a whole number from 0 to 720."),
        ({"curfew": "25:00"}, "is not a time"),
        ({"kind": "castle"}, "Choose one from the list."),
        ({"name": "   "}, "Enter the home’s name."),
    ],
)
def test_odd_answers_about_a_home_are_mended_on_the_page(
    cast: Cast, answers: dict[str, str], message: str
) -> None:
    answer = send(
        cast.ada,
        "home-register",
        cast.exampleshire.pk,
        **{**HOME, "provider": cast.larchwood.pk, "urn": "SC777", **answers},
    )
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert "SC777" in text_of(answer)
    assert not Home.objects.filter(urn="SC777").exists()


@pytest.mark.ac("B19")
def test_ada_adds_a_home(cast: Cast) -> None:
    more = {"provider": cast.larchwood.pk, "postcode": "sw1a1aa", "curfew": "9pm", "address": "1 Rowan Road"}
    answer = send(cast.ada, "home-register", cast.exampleshire.pk, **HOME, **more)
    home = Home.objects.get(name="Rowan House")
    assert answer.url == url("home-detail", home.pk)
    assert (home.postcode, home.urn, home.kept_by) == ("SW1A 1AA", None, cast.exampleshire)
    page = text_of(at_the_desk(cast.ada).get(answer.url))
    assert "21:00, and 15 minutes of grace" in page
    assert "Rowan Road" not in page
    assert "Rowan Road" not in text_of(at_the_desk(cast.ada).get(url("home-change", home.pk)))


def test_a_home_keeps_its_address_until_a_new_one_is_typed(cast: Cast) -> None:
    Home.objects.filter(pk=cast.larch_house.pk).update(address="1 Larch Lane")
    send(cast.ada, "home-change", cast.larch_house.pk, **details_of(cast.larch_house, name="Larch Lodge"))
    cast.larch_house.refresh_from_db()
    assert (cast.larch_house.name, cast.larch_house.address) == ("Larch Lodge", "1 Larch Lane")
    send(cast.ada, "home-change", cast.larch_house.pk, **details_of(cast.larch_house, address="2 Elm Way"))
    cast.larch_house.refresh_from_db()
    assert cast.larch_house.address == "2 Elm Way"


@pytest.mark.ac("B26")
def test_two_administrators_change_one_home(cast: Cast) -> None:
    mine = details_of(cast.larch_house, name="Larch Hall", host_authority=cast.westing.pk)
    first = send(
        cast.ada, "home-change", cast.larch_house.pk, **details_of(cast.larch_house, name="Larch Lodge")
    )
    answer = send(cast.ada, "home-change", cast.larch_house.pk, **mine)
    page = text_of(answer)
    assert (first.status_code, answer.status_code) == (302, 409)
    for words in ("Larch Hall", "Larch Lodge", "Westing", "Exampleshire"):
        assert f">{words}</p>" in page
    cast.larch_house.refresh_from_db()
    assert cast.larch_house.name == "Larch Lodge"


def test_ada_adds_a_provider_a_team_a_neighbour_a_force_and_an_authority(cast: Cast) -> None:
    exampleshire = cast.exampleshire.pk
    assert send(cast.ada, "provider-add", name="Elm Trust").status_code == 302
    assert (
        send(cast.ada, "team-add", exampleshire, name="Leaving care", kind="case_holding").status_code == 302
    )
    assert send(cast.ada, "police-force-add", name="Westing Police").status_code == 302
    assert send(cast.ada, "authority-register", name="Southby", code="SBY").status_code == 302
    southby = LocalAuthority.objects.get(code="SBY")
    added = send(cast.ada, "neighbour-add", exampleshire, other=southby.pk, is_adjoining="yes")
    assert added.status_code == 302
    assert "Southby" in text_of(at_the_desk(cast.ada).get(url("authority-detail", exampleshire)))


def test_a_team_of_the_same_name_is_refused_with_everything_typed(cast: Cast) -> None:
    twice = {"name": "Looked-after Team 2", "kind": "other", "phone": "01632 960777"}
    answer = send(cast.ada, "team-add", cast.exampleshire.pk, **twice)
    assert answer.status_code == 409
    assert "01632 960777" in text_of(answer)
    assert Team.objects.filter(name="Looked-after Team 2").count() == 1


# ---- people ----


def test_ada_invites_a_social_worker_into_a_team(cast: Cast) -> None:
    answers = {"name": "Noor Haddad", "email": "noor@exampleshire.example", "role": "social_worker"}
    answer = send(cast.ada, "authority-invite", cast.exampleshire.pk, **answers, team=cast.team_2.pk)
    assert answer.url == url("authority-people", cast.exampleshire.pk)
    post = Membership.objects.get(user__email="noor@exampleshire.example")
    assert (post.role, post.team, post.invited_by) == (Role.SOCIAL_WORKER, cast.team_2, cast.ada)
    assert "Invited, has not signed in yet" in text_of(at_the_desk(cast.ada).get(answer.url))


@pytest.mark.ac("B20", "B21")
@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"email": "noor@b"}, "Enter an e-mail address like name@example.org."),
        ({"email": "noor@exampleshire.example\nBcc: all@evil.test"}, "Write this on one line."),
        ({"email": f"{'n' * 300}@exampleshire.example"}, "Use 254 characters or fewer."),
        ({"role": "home_staff"}, "Choose one from the list."),
        ({"role": ""}, "Choose a role."),
    ],
)
def test_an_invitation_that_cannot_be_sent(cast: Cast, answers: dict[str, str], message: str) -> None:
    good = {"name": "Noor Haddad", "email": "noor@exampleshire.example", "role": "social_worker"}
    answer = send(cast.ada, "authority-invite", cast.exampleshire.pk, **{**good, **answers})
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert not User.objects.filter(name="Noor Haddad").exists()


def test_gita_invites_the_staff_of_her_homes_and_nobody_elses(cast: Cast) -> None:
    answers = {"name": "Jo Pike", "email": "jo@larchwood.example", "role": "home_staff"}
    assert send(cast.gita, "home-invite", cast.larch_house.pk, **answers).status_code == 302
    assert Membership.objects.get(user__name="Jo Pike").home == cast.larch_house
    assert send(cast.gita, "authority-invite", cast.exampleshire.pk, **answers).status_code == 404
    assert "End role: Gita Larch" not in text_of(
        at_the_desk(cast.gita).get(url("provider-detail", cast.larchwood.pk))
    )


def test_ada_invites_a_manager_of_a_provider_and_an_officer(cast: Cast) -> None:
    manager = {"name": "Al Berry", "email": "al@larchwood.example", "role": "on_call_manager"}
    assert send(cast.ada, "provider-invite", cast.larchwood.pk, **manager).status_code == 302
    officer = {"name": "PC Ray", "email": "ray@police.example"}
    assert send(cast.ada, "police-invite", cast.exampleshire.pk, **officer).status_code == 302
    assert Membership.objects.get(user__name="PC Ray").role == Role.POLICE_LIAISON


def test_a_role_that_ends_closes_what_it_opened(cast: Cast) -> None:
    answer = send(cast.ada, "membership-end", post_of(cast.amina).pk, reason="Left")
    assert answer.url == url("authority-people", cast.exampleshire.pk)
    ended = post_of(cast.amina).ends_at
    assert ended is not None
    assert ended <= now()
    assert at_the_desk(cast.amina).get(url("child-detail", cast.kit.pk)).status_code == 404
    assert "Amina Rahal" not in text_of(at_the_desk(cast.ada).get(answer.url))


def test_the_last_administrator_stays(cast: Cast) -> None:
    answer = send(cast.ada, "membership-end", post_of(cast.ada).pk)
    assert answer.status_code == 409
    assert "This is the last administrator." in text_of(answer)


def test_a_suspended_person_is_out_until_restored(cast: Cast) -> None:
    carl, post = at_the_desk(cast.carl), post_of(cast.carl).pk
    assert send(cast.ada, "person-suspend", post, reason="").status_code == 422
    assert send(cast.ada, "person-suspend", post, reason="Lost laptop").status_code == 302
    assert carl.get(url("child-detail", cast.kit.pk)).url.startswith("/accounts/login/")  # type: ignore[attr-defined]  # a redirect
    assert "Suspended" in text_of(at_the_desk(cast.ada).get(url("home-detail", cast.larch_house.pk)))
    assert send(cast.ada, "person-restore", post, reason="Found").status_code == 302
    assert at_the_desk(cast.carl).get(url("child-detail", cast.kit.pk)).status_code == 200
