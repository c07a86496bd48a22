"""Risk: two grades side by side, and the signs of danger."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from casework.front.pages.children.child_asking import wake_all
from casework.front.pages.episodes.allowed import episode_to, episode_to_read, may_do
from casework.front.pages.episodes.episode_frame import Ask, ask, episode_url, frame_of
from casework.front.pages.episodes.episode_steps import may_here
from casework.front.pages.episodes.risk_forms import GradeForm, IndicatorForm, WithdrawIndicatorForm
from casework.front.pages.kit.door import person
from casework.front.pages.kit.identity import sign_words
from casework.records.acts import Act
from casework.records.errors import NotFound
from casework.records.standing import standing_of
from casework.records.times import now
from incidents.models import Indicator, RiskAssessment
from incidents.queries import grades_of
from incidents.services import risk as services


@require_GET
def overview(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Both histories, newest first, and what makes it dangerous."""
    episode = episode_to_read(request, episode_id)
    standing = standing_of(person(request))
    grades, signs = grades_of(episode), Indicator.objects.filter(child=episode.child)
    made_by = RiskAssessment.MadeBy
    context = {
        **frame_of(request, episode, fields=["indicators"]),
        "histories": [(who.label, [row for row in grades if row.made_by == who]) for who in made_by],
        "indicators": [(row, sign_words(row)) for row in signs.order_by("withdrawn_at", "-seen_at")],
        "may_grade": may_here(standing, Act.GRADE_RISK, episode),
        "may_record": may_do(request, Act.RECORD_INDICATOR, episode),
    }
    return render(request, "episodes/risk.html", context)


@require_http_methods(["GET", "POST"])
def assess(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Add a grade, the police's or the authority's."""
    episode = episode_to(Act.GRADE_RISK, request, episode_id)
    form = GradeForm.read(request, now=now(), initial={"made_by": "authority"})
    page = Ask(
        "Grade the risk",
        "Record the grade",
        notes=["Steps are worked out again at once when a grade rises to high."],
    )

    def graded() -> None:
        asked = ("made_by", "grade", "rationale", "assessor", "assessed_at")
        services.assess_risk(
            by=person(request), episode=episode, **{name: form.cleaned_data[name] for name in asked}
        )

    return ask(request, episode, form, page, graded)


@require_http_methods(["GET", "POST"])
def add_indicator(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """A sign of danger; it changes the steps at once."""
    episode = episode_to(Act.RECORD_INDICATOR, request, episode_id)
    form = IndicatorForm.read(request, now=now())
    page = Ask("Add a sign of danger", "Add it", notes=["It counts at once: steps may come earlier."])

    def added() -> None:
        services.record_indicator(by=person(request), child=episode.child, episode=episode, **form.said)
        wake_all(episode.child)

    return ask(request, episode, form, page, added, then=episode_url(episode, "risk"))


@require_http_methods(["GET", "POST"])
def withdraw_indicator(request: HttpRequest, episode_id: UUID, indicator_id: UUID) -> HttpResponse:
    """It no longer holds: the row stays, with why."""
    episode = episode_to(Act.GRADE_RISK, request, episode_id)
    indicator = Indicator.objects.filter(child=episode.child, pk=indicator_id).first()
    if indicator is None:
        raise NotFound
    form = WithdrawIndicatorForm.read(request, initial={"version": indicator.version})
    page = Ask(f"Withdraw: {indicator.get_code_display().lower()}", "Withdraw it", [indicator.words])

    def withdrawn() -> None:
        said = {name: form.cleaned_data[name] for name in ("version", "reason")}
        services.withdraw_indicator(by=person(request), indicator=indicator, **said)
        wake_all(episode.child)

    return ask(request, episode, form, page, withdrawn, then=episode_url(episode, "risk"))
