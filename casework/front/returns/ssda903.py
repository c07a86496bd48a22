"""The SSDA903 return's Missing file on a page: the rows of a year, what would fail, and the download."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from casework.front.pages.kit.answers import show
from casework.front.pages.kit.asking import Ask
from casework.front.pages.kit.door import person
from casework.front.pages.kit.forms import GovForm, TextField
from casework.front.pages.kit.queries import asked_of_list
from casework.front.returns.exporting import KIND, Pieces, give_out
from casework.front.returns.missing_file import FILE_NAME
from casework.front.returns.year_page import SHOWN, YearPage, year_url
from casework.records import audit
from casework.records.access import authority_for, require
from casework.records.acts import Act, roles_that_may
from casework.records.errors import NotFound
from casework.records.models import LocalAuthority
from casework.records.oversight import refuse_whole_files
from casework.records.return_years import ReturnYear
from casework.records.standing import standing_of
from casework.records.times import LONDON, now


class ReasonForm(GovForm):
    reason = TextField(
        "What is the file for?",
        limit=300,
        hint="For example: submitting the return; checking the return with the service manager",
        missing="Say what the file is for.",
    )


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """To this year's page of the reader's authority; of the first one, for those who work for several."""
    require(person(request), Act.EXPORT_RETURN)
    authority = authorities_to_export(request)[0]
    return redirect(year_url(authority, this_year()))


@require_GET
def year_page(request: HttpRequest, authority_id: UUID, year: ReturnYear) -> HttpResponse:
    """The rows of the file as they are today, each with what would fail and the way to mend it."""
    authorities = authorities_to_export(request)
    mine = next((one for one in authorities if one.pk == authority_id and year <= this_year()), None)
    authority = mine or authority_to_export(request, authority_id, year)
    asked = asked_of_list(request, show=frozenset(SHOWN), page=None)
    page = YearPage.of(person(request), authority, year, asked)
    audit.looked(
        person(request),
        about_kind=KIND,
        about_id=authority.pk,
        child_ids=dict.fromkeys(line.child_id for line in page.lines),
    )
    context = {"page": page, "authorities": authorities, "this_year": this_year()}
    return render(request, "returns/ssda903.html", context)


@require_http_methods(["GET", "POST"])
def download(request: HttpRequest, authority_id: UUID, year: ReturnYear) -> HttpResponseBase:
    """The file, once the reader has said what for. It leaves as the database finds it, row after row."""
    authority = authority_to_export(request, authority_id, year)
    refuse_whole_files(person(request), authority)
    form = ReasonForm.read(request, now=now())
    if request.method != "POST" or not form.is_valid():
        return show(request, "ask.html", {"page": _question(authority, year)}, form=form)
    reason = form.cleaned_data["reason"]
    pieces = give_out(by=person(request), authority=authority, year=year, reason=reason)
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return StreamingHttpResponse(_bytes(pieces), content_type="text/csv; charset=utf-8", headers=headers)


def authority_to_export(request: HttpRequest, authority_id: UUID, year: ReturnYear) -> LocalAuthority:
    """NotFound for another's authority or a year to come, NotAllowed in one's own without the role."""
    authority = authority_for(person(request), authority_id)
    require(person(request), Act.EXPORT_RETURN, authority_id=authority.pk)
    if year > this_year():
        raise NotFound
    return authority


def authorities_to_export(request: HttpRequest) -> list[LocalAuthority]:
    ids = standing_of(person(request)).authorities_where(roles_that_may(Act.EXPORT_RETURN))
    return list(LocalAuthority.objects.filter(pk__in=ids).order_by("name"))


def this_year() -> ReturnYear:
    return ReturnYear.of(now().astimezone(LONDON).date())


def _question(authority: LocalAuthority, year: ReturnYear) -> Ask:
    return Ask(
        f"Download {FILE_NAME} for {year}",
        "Download",
        year_url(authority, year),
        caption=authority.name,
        paragraphs=[
            "It has children’s IDs and dates of birth. Keep it where only those who need it can read it."
        ],
        notes=["Your name, the time, your reason and which rows the file has are kept."],
    )


def _bytes(pieces: Pieces) -> Iterator[bytes]:
    with closing(pieces):
        for piece, _ in pieces:
            yield piece
