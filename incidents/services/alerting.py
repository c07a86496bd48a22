"""Who has to hear at once, without a step of the protocol: fixed words through the outbox, no child named."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid5

from casework.records.access import current_home_id
from casework.records.holders import CARER, who_holds
from casework.records.models import Child, Role, User
from casework.records.notify import outbox
from casework.records.times import LONDON, now
from incidents.facts import is_at_risk_of_trafficking
from incidents.models import MissingEpisode, News, PlacementNotice

ENQUIRER: Final = "enquirer"
NOTICE_GIVEN: Final = "placement_notice"
FROM_POLICE: Final = "police_news"
ON_DUTY: Final = (Role.DUTY_WORKER, Role.TEAM_MANAGER)  # where nobody is on duty, the manager


def alert_duty(news: News, *, but: User) -> None:
    """Tell whoever is on duty that somebody asked for a child who may be trafficked."""
    child, moment = news.child, now()
    if not is_at_risk_of_trafficking(child, moment.astimezone(LONDON).date()):
        return
    for person in _first_reached(child, ON_DUTY, but):
        outbox.queue(
            key=uuid5(news.pk, f"{ENQUIRER} {person.pk}").hex,
            recipient_id=person.pk,
            template=ENQUIRER,
            reference=news.episode.reference if news.episode else "",
            child_id=child.pk,
            episode_id=news.episode_id,
        )


def alert_of_notice(notice: PlacementNotice, *, but: User) -> None:
    """Tell whoever is on duty and the team manager that the home does not keep the place."""
    episode = notice.episode
    people = {person.pk for role in ON_DUTY for person in _first_reached(episode.child, (role,), but)}
    for person_id in people:
        outbox.queue(
            key=uuid5(notice.pk, f"{NOTICE_GIVEN} {person_id}").hex,
            recipient_id=person_id,
            template=NOTICE_GIVEN,
            reference=episode.reference,
            child_id=episode.child_id,
            episode_id=episode.pk,
        )


def alert_of_police(episode: MissingEpisode, about_id: UUID, *, but: User) -> None:
    """Tell whoever is on duty, whoever holds the case and the home that the police have written something."""
    people = {
        person.pk for asked in (ON_DUTY, (CARER,)) for person in _first_reached(episode.child, asked, but)
    }
    if episode.holder_id is not None:
        people.add(episode.holder_id)
    for person_id in people:
        outbox.queue(
            key=uuid5(about_id, f"{FROM_POLICE} {person_id}").hex,
            recipient_id=person_id,
            template=FROM_POLICE,
            reference=episode.reference,
            child_id=episode.child_id,
            episode_id=episode.pk,
        )


def _first_reached(child: Child, roles: tuple[str, ...], but: User) -> list[User]:
    """Those in the first of these roles that anybody holds for the child now, without whoever did it."""
    for role in roles:
        holders = who_holds(
            role,
            authority_id=child.authority_id,
            home_id=current_home_id(child),
            team_id=child.team_id,
            allocated_worker_id=child.allocated_worker_id,
            child_id=child.pk,
            at=now(),
        )
        if holders:
            return [person for person in holders if person != but]
    return []
