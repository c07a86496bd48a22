"""Import: an authority's own files, handed over, looked at, agreed to. The work itself is done aside."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from casework.front.imports.bell import ring_for
from casework.front.imports.faults import SHOWN
from casework.front.imports.upload_forms import AgreeForm, UploadForm
from casework.front.pages.kit.answers import show
from casework.front.pages.kit.asking import Ask, ask
from casework.front.pages.kit.authority_tabs import authority_tabs
from casework.front.pages.kit.door import person, send
from casework.records.access import authority_for, require
from casework.records.acts import Act
from casework.records.local_time import WALL
from casework.records.models import LocalAuthority
from casework.records.oversight import refuse_whole_files
from casework.records.return_years import ReturnYear
from casework.records.services import uploads
from casework.records.times import now


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, authority_id: UUID) -> HttpResponse:
    """Hand over the files. What was handed over within the hour is shown with how far it is."""
    authority = authority_to_import(request, authority_id)
    form = UploadForm.of(request, ReturnYear.of(now().astimezone(WALL).date()))
    context = {
        "authority": authority,
        "tabs": authority_tabs(request, authority),
        "latest": uploads.latest_upload(authority),
    }

    def handed_over() -> str:
        upload = uploads.take_upload(
            by=person(request), authority=authority, content=form.cleaned_data["content"]
        )
        ring_for(upload.pk)
        return reverse("imports:upload", args=[authority.pk, upload.pk])

    return send(request, form, handed_over) or show(request, "imports/hand_over.html", context, form=form)


@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, authority_id: UUID, upload_id: UUID) -> HttpResponse:
    """How far it is; what is wrong; or what the import would do, and the button that does it."""
    authority = authority_to_import(request, authority_id)
    upload = uploads.upload_of(authority, upload_id)
    form = AgreeForm.read(request)

    def agreed() -> str:
        uploads.agree_to_import(by=person(request), upload=upload)
        ring_for(upload.pk)
        return request.path

    context = {
        "authority": authority,
        "tabs": authority_tabs(request, authority),
        "upload": upload,
        "is_moving": upload.state in uploads.UNFINISHED,
        "percent": min(100, 100 * upload.behind // upload.total) if upload.total else None,
        "shown": upload.findings.get("faults", [])[:SHOWN],
        "more": max(0, upload.findings.get("fault_count", 0) - SHOWN),
    }
    return send(request, form, agreed) or show(request, "imports/upload.html", context, form=form)


@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, authority_id: UUID, upload_id: UUID) -> HttpResponse:
    """Throw the files away before their hour is over."""
    authority = authority_to_import(request, authority_id)
    upload = uploads.upload_of(authority, upload_id)
    back_url = reverse("imports:upload", args=[authority.pk, upload.pk])
    page = Ask(
        "Throw these files away",
        "Throw them away",
        back_url,
        ["Nothing of them is imported. You can hand them over again."],
        done="The files are gone.",
    )

    def discarded() -> str:
        uploads.discard_upload(by=person(request), upload=upload)
        return reverse("imports:hand-over", args=[authority.pk])

    return ask(request, AgreeForm.read(request), page, discarded)


def authority_to_import(request: HttpRequest, authority_id: UUID) -> LocalAuthority:
    """NotFound for another's authority, NotAllowed in one's own without the role."""
    authority = authority_for(person(request), authority_id)
    require(person(request), Act.IMPORT_FILES, authority_id=authority.pk)
    refuse_whole_files(person(request), authority)
    return authority
