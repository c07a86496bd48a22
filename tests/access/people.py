"""Everybody who tries the doors, one of each kind, around three children of different belonging."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from oauth2_provider.models import Application

from casework.records.models import (
    Child,
    ClientSecret,
    FactKind,
    Home,
    Leave,
    LegalStatus,
    LocalAuthority,
    Membership,
    Photo,
    Placement,
    PoliceClient,
    PoliceForce,
    Provider,
    Role,
    RotaShift,
    Team,
    Upload,
    UploadState,
    User,
)
from casework.records.services import conflicts, drafts, emergencies, grants, photos, profile
from casework.records.services.searching import Wanted, find_children
from casework.records.times import now
from incidents.models import EpisodeShare, Located, MissingEpisode, ReportCopy
from incidents.services import closing, interviews, police, referrals, reports, returns
from protocols import engine
from protocols.models import StepRun
from protocols.publishing import publish_default
from tests.a_photo import picture
from tests.access.a_world import lived_before
from tests.cast import Cast, make_cast
from tests.incidents.agreeing import agree_on_everything

OWN: Final = "own"  # Kit and Rosie: Amina's, of team 2, in Larch House, one missing and one just back
COLLEAGUES: Final = "colleagues"  # Noor: Exampleshire's too, another worker's, in Birch House, nothing open
FOREIGN: Final = "foreign"  # Tam: Northmoor's, in Oak House
LONG_AGO: Final = timedelta(days=400)

# Who they are, in the order of the columns of `matrix.txt`.
KINDS: Final[Mapping[str, str]] = {
    "anon": "nobody signed in",
    "staff": "home staff of Larch House, where Kit lives",
    "tabl": "the shared tablet of Larch House",
    "regm": "registered manager of Larch House's provider",
    "oncl": "on-call manager of the same provider",
    "othr": "home staff of Birch House, of another provider",
    "exho": "home staff of Elm House, where Kit lived until a minute ago",
    "sw": "social worker to whom Kit is allocated",
    "sw2": "social worker of the authority with no child of their own",
    "duty": "emergency duty worker",
    "tm": "team manager of Kit's team",
    "hos": "head of service",
    "adm": "administrator",
    "perf": "performance officer",
    "rint": "return interviewer of Northmoor with a grant on Kit",
    "iro": "independent reviewing officer with a grant on Kit",
    "two": "emergency duty worker of Exampleshire and Northmoor",
    "eve": "social worker of Northmoor, an outsider to Kit",
    "host": "duty worker of Northmoor, which hosts Fenwick House",
    "pol": "police liaison of the force with which Kit's episode is shared",
    "pol2": "police liaison of a second force",
    "susp": "social worker whose account is suspended",
    "left": "social worker whose membership ended",
    "next": "social worker whose membership starts tomorrow",
}


@dataclass(frozen=True)
class Crowd:
    """One person of each kind, and for each belonging the ids that stand for its rows."""

    cast: Cast
    people: Mapping[str, User]  # without `anon`
    rows: Mapping[str, Mapping[str, UUID]]


def make_crowd() -> Crowd:
    """Write everybody and everything into the database."""
    cast = make_cast()
    for authority in (cast.exampleshire, cast.northmoor):
        publish_default(authority=authority)
    places = _Places.beside(cast)
    people = _people(cast, places)
    noor = _child(cast.exampleshire, "EX-20901", "Noor", "Quayle", places.birch, worker=places.other_worker)
    tam = _child(cast.northmoor, "NM-10077", "Tam", "Reddy", places.oak, worker=cast.eve)
    lia = _child(cast.northmoor, "NM-10078", "Lia", "Frost", places.oak, worker=cast.eve)
    lived_before(cast.kit, places.elm)
    for name in ("rint", "iro"):
        grants.grant_access(
            by=cast.bev, child=cast.kit, to=people[name], reason="Kit’s interview and review."
        )
    rows: dict[str, dict[str, UUID]] = {
        OWN: _rows_of(cast.kit, cast.rosie, cast.amina, people["staff"], cast.bev),
        COLLEAGUES: _rows_of(noor, noor, places.other_worker, people["othr"], cast.ruth),
        FOREIGN: _rows_of(tam, lia, cast.eve, places.oak_staff, places.north_manager),
    }
    rows[OWN] |= _looking_at(cast.kit, cast.bev)
    rows[COLLEAGUES] |= _looking_at(noor, cast.ruth)
    rows[FOREIGN] |= _looking_at(tam, _person("Hedy Moor", Role.HEAD_OF_SERVICE, authority=cast.northmoor))
    rows[OWN] |= _organisations(cast.exampleshire, cast.larch_house, people["sw"])
    rows[COLLEAGUES] |= _organisations(cast.exampleshire, places.birch, people["othr"])
    rows[FOREIGN] |= _organisations(cast.northmoor, places.oak, people["eve"])
    rows[OWN] |= _system_of(cast.police, cast.ada)
    rows[COLLEAGUES] |= _system_of(cast.police, people["othr"])
    rows[FOREIGN] |= _system_of(people["pol2"].memberships.get().police_force, people["eve"])
    Membership.objects.filter(user=people["left"]).update(ends_at=now())
    User.objects.filter(pk=people["susp"].pk).update(is_active=False)
    return Crowd(cast, people, rows)


@dataclass(frozen=True)
class _Places:
    """What the cast does not have: other providers, and workers who are nobody's in particular."""

    birch: Home
    elm: Home
    oak: Home
    other_worker: User
    oak_staff: User
    north_manager: User

    @classmethod
    def beside(cls, cast: Cast) -> _Places:
        rowan = Provider.objects.create(name="Rowan Care")
        northern = Provider.objects.create(name="Northern Homes")
        asked = {"police_force": cast.police}
        birch = Home.objects.create(
            name="Birch House", provider=rowan, host_authority=cast.exampleshire, **asked
        )
        elm = Home.objects.create(name="Elm House", provider=rowan, host_authority=cast.exampleshire, **asked)
        oak = Home.objects.create(
            name="Oak House", provider=northern, host_authority=cast.northmoor, kept_by=cast.northmoor
        )
        Team.objects.create(authority=cast.northmoor, name="Northmoor Team 1")
        return cls(
            birch=birch,
            elm=elm,
            oak=oak,
            other_worker=_person("Olu Dane", Role.SOCIAL_WORKER, authority=cast.exampleshire),
            north_manager=_person("Max North", Role.TEAM_MANAGER, authority=cast.northmoor),
            oak_staff=_person("Pat Moss", Role.HOME_STAFF, home=oak),
        )


def _people(cast: Cast, places: _Places) -> dict[str, User]:
    second_force = PoliceForce.objects.create(name="Moorland Police")
    ours, theirs = {"authority": cast.exampleshire}, {"authority": cast.northmoor}
    two = _person("Tess Umber", Role.DUTY_WORKER, **ours)
    _membership(two, Role.DUTY_WORKER, **theirs)
    tomorrow = now() + timedelta(days=1)
    return {
        "staff": cast.carl,
        "tabl": cast.tablet,
        "regm": cast.gita,
        "oncl": _person("Ned Lark", Role.ON_CALL_MANAGER, provider=cast.larchwood),
        "othr": _person("Bea Rowan", Role.HOME_STAFF, home=places.birch),
        "exho": _person("Sam Elm", Role.HOME_STAFF, home=places.elm),
        "sw": cast.amina,
        "sw2": _person("Una Birk", Role.SOCIAL_WORKER, **ours),
        "duty": cast.femi,
        "tm": cast.bev,
        "hos": cast.ruth,
        "adm": cast.ada,
        "perf": _person("Pia Sums", Role.PERFORMANCE_OFFICER, **ours),
        "rint": _person("Ivo Lund", Role.RETURN_INTERVIEWER, **theirs),
        "iro": _person("Rhea Court", Role.REVIEWING_OFFICER, **ours),
        "two": two,
        "eve": cast.eve,
        "host": _person("Hal North", Role.DUTY_WORKER, **theirs),
        "pol": cast.dee,
        "pol2": _person("Dag Moor", Role.POLICE_LIAISON, police_force=second_force),
        "susp": _person("Sue Spend", Role.SOCIAL_WORKER, **ours),
        "left": _person("Lee Gone", Role.SOCIAL_WORKER, **ours),
        "next": _person("Nia Soon", Role.SOCIAL_WORKER, starts_at=tomorrow, **ours),
    }


def _person(name: str, role: Role, **where: object) -> User:
    user = User.objects.create_user(f"{name.replace(' ', '.').lower()}@casework.example", name=name)
    _membership(user, role, **where)
    return user


def _membership(user: User, role: Role, **where: object) -> Membership:
    where.setdefault("starts_at", now() - LONG_AGO)
    return Membership.objects.create(user=user, role=role, **where)


def _child(
    authority: LocalAuthority, reference: str, first: str, last: str, home: Home, *, worker: User
) -> Child:
    born = date(now().year - 14, 1, 1)
    child = Child.objects.create(
        authority=authority,
        reference=reference,
        first_name=first,
        last_name=last,
        born_on=born,
        allocated_worker=worker,
    )
    LegalStatus.objects.create(child=child, code="C2", from_on=born)
    _placed(child, home, DateTimeTZRange(now() - timedelta(days=300), None))
    return child


def _placed(child: Child, home: Home, period: DateTimeTZRange) -> Placement:
    return Placement.objects.create(
        child=child, home=home, period=period, place_code="K2", provider_code="PR4"
    )


# What stands behind the doors -------------------------------------------------------------------------


def _share_of(episode: MissingEpisode) -> EpisodeShare:
    """The one by the rule; where the home has no force, with one for which nobody works here."""
    far, _ = PoliceForce.objects.get_or_create(name="Far Police")
    return episode.shares.first() or EpisodeShare.objects.create(episode=episode, force=far)


def _rows_of(missing: Child, back: Child, worker: User, carer: User, manager: User) -> dict[str, UUID]:
    """A row of each kind: of a child who is missing, and of one who is back and owed an interview.

    Where both are one child, the absence is over and closed.
    """
    returned = _reported(worker, back, carer)
    returns.record_return(by=worker, episode=returned)
    talk = returned.interviews.get()
    if missing == back:
        _close(returned, worker, manager)
    episode = returned if missing == back else _reported(worker, missing, carer)
    fact = profile.record_fact(by=worker, child=missing, kind=FactKind.PHONE, words="07700 900123", source="")
    photo = _a_photo_of(missing, worker)
    copy = ReportCopy.objects.filter(episode=episode)[0]
    found = Located.objects.create(
        episode=episode,
        located_at=now(),
        where="The station",
        found_by=Located.FoundBy.POLICE,
        proposed_by=PoliceForce.objects.first(),
    )
    referral = referrals.refer_to_nrm(by=worker, episode=episode, reference="NRM 7")
    answers = {"children": [str(missing.pk)], "screens": {}}
    engine.fire_due(episode.pk)
    return {
        "child_id": missing.pk,
        "fact_id": fact.pk,
        "photo_id": photo.pk,
        "search_id": find_children(by=worker, wanted=Wanted(missing.last_name)).pk,
        "placement_id": missing.placements.latest("period").pk,
        "copy_id": copy.pk,
        "share_id": _share_of(episode).pk,
        "draft_id": drafts.keep(user=carer, kind="report", answers=answers).pk,
        "episode_id": episode.pk,
        "answer_id": episode.police_answers.get().pk,
        "indicator_id": episode.indicators.get().pk,
        "news_id": episode.news.get().pk,
        "referral_id": referral.pk,
        "located_id": found.pk,
        "interview_id": talk.pk,
        "meeting_id": episode.meetings.get().pk,
        "action_id": episode.actions.get().pk,
        "tool_id": episode.legal_tools.get().pk,
        "step_id": _of_the_home(episode).pk,
    }


def _a_photo_of(child: Child, by: User) -> Photo:
    """Approved for the police."""
    return photos.add_photo(by=by, child=child, picture=picture(), source="A worker", for_police=True)


def _of_the_home(episode: MissingEpisode) -> StepRun:
    """A step that is done by doing it, and recorded in words: the form and the photo."""
    return StepRun.objects.get(episode=episode, step__code="T1", rung=0, superseded_at=None)


def _looking_at(child: Child, manager: User) -> dict[str, UUID]:
    """An emergency of somebody at the next desk, who then finds that they know the family; a named reader."""
    looker = _person(f"Cleo {child.last_name}", Role.SOCIAL_WORKER, authority=child.authority)
    opened = emergencies.break_glass(
        by=looker, category="danger", reason="A call that there is danger.", reference=child.reference
    )
    assert opened is not None
    conflict = conflicts.declare_conflict(by=looker, child=child, reason="We are neighbours.")
    reader = _person(f"Ray {child.last_name}", Role.PERFORMANCE_OFFICER, authority=child.authority)
    grant = grants.grant_access(by=manager, child=child, to=reader, reason="Reads the file once.")
    return {"glass_id": opened.pk, "conflict_id": conflict.pk, "grant_id": grant.pk}


def _close(episode: MissingEpisode, worker: User, manager: User) -> None:
    interviews.record_decline(
        by=worker, interview=episode.interviews.get(), declined_at=now(), carer_view="Noor was at a friend’s."
    )
    episode.refresh_from_db()
    closing.sign_off_episode(by=manager, episode=episode, version=episode.version, words="Noor is settled.")


def _reported(by: User, child: Child, carer: User) -> MissingEpisode:
    """By the worker, with news from the home."""
    episode = reports.report_missing(
        by=by,
        child=child,
        category="missing",
        noticed_at=now() - timedelta(hours=1),
        circumstances="Left after a telephone call.",
        indicators={"trafficking": "A car waited outside."},
    )
    police.record_police_answer(
        by=by,
        episode=episode,
        answer="refused",
        told_at=now(),
        officer="PC 4471",
        reason="Would wait until midnight.",
    )
    force, _ = PoliceForce.objects.get_or_create(name="Coastal Police")
    reports.add_news(by=carer, episode=episode, kind="sighting", words="Seen at the station.", force=force)
    agree_on_everything(by, episode)
    return episode


def _organisations(authority: LocalAuthority, home: Home, person: User) -> dict[str, UUID]:
    return {
        "version_id": publish_default(authority=authority).pk,
        "authority_id": authority.pk,
        "provider_id": home.provider_id,
        "home_id": home.pk,
        "team_id": authority.teams.order_by("name")[0].pk,
        "membership_id": Membership.objects.filter(user=person)[0].pk,
        "upload_id": _files_to_import(authority, person).pk,
        "shift_id": _on_duty(authority, person).pk,
        "leave_id": _away(person).pk,
    }


def _on_duty(authority: LocalAuthority, person: User) -> RotaShift:
    """A line of the authority's rota: the person is on duty on Fridays."""
    hours = {"weekday": 4, "starts": time(17), "ends": time(9), "from_on": date(2026, 1, 2)}
    return RotaShift.objects.create(
        authority=authority, role=Role.DUTY_WORKER, user=person, recorded_by=person, **hours
    )


def _away(person: User) -> Leave:
    """Next month, so that everybody is there today."""
    first = now() + timedelta(days=30)
    return Leave.objects.create(
        user=person, starts_at=first, ends_at=first + timedelta(days=1), recorded_by=person
    )


def _system_of(force: PoliceForce | None, person: User) -> dict[str, UUID]:
    """A system that the person let in for the force, whoever they are."""
    assert force is not None
    client = PoliceClient.objects.create(
        force=force,
        name=f"System of {person.name}",
        account=User.objects.create(email=f"{uuid4()}@systems.invalid", name="A system"),
        application=Application.objects.create(client_type="confidential"),
        scopes=["episodes:read"],
        expires_at=now() + timedelta(days=60),
        made_by=person,
    )
    secret = ClientSecret.objects.create(client=client, place=1, digest=client.pk.hex, made_by=person)
    return {"client_id": client.pk, "secret_id": secret.pk}


def _files_to_import(authority: LocalAuthority, person: User) -> Upload:
    """Files of the authority that wait for a yes; it has one such row."""
    of_it = {"by": person, "state": UploadState.READY, "expires_at": now() + timedelta(hours=1)}
    return Upload.objects.get_or_create(authority=authority, defaults=of_it)[0]
