"""Who may see one child's record: those who answer for it, and the list of people who were named."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from casework.front.pages.access.reader_forms import AddReaderForm, EndReaderForm
from casework.front.pages.children.child_asking import child_to, child_url, page_about
from casework.front.pages.kit.asking import Ask, ask
from casework.front.pages.kit.door import person
from casework.records.access import HEAR_OF_ABSENCE
from casework.records.acts import Act
from casework.records.errors import Invalid, NotFound
from casework.records.local_time import WALL
from casework.records.models import Child, ChildGrant, ChronologyEntry, ConflictOfInterest, User
from casework.records.services import grants as services
from casework.records.services.answering import managers_of
from casework.records.standing import live_memberships
from casework.records.times import CaseworkNow, now
from casework.records.verbs import RecordVerb


@dataclass(frozen=True)
class Reader:
    """One line of the list."""

    grant: ChildGrant
    has_ended: bool
    has_address: bool
    hears_only: bool  # a school: whether the child is back, and no record


@require_GET
def overview(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Whether the record is restricted and why; who sees it then; who is named, and who must not see it."""
    child = child_to(Act.RESTRICT_CHILD, request, child_id)
    page = page_about(request, child, Ask(f"Who may see {child.reference}", "", child_url(child)))
    rows = _readers(child, now())
    context = {
        "child": child,
        "identity": page.identity,
        "restricted": _restricting(child) if child.is_restricted else None,
        "managers": managers_of(child, but=None),
        "readers": [row for row in rows if not row.has_ended],
        "ended": [row for row in rows if row.has_ended],
        "conflicts": _conflicts(child).exclude(user=person(request)),
    }
    return render(request, "access/readers.html", context)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Put somebody on the list, with a reason and perhaps an end."""
    child = child_to(Act.GRANT_ACCESS, request, child_id)
    form = AddReaderForm.read(request)
    form.offer_rows("person", _staff_of(child))
    page = Ask(
        f"Let somebody see {child.reference}",
        "Put them on the list",
        _list_of(child),
        [
            "Whoever is on the list opens the record. A school contact does not: they are shown the name, "
            "whether the child is back, since when, and whom to ring."
        ],
    )

    def added() -> str:
        answers = form.cleaned_data
        services.grant_access(
            by=person(request),
            child=child,
            to=answers["person"] or _somebody_else(answers["email"]),
            reason=answers["reason"],
            until=end_of_day(answers["until_on"]),
            with_address=answers["with_address"],
        )
        return page.back_url

    return ask(request, form, page_about(request, child, page), added)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, child_id: UUID, grant_id: UUID) -> HttpResponse:
    """Take somebody off the list. That they were on it stays."""
    child = child_to(Act.GRANT_ACCESS, request, child_id)
    grant = child.grants.select_related("user", "content_object").filter(pk=grant_id).first()
    if grant is None:
        raise NotFound
    form = EndReaderForm.read(request)
    page = Ask(
        f"Take somebody off the list of {child.reference}",
        "Take them off",
        _list_of(child),
        [f"{grant.user.name} sees this record because: {grant.reason}"],
        is_grave=True,
    )

    def ended() -> str:
        services.end_grant(by=person(request), grant=grant, reason=form.cleaned_data["reason"])
        return page.back_url

    return ask(request, form, page_about(request, child, page), ended)


def _readers(child: Child, at: datetime) -> list[Reader]:
    rows = list(child.grants.select_related("user", "granted_by", "permission").order_by("granted_at"))
    addresses = {
        row.user_id for row in rows if row.permission.codename == services.SEE_ADDRESS and _is_live(row, at)
    }
    return [
        Reader(
            row,
            has_ended=not _is_live(row, at),
            has_address=row.user_id in addresses,
            hears_only=row.permission.codename == HEAR_OF_ABSENCE,
        )
        for row in rows
        if row.permission.codename in (services.SEE, HEAR_OF_ABSENCE)
    ]


def _is_live(grant: ChildGrant, at: datetime) -> bool:
    return grant.until is None or grant.until > at


def _restricting(child: Child) -> ChronologyEntry | None:
    """When, why and by whom it was restricted last."""
    entries = ChronologyEntry.objects.filter(child=child, verb=RecordVerb.CHILD_RESTRICTED)
    return entries.select_related("actor").order_by("recorded_at").last()


def _conflicts(child: Child) -> QuerySet[ConflictOfInterest]:
    rows = ConflictOfInterest.objects.filter(child=child, ended_at=None)
    return rows.select_related("user").order_by("recorded_at")


def _staff_of(child: Child) -> QuerySet[User]:
    posts = live_memberships(CaseworkNow()).filter(authority_id=child.authority_id)
    return User.objects.filter(is_active=True, pk__in=posts.values("user_id")).order_by("name")


def _somebody_else(email: str) -> User:
    """Somebody from elsewhere: their address is asked, for their names are nobody's list to read."""
    if not email:
        raise Invalid("Choose who, or give an e-mail address.", field="person")
    found = User.objects.filter(email__iexact=email, is_active=True).first()
    if found is None:
        raise Invalid(
            "Nobody with this address has a sign-in. An administrator can invite them.", field="email"
        )
    return found


def end_of_day(day: date | None) -> datetime | None:
    """The midnight after that day, on an English wall."""
    if day is None:
        return None
    return datetime.combine(day, time(0), tzinfo=WALL) + timedelta(days=1)


def _list_of(child: Child) -> str:
    return reverse("pages:child-readers", args=[child.pk])
