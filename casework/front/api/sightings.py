"""Somebody saw the child, as the force heard it: one, or several at once of which all are taken or none."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, Final
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.front.api import shapes
from casework.front.api.episodes import view_of
from casework.front.api.fields import Choice, Degrees, Moment, Shown, Strict, Text
from casework.front.api.once import answer_once
from casework.front.api.problems import Problem
from casework.front.api.views import ApiView, account_of
from incidents.models import News
from incidents.services import force
from incidents.services.writing import LONGEST_NARRATIVE
from protocols import engine

MOST_AT_ONCE: Final = 100
LONGEST: Final = {field.name: field.max_length for field in News._meta.concrete_fields}


class PositionSent(Strict):
    """Degrees. They are kept to five places: about a metre."""

    latitude = Degrees(min_value=-90, max_value=90)
    longitude = Degrees(min_value=-180, max_value=180)


class Sighting(Strict):
    words = Text(max_length=LONGEST_NARRATIVE, help_text="What was seen.")
    happened_at = Moment(required=False, help_text="Now, when it is left out.")
    where = Text(required=False, allow_blank=True, max_length=LONGEST["where"])
    how_sure = Choice(News.HowSure.choices, required=False)
    told_by = Text(required=False, allow_blank=True, max_length=LONGEST["told_by"])
    position = PositionSent(required=False)


class Batch(Strict):
    sightings = Sighting(many=True, allow_empty=False)

    @classmethod
    def refuse_size(cls, given: Any) -> None:
        listed = given.get("sightings") if isinstance(given, Mapping) else None
        if isinstance(listed, list) and len(listed) > MOST_AT_ONCE:
            raise Problem(413, "too_many", f"Send at most {MOST_AT_ONCE} at once.")


class Taken(Shown):
    taken = serializers.IntegerField(help_text="How many; they stand in the episode.")


class Sightings(ApiView):
    """It locates nobody. The home and whoever is on duty hear of it at once."""

    named: ClassVar = {"POST": "reportSighting"}
    needs: ClassVar = {"POST": "sightings:write"}
    takes: ClassVar = {"POST": Sighting}
    gives: ClassVar = {"POST": shapes.NewsShown}
    about = "shared_episode"

    def post(self, request: Request, episode_id: UUID) -> Response:
        episode, by = self.episode(request, episode_id), account_of(request)
        sent = self.sent(request)

        def act() -> str:
            row = force.report_sighting(by=by, episode=episode, **_on_a_map(sent))
            engine.wake(episode.pk)
            return str(row.pk)

        def show(made: str) -> dict[str, Any]:
            news = view_of(request, episode).news
            return dict(shapes.NewsShown(next(one for one in news if str(one.id) == made)).data)

        return answer_once(request, act, show)


class SightingBatches(ApiView):
    """Up to a hundred at once: all of them are taken, or none."""

    named: ClassVar = {"POST": "reportSightings"}
    needs: ClassVar = {"POST": "sightings:write"}
    takes: ClassVar = {"POST": Batch}
    gives: ClassVar = {"POST": Taken}
    about = "shared_episode"

    def post(self, request: Request, episode_id: UUID) -> Response:
        episode, by = self.episode(request, episode_id), account_of(request)
        sent = self.sent(request)["sightings"]

        def act() -> str:
            for one in sent:
                force.report_sighting(by=by, episode=episode, **_on_a_map(one))
            engine.wake(episode.pk)
            return str(len(sent))

        return answer_once(request, act, lambda taken: {"taken": int(taken)})


def _on_a_map(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Degrees as the record keeps them."""
    said = {name: value for name, value in sent.items() if name != "position"}
    return said | {name: Decimal(str(value)) for name, value in sent.get("position", {}).items()}
