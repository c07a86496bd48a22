"""The answers of a report read back before it is sent, and the few words to say first to the police."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.urls import reverse

from casework.front.pages.kit import days_only, words
from casework.front.pages.kit.cards import SummaryRow
from casework.front.pages.reports.report_draft import ReportDraft, carrying_of, medicine_left_behind
from casework.front.pages.reports.report_questions import NOT_YET, NOTHING, SIGNS, carried_name, carried_words
from incidents.codes import Check
from incidents.models import Indicator, IndicatorCode, MissingEpisode, PoliceAnswer

_KIND: Final = {
    "missing": "No. This is a missing report",
    "away": "Yes. They are away without permission",
    "concern": "They are late, and you are not worried yet",
}
_POLICE: Final = {
    NOT_YET: "Not yet",
    PoliceAnswer.Answer.TAKEN: "Yes, and they took the report",
    PoliceAnswer.Answer.GRADED_LOWER: "Yes, but they see less danger than you do",
    PoliceAnswer.Answer.REFUSED: "Yes, but they did not take it",
}
_SIGN_WORDS: Final = {code.value: question for code, question in SIGNS}

# A call to the police begins with these: few words, the worst first.
_SAY_FIRST: Final = {
    IndicatorCode.SELF_HARM: "may harm themselves",
    IndicatorCode.THREATS_OR_INJURY: "hurt or threatened",
    IndicatorCode.MEDICAL_NEED: "needs medicine or treatment soon",
    IndicatorCode.WITH_UNKNOWN_ADULT: "with an adult we do not know",
    IndicatorCode.TRAFFICKING: "at risk of trafficking",
    IndicatorCode.SEXUAL_EXPLOITATION: "at risk of sexual exploitation",
    IndicatorCode.CRIMINAL_EXPLOITATION: "at risk of criminal exploitation",
    IndicatorCode.ABSCONDER: "on bail, remand, a curfew or a tag",
}


def said_within(at: datetime, now: datetime) -> str:
    """today 22:10, inside a sentence; a weekday keeps its capital."""
    text = words.moment(at, now)
    is_near = text.startswith(("Today", "Tomorrow", "Yesterday"))
    return text[0].lower() + text[1:] if is_near else text


def say_first(episode: MissingEpisode, age: int, indicators: frozenset[str], now: datetime) -> str:
    """16, needs medicine or treatment soon, last seen today 22:10."""
    found = [str(age), *(phrase for code, phrase in _SAY_FIRST.items() if code in indicators)]
    if episode.last_seen_at:
        found.append(f"last seen {said_within(episode.last_seen_at, now)}")
    return ", ".join(found)


def summary(draft: ReportDraft, now: datetime) -> list[SummaryRow]:
    """Each question with its answer and the way back to it."""
    rows = [
        ("Who", [draft.names], "children"),
        ("Do you know where they are?", _where(draft.said("where"), now), "where"),
        ("Last seen", _seen(draft.said("seen"), now), "seen"),
        ("What you have checked", _checks(draft.said("checks")), "checks"),
        ("Anything urgent?", _urgent(draft), "urgent"),
        ("With them", _with_them(draft), "with-them"),
        ("Wearing", [draft.said("with-them").get("wearing", "")], "with-them"),
        ("Have you told the police?", _police(draft), "police"),
    ]
    return [
        SummaryRow(key, lines[0] if lines else "", _change_url(draft, slug), lines=lines[1:])
        for key, lines, slug in rows
    ]


def reported(episode: MissingEpisode, now: datetime) -> list[SummaryRow]:
    """What an episode's report says, as it stands after corrections; without what nobody answered."""
    checks = [str(Check(code).label) for code in episode.checks_made if code in Check.values]
    noticed = days_only.moment(episode, episode.noticed_at, now, estimated=episode.noticed_estimated)
    signs = episode.indicators.filter(withdrawn_at__isnull=True).order_by("seen_at")
    rows = [
        (
            "Last seen",
            [*_moment_words(episode.last_seen_at, now), episode.last_seen_where, episode.last_seen_by],
        ),
        ("Expected back", _moment_words(episode.expected_at, now)),
        ("Noticed gone", [noticed]),
        ("Where they were said to be", [spell.whereabouts for spell in episode.spells.all()]),
        ("What was checked", checks),
        ("Before they went", [episode.circumstances]),
        ("What makes it urgent", [_sign_words(sign) for sign in signs]),
        ("With them", [episode.carrying]),
        ("Wearing", [episode.wearing]),
    ]
    return [
        SummaryRow(key, found[0], lines=found[1:])
        for key, lines in rows
        if (found := [line for line in lines if line])
    ]


def _moment_words(at: datetime | None, now: datetime) -> list[str]:
    return [f"{words.moment(at, now)} ({words.ago(at, now)})"] if at else []


def _sign_words(sign: Indicator) -> str:
    label = str(sign.get_code_display())
    return f"{label}: {sign.words}" if sign.words else label


def _change_url(draft: ReportDraft, slug: str) -> str:
    if slug == "children":
        return reverse("pages:report-children", args=[draft.id])
    return reverse("pages:report-question", args=[draft.id, slug])


def _where(said: Mapping[str, Any], now: datetime) -> list[str]:
    lines = [_KIND[said["where"]], said["whereabouts"]]
    if said["expected_at"]:
        lines.append(f"Expected {_at(said['expected_at'], now)}")
    return [line for line in lines if line]


def _seen(said: Mapping[str, Any], now: datetime) -> list[str]:
    seen_at = datetime.fromisoformat(said["last_seen_at"])
    guess = ", best guess" if said["is_guess"] else ""
    by = "you" if said["seen_by"] == "me" else said["seen_by_name"]
    return [
        f"{words.moment(seen_at, now)} ({words.ago(seen_at, now)}){guess}",
        said["last_seen_where"],
        f"Seen by {by}",
        f"Noticed gone {_at(said['noticed_at'], now)}",
        *([f"Reported only now: {said['late_reason']}"] if said["late_reason"] else []),
    ]


def _checks(said: Mapping[str, Any]) -> list[str]:
    done = [str(Check(code).label) for code in said["checks"] if code != NOTHING]
    return [*(done or ["Nothing yet"]), *([said["circumstances"]] if said["circumstances"] else [])]


def _urgent(draft: ReportDraft) -> list[str]:
    said = draft.said("urgent")
    lines = [_as_answer(said, code) for code in said["signs"] if code != NOTHING]
    if without := medicine_left_behind(draft):
        lines.insert(0, f"Without their medicine: {without}")
    return lines or ["None of these, as far as you know"]


def _as_answer(said: Mapping[str, Any], code: str) -> str:
    about = said.get(f"about_{code}")
    return f"{_SIGN_WORDS[code]} Yes or maybe{f': {about}' if about else ''}"


def _with_them(draft: ReportDraft) -> list[str]:
    answers = draft.said("with-them")
    unsaid = [carried_words(fact).lower() for fact in draft.facts if not answers.get(carried_name(fact))]
    return [*carrying_of(draft), *([f"Not answered: {', '.join(unsaid)}"] if unsaid else [])]


def _police(draft: ReportDraft) -> list[str]:
    told, call = draft.said("police")["told"], draft.said("police-call")
    lines = [str(_POLICE[told])]
    if told != NOT_YET:
        reference = call["police_reference"]
        lines += [call["officer"], f"Reference {reference}" if reference else "No reference yet"]
        lines.append(call.get("reason", ""))
    return [line for line in lines if line]


def _at(text: str, now: datetime) -> str:
    return words.moment(datetime.fromisoformat(text), now)
