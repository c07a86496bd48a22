"""Whose files they are; and whose word counts about neighbours, homes and workers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.management import call_command

from casework.front.imports.faults import FaultyFiles
from casework.front.imports.importing import import_folder, preview
from casework.front.imports.rows import Folder, Neighbour
from casework.records.errors import NotAllowed
from casework.records.models import (
    Home,
    LocalAuthority,
    Membership,
    Notification,
    PoliceForce,
    Provider,
    Role,
    User,
)
from casework.records.models import (
    Neighbour as NeighbourRow,
)
from tests import content
from tests.cast import Cast
from tests.front.imports.a_world import HOUSE_1, World, left, told, vik, with_child

pytestmark = pytest.mark.django_db


def neighbour(name: str, **values: str) -> Neighbour:
    blank = {"police_force": "", "duty_phone": "", "out_of_hours_phone": "", "email": ""}
    return Neighbour(line=2, name=name, **{**blank, **values})


def with_home(folder: Folder, **values: object) -> Folder:
    """The folder with other values in the first home's row."""
    first, *others = folder.homes
    return replace(folder, homes=(replace(first, **values), *others))  # type: ignore[arg-type]  # as a test names them


# ---- the authority ----


def test_the_first_authority_still_without_a_name_is_the_one_and_its_administrator_stays() -> None:
    call_command("first_administrator", "ada.quill@exampleshire.example")
    ada = User.objects.get()
    import_folder(World().folder(), by=ada)
    authority = LocalAuthority.objects.get()
    assert (authority.code, authority.name, authority.is_tenant) == ("EXS", "Exampleshire", True)
    assert Membership.objects.get(user=ada).authority == authority
    assert vik().authority == authority


def test_an_authority_that_somebody_works_in_is_never_renamed_by_anothers_files(cast: Cast) -> None:
    LocalAuthority.objects.filter(pk=cast.northmoor.pk).update(code="NEW")
    LocalAuthority.objects.filter(pk=cast.exampleshire.pk).update(code="EXA", name="Examplecounty")
    cast.kit.authority = cast.northmoor
    cast.kit.save()
    import_folder(World().folder(), by=None)
    assert set(LocalAuthority.objects.filter(is_tenant=True).values_list("code", flat=True)) == {
        "NEW",
        "EXA",
        "EXS",
    }


def test_a_council_that_was_only_a_name_becomes_an_authority_of_its_own() -> None:
    name_only = LocalAuthority.objects.create(code="EXA", name="Exampleshire")
    import_folder(World().folder(), by=None)
    name_only.refresh_from_db()
    assert (name_only.code, name_only.is_tenant) == ("EXS", True)
    assert LocalAuthority.objects.count() == 1


def test_two_authorities_of_one_name_are_refused() -> None:
    LocalAuthority.objects.create(code="EXA", name="Exampleshire", is_tenant=True)
    with pytest.raises(FaultyFiles, match="1 fault"):
        preview(World().folder(), by=None)


def test_an_administrator_imports_their_own_authoritys_files_only(cast: Cast) -> None:
    before = content.lines()
    for person in (cast.amina, cast.bev, cast.eve):
        with pytest.raises(NotAllowed):
            import_folder(World().folder(), by=person)
    folder = World().folder()
    farshire = replace(folder, authority=replace(folder.authority, code="FAR", name="Farshire"))
    with pytest.raises(NotAllowed, match="not here yet"):
        import_folder(farshire, by=cast.ada)
    assert content.lines() == before
    import_folder(World().folder(), by=cast.ada)
    assert vik().authority == cast.exampleshire


# ---- neighbours ----


def test_a_neighbour_that_works_here_keeps_its_own_numbers(cast: Cast) -> None:
    LocalAuthority.objects.filter(pk=cast.northmoor.pk).update(duty_phone="01632 960999")
    folder = replace(World().folder(), neighbours=(neighbour("northmoor", duty_phone="01632 960010"),))
    import_folder(folder, by=None)
    cast.northmoor.refresh_from_db()
    assert cast.northmoor.duty_phone == "01632 960999"
    known = NeighbourRow.objects.get(authority=cast.exampleshire, other=cast.northmoor)
    assert known.duty_phone == "+441632960010"
    assert LocalAuthority.objects.filter(name__iexact="northmoor").count() == 1


def test_what_northmoor_knows_of_a_neighbour_is_its_own(cast: Cast) -> None:
    NeighbourRow.objects.create(authority=cast.northmoor, other=cast.westing, duty_phone="01632 960444")
    folder = replace(World().folder(), neighbours=(neighbour("Westing", duty_phone="01632 960011"),))
    import_folder(folder, by=None)
    assert NeighbourRow.objects.get(authority=cast.northmoor).duty_phone == "01632 960444"


# ---- homes ----


def test_a_home_that_another_keeps_stays_as_its_owner_says_and_the_difference_is_listed(cast: Cast) -> None:
    cast.larch_house.urn = HOUSE_1
    cast.larch_house.kept_by = cast.northmoor
    cast.larch_house.save()

    difference = import_folder(with_home(World().folder(), capacity=9), by=None)

    cast.larch_house.refresh_from_db()
    assert (cast.larch_house.name, cast.larch_house.capacity) == ("Larch House", None)
    assert f"Home {HOUSE_1}, capacity: It is kept by Northmoor, and stays as it is recorded." in left(
        difference
    )
    assert Home.objects.filter(urn=HOUSE_1).count() == 1
    assert vik().placements.get().home == cast.larch_house
    again = import_folder(with_home(World().folder(), capacity=9), by=None)
    assert (again.changes, again.left) == (0, [])


def test_the_keeper_of_a_home_puts_it_right() -> None:
    World().read()
    difference = import_folder(with_home(World().folder(), capacity=6, provider="Alder Care"), by=None)
    home = Home.objects.get(urn=HOUSE_1)
    assert (home.capacity, home.provider.name) == (6, "Alder Care")
    assert told(difference) == [
        f"Home {HOUSE_1}, provider: Larchwood Care → Alder Care",
        f"Home {HOUSE_1}, capacity: 5 → 6",
    ]


def test_a_number_is_the_same_however_it_is_written(cast: Cast) -> None:
    assert cast.exampleshire.duty_phone == "01632 960001"
    difference = import_folder(World().folder(), by=None)
    assert not [line for line in left(difference) if "phone" in line]


def test_names_are_one_whatever_their_capitals() -> None:
    World().read()
    import_folder(
        with_home(World().folder(), provider="LARCHWOOD CARE", police_force="EXAMPLESHIRE constabulary"),
        by=None,
    )
    assert (Provider.objects.count(), PoliceForce.objects.count()) == (1, 1)


# ---- workers ----


def test_somebody_who_works_here_already_keeps_name_role_and_sign_in(cast: Cast) -> None:
    folder = with_child(World().folder(), worker_email=cast.amina.email.upper())
    before = Membership.objects.filter(user=cast.amina).count()
    import_folder(folder, by=None)
    cast.amina.refresh_from_db()
    assert (cast.amina.name, vik().allocated_worker) == ("Amina Rahal", cast.amina)
    assert Membership.objects.filter(user=cast.amina).count() == before


def test_somebody_of_another_authority_gets_the_role_that_the_files_give_them(cast: Cast) -> None:
    import_folder(with_child(World().folder(), worker_email=cast.eve.email), by=None)
    roles = Membership.objects.filter(user=cast.eve, authority=cast.exampleshire)
    assert [post.role for post in roles] == [Role.SOCIAL_WORKER]
    assert not Notification.objects.exists()


def test_somebody_suspended_is_not_allocated(cast: Cast) -> None:
    User.objects.filter(pk=cast.eve.pk).update(is_active=False)
    import_folder(with_child(World().folder(), worker_email=cast.eve.email), by=None)
    assert vik().allocated_worker is None
