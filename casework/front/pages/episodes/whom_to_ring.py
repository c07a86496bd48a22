"""Whom to ring about a case just now: by day and by night not the same number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from casework.front.pages.kit.telephones import duty_number
from casework.records.models import Home, LocalAuthority, Neighbour
from casework.records.office_hours import in_office_hours
from incidents.models import MissingEpisode


@dataclass(frozen=True)
class ToRing:
    """One office: the number that is answered now, and the other one."""

    who: str
    number: str  # empty: none is known
    other: str = ""
    other_words: str = ""


def whom_to_ring(episode: MissingEpisode, home_id: UUID | None, now: datetime) -> list[ToRing]:
    """The child's authority, the home, and the authority in whose area the home is, if that is another."""
    found = [_office(episode.authority.name, episode.authority, now)]
    if home_id is None:
        return found
    home = Home.objects.select_related("host_authority", "provider").get(pk=home_id)
    found.append(_of_home(home, now))
    host = home.host_authority
    if host is not None and host.pk != episode.authority_id:
        known = Neighbour.objects.filter(authority_id=episode.authority_id, other=host).first()
        has_number = known is not None and (known.duty_phone or known.out_of_hours_phone)
        found.append(_office(f"{host.name}, where the home is", known if known and has_number else host, now))
    return found


def _office(who: str, office: LocalAuthority | Neighbour, now: datetime) -> ToRing:
    number, by_day = duty_number(office, now), in_office_hours(now)
    other = office.out_of_hours_phone if by_day else office.duty_phone
    words = "nights and weekends" if by_day else "in office hours"
    return ToRing(who, number, other if other != number else "", words)


def _of_home(home: Home, now: datetime) -> ToRing:
    """By night somebody is up in a home; whoever is on call for it decides."""
    other = home.on_call_phone or home.provider.phone
    return ToRing(home.name, home.phone or other, other if home.phone else "", "manager on call")
