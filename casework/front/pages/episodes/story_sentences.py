"""Each verb of the chronology as a sentence: a headline, and what was written with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from casework.front.pages.episodes.step_cards import role_words
from casework.front.pages.kit.identity import sign_words
from casework.front.pages.kit.words import calendar_day, clock_time
from casework.records.models import ChronologyEntry, Disclosure
from casework.records.verbs import RecordVerb
from incidents.models import (
    DecisionOutcome,
    Ending,
    Handover,
    Indicator,
    InterviewAttempt,
    LegalKind,
    LegalStage,
    Located,
    LocatedCheck,
    MeetingKind,
    News,
    PlacementNotice,
    PoliceAnswer,
    PreventionInterview,
    Referral,
    ReferralOutcome,
    RiskAssessment,
    UnverifiedInformation,
)
from incidents.verbs import EpisodeVerb
from protocols.messages import StepVerb


@dataclass(frozen=True)
class Said:
    """An entry in words: a headline, and what was written."""

    title: str
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A chronology entry beside the row it is about, which an old entry may have lost from sight."""

    row: ChronologyEntry
    about: Any
    to: str = ""  # whom something was handed to, or taken over from


def in_words(entry: Entry) -> Said:
    """What the entry says."""
    return SENTENCES.get(entry.row.verb, _plain)(entry)


def _plain(entry: Entry) -> Said:
    """A verb that has no sentence of its own yet still reads: "placement.started" → "Placement started"."""
    return Said(entry.row.verb.replace(".", " ").replace("_", " ").capitalize())


def _fixed(title: str) -> Callable[[Entry], Said]:
    return lambda entry: Said(title)


def _with(title: str, *fields: str) -> Callable[[Entry], Said]:
    """A headline, then what was written in these fields of the row."""
    return lambda entry: Said(title, tuple(str(getattr(entry.about, name, "") or "") for name in fields))


def _news(entry: Entry) -> Said:
    if entry.about is None:
        return Said("News")
    news: News = entry.about
    said = "Said to be" if news.kind == News.Kind.ENQUIRER else "Told by"
    known = "How they knew to ask" if news.kind == News.Kind.ENQUIRER else "How that is known"
    lines = (
        news.where,
        news.words,
        f"{said} {news.told_by}." if news.told_by else "",
        f"Number: {news.number}." if news.number else "",
        f"{known}: {news.how_known}" if news.how_known else "",
        f"{news.get_how_sure_display()}." if news.how_sure else "",
    )
    return Said(News.Kind(news.kind).label, lines)


def _spoken(entry: Entry) -> Said:
    """Older entries, and a child who was recorded away, say only that somebody spoke to them."""
    title = "Spoke to the child. That is not the same as finding them"
    if not isinstance(entry.about, News):
        return Said(title)
    where = f"Said they are: {entry.about.where}" if entry.about.where else ""
    return Said(title, (f"“{entry.about.words}”", where, *_news(entry).paragraphs[2:]))


def _notice(entry: Entry) -> Said:
    if entry.about is None:
        return Said("The home gave notice")
    notice: PlacementNotice = entry.about
    ends = calendar_day(notice.ends_on)
    return Said(f"The home gave notice: the place ends on {ends}", (notice.reason, f"By {notice.given_by}."))


def _located_check(entry: Entry) -> Said:
    if entry.about is None:
        return Said("Asked how it stands with the child")
    check: LocatedCheck = entry.about
    with_whom = f"With: {check.with_whom}" if check.with_whom else ""
    lines = (with_whom, f"Fetched by: {check.fetched_by}", check.why_not_back)
    return Said("Located: who is with the child, and who fetches them", lines)


def _prevention(entry: Entry) -> Said:
    if entry.about is None:
        return Said("The police’s talk after the return")
    talk: PreventionInterview = entry.about
    officer = f"Officer: {talk.officer}." if talk.officer else ""
    outcome = talk.get_outcome_display()
    return Said(f"The police’s talk after the return: {_lower(outcome)}", (talk.words, officer))


def _police(entry: Entry) -> Said:
    if entry.about is None:
        return Said("Told the police")
    answer: PoliceAnswer = entry.about
    titles = {
        PoliceAnswer.Answer.TAKEN: "Told the police",
        PoliceAnswer.Answer.REFUSED: "The police refused the report",
        PoliceAnswer.Answer.GRADED_LOWER: "The police graded the risk lower than we do",
    }
    facts = (("Reference", answer.reference), ("Spoke to", answer.officer), ("Reason given", answer.reason))
    words = " ".join(f"{name}: {text.rstrip('.')}." for name, text in facts if text)
    return Said(titles[PoliceAnswer.Answer(answer.answer)], (words,))


def _challenge(entry: Entry) -> Said:
    if entry.about is None:
        return Said("Challenged the police")
    outcome = f"Outcome: {entry.about.outcome}" if entry.about.outcome else ""
    return Said(f"Challenged the police: {entry.about.made_to}", (entry.about.words, outcome))


def _grade(entry: Entry) -> Said:
    if entry.about is None:
        return Said("Risk graded")
    grade: RiskAssessment = entry.about
    by_another = entry.row.actor is None or grade.assessor != entry.row.actor.name
    by = f"Assessed by {grade.assessor}." if grade.assessor and by_another else ""
    title = f"{grade.get_made_by_display()} grade: {grade.get_grade_display().lower()}"
    return Said(title, (grade.rationale, by))


def _indicator(title: str) -> Callable[[Entry], Said]:
    def say(entry: Entry) -> Said:
        if entry.about is None:
            return Said(title)
        indicator: Indicator = entry.about
        if "withdrawn" in title:
            return Said(f"{title}: {indicator.get_code_display().lower()}", (indicator.withdrawn_reason,))
        return Said(
            f"{title}: {indicator.get_code_display().lower()}", (*sign_words(indicator), indicator.words)
        )

    return say


def _ended(title: str) -> Callable[[Entry], Said]:
    """An end that is none of the usual ones, with why and how that is known."""

    def say(entry: Entry) -> Said:
        if entry.about is None:
            return Said(title)
        ending: Ending = entry.about
        to = str(entry.row.payload.get("to", "")) or ending.to_name
        return Said(f"{title}: {to}" if to else title, (ending.reason, ending.evidence))

    return say


def _referral(title: str) -> Callable[[Entry], Said]:
    """What was told or asked; for the Home Office, whether missing or found."""

    def say(entry: Entry) -> Said:
        if entry.about is None:
            return Said(title)
        asked: Referral = entry.about
        found = {Referral.Kind.HOME_OFFICE_MISSING: "missing", Referral.Kind.HOME_OFFICE_FOUND: "found"}
        what = found.get(Referral.Kind(asked.kind))
        facts = (("To", asked.made_to), ("Made by", asked.made_by_name), ("Reference", asked.reference))
        line = " ".join(f"{name}: {text.rstrip('.')}." for name, text in facts if text)
        return Said(f"{title}: {what}" if what else title, (line, asked.words))

    return say


def _declined(entry: Entry) -> Said:
    if entry.about is None:
        return Said("Decided that it need not be done")
    return Said(entry.about.get_kind_display(), (entry.about.words,))


def _answered(entry: Entry) -> Said:
    if entry.about is None:
        return Said("A referral was answered")
    came: ReferralOutcome = entry.about
    facts = (("Who", came.who), ("Reference", came.reference))
    line = " ".join(f"{name}: {text.rstrip('.')}." for name, text in facts if text)
    return Said(
        f"{came.referral.get_kind_display()}: {came.get_outcome_display().lower()}", (line, came.words)
    )


def _reported(again: str = "") -> Callable[[Entry], Said]:
    def say(entry: Entry) -> Said:
        category = str(entry.row.payload.get("category", ""))
        what = {"concern": "late", "away": "away", "missing": "missing"}.get(category, "")
        late = str(entry.row.payload.get("late_reason", ""))
        return Said(f"Reported {what} {again}".strip(), (f"Reported only now: {late}" if late else "",))

    return say


def _imported(title: str) -> Callable[[Entry], Said]:
    """What the authority's files said, in days."""

    def say(entry: Entry) -> Said:
        return Said(title, tuple(_period(one) for one in entry.row.payload.get("periods") or ()))

    return say


def _period(period: Mapping[str, str | None]) -> str:
    """Missing from 5 May 2026 to 7 May 2026; Away on 8 May 2026; Missing from 9 May 2026, not over."""
    what = str(period.get("category", "")).capitalize()
    first, last = (_day_of(period, end) for end in ("from", "until"))
    if not last:
        return f"{what} from {first}, not over."
    return f"{what} on {first}." if first == last else f"{what} from {first} to {last}."


def _day_of(period: Mapping[str, str | None], end: str) -> str:
    day = period.get(end)
    return calendar_day(date.fromisoformat(day)) if day else ""


def _correction(entry: Entry) -> Said:
    """What was put right; old and new stand side by side under Details."""
    fields = entry.row.payload.get("fields") or []
    what = ", ".join(str(name).removesuffix("_at").replace("_", " ") for name in fields)
    return Said(f"Report corrected: {what}" if what else "Report corrected")


def _told(entry: Entry) -> Said:
    if entry.about is None:
        return Said("Somebody was told")
    told: Disclosure = entry.about
    whom = told.told_name or told.get_audience_display()
    of = "" if told.told_of == Disclosure.Of.MISSING else f": {told.get_told_of_display().lower()}"
    if told.how == Disclosure.How.NOT_TOLD:
        return Said(f"Decided not to tell {whom}{of}", (told.reason_not_told,))
    return Said(f"Told {whom}{of}", (f"{told.get_how_display()}.", told.what))


def _located(entry: Entry) -> Said:
    if entry.about is None:
        return Said("Located")
    found: Located = entry.about
    by = f"Found by: {found.get_found_by_display().lower()}."
    return Said("Located, not back", (found.where, by, found.with_whom, found.condition))


def _found_by_force(entry: Entry) -> Said:
    """The police's own word; whether it is the child is answered by those who know them."""
    said = _located(entry)
    force = entry.about.proposed_by if entry.about else None
    return Said(f"Found, says {force.name}" if force else "Found, say the police", said.paragraphs)


def _answered_finding(title: str) -> Callable[[Entry], Said]:
    return lambda entry: Said(title, (entry.about.words if entry.about else "",))


def _of_force(what: str) -> Callable[[Entry], Said]:
    """What a force said of an episode as a whole."""
    return lambda entry: Said(f"{entry.row.payload.get('force') or 'The police'} {what}")


def _returned(entry: Entry) -> Said:
    """Back, and where to if that is a new placement."""
    title = "Back, at a new placement" if entry.row.payload.get("moved") else "Back"
    if entry.about is None:
        return Said(title)
    fetched = f"Fetched by: {entry.about.fetched_by}" if entry.about.fetched_by else ""
    return Said(title, (entry.about.how, fetched, entry.about.condition))


def _attempt(entry: Entry) -> Said:
    """Older entries speak of the interview itself, which does not say how it was tried."""
    title = "Tried to hold the return interview"
    if not isinstance(entry.about, InterviewAttempt):
        return Said(title)
    return Said(title, (entry.about.how, entry.about.outcome))


def _step(title: str) -> Callable[[Entry], Said]:
    """A person's act on a step, with its reason."""

    def say(entry: Entry) -> Said:
        step_run = entry.about
        if step_run is None:
            return Said(title)
        return Said(f"{title}: {step_run.step.title}", (str(entry.row.payload.get("reason", "")),))

    return say


def _done(entry: Entry) -> Said:
    """What was recorded, question by question."""
    if entry.about is None:
        return Said("A step was done")
    answers = entry.about.evidence.items()
    lines = (f"{question}: {answer}" for question, answer in answers if answer)
    return Said(f"Done: {entry.about.step.title}", tuple(lines))


def _promised(entry: Entry) -> Said:
    said = _step("Acknowledged")(entry)
    until = entry.row.payload.get("until")
    lapses = f"The promise lapses at {clock_time(datetime.fromisoformat(until))}." if until else ""
    return Said(said.title, (lapses,))


def _handed_over(entry: Entry) -> Said:
    return Said(_step("Handed over")(entry).title, (_to(entry),))


def _allocated(entry: Entry) -> Said:
    return Said("The return interview was given to somebody", (_to(entry),))


def _accepted(entry: Entry) -> Said:
    """Whoever took it on is the one who wrote it; the one who had it before is named."""
    before = f"It was with {entry.to} before." if entry.to else ""
    return Said("Took this case on: “I’ve got this”", (before,))


def _change_of_cover(entry: Entry) -> Said:
    """Which change it was; what was said then; and who had the case before."""
    before = f"It was with {entry.to} before." if entry.to else ""
    if entry.about is None:
        return Said("Accepted at a change of cover", (before,))
    accepted: Handover = entry.about
    at = clock_time(accepted.change_at)
    return Said(f"Accepted at the change of cover at {at}", (accepted.words, before))


def _meeting(what: str) -> Callable[[Entry], Said]:
    """Which kind it was. What was said there stands on its own tab, for those who may read it."""

    def say(entry: Entry) -> Said:
        kind = str(entry.row.payload.get("kind", ""))
        return Said(f"{MeetingKind(kind).label} {what}" if kind in MeetingKind.values else f"Meeting {what}")

    return say


def _action(title: str) -> Callable[[Entry], Said]:
    def say(entry: Entry) -> Said:
        return Said(title, (entry.about.what, entry.about.outcome) if entry.about else ())

    return say


def _decided(entry: Entry) -> Said:
    """What was decided. The reason stands under Meetings and decisions, for those who may read it."""
    outcome = str(entry.row.payload.get("outcome", ""))
    if outcome not in DecisionOutcome.values:
        return Said("A decision was made")
    return Said(f"Decided: {str(DecisionOutcome(outcome).label).lower()}")


def _legal(entry: Entry) -> Said:
    kind, stage = (str(entry.row.payload.get(name, "")) for name in ("kind", "stage"))
    if kind not in LegalKind.values or stage not in LegalStage.Stage.values:
        return Said("A legal tool")
    return Said(f"{LegalKind(kind).label}: {str(LegalStage.Stage(stage).label).lower()}")


def _shared(title: str) -> Callable[[Entry], Said]:
    return lambda entry: Said(f"{title} {entry.row.payload.get('force', 'a police force')}")


def _unverified(entry: Entry) -> Said:
    """What came from people who may not read the record; nobody has checked it."""
    if entry.about is None:
        return Said("Information that nobody has checked")
    kept: UnverifiedInformation = entry.about
    origin = f"{kept.get_came_display()}: {kept.sent_from}." if kept.sent_from else kept.get_came_display()
    return Said("Information that nobody has checked", (kept.words, origin))


def _interview_shared(entry: Entry) -> Said:
    """With whom; the text itself stands with the interview, for those who read it there."""
    audience = str(entry.row.payload.get("audience", ""))
    whom = str(Disclosure.Audience(audience).label) if audience in Disclosure.Audience.values else ""
    return Said(
        f"What came of the return interview was shared: {_lower(whom)}" if whom else "Interview shared"
    )


def _lower(words: str) -> str:
    return f"{words[:1].lower()}{words[1:]}"


def _to(entry: Entry) -> str:
    return f"To {entry.to}." if entry.to else ""


def _fired(entry: Entry) -> Said:
    step_run = entry.about
    if step_run is None:
        return Said("A step came due")
    if step_run.rung:
        return Said(f"Not done, so {role_words(step_run.role)} is told: {step_run.step.title}")
    return Said(f"Came due: {step_run.step.title}")


def _nobody(entry: Entry) -> Said:
    step_run = entry.about
    if step_run is None:
        return Said("Nobody could be told")
    return Said(f"Nobody holds the role of {role_words(step_run.role)}: {step_run.step.title}")


SENTENCES: Final[Mapping[str, Callable[[Entry], Said]]] = {
    EpisodeVerb.REPORTED: _reported(),
    EpisodeVerb.ACCEPTED: _accepted,
    EpisodeVerb.HANDED_OVER: _change_of_cover,
    EpisodeVerb.SHARED: _shared("Shared with"),
    EpisodeVerb.SHARE_ENDED: _shared("No longer shared with"),
    EpisodeVerb.INFORMATION_KEPT: _unverified,
    EpisodeVerb.REPORTED_AGAIN: _reported("again"),
    EpisodeVerb.CORRECTED: _correction,
    EpisodeVerb.RECORDED_AWAY: _with("Recorded as away", "whereabouts", "reason"),
    EpisodeVerb.RECORDED_MISSING: _with("Recorded as missing", "reason"),
    EpisodeVerb.LOCATED: _located,
    EpisodeVerb.RETURNED: _returned,
    EpisodeVerb.RETURN_COMPLETED: _with("The return was written up", "how", "condition", "injuries", "said"),
    EpisodeVerb.SIGNED_OFF: _with("Signed off", "words"),
    EpisodeVerb.REOPENED: _with("Opened again", "words"),
    EpisodeVerb.FALSE_REPORT: lambda entry: Said(
        "The report was mistaken", (str(entry.row.payload.get("reason", "")),)
    ),
    EpisodeVerb.TRANSFERRED: _ended("Taken over by another authority"),
    EpisodeVerb.AGED_OUT: _ended("Turned 18 while missing"),
    EpisodeVerb.DEATH_RECORDED: _fixed("A death was written down. It waits for a second person"),
    EpisodeVerb.DEATH_CONFIRMED: _ended("The child has died"),
    EpisodeVerb.DEATH_WITHDRAWN: lambda entry: Said(
        "The death was a mistake: taken back", (str(entry.row.payload.get("reason", "")),)
    ),
    EpisodeVerb.JOINED: _ended("Joined to another report"),
    EpisodeVerb.JOINED_HERE: lambda entry: Said(
        f"{entry.row.payload.get('reference', 'Another report')} was joined to this report"
    ),
    EpisodeVerb.NEWS_ADDED: _news,
    EpisodeVerb.CHILD_SPOKEN_TO: _spoken,
    EpisodeVerb.NOTICE_GIVEN: _notice,
    EpisodeVerb.LOCATED_CHECKED: _located_check,
    EpisodeVerb.POLICE_ACKNOWLEDGED: _of_force("has the episode"),
    EpisodeVerb.POLICE_REFERENCE_GIVEN: _of_force("gave its reference"),
    EpisodeVerb.POLICE_FOUND: _found_by_force,
    EpisodeVerb.FINDING_CONFIRMED: _answered_finding("It is them: the police’s finding is confirmed"),
    EpisodeVerb.FINDING_REFUSED: _answered_finding("It is not them. The child is still not found"),
    EpisodeVerb.PREVENTION_RECORDED: _prevention,
    EpisodeVerb.POLICE_ANSWERED: _police,
    EpisodeVerb.POLICE_CHALLENGED: _challenge,
    EpisodeVerb.RISK_ASSESSED: _grade,
    EpisodeVerb.INDICATOR_RECORDED: _indicator("Sign of danger"),
    EpisodeVerb.INDICATOR_WITHDRAWN: _indicator("Sign of danger withdrawn"),
    EpisodeVerb.HOME_OFFICE_TOLD: _referral("Home Office told"),
    EpisodeVerb.NRM_REFERRED: _referral("Referred to the National Referral Mechanism"),
    EpisodeVerb.GUARDIAN_ASKED: _referral("An independent child trafficking guardian was asked for"),
    EpisodeVerb.REFERRAL_DECLINED: _declined,
    EpisodeVerb.REFERRAL_ANSWERED: _answered,
    EpisodeVerb.INTERVIEW_OWED: _fixed("A return interview is owed"),
    EpisodeVerb.INTERVIEW_ALLOCATED: _allocated,
    EpisodeVerb.INTERVIEW_OFFERED: _with("Return interview offered", "offer_words"),
    EpisodeVerb.INTERVIEW_TRIED: _attempt,
    EpisodeVerb.INTERVIEW_HELD: _fixed("Return interview held"),
    EpisodeVerb.INTERVIEW_SHARED: _interview_shared,
    EpisodeVerb.INTERVIEW_DECLINED: _with("Return interview declined", "reason"),
    EpisodeVerb.INTERVIEW_UNABLE: _with("The return interview could not be held", "reason"),
    EpisodeVerb.MEETING_HELD: _meeting("held"),
    EpisodeVerb.MEETING_CORRECTED: _meeting("put right"),
    EpisodeVerb.ACTION_AGREED: _action("Action agreed"),
    EpisodeVerb.ACTION_CHANGED: _action("Action changed"),
    EpisodeVerb.ACTION_DONE: _action("Action done"),
    EpisodeVerb.ACTION_DROPPED: _action("Action dropped"),
    EpisodeVerb.DECIDED: _decided,
    EpisodeVerb.LEGAL_TOOL_USED: _legal,
    EpisodeVerb.IMPORTED: _imported("Brought in from the authority’s files"),
    EpisodeVerb.IMPORT_CORRECTED: _imported("Put right from the authority’s files"),
    RecordVerb.PERSON_TOLD: _told,
    RecordVerb.PERSON_NOT_TOLD: _told,
    StepVerb.FIRED: _fired,
    StepVerb.NOBODY: _nobody,
    StepVerb.DONE: _done,
    StepVerb.ACKNOWLEDGED: _promised,
    StepVerb.HANDED_OVER: _handed_over,
    StepVerb.WAIVED: _step("Waived"),
    StepVerb.WAIVER_ASKED: _step("Asked a manager to waive"),
    StepVerb.WAIVER_KEPT: _step("Not waived, still to be done"),
    StepVerb.REOPENED: _step("Asked for again"),
    StepVerb.MOVED: _step("Worked out again"),
    StepVerb.NOT_NEEDED: _step("Not needed"),
    StepVerb.FAILED: _step("Could not be carried out"),
}
