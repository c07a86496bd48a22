"""Referrals of a child who may be trafficked: Home Office, National Referral Mechanism, guardian."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from casework.front.pages.episodes.allowed import episode_to, episode_to_read
from casework.front.pages.episodes.episode_frame import Ask, ask, episode_url, frame_of
from casework.front.pages.episodes.episode_steps import may_here
from casework.front.pages.episodes.referral_forms import (
    GuardianForm,
    HomeOfficeForm,
    NotDoneForm,
    NrmForm,
    OutcomeForm,
)
from casework.front.pages.episodes.referral_papers import papers_of
from casework.front.pages.kit.door import person
from casework.front.pages.kit.referral_lines import lines_of
from casework.records.acts import Act
from casework.records.errors import NotFound
from casework.records.standing import standing_of
from casework.records.times import now
from incidents.models import Category, MissingEpisode, Referral
from incidents.services import referrals as services
from incidents.services.referral_outcomes import OUTCOMES_OF
from incidents.services.referral_outcomes import record_outcome as record_outcome_of


@require_GET
def overview(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """What was told and asked, what came of it, and what is still to be asked."""
    episode = episode_to_read(request, episode_id)
    lines = lines_of(episode.child)
    context = {
        **frame_of(request, episode, fields=["referrals"]),
        "lines": lines,
        "papers": papers_of(episode, lines),
        "may_refer": may_here(standing_of(person(request)), Act.RECORD_REFERRAL, episode),
    }
    return render(request, "episodes/referrals.html", context)


@require_http_methods(["GET", "POST"])
def tell_home_office(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Told that the child is missing; told again that the child is found."""
    episode = episode_to(Act.RECORD_REFERRAL, request, episode_id)
    is_missing = episode.spells.filter(category=Category.MISSING, ended_at=None).exists()
    form = HomeOfficeForm.read(request, now=now(), initial={"what": "missing" if is_missing else "found"})
    page = Ask(
        "Record that the Home Office was told",
        "Record it",
        ["Give the police reference, and ask for theirs. Tell them again when the child is found."],
    )

    def told() -> None:
        asked = ("told_at", "told_name", "how", "reference", "words")
        said = {name: form.cleaned_data[name] for name in asked}
        is_found = form.cleaned_data["what"] == "found"
        services.tell_home_office(by=person(request), episode=episode, is_found=is_found, **said)

    return ask(request, episode, form, page, told, then=episode_url(episode, "referrals"))


@require_http_methods(["GET", "POST"])
def refer_to_nrm(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """A referral that is made now, or one of before that was never written down here."""
    episode = episode_to(Act.RECORD_REFERRAL, request, episode_id)
    form = NrmForm.read(request, now=now())
    page = Ask(
        "Referral to the National Referral Mechanism",
        "Record it",
        ["The country’s way of finding out whether somebody is a victim of modern slavery."],
        notes=[
            "A child’s consent is not needed, and the child need not be here: refer while they are missing."
        ],
    )

    def referred() -> None:
        asked = ("made_at", "made_on", "made_by_name", "reference", "words")
        said = {name: form.cleaned_data[name] for name in asked}
        services.refer_to_nrm(by=person(request), episode=episode, **said)

    return ask(request, episode, form, page, referred, then=episode_url(episode, "referrals"))


@require_http_methods(["GET", "POST"])
def ask_for_guardian(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """Where the service covers the area, somebody independent who speaks for the child."""
    episode = episode_to(Act.RECORD_REFERRAL, request, episode_id)
    form = GuardianForm.read(request, now=now())
    page = Ask(
        "Ask for an independent child trafficking guardian",
        "Record it",
        ["Somebody outside the authority who speaks for a child who may have been trafficked."],
        notes=["Ask even if you are not sure that the service covers the area, and record what they say."],
    )

    def asked_for() -> None:
        asked = ("made_at", "made_on", "made_to", "reference", "words")
        said = {name: form.cleaned_data[name] for name in asked}
        services.ask_for_guardian(by=person(request), episode=episode, **said)

    return ask(request, episode, form, page, asked_for, then=episode_url(episode, "referrals"))


@require_http_methods(["GET", "POST"])
def decide_not_to(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """One of them need not be done for this absence; the reason stays in the record."""
    episode = episode_to(Act.RECORD_REFERRAL, request, episode_id)
    form = NotDoneForm.read(request)
    page = Ask(
        "Decide that one of them need not be done",
        "Record the decision",
        ["It holds for this absence. For the next one somebody decides again."],
    )

    def decided() -> None:
        said = {name: form.cleaned_data[name] for name in ("kind", "reason")}
        services.decide_not_to(by=person(request), episode=episode, **said)

    return ask(request, episode, form, page, decided, then=episode_url(episode, "referrals"))


@require_http_methods(["GET", "POST"])
def record_outcome(request: HttpRequest, episode_id: UUID, referral_id: UUID) -> HttpResponse:
    """What came of one of them: a reference, a decision, a guardian."""
    episode = episode_to(Act.RECORD_REFERRAL, request, episode_id)
    referral = _referral_of(episode, referral_id)
    form = OutcomeForm.read(request, now=now(), outcomes=OUTCOMES_OF.get(referral.kind, ()))
    page = Ask(
        f"What came of it: {referral.get_kind_display()}",
        "Record it",
        ["What was recorded before stays. If it was wrong, record it again: the newest counts."],
    )

    def answered() -> None:
        asked = ("outcome", "decided_on", "who", "reference", "words")
        said = {name: form.cleaned_data[name] for name in asked}
        record_outcome_of(by=person(request), episode=episode, referral=referral, **said)

    return ask(request, episode, form, page, answered, then=episode_url(episode, "referrals"))


def _referral_of(episode: MissingEpisode, referral_id: UUID) -> Referral:
    """Of this child, in this absence or another: a decision comes when the absence is long over."""
    found = Referral.objects.filter(child_id=episode.child_id, pk=referral_id).first()
    if found is None:
        raise NotFound
    return found
