"""Who takes part in the week after Friday 20 November 2026, 22:40; the database's clock is in our hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from casework.records.models import (
    Child,
    LegalStatus,
    Membership,
    Neighbour,
    Placement,
    PoliceForce,
    Role,
    User,
)
from casework.records.services import grants
from casework.records.times import LONDON, now, pretend_now
from incidents.models import MissingEpisode
from protocols.publishing import publish_default
from tests.cast import Cast, make_cast
from tests.journeys.a_night import pass_time
from tests.journeys.by_hand import Hand

AFTERNOON = "2026-11-20 16:00"


@dataclass
class Week:
    """Everybody by their first name; each has one browser for the whole week."""

    cast: Cast
    yonas: Child
    people: dict[str, User]
    _hands: dict[str, Hand] = field(default_factory=dict)

    def it_is(self, text: str) -> None:
        """Let the time pass until then, with everything that falls due on the way."""
        self.it_is_at(at(text))

    def it_is_at(self, moment: datetime) -> None:
        pass_time(moment)

    def __getattr__(self, name: str) -> Hand:
        """The person at their own first page: `week.femi`."""
        if name.startswith("_") or name not in self.people:
            raise AttributeError(name)
        if name not in self._hands:
            self._hands[name] = Hand(self.people[name])
        return self._hands[name].starts()

    @property
    def episode(self) -> MissingEpisode:
        return MissingEpisode.objects.get(child=self.yonas)


def at(text: str) -> datetime:
    """By the clock on the wall."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=LONDON).astimezone(UTC)


def begins() -> Week:
    """It is Friday afternoon, and everything is quiet."""
    pretend_now(at(AFTERNOON))
    publish_default()
    cast = make_cast()
    yonas = _yonas(cast)
    exs, nmr = {"authority": cast.exampleshire}, {"authority": cast.northmoor}
    people = {
        "femi": cast.femi,
        "bev": cast.bev,
        "amina": cast.amina,
        "ruth": cast.ruth,
        "ines": cast.ines,
        "gita": cast.gita,
        "carl": cast.carl,
        "eve": cast.eve,
        "dee": cast.dee,
        "tablet": _person("Fenwick House tablet", Role.HOME_TABLET, home=cast.fenwick_house),
        "nuru": _person("Nuru Adeyemi", Role.DUTY_WORKER, team=cast.duty_team, **exs),
        "sol": _person("Sol Whitby", Role.SERVICE_MANAGER, **exs),
        "ade": _person("Ade Marsh", Role.ASSISTANT_DIRECTOR, **exs),
        "rhea": _person("Rhea Court", Role.REVIEWING_OFFICER, **exs),
        "cora": _person("Cora Finch", Role.COORDINATOR, **exs),
        "vera": _person("Vera Lane", Role.SCHOOL_CONTACT, **exs),
        "hal": _person("Hal North", Role.DUTY_WORKER, **nmr),
    }
    Neighbour.objects.filter(authority=cast.exampleshire, other=cast.northmoor).update(
        duty_phone="01632 960021", out_of_hours_phone="01632 960022"
    )
    PoliceForce.objects.create(name="Coastal Police", control_room_phone="01632 960111")
    grants.grant_access(
        by=cast.bev,
        child=yonas,
        to=people["vera"],
        reason="His school.",
        until=now() + timedelta(days=60),
    )
    grants.grant_access(by=cast.bev, child=yonas, to=people["rhea"], reason="His reviewing officer.")
    return Week(cast, yonas, people)


def _yonas(cast: Cast) -> Child:
    """15, here alone, next door in Northmoor, looked after by agreement: section 20."""
    yonas = Child.objects.create(
        authority=cast.exampleshire,
        reference="EX-20811",
        first_name="Yonas",
        last_name="Tekle",
        born_on=date(2011, 3, 1),
        team=cast.team_2,
        allocated_worker=cast.amina,
        is_unaccompanied=True,
    )
    LegalStatus.objects.create(child=yonas, code="V2", from_on=date(2026, 2, 1))
    since = DateTimeTZRange(now() - timedelta(days=200), None)
    Placement.objects.create(
        child=yonas, home=cast.fenwick_house, period=since, place_code="K2", provider_code="PR4"
    )
    return yonas


def _person(name: str, role: Role, **where: object) -> User:
    user = User.objects.create_user(f"{name.replace(' ', '.').lower()}@casework.example", name=name)
    Membership.objects.create(user=user, role=role, starts_at=now() - timedelta(days=400), **where)
    return user
