"""Conflicts of interest: one's own to declare, and those that a manager records, completes and ends."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from casework.front.pages.access.access_tabs import access_tabs
from casework.front.pages.access.conflict_forms import (
    ConflictInWordsForm,
    EndConflictForm,
    FoundChildForm,
    OwnConflictForm,
    RecordConflictForm,
)
from casework.front.pages.children.child_asking import child_to, child_to_read, child_url, page_about
from casework.front.pages.kit.asking import Ask, ask
from casework.front.pages.kit.door import person
from casework.records import audit
from casework.records.access import children_within, current_home_id, require
from casework.records.acts import Act
from casework.records.errors import NotAllowed
from casework.records.models import Child, ConflictOfInterest, LocalAuthority, User
from casework.records.oversight import conflict_for, conflicts_visible_to
from casework.records.services import conflicts as services
from casework.records.standing import CASE_ROLES, live_memberships, standing_of
from casework.records.times import CaseworkNow
from incidents.access import shares_of

CLOSED = "Thank you. The record is closed to you, and a manager is told."
SENT = "Thank you. A manager is told, and closes the record to you."


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """One's own, in one's own words; for managers also those of others."""
    user, standing = person(request), standing_of(person(request))
    kept = list(
        conflicts_visible_to(user).filter(ended_at=None).select_related("user", "child", "recorded_by")
    )
    seen = {one.child_id for one in kept if one.child_id}
    if seen:
        audit.looked(user, child_ids=seen, about_kind="conflicts")
    own = ConflictOfInterest.objects.filter(user=user, ended_at=None).order_by("recorded_at")
    context = {
        "own": own,
        "kept": sorted(kept, key=lambda one: (one.child_id is not None, one.recorded_at)),
        "may_keep": standing.may(Act.RECORD_CONFLICT),
        "may_declare": _authorities_of(user).exists(),
        "tabs": access_tabs(request, standing),
    }
    return render(request, "access/conflicts.html", context)


@require_http_methods(["GET", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    """For a child whose record one has not seen, in one's own words."""
    authorities = _authorities_of(person(request))
    if not authorities.exists():
        raise NotAllowed("Sign in with your own name, where you work with children, to declare one.")
    first = list(authorities[:2])
    form = ConflictInWordsForm.read(request, initial={"authority": first[0].pk if len(first) == 1 else None})
    form.offer_rows("authority", authorities)
    page = Ask(
        "Declare a conflict of interest",
        "Declare it",
        reverse("pages:conflicts"),
        ["You will not see the record of that child, anywhere, until a manager ends this."],
        done=SENT,
    )

    def declared() -> str:
        answers = {name: form.cleaned_data[name] for name in ("authority", "about", "reason")}
        services.declare_conflict_in_words(by=person(request), **answers)
        return page.back_url

    return ask(request, form, page, declared)


@require_http_methods(["GET", "POST"])
def declare_of_child(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """For a child whose record is open in front of one. It closes at once."""
    child = child_to_read(request, child_id)
    form = OwnConflictForm.read(request)
    page = Ask(
        f"You have a conflict of interest with {child.reference}",
        "Close the record to me",
        child_url(child),
        ["You will not see this record any more, anywhere, until a manager ends this."],
        done=CLOSED,
        is_grave=True,
    )

    def declared() -> str:
        services.declare_conflict(by=person(request), child=child, reason=form.cleaned_data["reason"])
        return reverse("pages:conflicts")

    return ask(request, form, page_about(request, child, page), declared)


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """A manager records it of somebody who works with the child."""
    child = child_to(Act.RECORD_CONFLICT, request, child_id)
    form = RecordConflictForm.read(request)
    form.offer_rows("person", _who_could_see(child).exclude(pk=person(request).pk))
    page = Ask(
        f"Record a conflict of interest with {child.reference}",
        "Close the record to them",
        child_url(child),
        ["They will not see this record any more. Steps they hold go back to their role."],
        done="Recorded. If the child is allocated to them, allocate somebody else.",
    )

    def recorded() -> str:
        who, reason = form.cleaned_data["person"], form.cleaned_data["reason"]
        services.record_conflict(by=person(request), person=who, child=child, reason=reason)
        return page.back_url

    return ask(request, form, page_about(request, child, page), recorded)


@require_http_methods(["GET", "POST"])
def find_child(request: HttpRequest, conflict_id: UUID) -> HttpResponse:
    """Say which child somebody meant by their words."""
    conflict = _conflict_to_keep(request, conflict_id)
    form = FoundChildForm.read(request)
    page = Ask(
        "Which child do they mean?",
        "Close the record to them",
        reverse("pages:conflicts"),
        [f"{conflict.user.name} declared a conflict of interest with:"],
        notes=[conflict.about, conflict.reason],
    )

    def found() -> str:
        reference = form.cleaned_data["reference"]
        services.find_child_of_conflict(by=person(request), conflict=conflict, reference=reference)
        return page.back_url

    return ask(request, form, page, found)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, conflict_id: UUID) -> HttpResponse:
    """It is over: the person may see the record again."""
    conflict = _conflict_to_keep(request, conflict_id)
    form = EndConflictForm.read(request)
    reference = conflict.child.reference if conflict.child else conflict.about
    page = Ask(
        "End a conflict of interest",
        "End it",
        reverse("pages:conflicts"),
        [f"{conflict.user.name}: {reference}."],
        notes=[conflict.reason],
        is_grave=True,
    )

    def ended() -> str:
        services.end_conflict(by=person(request), conflict=conflict, reason=form.cleaned_data["reason"])
        return page.back_url

    return ask(request, form, page_about(request, conflict.child, page) if conflict.child else page, ended)


def _conflict_to_keep(request: HttpRequest, conflict_id: UUID) -> ConflictOfInterest:
    conflict = conflict_for(person(request), conflict_id)
    require(person(request), Act.RECORD_CONFLICT, authority_id=conflict.authority_id)
    return conflict


def _authorities_of(user: User) -> QuerySet[LocalAuthority]:
    """Where this person may come across a child: where they work, whose children live where they work, and
    who shares absences with their force.
    """
    standing = standing_of(user)
    if standing.is_tablet:
        return LocalAuthority.objects.none()
    return (
        LocalAuthority.objects.filter(
            Q(pk__in=standing.authority_ids)
            | Q(kept_homes__in=standing.home_ids)
            | Q(children__in=children_within(standing))
            | Q(police_force__in=standing.force_ids)
            | Q(pk__in=shares_of(user).values("episode__authority")),
            is_tenant=True,
        )
        .distinct()
        .order_by("name")
    )


def _who_could_see(child: Child) -> QuerySet[User]:
    """People who work with children in the authority, or in the home where this one lives."""
    posts = live_memberships(CaseworkNow()).filter(
        Q(authority_id=child.authority_id, role__in=CASE_ROLES)
        | Q(home_id=current_home_id(child), home__isnull=False)
        | Q(provider__homes=current_home_id(child), provider__isnull=False)
    )
    return User.objects.filter(is_active=True, pk__in=posts.values("user_id")).order_by("name")
