"""A home reports a child missing or away: one question a screen, kept as it goes, sent once."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from casework.front.pages.kit.answers import show
from casework.front.pages.kit.door import person, send
from casework.front.pages.kit.forms import Choice, GovForm
from casework.front.pages.reports import carers, report_draft
from casework.front.pages.reports.carer_forms import SendForm
from casework.front.pages.reports.carer_page import page_of
from casework.front.pages.reports.report_draft import ReportDraft, Screen
from casework.front.pages.reports.report_questions import WhichChildForm
from casework.front.pages.reports.report_summary import summary
from casework.records.models import Child, User
from casework.records.times import now
from incidents.access import episode_for
from incidents.models import MissingEpisode
from incidents.services.reports import AlreadyReported
from protocols import engine


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Question 1: who. The draft begins with its answer."""
    children = carers.children_here(person(request))
    form = WhichChildForm.read(request, offered=_offered(person(request), children))

    def begin() -> str:
        draft = report_draft.begin(person(request), form.cleaned_data["children"])
        return _next_url(draft)

    sent = send(request, form, begin)
    return sent or _ask_who(request, form, children, reverse("pages:home"))


@require_http_methods(["GET", "POST"])
def children(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Question 1 again: somebody else went too, or it is somebody else."""
    draft = report_draft.find(person(request), draft_id)
    here = carers.children_here(person(request))
    chosen = [str(child.pk) for child in draft.children]
    form = WhichChildForm.read(request, offered=_offered(person(request), here), initial={"children": chosen})
    if request.method == "POST" and form.is_valid():
        return redirect(_next_url(report_draft.choose(person(request), draft, form.cleaned_data["children"])))
    return _ask_who(request, form, here, reverse("pages:report-check", args=[draft.id]))


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, draft_id: UUID, slug: str) -> HttpResponse:
    """One screen. What is answered is kept, and the next open question follows."""
    draft = report_draft.find(person(request), draft_id)
    screen = draft.screen(slug)
    form = draft.form(screen, request.POST if request.method == "POST" else None, now())
    if request.method == "POST" and form.is_valid():
        return redirect(_next_url(report_draft.keep(person(request), draft, screen, form)))
    carers.log_list(person(request), "report", draft.children)
    return show(request, f"reports/{screen.template}.html", _frame(draft, screen), form=form)


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The answers read back, and the one press that sends them."""
    # Sent once, the draft is gone, and the same press again must still lead to its first result.
    form = SendForm.read(request, is_tablet=carers.is_tablet(person(request)))
    try:
        sent = send(request, form, lambda: _send(request, draft_id, form))
    except AlreadyReported as refused:
        return already_reported(request, refused)
    if sent is not None:
        return sent
    draft = report_draft.find(person(request), draft_id)
    if draft.missing_screen:
        return redirect(_next_url(draft))
    carers.log_list(person(request), "report", draft.children)
    frame = {
        "draft": draft,
        "rows": summary(draft, now()),
        "back_url": _question_url(draft, draft.screens[-1]),
    }
    return show(request, "reports/check.html", frame, form=form)


@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """They walked in while it was being written: nothing was sent, and nothing is kept."""
    form = GovForm.read(request)
    sent = send(request, form, lambda: _discard(request, draft_id))
    if sent is not None:
        return sent
    draft = report_draft.find(person(request), draft_id)
    page = {
        "title": "Throw this report away?",
        "message": "Nothing has been sent. What you have written so far will be gone.",
        "submit": "Throw it away",
        "back_url": _next_url(draft),
        "warning": True,
    }
    return show(request, "confirm.html", page, form=form)


@require_safe
def sent(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """It arrived: the reference, what to say to the police, who has been told, what happens next."""
    episode = episode_for(person(request), episode_id)
    return render(request, "reports/sent.html", {"page": page_of(request, episode)})


def already_reported(request: HttpRequest, refused: AlreadyReported) -> HttpResponse:
    """409 with the way to the report that there is."""
    episode = episode_for(person(request), refused.episode_id)
    carers.log_list(person(request), "report", [episode.child])
    context = {"message": refused.message, "episode": episode, "form": None}
    return render(request, "reports/reported_already.html", context, status=409)


def _send(request: HttpRequest, draft_id: UUID, form: SendForm) -> str:
    draft = report_draft.find(person(request), draft_id)
    if draft.missing_screen:
        return _next_url(draft)
    episode = report_draft.send_report(person(request), draft, typed_name=form.signature)
    report_draft.drop(person(request), draft.id)
    for one in _together(episode):
        engine.wake(one)
    return reverse("pages:report-sent", args=[episode.pk])


def _together(episode: MissingEpisode) -> Sequence[UUID]:
    """The episodes of everybody who went together."""
    if episode.together_id is None:
        return [episode.pk]
    rows = MissingEpisode.objects.filter(together_id=episode.together_id)
    return list(rows.values_list("pk", flat=True))


def _discard(request: HttpRequest, draft_id: UUID) -> str:
    draft = report_draft.find(person(request), draft_id)
    report_draft.drop(person(request), draft.id)
    return reverse("pages:home")


def _offered(user: User, children: Sequence[Child]) -> list[Choice]:
    moment = now()
    open_reports = carers.open_by_child(user, children, moment)
    return [
        Choice(
            str(child.pk),
            carers.name_and_age(child, moment),
            hint=open_reports[child.pk].since if child.pk in open_reports else "",
        )
        for child in children
    ]


def _ask_who(
    request: HttpRequest, form: WhichChildForm, children: Sequence[Child], back_url: str
) -> HttpResponse:
    carers.log_list(person(request), "report", children)
    return show(request, "reports/who.html", {"back_url": back_url, "nobody": not children}, form=form)


def _frame(draft: ReportDraft, screen: Screen) -> dict[str, object]:
    before = draft.before(screen)
    back_url = _question_url(draft, before) if before else reverse("pages:report-children", args=[draft.id])
    return {"draft": draft, "screen": screen, "number": draft.number_of(screen), "back_url": back_url}


def _question_url(draft: ReportDraft, screen: Screen) -> str:
    return reverse("pages:report-question", args=[draft.id, screen.slug])


def _next_url(draft: ReportDraft) -> str:
    """The first question without an answer; then the check."""
    screen = draft.missing_screen
    return _question_url(draft, screen) if screen else reverse("pages:report-check", args=[draft.id])
