"""What is heard while a child is gone: sightings, calls, words with the child. None locates anybody."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from casework.records import chronology
from casework.records.access import require_for
from casework.records.acts import Act
from casework.records.errors import Conflict
from casework.records.models import Child, PoliceForce, User
from casework.records.times import now
from incidents import codes, moments, rules
from incidents.models import NOT_BACK, MissingEpisode, News, ReportCopy
from incidents.verbs import EpisodeVerb

from .alerting import alert_duty
from .keeping import keep_copy
from .writing import add, position_of, require_typed_name, required, take

Kind = News.Kind
DETAILS: Final = ("words", "happened_at", "told_by", "where", "how_sure", "number", "how_known")


@transaction.atomic
def add_news(
    *,
    by: User,
    episode: MissingEpisode,
    kind: str,
    words: str = "",
    happened_at: datetime | None = None,
    told_by: str = "",
    where: str = "",
    how_sure: str = "",
    force: PoliceForce | None = None,
    number: str = "",
    how_known: str = "",
    typed_name: str = "",
) -> News:
    """Add what was heard or seen; or, in one tap, that there is nothing new. It locates nobody.

    `force` is that of the area where the child was seen, when it is another than the home's. Of somebody who
    spoke to the child, `words` are the child's own, and `how_known` says how we know that it was them.
    """
    episode = take(by, Act.ADD_NEWS, episode)
    rules.refuse_if_ended(position_of(episode))
    codes.chosen([kind], Kind, field="kind")
    if kind == Kind.NOTHING_NEW and not episode.is_open:
        raise Conflict("The child is back, so there is no “still missing”.", code="back")
    _refuse_incomplete(kind, words, how_known)
    if how_sure:
        codes.chosen([how_sure], News.HowSure, field="how_sure")
    moment = now()
    news = News(
        child=episode.child,
        episode=episode,
        kind=kind,
        happened_at=moments.happened("happened_at", happened_at or moment, moment),
        words=words.strip(),
        told_by=told_by.strip(),
        where=where.strip(),
        how_sure=how_sure,
        force=force,
        number=number.strip(),
        how_known=how_known.strip(),
        recorded_by=by,
        typed_name=require_typed_name(by, typed_name),
    )
    return _keep(by, news, given_at=happened_at)


@transaction.atomic
def record_enquiry(
    *,
    by: User,
    child: Child,
    said_name: str = "",
    number: str = "",
    asked: str = "",
    how_known: str = "",
    typed_name: str = "",
) -> News:
    """Somebody unknown asked for the child, and was told nothing. However little was caught is kept.

    It is news of the absence that the child is not back from, or else of the child alone. When the child may
    be trafficked, whoever is on duty hears at once: asking where a child lives is how they are found again.
    """
    episode = MissingEpisode.objects.filter(child=child, state__in=NOT_BACK).first()
    if episode is not None:
        episode = take(by, Act.ADD_NEWS, episode)
    else:
        require_for(by, Act.ADD_NEWS, child)
    news = News(
        child=child,
        episode=episode,
        kind=Kind.ENQUIRER,
        happened_at=now(),
        words=asked.strip(),
        told_by=said_name.strip(),
        number=number.strip(),
        how_known=how_known.strip(),
        recorded_by=by,
        typed_name=require_typed_name(by, typed_name),
    )
    kept = _keep(by, news)
    alert_duty(kept, but=by)
    return kept


def _refuse_incomplete(kind: str, words: str, how_known: str) -> None:
    if kind == Kind.SPOKEN:
        required(words, "words", "Enter what the child said, in their own words.")
        required(how_known, "how_known", "Enter how you know that it was them.")
    elif kind not in (Kind.NOTHING_NEW, Kind.ENQUIRER):
        required(words, "words", "Enter what you learned.")


def _keep(by: User, news: News, *, given_at: datetime | None = None) -> News:
    """Write it, its story, and the home's own copy."""
    add(news)
    chronology.record(
        child=news.child,
        verb=EpisodeVerb.CHILD_SPOKEN_TO if news.kind == Kind.SPOKEN else EpisodeVerb.NEWS_ADDED,
        actor=by,
        episode_id=news.episode_id,
        about_kind="news",
        about_id=news.pk,
        occurred_at=news.happened_at,
        payload={"kind": news.kind},
        typed_name=news.typed_name,
    )
    if news.episode is not None:
        sent = {"kind": news.kind, **{name: getattr(news, name) for name in DETAILS}, "happened_at": given_at}
        force = news.force.name if news.force else ""
        keep_copy(
            by, news.episode, ReportCopy.Kind.NEWS, {**sent, "force": force}, typed_name=news.typed_name
        )
    return news
