"""The force has found the child. That is proposed: those who know the child answer whether it is them."""

from __future__ import annotations

from typing import Any, ClassVar, Final
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.front.api import shapes
from casework.front.api.episodes import view_of
from casework.front.api.fields import Moment, Shown, Strict, Text, YesOrNo
from casework.front.api.once import answer_once
from casework.front.api.views import ApiView, account_of
from incidents.models import Located
from incidents.services import force
from incidents.services.writing import LONGEST_NARRATIVE
from incidents.shared import LOCATED
from protocols import engine

PROPOSED: Final = "proposed"


class FoundSent(Strict):
    located_at = Moment()
    where = Text(max_length=Located._meta.get_field("where").max_length)
    with_whom = Text(required=False, allow_blank=True, max_length=LONGEST_NARRATIVE)
    condition = Text(required=False, allow_blank=True, max_length=LONGEST_NARRATIVE)
    identity_confirmed = YesOrNo(required=False, help_text="Whether an officer knows that it is the child.")


class FoundShown(Shown):
    """What was proposed. What came of it stands in the episode’s `findings`."""

    id = serializers.UUIDField()
    located_at = Moment()
    where = serializers.CharField()
    with_whom = serializers.CharField()
    condition = serializers.CharField()
    answer = serializers.ChoiceField([PROPOSED])
    state = serializers.ChoiceField([LOCATED])


class Found(ApiView):
    """The child is located from now on; never returned, which is said by whoever has the child back."""

    named: ClassVar = {"POST": "reportFound"}
    needs: ClassVar = {"POST": "found:write"}
    takes: ClassVar = {"POST": FoundSent}
    gives: ClassVar = {"POST": FoundShown}
    about = "shared_episode"

    def post(self, request: Request, episode_id: UUID) -> Response:
        episode, by = self.episode(request, episode_id), account_of(request)
        sent = self.sent(request)

        def act() -> str:
            row = force.propose_found(by=by, episode=episode, **sent)
            engine.wake(episode.pk)
            return str(row.pk)

        def show(made: str) -> dict[str, Any]:
            finding = next(one for one in view_of(request, episode).findings if str(one.id) == made)
            shown = shapes.Finding(finding).data
            kept = {str(name): shown[name] for name in FoundShown().fields if name in shown}
            return {**kept, "answer": PROPOSED, "state": LOCATED}

        return answer_once(request, act, show)
