"""Return interviews: given to somebody, offered, tried, held or declined."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.front.pages.episodes.allowed import episode_to_read
from casework.front.pages.episodes.episode_frame import Ask, ask, episode_url, frame_of
from casework.front.pages.episodes.interview_forms import (
    AllocateForm,
    AttemptForm,
    DeclineForm,
    HeldForm,
    OfferForm,
    ShareForm,
    TakeOnForm,
    UnableForm,
)
from casework.front.pages.kit.cards import Action
from casework.front.pages.kit.door import person, send
from casework.front.pages.kit.forms import GovForm
from casework.records.access import may_within, require_for
from casework.records.acts import Act, roles_that_may
from casework.records.errors import Invalid
from casework.records.models import User
from casework.records.standing import Standing, live_memberships, standing_of
from casework.records.times import CaseworkNow, now
from incidents.access import interview_for
from incidents.codes import Reason
from incidents.models import InterviewState, MissingEpisode, ReturnInterview
from incidents.queries import interviews_of
from incidents.services import interviews as services
from protocols import engine

NOT_SENT: Final = "This page was sent twice, or by somebody else. Open the list again."
FOUND: Final = ("harm", "offences", "exploitation", "slept")

# What can be recorded about an interview that has no outcome yet.
_ACTIONS: Final[Sequence[tuple[str, str, Act]]] = (
    ("Record the offer", "offer", Act.OFFER_INTERVIEW),
    ("Record the interview", "hold", Act.HOLD_INTERVIEW),
    ("Declined", "decline", Act.OFFER_INTERVIEW),
    ("Record an attempt", "attempt", Act.OFFER_INTERVIEW),
    ("Could not be held", "unable", Act.OFFER_INTERVIEW),
    ("Give it to somebody", "allocate", Act.OFFER_INTERVIEW),
)
# And about one that has its outcome; a child who declined may still change their mind.
_AFTERWARDS: Final[Mapping[str, Sequence[tuple[str, str, Act]]]] = {
    InterviewState.HELD: [("Share what came of it", "share", Act.SHARE_INTERVIEW)],
    InterviewState.DECLINED: [
        ("Record the interview", "hold", Act.HOLD_INTERVIEW),
        ("Share what came of it", "share", Act.SHARE_INTERVIEW),
    ],
    InterviewState.UNABLE: [("Record the interview", "hold", Act.HOLD_INTERVIEW)],
}


@require_GET
def overview(request: HttpRequest, episode_id: UUID) -> HttpResponse:
    """The interviews that speak for this episode. Their words are for those who may read them."""
    episode = episode_to_read(request, episode_id)
    standing = standing_of(person(request))
    rows = interviews_of(person(request), episode).select_related("child", "offered_by")
    rows = rows.prefetch_related(
        "attempts__tried_by", "episodes", "shares__shared_by", "shares__home", "shares__disclosure"
    )
    context = {
        **frame_of(request, episode, fields=["interview"] if rows else []),
        "interviews": [(row, actions_for(row, standing), reasons_of(row)) for row in rows],
    }
    return render(request, "episodes/interviews.html", context)


def actions_for(interview: ReturnInterview, standing: Standing) -> list[Action]:
    """What this person can record about it now."""
    authority_id = interview.child.authority_id
    wanted = _AFTERWARDS.get(interview.state, _ACTIONS)
    mine = interview.allocated_to_id == standing.user_id
    child_id = interview.child_id
    able = [
        one
        for one in wanted
        if mine or may_within(standing, one[2], authority_id=authority_id, child_id=child_id)
    ]
    next_page = "hold" if interview.offered_at else "offer"
    able.sort(key=lambda one: one[1] != next_page)  # what comes next is first
    return [
        Action(text, reverse(f"pages:interview-{page}", args=[interview.pk]), is_main=at == 0)
        for at, (text, page, _) in enumerate(able)
    ]


def reasons_of(interview: ReturnInterview) -> list[str]:
    """Why the child went, in words."""
    return [str(Reason(code).label) for code in interview.reasons if code in Reason.values]


@require_http_methods(["GET", "POST"])
def allocate(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Give the interview to somebody who does not care for the child."""
    interview = _interview_to(Act.OFFER_INTERVIEW, request, interview_id)
    form = AllocateForm.read(request)
    form.offer(_interviewers(interview))
    page = Ask("Who holds the interview?", "Give it to them")
    return _ask(request, interview, form, page, services.allocate_interview)


@require_POST
def take_on(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """One press in the list: I hold this one."""
    interview = _interview_to(Act.HOLD_INTERVIEW, request, interview_id)
    form = TakeOnForm.read(request)

    def taken() -> str:
        services.allocate_interview(by=person(request), interview=interview, to=person(request))
        for episode in interview.episodes.order_by("pk"):
            engine.wake(episode.pk)
        return f"{reverse('pages:interview-list')}?show=mine"

    sent = send(request, form, taken)
    if sent is None:
        raise Invalid(" ".join(str(error) for error in form.non_field_errors()) or NOT_SENT)
    return sent


@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """Offered to the child, whatever they answered."""
    interview = _interview_to(Act.OFFER_INTERVIEW, request, interview_id)
    form = OfferForm.read(request, now=now())
    page = Ask("Record the offer of an interview", "Record the offer")
    return _ask(request, interview, form, page, services.offer_interview)


@require_http_methods(["GET", "POST"])
def attempt(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """A try that did not lead to the interview, yet."""
    interview = _interview_to(Act.OFFER_INTERVIEW, request, interview_id)
    form = AttemptForm.read(request, now=now())
    page = Ask("Record an attempt", "Record it")
    return _ask(request, interview, form, page, services.record_attempt)


@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """The interview itself: the child's words, and apart from them what they mean."""
    interview = _interview_to(Act.HOLD_INTERVIEW, request, interview_id)
    form = HeldForm.read(request, now=now())
    page = Ask("Record the return interview", "Record the interview")

    def held(*, by: User, interview: ReturnInterview, **said: Any) -> None:
        answers = {name: said.pop(name) == "yes" for name in ("is_caring", "is_line_managed", "is_trained")}
        services.record_interview(
            by=by,
            interview=interview,
            independence=services.Independence(**answers),
            interpreted=_interpreted(said),
            found=services.Found(**{name: said.pop(name) for name in FOUND}),
            **said,
        )

    return _ask(request, interview, form, page, held)


def _interpreted(said: dict[str, Any]) -> services.Interpreted:
    """Taken out of the answers: who interpreted, when somebody did."""
    independent = {"yes": True, "no": False}.get(said.pop("is_interpreter_independent"))
    return services.Interpreted(
        language=said.pop("language"),
        name=said.pop("interpreter_name"),
        agency=said.pop("interpreter_agency"),
        is_independent=independent,
    )


@require_http_methods(["GET", "POST"])
def share(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """A text written for whoever has to act on it; the child's own words stay where they are."""
    interview = _interview_to(Act.SHARE_INTERVIEW, request, interview_id)
    form = ShareForm.read(request)
    page = Ask(
        "Share what came of the interview",
        "Share it",
        [
            "Write what they need to know to keep the child safe, and nothing more.",
            "Shared with the home, it is read on the home’s page of the report, and nothing else of it is.",
        ],
    )
    return _ask(request, interview, form, page, services.share_interview)


@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """The child does not want it; the carer or a parent is asked instead."""
    interview = _interview_to(Act.OFFER_INTERVIEW, request, interview_id)
    form = DeclineForm.read(request, now=now())
    page = Ask("The child declined the interview", "Record that they declined")
    return _ask(request, interview, form, page, services.record_decline)


@require_http_methods(["GET", "POST"])
def unable(request: HttpRequest, interview_id: UUID) -> HttpResponse:
    """It could not be held, and why."""
    interview = _interview_to(Act.OFFER_INTERVIEW, request, interview_id)
    form = UnableForm.read(request)
    page = Ask("The interview could not be held", "Record why")
    return _ask(request, interview, form, page, services.record_unable)


# ---- what they share ----


def _interview_to(act: Act, request: HttpRequest, interview_id: UUID) -> ReturnInterview:
    """The interview, if it is theirs to see and theirs to do; whoever it was given to needs no other role."""
    interview = interview_for(person(request), interview_id)
    if interview.allocated_to_id != person(request).pk:
        require_for(person(request), act, interview.child)
    return interview


def _ask(
    request: HttpRequest,
    interview: ReturnInterview,
    form: GovForm,
    page: Ask,
    service: Callable[..., object],
) -> HttpResponse:
    """Ask about the interview; then every episode that it covers is looked at again."""
    episodes = list(interview.episodes.order_by("-returned_at", "pk"))

    def act() -> None:
        asked = {name: form.cleaned_data[name] for name in form.questions if name != "form_key"}
        service(by=person(request), interview=interview, **asked)
        for episode in episodes:
            engine.wake(episode.pk)

    newest: MissingEpisode = episodes[0]
    return ask(request, newest, form, page, act, then=episode_url(newest, "interviews"))


def _interviewers(interview: ReturnInterview) -> QuerySet[User]:
    """Those of the child's authority whose role may hold an interview."""
    able = live_memberships(CaseworkNow()).filter(
        user_id=OuterRef("pk"),
        authority_id=interview.child.authority_id,
        role__in=roles_that_may(Act.HOLD_INTERVIEW),
    )
    return User.objects.filter(Exists(able), is_active=True).order_by("name")
