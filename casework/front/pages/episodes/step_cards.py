"""Steps as a person meets them: to do next, settled, and to come if nothing changes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse

from casework.front.pages.episodes.step_tellings import TOLD_ON
from casework.front.pages.kit.cards import Action, Ring, SettledStep, StepCard, Why
from casework.front.pages.kit.words import clock_time, moment, span
from casework.records.acts import Act
from incidents.models import MeetingKind
from protocols.clock import explain
from protocols.models import Step, StepRun, StepState
from protocols.plan import CAME_ROUND_AGAIN
from protocols.queries import OWED
from protocols.rulebook import ALSO_TICKED, OUTSIDE_ROLES, ROLES

BASIS: Final = {"statutory": "statutory", "national_guidance": "national guidance", "local": "local option"}

# A step that the record itself shows as met is met by making that record, not by a tick.
MET_ON: Final = {
    "duty_accepted": ("I’ve got this", "pages:episode-accept"),
    "handover_accepted": ("Accept the hand-over", "pages:episode-handover"),
    "police_settled": ("Record what the police said", "pages:police-answer"),
    "told_police": ("Record what the police said", "pages:police-answer"),
    "authority_graded": ("Grade the risk", "pages:risk-assess"),
    "interview_offered": ("Offer the interview", "pages:episode-interviews"),
    "interview_settled": ("Record the interview", "pages:episode-interviews"),
    "child_spoken_to": ("Record that somebody spoke to them", "pages:spoken-add"),
    "finding_answered": ("Answer: is it them?", "pages:episode-detail"),
    "escort_known": ("Record who fetches them", "pages:located-check"),
    "why_not_back": ("Record why they are not back", "pages:located-check"),
    "prevention_settled": ("Record the police’s talk", "pages:prevention-record"),
    "interview_shared": ("Share the interview", "pages:episode-interviews"),
    "signed_off": ("Sign the episode off", "pages:episode-sign-off"),
    "everyone_told_located": ("Tell everybody who was told", "pages:telling-again"),
    "everyone_retold": ("Tell everybody who was told", "pages:telling-again"),
    "home_office_told": ("Record that the Home Office was told", "pages:home-office-tell"),
    "home_office_found_told": ("Record that the Home Office was told", "pages:home-office-tell"),
    "nrm_referred": ("Record the referral", "pages:nrm-refer"),
    "guardian_asked": ("Record that a guardian was asked for", "pages:guardian-ask"),
    "joint_plan_made": ("Record the plan", "pages:meeting-record"),
    "strategy_held": ("Record the discussion", "pages:meeting-record"),
    "agencies_met": ("Record the meeting", "pages:meeting-record"),
    "long_term_review_held": ("Record the review", "pages:meeting-record"),
    "met_after_return": ("Record the meeting", "pages:meeting-record"),
    "placement_settled": ("Record the meeting and the decision", "pages:episode-meetings"),
    "law_and_publicity_decided": ("Record the decisions", "pages:episode-meetings"),
    "away_decided": ("Record the decision", "pages:decision-away"),
    "still_away_decided": ("Record the decision", "pages:decision-still-away"),
    "need_to_know_decided": ("Record the decision", "pages:decision-need-to-know"),
    "going_back_decided": ("Record the decision", "pages:decision-going-back"),
    "early_review_decided": ("Record the decision", "pages:decision-early-review"),
    "ofsted_decided": ("Record the decision", "pages:report-ofsted"),
}
_ACT_ON: Final = {
    "pages:episode-accept": Act.ACCEPT_RESPONSIBILITY,
    "pages:episode-handover": Act.ACCEPT_RESPONSIBILITY,
    "pages:police-answer": Act.RECORD_POLICE_ANSWER,
    "pages:risk-assess": Act.GRADE_RISK,
    "pages:episode-interviews": Act.OFFER_INTERVIEW,
    "pages:episode-sign-off": Act.SIGN_OFF,
    "pages:telling-again": Act.TELL,
    "pages:spoken-add": Act.ADD_NEWS,
    "pages:episode-detail": Act.RECORD_LOCATED,
    "pages:located-check": Act.RECORD_LOCATED,
    "pages:prevention-record": Act.RECORD_PREVENTION,
    "pages:home-office-tell": Act.RECORD_REFERRAL,
    "pages:nrm-refer": Act.RECORD_REFERRAL,
    "pages:guardian-ask": Act.RECORD_REFERRAL,
    "pages:meeting-record": Act.RECORD_MEETING,
    "pages:episode-meetings": Act.READ_MEETINGS,
    "pages:decision-away": Act.DECIDE_CASE,
    "pages:decision-still-away": Act.DECIDE_CASE,
    "pages:decision-need-to-know": Act.DECIDE_CASE,
    "pages:decision-going-back": Act.DECIDE_CASE,
    "pages:decision-early-review": Act.DECIDE_EARLY_REVIEW,
    "pages:report-ofsted": Act.DECIDE_OFSTED,
}
# Which kind of meeting the page has chosen already; where on the page it is asked.
_WHERE_ON: Final = {
    "joint_plan_made": f"?kind={MeetingKind.JOINT_PLAN}",
    "strategy_held": f"?kind={MeetingKind.STRATEGY}",
    "agencies_met": f"?kind={MeetingKind.MULTI_AGENCY}",
    "long_term_review_held": f"?kind={MeetingKind.REVIEW}",
    "met_after_return": f"?kind={MeetingKind.AFTER_RETURN}",
    "finding_answered": "#proposed",
}
CALLS: Final = ("told_police", "police_settled")  # the call itself is the step
_WORDS_FOR_DONE: Final = {"decide": "Record the decision", "meeting": "Record the meeting"}


@dataclass(frozen=True)
class Reader:
    """Who is reading: what they may do here, and how people are named to them."""

    may: Callable[[Act], bool]
    responsible: Callable[[StepRun], str]  # "you", "Bev Aldous", or who holds the role
    from_work: bool = False
    ring: Callable[[StepRun], Ring | None] = lambda step_run: None  # on a list it would cost a query a card


def card_of(step_run: StepRun, reader: Reader, now: datetime, *, reference: str = "") -> StepCard:
    """One step that waits for somebody."""
    return StepCard(
        title=step_run.step.title,
        due_at=step_run.due_at,
        paragraphs=[
            step_run.step.what,
            f"Responsible: {reader.responsible(step_run)}.",
            *by_phone(step_run.step),
        ],
        acknowledged=_promise(step_run, now),
        actions=_actions(step_run, reader, now),
        why=why(step_run),
        reference=reference,
        ring=reader.ring(step_run),
    )


def by_phone(step: Step) -> list[str]:
    """Whom Casework cannot tell, so that whoever does the step knows whom to ring."""
    outside = [ROLES[role].replace("'", "’") for role in step.told if role in OUTSIDE_ROLES]
    if not outside or step.met_by in CALLS:
        return []
    return [f"To be told by phone: {', '.join(outside)}."]


def why(step_run: StepRun) -> Why:
    """The arithmetic behind a due time."""
    step, version = step_run.step, step_run.run.version
    again = step_run.derivation.get("moved") == "reopened"
    reasons = ["Asked for again: it was ticked or waived by mistake."] if again else []
    source = f"Version {version.number}, step {step.code}. Basis: {BASIS.get(step.basis, step.basis)}."
    cited = step.citation.removeprefix("Local option; ")  # the basis has said that
    if cited and cited != "Local option":
        source += f" {cited[:1].upper()}{cited[1:]}."
    return Why(f"Why {clock_time(step_run.due_at)}?", explain(step_run.derivation), reasons, source)


def _promise(step_run: StepRun, now: datetime) -> str:
    if step_run.acknowledged_at is None or step_run.acknowledged_by is None:
        return ""
    name, until = step_run.acknowledged_by.name, step_run.acknowledged_until
    made = f"by {name} {clock_time(step_run.acknowledged_at)}."
    if until is None:
        return made
    if until <= now:
        return f"{made} That promise lapsed at {clock_time(until)}."
    return f"{made} That is a promise, not the step: it lapses at {clock_time(until)}."


def _actions(step_run: StepRun, reader: Reader, now: datetime) -> list[Action]:
    about = step_run.step.title
    found = [_main(step_run, reader)]
    if step_run.step.met_by in ALSO_TICKED and step_run.episode_id:
        found.append(_act(step_run, reader, Act.COMPLETE_STEP, "Record it in other words", "complete"))
    if _decides_category(step_run):
        found.append(_act(step_run, reader, Act.COMPLETE_STEP, "Late, and expected back", "complete"))
    if step_run.acknowledged_until is None or step_run.acknowledged_until <= now:
        found.append(_act(step_run, reader, Act.ACKNOWLEDGE_STEP, "Acknowledge", "acknowledge"))
    found += [
        _act(step_run, reader, Act.HAND_OVER_STEP, "Hand over", "hand-over"),
        _act(step_run, reader, Act.WAIVE_STEP, "Waive with a reason", "waive")
        or _act(step_run, reader, Act.ASK_WAIVER, "Ask a manager to waive it", "ask-waiver"),
    ]
    return [Action(one.text, one.url, about, one.is_main) for one in found if one]


def _main(step_run: StepRun, reader: Reader) -> Action | None:
    """The way to meet the step: the record that meets it, or the step's own questions."""
    step = step_run.step
    if step.met_by in MET_ON and step_run.episode_id:
        text, name = MET_ON[step.met_by]
        if reader.may(_ACT_ON[name]):
            url = reverse(name, args=[step_run.episode_id]) + _WHERE_ON.get(step.met_by, "")
            return Action(text, url, is_main=True)
        return None
    if step.met_by in TOLD_ON and step_run.episode_id:
        found = _act(step_run, reader, Act.TELL, TOLD_ON[step.met_by].button, "tell")
        return Action(found.text, found.url, is_main=True) if found else None
    if _decides_category(step_run) and reader.may(Act.DECIDE_CATEGORY):
        return Action(
            "Away or missing", reverse("pages:episode-category", args=[step_run.episode_id]), is_main=True
        )
    text = _WORDS_FOR_DONE.get(step.kind, "Record it")
    found = _act(step_run, reader, Act.COMPLETE_STEP, text, "complete")
    return Action(found.text, found.url, is_main=True) if found else None


def _decides_category(step_run: StepRun) -> bool:
    """A decision that recording the child as missing would end."""
    step = step_run.step
    return step.kind == "decide" and "missing" in step.stops and step_run.episode_id is not None


def _act(step_run: StepRun, reader: Reader, act: Act, text: str, name: str) -> Action | None:
    if not reader.may(act):
        return None
    url = reverse(f"pages:step-{name}", args=[step_run.pk])
    return Action(text, f"{url}?from=work" if reader.from_work else url)


# ---- what is over ----


def settled_of(step_run: StepRun, now: datetime) -> SettledStep:
    """One step that is over, in a line: who, when, how late, or why not."""
    state, title = StepState(step_run.state), step_run.step.title
    at = step_run.done_at or step_run.superseded_at
    who = step_run.done_by.name if step_run.done_by else ""
    when = moment(at, now) if at else ""
    said = " ".join(part for part in (who, when) if part)
    if state == StepState.DONE and step_run.done_at:
        late = step_run.done_at - step_run.due_at
        if late.total_seconds() >= 60:
            return SettledStep(
                "Done late", title, f"{said}, {span(late)} after {clock_time(step_run.due_at)}"
            )
        return SettledStep("Done", title, f"{said}, due {moment(step_run.due_at, now)}")
    detail = ": ".join(part for part in (said, step_run.reason) if part)
    return SettledStep("Not done" if was_passed_over(step_run) else str(state.label), title, detail)


def was_passed_over(step_run: StepRun) -> bool:
    """One round of a step that nobody did before the next one came."""
    return step_run.state == StepState.NOT_NEEDED and step_run.reason == CAME_ROUND_AGAIN.words


# ---- what comes, if nothing changes ----


@dataclass(frozen=True)
class Coming:
    """One line of what the clock will do."""

    at: datetime
    what: str


ROLE_WORDS: Final = {
    "carer": "the home",
    "duty_worker": "the social worker or the emergency duty team",
    "police": "the police",
    "everyone_told": "everybody who was told",
}


def role_words(role: str) -> str:
    """the team manager."""
    return ROLE_WORDS.get(role, f"the {role.replace('_', ' ')}")


def coming(step_runs: Sequence[StepRun], now: datetime) -> list[Coming]:
    """The steps and rungs ahead, soonest first, and the promises that will lapse."""
    found = [Coming(run.due_at, _what_happens(run)) for run in step_runs if _is_ahead(run, now)]
    found += [
        Coming(run.acknowledged_until, f"{_person(run)}’s promise lapses: {_lower(run.step.title)}")
        for run in step_runs
        if run.state in OWED and run.acknowledged_until and run.acknowledged_until > now
    ]
    return sorted(found, key=lambda one: one.at)


def _is_ahead(step_run: StepRun, now: datetime) -> bool:
    return step_run.state == StepState.WAITING and step_run.due_at > now


def _what_happens(step_run: StepRun) -> str:
    if step_run.rung:
        told = role_words(step_run.role)
        return f"If not done, {told} is told: {_lower(step_run.step.title)}"
    return f"{step_run.step.title}: {role_words(step_run.role)}"


def _person(step_run: StepRun) -> str:
    return step_run.acknowledged_by.name if step_run.acknowledged_by else "Somebody"


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]
