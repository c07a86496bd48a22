"""Whoever reads for a force reads what each authority of that force shares: so none lets in alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from casework.records.errors import Invalid
from casework.records.models import LocalAuthority, Notification, PoliceForce, Role, User
from casework.records.services import organisations, people, police_clients
from casework.records.services.police_keepers import LET_IN
from casework.records.times import now
from tests.cast import Cast


@pytest.fixture
def moorland(db: None) -> PoliceForce:
    return PoliceForce.objects.create(name="Moorland Police")


@pytest.fixture
def nell(cast: Cast) -> User:
    """Administers Northmoor, which has the same police force as Exampleshire."""
    cast.northmoor.police_force = cast.police
    cast.northmoor.save()
    user = User.objects.create_user("nell.ashe@northmoor.example", name="Nell Ashe")
    user.memberships.create(role=Role.ADMINISTRATOR, authority=cast.northmoor)
    return user


def rename(cast: Cast, **changes: object) -> LocalAuthority:
    authority = LocalAuthority.objects.get(pk=cast.exampleshire.pk)
    return organisations.change_authority(
        by=cast.ada, authority=authority, version=authority.version, changes=changes
    )


def test_one_of_several_authorities_names_no_force(cast: Cast, moorland: PoliceForce) -> None:
    with pytest.raises(Invalid) as refusal:
        rename(cast, police_force=moorland)
    assert (refusal.value.field, refusal.value.code) == ("police_force", "force_named_by_one")
    with pytest.raises(Invalid):
        organisations.register_authority(
            by=cast.ada, code="EAS", name="Easting", is_tenant=True, police_force=moorland
        )
    assert rename(cast, name="Exampleshire Council", police_force=cast.police).name == "Exampleshire Council"
    assert rename(cast, police_force=None).police_force is None
    easting = organisations.register_authority(by=cast.ada, code="EAS", name="Easting", police_force=moorland)
    assert easting.police_force == moorland  # a name and a number: nobody works there


def test_an_authority_that_is_alone_names_its_own(cast: Cast, moorland: PoliceForce) -> None:
    LocalAuthority.objects.exclude(pk=cast.exampleshire.pk).update(is_tenant=False)
    assert rename(cast, police_force=moorland).police_force == moorland


def test_whoever_runs_the_server_names_it(cast: Cast, moorland: PoliceForce) -> None:
    call_command("name_police_force", "EXS", "moorland police")
    assert LocalAuthority.objects.get(code="EXS").police_force == moorland
    for code, force in (("EXS", "Nowhere Police"), ("XXX", "Moorland Police")):
        with pytest.raises(CommandError):
            call_command("name_police_force", code, force)


def test_all_who_answer_for_a_force_hear_of_whoever_is_let_in(cast: Cast, nell: User) -> None:
    def told() -> int:
        return Notification.objects.filter(template=LET_IN, recipient=nell).count()

    client, _ = police_clients.make_client(
        by=cast.ada,
        force=cast.police,
        name="Records",
        scopes=["episodes:read"],
        expires_at=now() + timedelta(days=30),
    )
    assert told() == 1
    police_clients.add_secret(by=cast.ada, client=client)
    assert told() == 2
    people.invite(
        by=cast.ada,
        email="ola@police.example",
        name="Ola Hill",
        role=Role.POLICE_LIAISON,
        police_force=cast.police,
    )
    assert told() == 3
    assert not Notification.objects.filter(template=LET_IN, recipient=cast.ada).exists()
