"""A report taken by phone, by the duty worker who answers."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from casework.front.pages.episodes.episode_frame import episode_url
from casework.front.pages.kit.answers import show
from casework.front.pages.kit.door import person, send
from casework.front.pages.reports.carers import log_list
from casework.front.pages.reports.phone_report_forms import PhoneReportForm
from casework.records.access import children_visible_to, require
from casework.records.acts import Act, roles_that_may
from casework.records.models import Child, User
from casework.records.standing import standing_of
from casework.records.times import now
from incidents.models import MissingEpisode
from incidents.services.reports import AlreadyReported, report_missing
from protocols import engine

_AS_SAID = (
    "child", "category", "noticed_at", "last_seen_at", "last_seen_estimated", "expected_at",
    "last_seen_where", "last_seen_by", "circumstances", "checks_made", "wearing", "carrying",
    "whereabouts", "typed_name", "late_reason",
)  # fmt: skip


@require_http_methods(["GET", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Everything on one page; sending it starts the clock."""
    user = person(request)
    require(user, Act.REPORT)
    form = PhoneReportForm.read(request, now=now())
    offered = _children_to_report(user)
    form.offer(offered)
    try:
        sent = send(request, form, lambda: episode_url(_report(user, form)))
    except AlreadyReported as already:
        context = {"message": already.message, "episode_id": already.episode_id}
        return render(request, "reports/already.html", context, status=already.status)
    if sent is None:
        log_list(user, "children_to_report", offered)
    return sent or show(request, "reports/phone.html", form=form)


def _children_to_report(user: User) -> QuerySet[Child]:
    """The children of every authority where this person may report, by name."""
    authorities = standing_of(user).authorities_where(roles_that_may(Act.REPORT))
    return children_visible_to(user).filter(authority_id__in=authorities).order_by("last_name", "first_name")


def _report(user: User, form: PhoneReportForm) -> MissingEpisode:
    said = form.cleaned_data
    other = said["together"]
    episode = report_missing(
        by=user,
        indicators=dict.fromkeys(said["indicators"], said["indicator_words"]),
        told_police=form.told_police,
        together_with=[other] if other else [],
        **{name: said[name] for name in _AS_SAID},
    )
    for row in _reported_together(episode):
        engine.wake(row.pk)
    return episode


def _reported_together(episode: MissingEpisode) -> list[MissingEpisode]:
    """The episode and those of the children who went along."""
    if episode.together_id is None:
        return [episode]
    return list(MissingEpisode.objects.filter(together_id=episode.together_id))
