"""How dangerous the force thinks it is: another line of the police's history, never the authority's."""

from __future__ import annotations

from typing import Any, ClassVar, Final
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from casework.front.api import shapes
from casework.front.api.episodes import view_of
from casework.front.api.fields import Choice, Moment, Strict, Text
from casework.front.api.once import answer_once
from casework.front.api.views import ApiView, account_of
from incidents.models import Grade, RiskAssessment
from incidents.services import force
from incidents.services.writing import LONGEST_NARRATIVE
from protocols import engine

LONGEST_NAME: Final = RiskAssessment._meta.get_field("assessor").max_length


class GradeSent(Strict):
    grade = Choice(Grade.choices)
    rationale = Text(max_length=LONGEST_NARRATIVE)
    assessor = Text(max_length=LONGEST_NAME, help_text="Who graded it, as the force names them.")
    assessed_at = Moment(required=False, help_text="Now, when it is left out.")


class Grades(ApiView):
    """The last one is the police’s grade."""

    named: ClassVar = {"POST": "giveGrade"}
    needs: ClassVar = {"POST": "grade:write"}
    takes: ClassVar = {"POST": GradeSent}
    gives: ClassVar = {"POST": shapes.GradeShown}
    about = "shared_episode"

    def post(self, request: Request, episode_id: UUID) -> Response:
        episode, by = self.episode(request, episode_id), account_of(request)
        sent = self.sent(request)

        def act() -> str:
            row = force.give_grade(by=by, episode=episode, **sent)
            engine.wake(episode.pk)
            return str(row.pk)

        def show(made: str) -> dict[str, Any]:
            grades = view_of(request, episode).grades
            return dict(shapes.GradeShown(next(one for one in grades if str(one.id) == made)).data)

        return answer_once(request, act, show)
