"""Steps as a person meets them: to do next, settled, and to come if nothing changes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse

from casework.front.pages.kit.cards import Action, SettledStep, StepCard, Why
from casework.front.pages.kit.words import clock_time, moment, span
from casework.records.acts import Act
from protocols.clock import explain
from protocols.models import Step, StepRun, StepState
from protocols.plan import CAME_ROUND_AGAIN
from protocols.queries import OWED
from protocols.rulebook import OUTSIDE_ROLES, ROLES

BASIS: Final = {"statutory": "statutory", "national_guidance": "national guidance", "local": "local option"}

# A step that the record itself shows as met is met by making that record, not by a tick.
MET_ON: Final = {
    "duty_accepted": ("I’ve got this", "pages:episode-accept"),
    "police_settled": ("Record what the police said", "pages:police-answer"),
    "told_police": ("Record what the police said", "pages:police-answer"),
    "authority_graded": ("Grade the risk", "pages:risk-assess"),
    "interview_offered": ("Offer the interview", "pages:episode-interviews"),
    "interview_settled": ("Record the interview", "pages:episode-interviews"),
    "signed_off": ("Sign the episode off", "pages:episode-sign-off"),
}
_ACT_ON: Final = {
    "pages:episode-accept": Act.ACCEPT_RESPONSIBILITY,
    "pages:police-answer": Act.RECORD_POLICE_ANSWER,
    "pages:risk-assess": Act.GRADE_RISK,
    "pages:episode-interviews": Act.OFFER_INTERVIEW,
    "pages:episode-sign-off": Act.SIGN_OFF,
}
CALLS: Final = ("told_police", "police_settled")  # the call itself is the step
_WORDS_FOR_DONE: Final = {"decide": "Record the decision", "meeting": "Record the meeting"}


@dataclass(frozen=True)
class Reader:
    """Who is reading: what they may do here, and how people are named to them."""

    may: Callable[[Act], bool]
    responsible: Callable[[StepRun], str]  # "you", "Bev Aldous", or who holds the role
    from_work: bool = False


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
    if step.citation and step.citation.lower() != "local option":
        source += f" {step.citation}."
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
    if _decides_category(step_run):
        found.append(_act(step_run, reader, Act.COMPLETE_STEP, "Late, and expected back", "complete"))
    if step_run.acknowledged_until is None or step_run.acknowledged_until <= now:
        found.append(_act(step_run, reader, Act.ACKNOWLEDGE_STEP, "Acknowledge", "acknowledge"))
    found += [
        _act(step_run, reader, Act.HAND_OVER_STEP, "Hand over", "hand-over"),
        _act(step_run, reader, Act.WAIVE_STEP, "Waive with a reason", "waive"),
    ]
    return [Action(one.text, one.url, about, one.is_main) for one in found if one]


def _main(step_run: StepRun, reader: Reader) -> Action | None:
    """The way to meet the step: the record that meets it, or the step's own questions."""
    step = step_run.step
    if step.met_by in MET_ON and step_run.episode_id:
        text, name = MET_ON[step.met_by]
        if reader.may(_ACT_ON[name]):
            return Action(text, reverse(name, args=[step_run.episode_id]), is_main=True)
        return None
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
    is_undone = state == StepState.NOT_NEEDED and step_run.reason == CAME_ROUND_AGAIN.words
    return SettledStep("Not done" if is_undone else str(state.label), title, detail)


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
