"""Exampleshire with something behind every door: an absence at each stage, and a row of each kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import partial
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from casework.records.clients import SCOPES, count_call
from casework.records.models import (
    BrokenGlass,
    Child,
    FactKind,
    Home,
    Membership,
    Placement,
    PoliceClient,
    PoliceForce,
    RotaShift,
)
from casework.records.services import (
    conflicts,
    drafts,
    emergencies,
    grants,
    photos,
    police_clients,
    profile,
    rotas,
    uploads,
)
from casework.records.services.searching import Wanted, find_children
from casework.records.times import now
from incidents.models import MissingEpisode, State
from incidents.services import closing, force, interviews, police, referrals, reports, returns, risk
from protocols import engine
from protocols.models import StepRun
from protocols.publishing import publish_default
from tests.a_photo import RED, picture
from tests.cast import Cast, make_cast
from tests.incidents.agreeing import agree_on_everything

Ids = Sequence[UUID]


@dataclass(frozen=True)
class World:
    """The cast, and for each name that an address uses the ids that stand for it."""

    cast: Cast
    ids: Mapping[str, Ids]


def make_world() -> World:
    """One child is missing, one located, one back, one closed; and all of it is Exampleshire's."""
    cast = make_cast()
    version = publish_default(authority=cast.exampleshire)
    lived_before(cast.kit, cast.fenwick_house)
    episodes = _an_absence_at_each_stage(cast)
    at_home = cast.kit
    fact = profile.record_fact(
        by=cast.amina, child=at_home, kind=FactKind.PHONE, words="07700 900123", source="Kit"
    )
    photographs = [
        photos.add_photo(
            by=cast.amina, child=at_home, picture=drawn, source="His key worker", for_police=is_for_police
        )
        for drawn, is_for_police in ((picture(), True), (picture(RED), False))
    ]
    news = reports.add_news(
        by=cast.carl,
        episode=episodes[0],
        kind="sighting",
        words="Seen at the station.",
        force=PoliceForce.objects.create(name="Coastal Police"),
    )
    draft = drafts.keep(user=cast.carl, kind="report", answers={"children": [str(at_home.pk)], "screens": {}})
    placement = Placement.objects.get(child=at_home, home=cast.larch_house)
    conflict = conflicts.declare_conflict_in_words(
        by=cast.femi, authority=cast.exampleshire, about="A boy in my street", reason="We are neighbours."
    )
    answers = [row.pk for episode in episodes for row in episode.police_answers.all()]
    signs = [row.pk for episode in episodes for row in episode.indicators.all()]
    talks = [row.pk for episode in episodes for row in episode.interviews.all()]
    system = _system_of(cast)
    return World(
        cast,
        {
            "child_id": [at_home.pk],
            "fact_id": [fact.pk],
            "photo_id": [row.pk for row in photographs],
            "search_id": [find_children(by=cast.bev, wanted=Wanted("ashdown")).pk],
            "placement_id": [placement.pk],
            "draft_id": [draft.pk],
            "news_id": [news.pk],
            "copy_id": [episodes[0].copies.get().pk],
            "share_id": [episodes[0].shares.earliest("recorded_at").pk],
            "episode_id": [episode.pk for episode in episodes],
            "answer_id": answers,
            "indicator_id": signs,
            "referral_id": [referrals.refer_to_nrm(by=cast.amina, episode=episodes[0], words="His debt.").pk],
            "interview_id": talks,
            "located_id": [row.pk for episode in episodes for row in episode.findings.all()],
            "meeting_id": [row.pk for episode in episodes for row in episode.meetings.all()],
            "action_id": [row.pk for episode in episodes for row in episode.actions.all()],
            "tool_id": [row.pk for episode in episodes for row in episode.legal_tools.all()],
            "step_id": _steps_of(episodes),
            "version_id": [version.pk],
            "conflict_id": [conflict.pk],
            "grant_id": [
                grants.grant_access(
                    by=cast.bev, child=at_home, to=cast.ines, reason="Holds the interview."
                ).pk
            ],
            "glass_id": [_opened_in_an_emergency(cast, at_home).pk],
            "authority_id": [cast.exampleshire.pk],
            "provider_id": [cast.larchwood.pk],
            "home_id": [cast.larch_house.pk],
            "team_id": [cast.team_2.pk],
            "neighbour_id": [cast.exampleshire.neighbours.get(other=cast.northmoor).pk],
            "upload_id": [_files_to_import(cast)],
            "shift_id": _on_duty(cast),
            "leave_id": [_away(cast)],
            "client_id": [system.pk],
            "secret_id": [system.secrets.order_by("place")[0].pk],
            "membership_id": [Membership.objects.get(user=cast.amina).pk],
        },
    )


def _opened_in_an_emergency(cast: Cast, child: Child) -> BrokenGlass:
    opened = emergencies.break_glass(
        by=cast.amina, category="danger", reason="A call that Kit is in danger.", reference=child.reference
    )
    assert opened is not None
    return opened


def lived_before(child: Child, home: Home) -> None:
    """The child moved only a minute ago, in the middle of what is told below."""
    moved_at = now() - timedelta(minutes=1)
    placement = Placement.objects.get(child=child)
    before = placement.period.lower
    Placement.objects.filter(pk=placement.pk).update(period=DateTimeTZRange(moved_at, None))
    Placement.objects.create(
        child=child,
        home=home,
        period=DateTimeTZRange(before, moved_at),
        place_code="K2",
        provider_code="PR4",
    )


def _an_absence_at_each_stage(cast: Cast) -> list[MissingEpisode]:
    missing, located, back, closed = (
        _reported(cast, child) for child in (cast.kit, cast.ola, cast.rosie, cast.maisie)
    )
    force.propose_found(by=cast.dee, episode=located, located_at=now(), where="Bus station")
    for episode in (back, closed):
        returns.record_return(by=cast.amina, episode=episode)
    interviews.record_decline(
        by=cast.ines, interview=closed.interviews.get(), declined_at=now(), carer_view="Maisie was at Jay's."
    )
    closed.refresh_from_db()
    closing.sign_off_episode(
        by=cast.bev, episode=closed, version=closed.version, words="Maisie misses her sister."
    )
    stages = [missing, located, back, closed]
    for episode in stages:
        episode.refresh_from_db()
        engine.fire_due(episode.pk)
    assert [episode.state for episode in stages] == [
        State.OPEN,
        State.LOCATED,
        State.FOLLOW_UP,
        State.CLOSED,
    ]
    return stages


def _reported(cast: Cast, child: Child) -> MissingEpisode:
    episode = reports.report_missing(
        by=cast.amina,
        child=child,
        category="missing",
        noticed_at=now() - timedelta(hours=1),
        circumstances="Left after a telephone call.",
        indicators={"trafficking": "A car waited outside."},
    )
    police.record_police_answer(
        by=cast.amina,
        episode=episode,
        answer="refused",
        told_at=now(),
        officer="PC 4471",
        reason="Would wait until midnight.",
    )
    risk.assess_risk(
        by=cast.bev,
        episode=episode,
        made_by="authority",
        grade="high",
        rationale="Followed by a car.",
        assessor="Bev Aldous",
    )
    agree_on_everything(cast.amina, episode)
    return episode


def _on_duty(cast: Cast) -> list[UUID]:
    """A line of the authority's rota, and one of the provider's."""
    add = partial(rotas.add_shifts, weekdays=[4], starts=time(17), ends=time(9), from_on=date(2026, 1, 2))
    (ours,) = add(by=cast.bev, place=cast.exampleshire, person=cast.femi, role="duty_worker")
    (theirs,) = add(by=cast.gita, place=cast.larchwood, person=cast.gita, role="on_call_manager")
    last = now().date() + timedelta(days=900)
    RotaShift.objects.update(until_on=last)
    return [ours.pk, theirs.pk]


def _away(cast: Cast) -> UUID:
    """Amina, in a month; Ruth stands in."""
    first = now().date() + timedelta(days=30)
    row = rotas.record_leave(
        by=cast.amina, person=cast.amina, starts_on=first, ends_on=first, deputy=cast.ruth
    )
    return row.pk


def _system_of(cast: Cast) -> PoliceClient:
    """The constabulary's, which has called and is about to change its secret."""
    client, _ = police_clients.make_client(
        by=cast.ada,
        force=cast.police,
        name="Record system",
        scopes=SCOPES,
        expires_at=now() + timedelta(days=60),
    )
    police_clients.add_secret(by=cast.ada, client=client)
    count_call(client, "192.0.2.1")
    return client


def _files_to_import(cast: Cast) -> UUID:
    """Files that wait for Ada's yes."""
    upload = uploads.take_upload(by=cast.ada, authority=cast.exampleshire, content=b"a zip")
    uploads.find_ready(upload, {"changes": 1, "added": ["1 child"]}, "digest")
    return upload.pk


def _steps_of(episodes: Sequence[MissingEpisode]) -> list[UUID]:
    """Of each episode one step that is done by doing it: owed, unless the episode is closed."""
    found = []
    for episode in episodes:
        steps = StepRun.objects.filter(episode=episode, rung=0, superseded_at=None, step__met_by="")
        found.append(steps.exclude(step__kind="tell").order_by("-state", "due_at")[0].pk)
    return found


def names_in(cast: Cast) -> list[str]:
    """What no stranger may read on any page: the children's names and references."""
    children = (cast.kit, cast.ola, cast.rosie, cast.maisie, cast.biniam)
    return [word for child in children for word in (child.last_name, child.reference)]
