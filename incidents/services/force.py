"""What a police force says itself, on its pages or through its system: in its own name, and nobody else's.

None of this does the home's or the authority's work: a reference is the force's, a finding is proposed and
answered by those who know the child, and the steps stay whose they are.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import transaction

from casework.records.access import may
from casework.records.acts import Act
from casework.records.errors import Conflict, Invalid, NotAllowed
from casework.records.models import User
from casework.records.times import now
from incidents import codes, moments
from incidents.access import share_for
from incidents.facts import lock_episode
from incidents.models import (
    EpisodeShare,
    Grade,
    Located,
    MissingEpisode,
    News,
    RiskAssessment,
)
from incidents.shared import CLOSED, RETURNED, refuse_stale_view, stands
from incidents.verbs import EpisodeVerb

from .alerting import alert_of_police
from .returns import locate
from .writing import add, required, save_edit, tell_story

PLACES: Final = Decimal("0.00001")  # degrees: about a metre
OVER: Final = "This absence is closed here. Ring the authority if you know something new."


@transaction.atomic
def acknowledge(*, by: User, episode: MissingEpisode) -> EpisodeShare:
    """The force has it. Said twice, the first one stands."""
    episode, share = _take_shared(by, Act.POLICE_ACKNOWLEDGE, episode)
    if share.acknowledged_at is not None:
        return share
    share.acknowledged_at, share.acknowledged_by = now(), by
    save_edit(share)
    tell_story(episode, EpisodeVerb.POLICE_ACKNOWLEDGED, by, share, payload={"force": share.force.name})
    return share


@transaction.atomic
def give_reference(*, by: User, episode: MissingEpisode, reference: str, version: int) -> EpisodeShare:
    """The number under which the force keeps it. `Changed` when the force saw another version.

    The force of the home gives the episode's own reference with it; a second force's stays beside it.
    """
    episode, share = _take_shared(by, Act.POLICE_REFERENCE, episode)
    refuse_stale_view(episode, share, version)
    _refuse_if_over(episode)
    share.reference = required(reference, "reference", "Enter the reference.")
    save_edit(share)
    if not share.reason:
        episode.police_reference = share.reference
        save_edit(episode)
    tell_story(episode, EpisodeVerb.POLICE_REFERENCE_GIVEN, by, share, payload={"force": share.force.name})
    return share


@transaction.atomic
def give_grade(
    *,
    by: User,
    episode: MissingEpisode,
    grade: str,
    rationale: str,
    assessor: str,
    assessed_at: datetime | None = None,
) -> RiskAssessment:
    """How dangerous the force thinks it is: another row of the police's history, never the authority's."""
    episode, _ = _take_shared(by, Act.POLICE_GRADE, episode)
    _refuse_if_over(episode)
    codes.chosen([grade], Grade, field="grade")
    moment = now()
    row = add(
        RiskAssessment(
            episode=episode,
            made_by=RiskAssessment.MadeBy.POLICE,
            grade=grade,
            rationale=required(rationale, "rationale", "Enter why it is graded so."),
            assessor=required(assessor, "assessor", "Enter who graded it."),
            assessed_at=moments.happened("assessed_at", assessed_at or moment, moment),
            recorded_by=by,
        )
    )
    payload = {"made_by": row.made_by, "grade": grade}
    tell_story(episode, EpisodeVerb.RISK_ASSESSED, by, row, occurred_at=row.assessed_at, payload=payload)
    return row


@transaction.atomic
def report_sighting(
    *,
    by: User,
    episode: MissingEpisode,
    words: str,
    happened_at: datetime | None = None,
    where: str = "",
    how_sure: str = "",
    told_by: str = "",
    latitude: Decimal | None = None,
    longitude: Decimal | None = None,
) -> News:
    """Somebody saw the child, as the force heard it. It locates nobody; home and duty worker hear at once."""
    episode, share = _take_shared(by, Act.POLICE_SIGHTING, episode)
    _refuse_if_over(episode)
    if how_sure:
        codes.chosen([how_sure], News.HowSure, field="how_sure")
    moment = now()
    news = add(
        News(
            child=episode.child,
            episode=episode,
            kind=News.Kind.SIGHTING,
            words=required(words, "words", "Enter what was seen."),
            happened_at=moments.happened("happened_at", happened_at or moment, moment),
            where=where.strip(),
            how_sure=how_sure,
            told_by=told_by.strip(),
            force=share.force if share.reason else None,  # a second force speaks of its own area
            recorded_by=by,
            **_on_the_map(latitude, longitude),
        )
    )
    tell_story(
        episode,
        EpisodeVerb.NEWS_ADDED,
        by,
        news,
        occurred_at=news.happened_at,
        payload={"kind": news.kind},
    )
    alert_of_police(episode, news.pk, but=by)
    return news


@transaction.atomic
def propose_found(
    *,
    by: User,
    episode: MissingEpisode,
    located_at: datetime,
    where: str,
    with_whom: str = "",
    condition: str = "",
    identity_confirmed: bool = False,
) -> Located:
    """The force has found the child, who is located by that. Those who know the child answer: is it them?

    Never returned: that is said by whoever has the child back.
    """
    episode, share = _take_shared(by, Act.POLICE_FOUND, episode)
    _refuse_if_back(episode)
    located = locate(
        by,
        episode,
        located_at=located_at,
        where=where,
        found_by=Located.FoundBy.POLICE,
        with_whom=with_whom,
        condition=condition,
        identity_confirmed=identity_confirmed,
        proposed_by=share.force,
    )
    alert_of_police(episode, located.pk, but=by)
    return located


def _take_shared(by: User, act: Act, episode: MissingEpisode) -> tuple[MissingEpisode, EpisodeShare]:
    """The episode held, and the share by which this force reads it. Not shared any more is not found.

    The lock is taken first: a share that a person ends at this moment has ended, or waits.
    """
    held = lock_episode(episode.pk)
    share = share_for(by, held)
    if not may(by, act):
        raise NotAllowed("Your role here does not allow this.", code=f"not_allowed_{act}")
    return held, EpisodeShare.objects.select_related("force").select_for_update(
        no_key=True, of=("self",)
    ).get(pk=share.pk)


def _refuse_if_over(episode: MissingEpisode) -> None:
    """`Conflict`, in the same words however it ended: a death, say, is not a force's to read here."""
    if stands(episode) == CLOSED:
        raise Conflict(OVER, code="closed")


def _refuse_if_back(episode: MissingEpisode) -> None:
    _refuse_if_over(episode)
    if stands(episode) == RETURNED:
        raise Conflict("The child is back. If they have gone again, ring the authority.", code="returned")


def _on_the_map(latitude: Decimal | None, longitude: Decimal | None) -> dict[str, Decimal]:
    if latitude is None and longitude is None:
        return {}
    if latitude is None or longitude is None:
        field = "latitude" if latitude is None else "longitude"
        raise Invalid("Give latitude and longitude, or neither.", code="required", field=field)
    for field, degrees, most in (("latitude", latitude, 90), ("longitude", longitude, 180)):
        if not degrees.is_finite() or abs(degrees) > most:
            raise Invalid(f"Between -{most} and {most} degrees.", code="not_on_earth", field=field)
    return {"latitude": latitude.quantize(PLACES), "longitude": longitude.quantize(PLACES)}
