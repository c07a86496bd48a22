"""What the police say themselves, in their own name; proposed where others have to answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from casework.records.errors import Changed, Conflict, Invalid, NotAllowed, NotFound
from casework.records.models import ChronologyEntry, Membership, Notification, PoliceForce, Role, User
from casework.records.times import now
from incidents.access import share_for
from incidents.facts import facts_of
from incidents.models import (
    EpisodeShare,
    FindingAnswer,
    Located,
    MissingEpisode,
    News,
    RiskAssessment,
    State,
)
from incidents.rules import Position
from incidents.services import force, heard, police, reports, returns, sharing
from incidents.shared import shared_views, version_of
from incidents.shared_lines import lines_of
from protocols import engine
from protocols.models import StepRun, StepState
from protocols.publishing import publish_default
from tests.cast import Cast, comes_saturday_night
from tests.incidents.nights import stands_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def episode(cast: Cast) -> MissingEpisode:
    """Kit, missing from Larch House since two hours ago."""
    publish_default(authority=cast.exampleshire)
    two_hours_ago = now() - timedelta(hours=2)
    return reports.report_missing(by=cast.carl, child=cast.kit, category="missing", noticed_at=two_hours_ago)


@pytest.fixture
def dag(cast: Cast) -> User:
    """Liaison of a second force, with which nothing is shared."""
    moorland = PoliceForce.objects.create(name="Moorland Police")
    user = User.objects.create_user("dag@moorland.example", name="Dag Moor")
    Membership.objects.create(user=user, role=Role.POLICE_LIAISON, police_force=moorland)
    return user


def verbs(episode: MissingEpisode) -> list[str]:
    entries = ChronologyEntry.objects.filter(episode_id=episode.pk).order_by("recorded_at")
    return list(entries.values_list("verb", flat=True))


def found(cast: Cast, episode: MissingEpisode, **said: Any) -> Located:
    return force.propose_found(
        by=cast.dee, episode=episode, **{"located_at": now(), "where": "At the station", **said}
    )


def test_the_force_says_that_it_has_the_episode_and_says_it_once(cast: Cast, episode: MissingEpisode) -> None:
    first = force.acknowledge(by=cast.dee, episode=episode)
    again = force.acknowledge(by=cast.dee, episode=episode)
    assert first.acknowledged_at == again.acknowledged_at
    assert (first.acknowledged_by, first.force) == (cast.dee, cast.police)
    assert verbs(episode).count("police.acknowledged") == 1


def test_a_reference_is_the_forces_own_and_the_episodes_where_the_home_is_theirs(
    cast: Cast, episode: MissingEpisode, dag: User
) -> None:
    moorland = PoliceForce.objects.get(name="Moorland Police")
    sharing.share_episode(by=cast.amina, episode=episode, force=moorland, reason="Seen there.")
    for who, reference in ((cast.dee, "EX 4417"), (dag, "MP/88")):
        episode.refresh_from_db()
        seen = version_of(episode, share_for(who, episode))
        force.give_reference(by=who, episode=episode, reference=reference, version=seen)
    episode.refresh_from_db()
    assert episode.police_reference == "EX 4417"
    assert share_for(dag, episode).reference == "MP/88"


def test_whoever_saw_another_version_changes_nothing(cast: Cast, episode: MissingEpisode) -> None:
    seen = version_of(episode, share_for(cast.dee, episode))
    force.give_reference(by=cast.dee, episode=episode, reference="EX 1", version=seen)
    with pytest.raises(Changed):
        force.give_reference(by=cast.dee, episode=episode, reference="EX 2", version=seen)
    assert share_for(cast.dee, episode).reference == "EX 1"


def test_a_grade_goes_into_the_polices_history_and_changes_the_steps(
    cast: Cast, episode: MissingEpisode
) -> None:
    engine.reconcile(episode.pk)
    row = force.give_grade(
        by=cast.dee, episode=episode, grade="high", rationale="Seen with a man.", assessor="Insp. Hale"
    )
    assert (row.made_by, row.recorded_by) == (RiskAssessment.MadeBy.POLICE, cast.dee)
    assert facts_of([episode.pk])[episode.pk].police_grade == "high"
    assert engine.reconcile(episode.pk) > 0  # what a high grade asks for falls due earlier
    with pytest.raises(Invalid):
        force.give_grade(by=cast.dee, episode=episode, grade="high", rationale=" ", assessor="Insp. Hale")


def test_a_sighting_locates_nobody_and_reaches_home_and_duty_worker(
    cast: Cast, episode: MissingEpisode
) -> None:
    comes_saturday_night()
    news = force.report_sighting(
        by=cast.dee,
        episode=episode,
        words="By the fountain.",
        where="Market Square",
        latitude=Decimal("52.1234567"),
        longitude=Decimal("-1.5"),
    )
    episode.refresh_from_db()
    assert (episode.state, news.force, news.kind) == (State.OPEN, None, News.Kind.SIGHTING)
    news.refresh_from_db()
    assert (news.latitude, news.longitude) == (Decimal("52.12346"), Decimal("-1.50000"))
    told = Notification.objects.filter(template="police_news").values_list("recipient__name", flat=True)
    assert {cast.carl.name, cast.femi.name} & set(told) == {cast.carl.name, cast.femi.name}
    assert cast.dee.name not in told


def test_a_force_reads_which_news_is_its_own(cast: Cast, episode: MissingEpisode) -> None:
    heard.add_news(by=cast.carl, episode=episode, kind="sighting", words="By us.", force=cast.police)
    force.report_sighting(by=cast.dee, episode=episode, words="By them.")
    (view,) = shared_views(cast.dee, [episode.pk])
    assert {one.words: one.is_ours for one in view.news} == {"By us.": False, "By them.": True}


def test_what_the_police_said_on_the_telephone_is_their_reference_until_they_write_one(
    cast: Cast, episode: MissingEpisode
) -> None:
    police.record_police_answer(
        by=cast.carl, episode=episode, answer="taken", told_at=now(), reference="XP 7"
    )
    (view,) = shared_views(cast.dee, [episode.pk])
    (line,) = lines_of(cast.dee)
    assert view.force_reference == line.force_reference == "XP 7"


@pytest.mark.parametrize(
    ("latitude", "longitude", "field"),
    [("91", "0", "latitude"), ("0", "-181", "longitude"), ("NaN", "0", "latitude"), ("1", None, "longitude")],
)
def test_a_place_that_is_not_on_earth_is_refused(
    cast: Cast, episode: MissingEpisode, latitude: str, longitude: str | None, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        force.report_sighting(
            by=cast.dee,
            episode=episode,
            words="Seen.",
            latitude=Decimal(latitude),
            longitude=Decimal(longitude) if longitude else None,
        )
    assert refusal.value.field == field
    assert not News.objects.exists()


def test_what_the_police_found_is_located_proposed_and_never_returned(
    cast: Cast, episode: MissingEpisode
) -> None:
    located = found(cast, episode)
    episode.refresh_from_db()
    assert (episode.state, episode.returned_at) == (State.LOCATED, None)
    assert (located.proposed_by, located.found_by) == (cast.police, "police")
    (view,) = shared_views(cast.dee, [episode.pk])
    assert [(one.answer, one.is_ours) for one in view.findings] == [("proposed", True)]
    with pytest.raises(Conflict):
        found(cast, episode)


def test_it_is_them(cast: Cast, episode: MissingEpisode) -> None:
    located = found(cast, episode)
    first = returns.confirm_found(by=cast.carl, located=located)
    assert returns.confirm_found(by=cast.amina, located=located).pk == first.pk
    with pytest.raises(Conflict):
        returns.refuse_found(by=cast.amina, located=located, words="No.")
    with pytest.raises(NotAllowed):  # whoever proposes does not answer
        returns.confirm_found(by=cast.dee, located=located)


def test_it_is_not_them_and_everything_is_owed_again_from_the_same_times(
    cast: Cast, episode: MissingEpisode
) -> None:
    engine.fire_due(episode.pk)
    before = _owed(episode)
    assert before
    located = found(cast, episode)
    engine.reconcile(episode.pk)
    assert _owed(episode) != before
    with pytest.raises(Invalid):
        returns.refuse_found(by=cast.carl, located=located, words=" ")
    returns.refuse_found(by=cast.carl, located=located, words="I saw the photo: another girl.")
    engine.reconcile(episode.pk)
    episode.refresh_from_db()
    assert (episode.state, episode.located_at) == (State.OPEN, None)
    spell = episode.spells.get()
    assert (spell.ended_at, spell.end_recorded_at) == (None, None)
    assert before <= _owed(episode)
    with pytest.raises(Conflict):
        returns.refuse_found(by=cast.carl, located=located, words="Again.")
    (view,) = shared_views(cast.dee, [episode.pk])
    (said,) = view.findings
    assert (said.answer, said.answer_words) == ("refused", "I saw the photo: another girl.")
    assert found(cast, episode, where="At the port").pk != located.pk


def _owed(episode: MissingEpisode) -> set[tuple[str, object]]:
    """The first rung of each step that somebody still has to do, with the time by which it is due."""
    rows = StepRun.objects.filter(
        episode=episode, rung=0, superseded_at=None, state__in=[StepState.WAITING, StepState.FIRED]
    )
    return set(rows.values_list("step__code", "due_at"))


def test_after_the_child_is_back_a_finding_is_not_refused_any_more(
    cast: Cast, episode: MissingEpisode
) -> None:
    located = found(cast, episode)
    returns.record_return(by=cast.carl, episode=episode)
    with pytest.raises(Conflict):
        returns.refuse_found(by=cast.femi, located=located, words="Not them.")
    assert not FindingAnswer.objects.exists()


def test_what_the_authority_recorded_itself_is_not_answered(cast: Cast, episode: MissingEpisode) -> None:
    located = returns.record_located(
        by=cast.femi, episode=episode, located_at=now(), where="A friend’s", found_by="family"
    )
    with pytest.raises(Conflict):
        returns.confirm_found(by=cast.femi, located=located)


ACTS: list[Callable[[User, MissingEpisode], object]] = [
    lambda by, it: force.acknowledge(by=by, episode=it),
    lambda by, it: force.give_reference(by=by, episode=it, reference="X", version=1),
    lambda by, it: force.give_grade(by=by, episode=it, grade="low", rationale="x", assessor="x"),
    lambda by, it: force.report_sighting(by=by, episode=it, words="x"),
    lambda by, it: force.propose_found(by=by, episode=it, located_at=now(), where="x"),
]


@pytest.mark.parametrize("act", ACTS)
def test_it_is_for_the_force_with_which_it_is_shared_and_for_nobody_else(
    act: Callable[[User, MissingEpisode], object], cast: Cast, episode: MissingEpisode, dag: User
) -> None:
    for stranger in (dag, cast.carl, cast.amina, cast.bev, cast.eve):
        with pytest.raises(NotFound):
            act(stranger, episode)
    assert act(cast.dee, episode)


ENDED = [
    Position.CLOSED,
    Position.FALSE_REPORT,
    Position.TRANSFERRED,
    Position.AGED_OUT,
    Position.DIED,
    Position.MERGED,
]


@pytest.mark.parametrize("act", ACTS[1:])
@pytest.mark.parametrize("position", ENDED)
def test_how_it_ended_no_refusal_tells(
    act: Callable[[User, MissingEpisode], object], position: Position, cast: Cast
) -> None:
    episode = stands_at(cast, position)
    version = version_of(episode, episode.shares.get())
    assert shared_views(cast.dee, [episode.pk])[0].state == "closed"
    with pytest.raises(Conflict) as refusal:
        act(cast.dee, episode) if act is not ACTS[1] else force.give_reference(
            by=cast.dee, episode=episode, reference="X", version=version
        )
    assert (refusal.value.code, refusal.value.message) == ("closed", force.OVER)


@pytest.mark.parametrize("act", ACTS)
def test_once_the_share_has_ended_there_is_no_such_episode(
    act: Callable[[User, MissingEpisode], object], cast: Cast, episode: MissingEpisode
) -> None:
    sharing.end_share(
        by=cast.bev, share=EpisodeShare.objects.get(episode=episode), reason="Not needed any more."
    )
    with pytest.raises(NotFound):
        act(cast.dee, episode)


def test_the_view_holds_no_address_no_worker_and_nothing_of_the_authoritys_own(
    cast: Cast, episode: MissingEpisode
) -> None:
    (view,) = shared_views(cast.dee, [episode.pk])
    assert (view.child.first_name, view.reference) == ("Kit", episode.reference)
    assert view.home is not None
    said = repr(view)
    assert view.home.name in said
    assert cast.amina.name not in said
    assert shared_views(cast.eve, [episode.pk]) == []
