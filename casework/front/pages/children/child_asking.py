"""A child whom this person may see and do this to, and the pages that ask one thing about a child."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from casework.front.pages.children.child_bar import child_bar, not_back_line
from casework.front.pages.kit.asking import Ask, ask, ask_to_change
from casework.front.pages.kit.door import person
from casework.front.pages.kit.forms import GovForm
from casework.front.pages.kit.identity import age_at
from casework.records import audit
from casework.records.access import child_for, require_for
from casework.records.acts import Act
from casework.records.errors import NotAllowed
from casework.records.models import Child
from casework.records.standing import standing_of
from casework.records.times import now
from incidents.models import MissingEpisode, State
from protocols import engine

# Episodes whose protocol still runs: what is learnt about the child may change its steps.
RUNNING = (State.OPEN, State.LOCATED, State.FOLLOW_UP)


def child_to(act: Act, request: HttpRequest, child_id: UUID) -> Child:
    """The child; NotFound when it is not theirs to see, NotAllowed when this is not theirs to do."""
    child = child_for(person(request), child_id)
    require_for(person(request), act, child)
    return child


def child_to_read(request: HttpRequest, child_id: UUID) -> Child:
    """The child, for those who may read a record; a shared tablet has no name to log."""
    child = child_for(person(request), child_id)
    if standing_of(person(request)).is_tablet:
        raise NotAllowed("The shared tablet shows no records. Sign in with your own name to read this one.")
    return child


def child_url(child: Child) -> str:
    return reverse("pages:child-detail", args=[child.pk])


def page_about(request: HttpRequest, child: Child, page: Ask) -> Ask:
    """The page with the child's bar above it. Whoever is shown it has looked at the child: it is logged.

    On a shared tablet the name alone: the bar says what a child beside it need not read.
    """
    user, reader = person(request), standing_of(person(request))
    shown = ["photo"] if page.picture else []
    audit.looked(user, child=child, about_kind="child", about_id=child.pk, fields=shown, reason=page.title)
    if reader.is_tablet:
        return replace(page, caption=f"{child.name}, {age_at(child, now())}")
    absence = not_back_line(user, child)
    return replace(page, identity=child_bar(child, now(), absence, reader=reader, url=child_url(child)))


def ask_about(
    request: HttpRequest, child: Child, form: GovForm, page: Ask, act: Callable[[], object]
) -> HttpResponse:
    """Ask one thing about a child, do `act` once, wake the clock and go back to where the page says."""
    return ask(request, form, page_about(request, child, page), _and_wake(child, act, page.back_url))


def ask_to_change_child(
    request: HttpRequest,
    child: Child,
    form: GovForm,
    page: Ask,
    act: Callable[[], object],
    standing: Callable[[], dict[str, object]],
) -> HttpResponse:
    """The same for the child's own details, which somebody else may be changing meanwhile."""
    about = page_about(request, child, page)
    once = _and_wake(child, act, child_url(child))
    return ask_to_change(request, form, about, once, row=child, standing=standing)


def _and_wake(child: Child, act: Callable[[], object], then: str) -> Callable[[], str]:
    def once() -> str:
        act()
        wake_all(child)
        return then

    return once


def wake_all(child: Child) -> None:
    """What is learnt about a child counts in every absence that is not over, and where the child lives."""
    running = MissingEpisode.objects.filter(child=child, state__in=RUNNING)
    for episode_id in running.values_list("pk", flat=True):
        engine.wake(episode_id)
    engine.wake_placements(child.pk)
