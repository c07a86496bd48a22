"""The force says that it has the episode in hand."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.front.api.fields import Moment, Shown, Strict, shown
from casework.front.api.once import answer_once
from casework.front.api.views import ApiView, account_of
from incidents.access import share_for
from incidents.services import force
from protocols import engine


class Acknowledgement(Strict):
    """Nothing has to be said: `{}`."""


class Acknowledged(Shown):
    episode_id = serializers.UUIDField()
    acknowledged_at = Moment()


class Acknowledgements(ApiView):
    """Said twice, the first one stands."""

    named: ClassVar = {"POST": "acknowledge"}
    needs: ClassVar = {"POST": "episodes:ack"}
    takes: ClassVar = {"POST": Acknowledgement}
    gives: ClassVar = {"POST": Acknowledged}
    about = "shared_episode"

    def post(self, request: Request, episode_id: UUID) -> Response:
        episode, by = self.episode(request, episode_id), account_of(request)
        self.sent(request)

        def act() -> str:
            share = force.acknowledge(by=by, episode=episode)
            engine.wake(episode.pk)
            return str(share.pk)

        def show(_: str) -> dict[str, Any]:
            at = share_for(by, episode).acknowledged_at
            return {"episode_id": str(episode.pk), "acknowledged_at": shown(at) if at else None}

        return answer_once(request, act, show)
