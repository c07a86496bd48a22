"""What waits for a manager's decision: one list of kinds, each decided on the page where it belongs.

A new kind of decision joins by an entry in `KINDS`: which rows wait for this reader, and how a line says it.
Its count and its list are the same queryset, and the page itself decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from casework.front.dashboards.scope import Scope
from casework.front.dashboards.shows import to_sign_off
from casework.records.acts import Act, roles_that_may
from casework.records.models import BrokenGlass, ConflictOfInterest, Role
from casework.records.oversight import conflicts_visible_to, glasses_to_review
from incidents.models import MissingEpisode
from protocols.access import child_of
from protocols.models import ProtocolVersion, StepEvent, StepRun
from protocols.queries import drafts_to_publish
from protocols.waivers import waivers_asked


@dataclass(frozen=True)
class Line:
    """One decision: what about, since when it waits, and where it is decided."""

    about: str
    detail: str
    since: datetime
    url: str
    verb: str  # what the link says: Sign off, Review it
    other_url: str = ""  # where the answer is no
    other_verb: str = ""
    reference: str = ""
    due_at: datetime | None = None
    child_id: UUID | None = None


@dataclass(frozen=True)
class Kind:
    """One sort of decision, for whoever may take it."""

    name: str
    title: str
    act: Act
    rows: Callable[[Scope], QuerySet[Any]]
    line: Callable[[Any], Line]
    nothing: str

    def is_for(self, scope: Scope) -> bool:
        return scope.standing.may(self.act)


def _sign_off(episode: MissingEpisode) -> Line:
    worker = episode.child.allocated_worker
    return Line(
        about=episode.child.name,
        detail=f"Works with {worker.name}" if worker else "No social worker",
        since=episode.returned_at or episode.noticed_at,
        url=reverse("pages:episode-sign-off", args=[episode.pk]),
        verb="Sign off",
        reference=episode.reference,
        child_id=episode.child_id,
    )


def _waive(asked: StepEvent) -> Line:
    step_run, child = asked.step_run, child_of(asked.step_run)
    by = f"{asked.actor.name} asks: " if asked.actor else ""
    return Line(
        about=child.name,
        detail=f"{step_run.step.title}. {by}{asked.reason}",
        since=asked.recorded_at,
        url=reverse("pages:step-waive", args=[step_run.pk]),
        verb="Waive it",
        other_url=reverse("pages:step-keep", args=[step_run.pk]),
        other_verb="Still to be done",
        reference=(step_run.episode or child).reference,
        due_at=step_run.due_at,
        child_id=child.pk,
    )


def _review(glass: BrokenGlass) -> Line:
    return Line(
        about=f"Opened by {glass.user.name}",
        detail=str(glass.get_category_display()),
        since=glass.recorded_at,
        url=reverse("pages:emergency-review", args=[glass.pk]),
        verb="Review it",
        reference=glass.child.reference,
        due_at=glass.review_due_at,
        child_id=glass.child_id,
    )


def _find(conflict: ConflictOfInterest) -> Line:
    return Line(
        about=f"Declared by {conflict.user.name}",
        detail=conflict.about,
        since=conflict.recorded_at,
        url=reverse("pages:conflict-find", args=[conflict.pk]),
        verb="Find the child",
    )


def _publish(version: ProtocolVersion) -> Line:
    by = version.drafted_by
    return Line(
        about=f"{version.protocol.name}, version {version.number}",
        detail=f"Drafted by {by.name}. Somebody else publishes it." if by else "Somebody has to publish it.",
        since=version.recorded_at,
        url=reverse("pages:protocol"),
        verb="See the protocol",
    )


def _waivers(scope: Scope) -> QuerySet[StepEvent]:
    """Of steps in an absence, and of those that prepare for one."""
    of_absences = Exists(scope.episodes.filter(pk=OuterRef("episode")))
    of_plans = Exists(scope.plan_steps.filter(pk=OuterRef("pk")))
    asked = waivers_asked(StepRun.objects.filter(of_absences | of_plans, rung=0))
    about = ("step_run__episode__child", "step_run__run__placement__child")
    return asked.select_related("actor", "step_run__step", *about).order_by("recorded_at")


def _glasses(scope: Scope) -> QuerySet[BrokenGlass]:
    return glasses_to_review(scope.user).select_related("user", "child").order_by("review_due_at")


def _conflicts(scope: Scope) -> QuerySet[ConflictOfInterest]:
    waiting = conflicts_visible_to(scope.user).filter(child=None, ended_at=None)
    return waiting.select_related("user").order_by("recorded_at")


def _drafts(scope: Scope) -> QuerySet[ProtocolVersion]:
    return drafts_to_publish(scope.user).order_by("recorded_at")


KINDS: Final[Sequence[Kind]] = (
    Kind(
        "sign_off",
        "Absences to sign off",
        Act.SIGN_OFF,
        to_sign_off,
        _sign_off,
        "An absence appears here when its return interview has an outcome.",
    ),
    Kind(
        "waiver",
        "Waivers asked for",
        Act.WAIVE_STEP,
        _waivers,
        _waive,
        "When somebody asks for a step to be waived, it appears here. Until then the step is owed as before.",
    ),
    Kind(
        "review",
        "Emergencies to review",
        Act.REVIEW_GLASS,
        _glasses,
        _review,
        "A record that somebody opened in an emergency appears here until a manager has reviewed it.",
    ),
    Kind(
        "conflict",
        "Conflicts of interest, child to be found",
        Act.RECORD_CONFLICT,
        _conflicts,
        _find,
        "When somebody declares a conflict in their own words, it appears here until the child is found.",
    ),
    Kind(
        "draft",
        "Protocol drafts to publish",
        Act.EDIT_PROTOCOL,
        _drafts,
        _publish,
        "A draft appears here for everybody who may publish it, but for whoever drafted it.",
    ),
)
DECIDING: Final = frozenset(Role(role) for kind in KINDS for role in roles_that_may(kind.act))


def kinds_for(scope: Scope) -> list[Kind]:
    return [kind for kind in KINDS if kind.is_for(scope)]


def waiting_rows(scope: Scope) -> dict[str, QuerySet[Any]]:
    """By kind, what waits for this reader."""
    return {kind.name: kind.rows(scope) for kind in kinds_for(scope)}
