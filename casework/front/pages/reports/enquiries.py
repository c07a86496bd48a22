"""Somebody asks for a child: what to say at once, and a place for whatever was caught."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from casework.front.pages.kit.answers import show
from casework.front.pages.kit.door import person, send
from casework.front.pages.kit.words import wall
from casework.front.pages.reports import carers
from casework.front.pages.reports.heard_forms import EnquirerForm
from casework.records import audit
from casework.records.access import child_for, require_for
from casework.records.acts import Act
from casework.records.models import Child
from casework.records.standing import standing_of
from casework.records.times import now
from incidents.facts import is_at_risk_of_trafficking
from incidents.models import MissingEpisode
from incidents.queries import not_back_episode_of
from incidents.services.heard import record_enquiry
from protocols import engine


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """One tap from the telephone: the words to say stand above everything that is asked."""
    user, child = person(request), child_for(person(request), child_id)
    require_for(user, Act.ADD_NEWS, child)
    episode, moment = not_back_episode_of(child), now()
    audit.looked(user, child=child, about_kind="child", about_id=child.pk, reason="Somebody asked")
    form = EnquirerForm.read(request, is_tablet=carers.is_tablet(user))
    is_at_risk = is_at_risk_of_trafficking(child, wall(moment).date())

    def kept() -> str:
        said = form.cleaned_data
        record_enquiry(
            by=user,
            child=child,
            said_name=said["said_name"],
            number=said["number"],
            asked=said["what_asked"],
            how_known=said["how_known"],
            typed_name=form.signature,
        )
        if episode is not None:
            engine.wake(episode.pk)
        return _next_url(request, child, episode)

    if sent := send(request, form, kept):
        messages.success(request, "Kept. Children’s services can read it.")
        if is_at_risk:
            messages.warning(request, _ring(episode))
        return sent
    context = {
        "caption": carers.name_and_age(child, moment),
        "back_url": _next_url(request, child, episode),
        "ring": _ring(episode) if is_at_risk else "",
    }
    return show(request, "news/enquirer.html", context, form=form)


def _ring(episode: MissingEpisode | None) -> str:
    """What else to do for a child who may be trafficked."""
    reference = episode.police_reference if episode else ""
    given = f", give them reference {reference}" if reference else ""
    return f"Now ring the police on 101{given} and say that somebody asked for this child."


def _next_url(request: HttpRequest, child: Child, episode: MissingEpisode | None) -> str:
    """The reader's own page of the absence; of a child who is not missing, where they came from."""
    is_home = standing_of(person(request)).is_provider_only
    if episode is not None:
        return reverse(f"pages:{'report' if is_home else 'episode'}-detail", args=[episode.pk])
    return reverse("pages:home") if is_home else reverse("pages:child-detail", args=[child.pk])
