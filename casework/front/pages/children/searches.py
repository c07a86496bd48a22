"""The children in a list: all whom this person may see, or those whom a search found."""

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from casework.front.pages.children.child_list import child_rows
from casework.front.pages.children.search_forms import SearchForm
from casework.front.pages.kit.door import person, send
from casework.front.pages.kit.queries import page_asked
from casework.records import audit
from casework.records.access import children_visible_to, homes_visible_to, require, teams_of
from casework.records.acts import Act
from casework.records.models import Child, User
from casework.records.services.searching import Wanted, children_found, find_children
from casework.records.standing import standing_of
from casework.records.times import now

A_PAGE = 50


@require_GET
def child_list(request: HttpRequest) -> HttpResponse:
    """Every child this person may see, by name."""
    return _list(request, _all(person(request)), _form(request))


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Look for a child. The name is sent, never part of an address; nor is it of the results' address."""
    require(person(request), Act.SEARCH_CHILDREN)
    form = _form(request)

    def searched() -> str:
        wanted = Wanted(**{name: form.cleaned_data[name] for name in ("words", "born_on", "team", "home")})
        made = find_children(by=person(request), wanted=wanted)
        return reverse("pages:children-found", args=[made.pk])

    return send(request, form, searched) or _list(request, _all(person(request)), form)


@require_GET
def found(request: HttpRequest, search_id: UUID) -> HttpResponse:
    """What a search found; to this person, for an hour."""
    children = children_found(person(request), search_id)
    return _list(request, children, _form(request), is_found=True)


def _list(
    request: HttpRequest, children: QuerySet[Child], form: SearchForm, *, is_found: bool = False
) -> HttpResponse:
    user = person(request)
    standing = standing_of(user)
    pages = Paginator(children.select_related("team", "allocated_worker"), A_PAGE)
    shown = pages.get_page(page_asked(request))
    rows = child_rows(user, list(shown.object_list), now())
    audit.looked(user, child_ids=[row.child.pk for row in rows], about_kind="children")
    context = {
        "rows": rows,
        "shown": shown,
        "is_found": is_found,
        "form": form,
        "may_search": standing.may(Act.SEARCH_CHILDREN),
        "may_register": standing.may(Act.REGISTER_CHILD),
        "may_break_glass": standing.may(Act.BREAK_GLASS),
    }
    return render(request, "children/list.html", context, status=422 if form.errors else 200)


def _all(user: User) -> QuerySet[Child]:
    return children_visible_to(user).order_by("last_name", "first_name", "reference")


def _form(request: HttpRequest) -> SearchForm:
    form = SearchForm.read(request, now=now())
    form.offer_rows("team", teams_of(person(request)))
    form.offer_rows("home", homes_visible_to(person(request)).order_by("name"))
    return form
