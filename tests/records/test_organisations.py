"""Setting up: by administrators, in their own authority, each name once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from casework.records.access import homes_visible_to
from casework.records.errors import Changed, Conflict, Invalid, NotAllowed, Refused
from casework.records.models import AuditEntry, Home, LocalAuthority, Role, User
from casework.records.services import organisations
from casework.records.standing import standing_of
from tests.cast import Cast


def test_who_sets_up_a_tenant_administers_it(cast: Cast) -> None:
    easting = organisations.register_authority(by=cast.ada, code="EAS", name="Easting", is_tenant=True)
    assert standing_of(cast.ada).roles_in(easting.pk) == {Role.ADMINISTRATOR}
    assert AuditEntry.objects.get(action="add", about_id=easting.pk).actor_id == cast.ada.pk


def test_a_council_that_is_only_a_name_has_no_administrator(cast: Cast) -> None:
    easting = organisations.register_authority(
        by=cast.ada, code="EAS", name="Easting", duty_phone="01632 960188"
    )
    assert standing_of(cast.ada).roles_in(easting.pk) == frozenset()


def test_the_whole_set_up_of_a_home(cast: Cast) -> None:
    force = organisations.register_police_force(by=cast.ada, name="Northmoor Police")
    provider = organisations.register_provider(by=cast.ada, name="Alder Homes")
    home = organisations.register_home(
        by=cast.ada,
        kept_by=cast.exampleshire,
        provider=provider,
        name="Alder House",
        urn="SC100009",
        host_authority=cast.westing,
        police_force=force,
        grace=timedelta(minutes=45),
    )
    team = organisations.register_team(by=cast.ada, authority=cast.exampleshire, name="Leaving-care Team")
    assert home in homes_visible_to(cast.amina)
    assert home not in homes_visible_to(cast.eve)
    assert team.authority == cast.exampleshire


def test_a_neighbour_is_what_one_authority_knows(cast: Cast) -> None:
    easting = organisations.register_authority(by=cast.ada, code="EAS", name="Easting")
    known = organisations.register_neighbour(
        by=cast.ada, authority=cast.exampleshire, other=easting, is_adjoining=True
    )
    assert known.is_adjoining
    assert not cast.northmoor.neighbours.exists()
    for other, refusal in ((easting, Conflict), (cast.exampleshire, Invalid)):
        with pytest.raises(refusal):
            organisations.register_neighbour(
                by=cast.ada, authority=cast.exampleshire, other=other, is_adjoining=False
            )


def set_ups(cast: Cast, by: User) -> list[Callable[[], object]]:
    exs = cast.exampleshire
    return [
        lambda: organisations.register_authority(by=by, code="EAS", name="Easting"),
        lambda: organisations.register_police_force(by=by, name="Northmoor Police"),
        lambda: organisations.register_provider(by=by, name="Alder Homes"),
        lambda: organisations.register_team(by=by, authority=exs, name="Team 9"),
        lambda: organisations.register_home(by=by, kept_by=exs, provider=cast.larchwood, name="Alder House"),
        lambda: organisations.register_neighbour(
            by=by, authority=exs, other=LocalAuthority.objects.get(code="EAS"), is_adjoining=True
        ),
        lambda: organisations.change_home(
            by=by, home=cast.larch_house, version=cast.larch_house.version, changes={"phone": "01632 960299"}
        ),
        lambda: organisations.change_authority(
            by=by, authority=exs, version=exs.version, changes={"duty_phone": "01632 960298"}
        ),
    ]


def test_only_administrators_set_up(cast: Cast) -> None:
    organisations.register_authority(by=None, code="EAS", name="Easting to be")
    for person in (cast.amina, cast.bev, cast.carl, cast.gita, cast.eve, cast.dee):
        for set_up in set_ups(cast, person):
            with pytest.raises(NotAllowed):
                set_up()
    LocalAuthority.objects.filter(code="EAS").update(code="EST")
    first, *others = set_ups(cast, cast.ada)
    first()
    for set_up in others:
        set_up()


def test_each_name_and_number_is_given_once(cast: Cast) -> None:
    named_once = set_ups(cast, cast.ada)[:4]
    for set_up in named_once:
        set_up()
    for again in named_once:
        with pytest.raises(Conflict):
            again()
    with pytest.raises(Conflict):
        organisations.register_home(
            by=cast.ada,
            kept_by=cast.exampleshire,
            provider=cast.larchwood,
            name="Other",
            urn=cast.larch_house.urn,
        )


@pytest.mark.ac("B26")
def test_the_second_change_to_a_home_is_told(cast: Cast) -> None:
    seen = cast.larch_house.version
    organisations.change_home(
        by=cast.ada, home=cast.larch_house, version=seen, changes={"name": "Larch Lodge"}
    )
    with pytest.raises(Changed):
        organisations.change_home(
            by=cast.ada, home=cast.larch_house, version=seen, changes={"name": "Larch Hall"}
        )
    assert Home.objects.get(pk=cast.larch_house.pk).name == "Larch Lodge"


@pytest.mark.parametrize("changes", [{"grace": timedelta(hours=13)}, {"kept_by": None}, {"kind": "castle"}])
def test_a_home_keeps_to_its_rules(cast: Cast, changes: dict[str, object]) -> None:
    with pytest.raises(Refused) as refusal:
        organisations.change_home(
            by=cast.ada, home=cast.larch_house, version=cast.larch_house.version, changes=changes
        )
    assert refusal.value.field in changes
