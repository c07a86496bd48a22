"""Invitations, roles that end, people suspended."""

from collections.abc import Callable

import pytest

from casework.records.access import children_visible_to
from casework.records.errors import Conflict, Invalid, NotAllowed, Refused
from casework.records.models import AuditEntry, Membership, Notification, Role, User
from casework.records.services import organisations, people
from casework.records.standing import live_memberships, standing_of
from casework.records.times import CaseworkNow, now
from tests.cast import Cast


def owed_to(user: User) -> list[str]:
    return list(Notification.objects.filter(recipient=user).values_list("template", flat=True))


def test_ada_invites_a_social_worker(cast: Cast) -> None:
    post = people.invite(
        by=cast.ada,
        email="  Jo.Penn@Exampleshire.example ",
        name="Jo Penn",
        role=Role.SOCIAL_WORKER,
        authority=cast.exampleshire,
        team=cast.team_2,
    )
    jo = post.user
    assert (jo.email, jo.has_usable_password()) == ("jo.penn@exampleshire.example", False)
    assert cast.kit in children_visible_to(jo)
    assert owed_to(jo) == ["invitation"]
    assert AuditEntry.objects.get(about_id=post.pk).actor_id == cast.ada.pk


def test_a_team_brings_its_authority(cast: Cast) -> None:
    post = people.invite(
        by=cast.ada, email="jo@exs.example", name="Jo", role=Role.DUTY_WORKER, team=cast.duty_team
    )
    assert (post.authority, post.team) == (cast.exampleshire, cast.duty_team)


def test_somebody_known_gets_a_second_role_and_no_second_sign_in(cast: Cast) -> None:
    cast.femi.set_password("eight merry badgers dance")
    cast.femi.save()
    post = people.invite(
        by=cast.ada,
        email=cast.femi.email.upper(),
        name="F.",
        role=Role.COORDINATOR,
        authority=cast.exampleshire,
    )
    assert (post.user, post.user.name) == (cast.femi, "Femi Castell")
    assert owed_to(cast.femi) == ["new_role"]
    with pytest.raises(Conflict) as refusal:
        people.invite(
            by=cast.ada,
            email=cast.femi.email,
            name="F.",
            role=Role.COORDINATOR,
            authority=cast.exampleshire,
        )
    assert refusal.value.code == "has_role"


def test_a_role_goes_with_one_kind_of_place(cast: Cast) -> None:
    """An administrator names each organisation her role list offers; the wrong one is asked again."""
    places: dict[Role, dict[str, object]] = {
        Role.HOME_STAFF: {"home": cast.larch_house},
        Role.HOME_TABLET: {"home": cast.larch_house},
        Role.REGISTERED_MANAGER: {"provider": cast.larchwood},
        Role.POLICE_LIAISON: {"police_force": cast.police},
        Role.TEAM_MANAGER: {"authority": cast.exampleshire},
    }
    invite: Callable[..., Membership] = people.invite
    for number, (role, where) in enumerate(places.items()):
        who = {"by": cast.ada, "email": f"p{number}@people.example", "name": "P", "role": role}
        with pytest.raises(Invalid) as refusal:
            invite(**who)
        assert [refusal.value.field] == list(where)
        assert invite(**who, **where).role == role
    with pytest.raises(Invalid):
        people.invite(
            by=cast.ada,
            email="x@people.example",
            name="X",
            role=Role.SOCIAL_WORKER,
            authority=cast.northmoor,
            team=cast.team_2,
        )
    with pytest.raises(Invalid):
        people.invite(by=None, email="x@people.example", name="X", role="emperor", authority=cast.northmoor)


@pytest.mark.ac("B20")
@pytest.mark.parametrize(
    "email",
    [
        "",
        "jo",
        "a@b",
        "jo@exs.example\nBcc: eve@nmr.example",
        "jo@exs.example\r\n",
        "jo penn@exs.example",
        f"{'j' * 300}@exs.example",
        f"{'j' * 60}@{'.'.join(['e' * 60] * 4)}.example",
        "jo@exs..example",
        "jo@\x00.example",
    ],
)
def test_an_address_that_is_none_is_asked_again(cast: Cast, email: str) -> None:
    before = User.objects.count()
    with pytest.raises(Invalid) as refusal:
        people.invite(
            by=cast.ada, email=email, name="Jo", role=Role.SOCIAL_WORKER, authority=cast.exampleshire
        )
    assert refusal.value.field == "email"
    assert User.objects.count() == before


@pytest.mark.ac("B20")
def test_a_domain_with_accents_is_kept_as_mail_servers_write_it(cast: Cast) -> None:
    post = people.invite(
        by=cast.ada,
        email="jo@münster.example",
        name="Jo",
        role=Role.SOCIAL_WORKER,
        authority=cast.exampleshire,
    )
    assert post.user.email == "jo@xn--mnster-3ya.example"


@pytest.mark.ac("T31.1")
def test_people_invite_in_their_own_organisation_only(cast: Cast) -> None:
    invite: Callable[..., Membership] = people.invite
    hers = {"role": Role.SOCIAL_WORKER, "authority": cast.exampleshire}
    homes = {"role": Role.HOME_STAFF, "home": cast.fenwick_house}
    allowed = [(cast.ada, hers), (cast.ada, homes), (cast.gita, homes)]
    refused = [
        (cast.amina, hers),
        (cast.bev, hers),
        (cast.eve, hers),
        (cast.gita, hers),
        (cast.carl, homes),
        (cast.eve, homes),
        (cast.ada, {"role": Role.ADMINISTRATOR, "authority": cast.northmoor}),
        (cast.gita, {"role": Role.REGISTERED_MANAGER, "provider": cast.larchwood}),
        (cast.dee, {"role": Role.POLICE_LIAISON, "police_force": cast.police}),
    ]
    for number, (by, what) in enumerate(refused):
        with pytest.raises(NotAllowed):
            invite(by=by, email=f"r{number}@people.example", name="R", **what)
    assert not User.objects.filter(email__startswith="r0@").exists()
    for number, (by, what) in enumerate(allowed):
        assert invite(by=by, email=f"a{number}@people.example", name="A", **what).invited_by == by


def test_a_role_ends_now_and_with_it_what_it_showed(cast: Cast) -> None:
    post = Membership.objects.get(user=cast.amina)
    with pytest.raises(NotAllowed):
        people.end_membership(by=cast.bev, membership=post)
    ended = people.end_membership(by=cast.ada, membership=post, reason="Left")
    assert ended.ends_at is not None
    assert ended.ends_at <= now()
    assert not children_visible_to(cast.amina).exists()
    with pytest.raises(Conflict):
        people.end_membership(by=cast.ada, membership=post)


def test_an_authority_keeps_an_administrator(cast: Cast) -> None:
    post = Membership.objects.get(user=cast.ada)
    with pytest.raises(Conflict) as refusal:
        people.end_membership(by=cast.ada, membership=post)
    assert refusal.value.code == "last_administrator"
    people.invite(
        by=cast.ada,
        email="second@exs.example",
        name="Second",
        role=Role.ADMINISTRATOR,
        authority=cast.exampleshire,
    )
    people.end_membership(by=cast.ada, membership=post)
    assert standing_of(cast.ada).posts == ()


def test_a_suspended_person_is_out_until_restored(cast: Cast) -> None:
    people.suspend(by=cast.ada, user=cast.carl, reason="Left the home")
    assert not children_visible_to(cast.carl).exists()
    with pytest.raises(Conflict):
        people.invite(
            by=cast.ada, email=cast.carl.email, name="Carl", role=Role.HOME_STAFF, home=cast.fenwick_house
        )
    people.restore(by=cast.ada, user=cast.carl, reason="Back")
    assert cast.kit in children_visible_to(cast.carl)


def test_nobody_is_suspended_from_outside_without_reason_or_by_themselves(cast: Cast) -> None:
    attempts: list[tuple[User, User, str]] = [
        (cast.eve, cast.amina, "x"),
        (cast.bev, cast.amina, "x"),
        (cast.ada, cast.eve, "x"),
        (cast.ada, cast.ada, "x"),
        (cast.ada, cast.amina, " "),
    ]
    for by, user, reason in attempts:
        with pytest.raises(Refused):
            people.suspend(by=by, user=user, reason=reason)
        user.refresh_from_db()
        assert user.is_active


def test_a_home_of_ones_own_does_not_open_the_provider_s_other_homes(cast: Cast) -> None:
    boss = people.invite(
        by=None, email="boss@nmr.example", name="Boss", role=Role.ADMINISTRATOR, authority=cast.northmoor
    ).user
    organisations.register_home(by=boss, kept_by=cast.northmoor, provider=cast.larchwood, name="Bait House")

    def invite_manager(by: User) -> Membership:
        return people.invite(
            by=by,
            email="m@nmr.example",
            name="M",
            role=Role.REGISTERED_MANAGER,
            provider=cast.larchwood,
        )

    with pytest.raises(NotAllowed):
        invite_manager(boss)
    with pytest.raises(NotAllowed):
        people.end_membership(by=boss, membership=Membership.objects.get(user=cast.gita))
    assert cast.kit in children_visible_to(invite_manager(cast.ada).user)


def test_who_works_for_two_authorities_is_suspended_by_neither_alone(cast: Cast) -> None:
    boss = people.invite(
        by=None, email="boss@nmr.example", name="Boss", role=Role.ADMINISTRATOR, authority=cast.northmoor
    ).user
    here = people.invite(
        by=boss, email=cast.femi.email, name="Femi", role=Role.DUTY_WORKER, authority=cast.northmoor
    )
    for by in (boss, cast.ada):
        with pytest.raises(NotAllowed) as refusal:
            people.suspend(by=by, user=cast.femi, reason="Lost laptop")
        assert refusal.value.code == "works_elsewhere"
    people.end_membership(by=boss, membership=here)
    assert not people.suspend(by=cast.ada, user=cast.femi, reason="Lost laptop").is_active


def test_the_first_administrator_comes_from_the_command_line(cast: Cast) -> None:
    post = people.invite(
        by=None, email="first@nmr.example", name="First", role=Role.ADMINISTRATOR, authority=cast.northmoor
    )
    assert post.invited_by is None
    assert post in live_memberships(CaseworkNow())


# ---- people whom the authority's files only named ----


def named_by_files(cast: Cast) -> Membership:
    """As an import leaves a social worker: an address, a role, no letter."""
    user = User.objects.create(email="north.worker1@exampleshire.example", name="North Worker")
    user.set_unusable_password()
    user.save()
    return Membership.objects.create(user=user, role=Role.SOCIAL_WORKER, authority=cast.exampleshire)


def test_somebody_the_files_named_is_invited_by_name_and_once(cast: Cast) -> None:
    post = named_by_files(cast)
    assert people.awaits_invitation(post.user)
    people.send_invitation(by=cast.ada, membership=post, name=" Noor West ")
    post.user.refresh_from_db()
    assert (post.user.name, owed_to(post.user)) == ("Noor West", ["invitation"])
    assert AuditEntry.objects.filter(about_id=post.pk, fields=["invitation"]).count() == 1
    assert not people.awaits_invitation(post.user)
    with pytest.raises(Conflict):
        people.send_invitation(by=cast.ada, membership=post, name="Noor West")
    assert owed_to(post.user) == ["invitation"]


def test_who_was_invited_or_signs_in_already_awaits_nothing(cast: Cast) -> None:
    invited = people.invite(
        by=cast.ada, email="jo@exs.example", name="Jo", role=Role.COORDINATOR, authority=cast.exampleshire
    )
    assert people.awaiting_invitation([invited.user]) == set()
    waiting = named_by_files(cast).user
    waiting.set_password("eight merry badgers dance")
    assert people.awaiting_invitation([waiting]) == set()
    waiting.set_unusable_password()
    waiting.is_active = False
    assert people.awaiting_invitation([waiting]) == set()


def test_only_an_administrator_of_theirs_sends_it_and_with_a_name(cast: Cast) -> None:
    post = named_by_files(cast)
    for person in (cast.bev, cast.eve, cast.gita):
        with pytest.raises(NotAllowed):
            people.send_invitation(by=person, membership=post, name="Noor West")
    with pytest.raises(Invalid):
        people.send_invitation(by=cast.ada, membership=post, name=" ")
    assert owed_to(post.user) == []


def test_all_who_wait_are_invited_at_once_and_nobody_twice(cast: Cast) -> None:
    post = named_by_files(cast)
    User.objects.exclude(pk=post.user_id).update(last_login=now())
    assert people.send_all_invitations(by=cast.ada, authority=cast.exampleshire) == 1
    assert owed_to(post.user) == ["invitation"]
    assert people.send_all_invitations(by=cast.ada, authority=cast.exampleshire) == 0
