"""Children: the list, the record, and putting it right."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from casework.front.pages.children.child_asking import (
    ask_about,
    ask_to_change_child,
    child_to,
    child_to_read,
    child_url,
)
from casework.front.pages.children.child_forms import (
    AllocateForm,
    ChangeChildForm,
    LegalStatusForm,
    RegisterChildForm,
    RestrictForm,
)
from casework.front.pages.children.child_page import record_of
from casework.front.pages.children.photo_cards import named, photographs_for
from casework.front.pages.kit.asking import Ask, ask, changes_in
from casework.front.pages.kit.door import person
from casework.records import audit
from casework.records.access import require
from casework.records.acts import Act, roles_that_may
from casework.records.models import Child, LocalAuthority, Team, User
from casework.records.services import children as services
from casework.records.standing import CASE_ROLES, live_memberships, standing_of
from casework.records.times import CaseworkNow, now


@require_GET
def detail(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """The record of one child."""
    child = child_to_read(request, child_id)
    user = person(request)
    photographs = photographs_for(standing_of(user), child)
    audit.looked(user, child=child, about_kind="child", about_id=child.pk, fields=named(photographs))
    record = record_of(user, child, now())
    return render(request, "children/detail.html", {**record, "photographs": photographs})


@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Open a child's record."""
    require(person(request), Act.REGISTER_CHILD)
    authorities = _where_may(person(request), Act.REGISTER_CHILD)
    form = RegisterChildForm.read(request, now=now(), initial={"authority": _only(authorities)})
    form.offer_rows("authority", authorities)
    form.offer_rows("team", Team.objects.filter(authority__in=authorities).order_by("name"))
    page = Ask(
        "Register a child", "Register the child", reverse("pages:child-list"), done="The record is open."
    )

    def registered() -> str:
        answers = {name: form.cleaned_data[name] for name in form.questions if name != "form_key"}
        return child_url(services.register_child(by=person(request), **answers))

    return ask(request, form, page, registered)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Put a child's details right."""
    child = child_to(Act.CHANGE_CHILD, request, child_id)
    form = ChangeChildForm.read(request, now=now(), initial={**_details(child), "version": child.version})
    page = Ask(f"Change the details of {child.reference}", "Save", child_url(child), done="Saved.")

    def changed() -> None:
        if changes := changes_in(form, _details(child)):
            version = form.cleaned_data["version"]
            services.correct_child(by=person(request), child=child, version=version, changes=changes)

    return ask_to_change_child(request, child, form, page, changed, lambda: _details(child))


@require_http_methods(["GET", "POST"])
def allocate(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Give the child a social worker."""
    child = child_to(Act.ALLOCATE_WORKER, request, child_id)
    form = AllocateForm.read(request, initial={"worker": child.allocated_worker_id, "team": child.team_id})
    form.offer_rows("worker", _workers_of(child.authority))
    form.offer_rows("team", Team.objects.filter(authority=child.authority).order_by("name"))
    page = Ask(f"Allocate a worker to {child.reference}", "Allocate", child_url(child))

    def allocated() -> None:
        worker, team = form.cleaned_data["worker"], form.cleaned_data["team"]
        services.allocate_worker(by=person(request), child=child, worker=worker, team=team)

    return ask_about(request, child, form, page, allocated)


@require_http_methods(["GET", "POST"])
def record_legal_status(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Under which law the child is looked after from a day on."""
    child = child_to(Act.CHANGE_CHILD, request, child_id)
    form = LegalStatusForm.read(request, now=now())
    page = Ask(
        f"Legal status of {child.reference}",
        "Save",
        child_url(child),
        ["The status before this one ends on the day that this one begins. Being missing ends neither."],
    )

    def recorded() -> None:
        code, from_on = form.cleaned_data["code"], form.cleaned_data["from_on"]
        services.record_legal_status(by=person(request), child=child, code=code, from_on=from_on)

    return ask_about(request, child, form, page, recorded)


@require_http_methods(["GET", "POST"])
def restrict(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Hide the record from all but those who answer for the child, or lift that."""
    child = child_to(Act.RESTRICT_CHILD, request, child_id)
    form, lift = RestrictForm.read(request), child.is_restricted
    page = _lifting(child) if lift else _restricting(child)

    def restricted() -> None:
        reason = form.cleaned_data["reason"]
        services.restrict_child(by=person(request), child=child, is_restricted=not lift, reason=reason)

    return ask_about(request, child, form, page, restricted)


def _restricting(child: Child) -> Ask:
    who = "the child’s own worker, the team manager, those above, and people named in a grant"
    return Ask(
        f"Restrict the record {child.reference}",
        "Restrict it",
        child_url(child),
        [f"Only {who} will see it. Everybody who is responsible is still told when a step is due."],
    )


def _lifting(child: Child) -> Ask:
    return Ask(
        f"Lift the restriction on {child.reference}",
        "Lift it",
        child_url(child),
        ["Everybody who works with children in the authority will see the record again."],
    )


def _details(child: Child) -> dict[str, object]:
    """What the record says, by the names of the form."""
    asked = set(ChangeChildForm.base_fields) - {"form_key", "version"}
    return {name: getattr(child, name) for name in asked}


def _where_may(user: User, act: Act) -> QuerySet[LocalAuthority]:
    ids = standing_of(user).authorities_where(roles_that_may(act))
    return LocalAuthority.objects.filter(pk__in=ids).order_by("name")


def _only(authorities: QuerySet[LocalAuthority]) -> UUID | None:
    """The one authority of nearly everybody, so that nobody has to choose it from a list of one."""
    first = list(authorities[:2])
    return first[0].pk if len(first) == 1 else None


def _workers_of(authority: LocalAuthority) -> QuerySet[User]:
    posts = live_memberships(CaseworkNow()).filter(authority=authority, role__in=CASE_ROLES)
    return User.objects.filter(is_active=True, pk__in=posts.values("user_id")).order_by("name")
