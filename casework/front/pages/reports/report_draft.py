"""A report while it is being written: its questions, the answers so far, what it becomes when sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from casework.front.pages.kit.forms import GovForm, LondonDateTimeField
from casework.front.pages.reports.carers import name_and_age
from casework.front.pages.reports.report_questions import (
    CARRIED,
    NOT_YET,
    NOTHING,
    ChecksForm,
    PoliceCallForm,
    PoliceForm,
    SeenForm,
    UrgentForm,
    WhereForm,
    WithThemForm,
    carried_name,
    carried_words,
)
from casework.records.access import children_visible_to
from casework.records.errors import NotFound
from casework.records.models import Child, Draft, FactKind, ProfileFact, User
from casework.records.services import drafts
from casework.records.times import now
from incidents.models import IndicatorCode, MissingEpisode
from incidents.services.police import PoliceTold
from incidents.services.reports import report_missing

KIND: Final = "report"
Answers = Mapping[str, Any]  # one screen's, as JSON keeps them


@dataclass(frozen=True)
class Screen:
    """One screen of the report. `heading` is empty where its one question is the heading."""

    slug: str
    title: str
    form: type[GovForm]
    heading: str = ""
    lead: str = ""
    template: str = "question"


SCREENS: Final = (
    Screen("where", "Where they are", WhereForm, template="where"),
    Screen("seen", "Last seen", SeenForm, "When were they last seen?", template="seen"),
    Screen("checks", "What you have checked", ChecksForm, "What you have done so far"),
    Screen("urgent", "Anything urgent", UrgentForm),
    Screen(
        "with-them",
        "With them and wearing",
        WithThemForm,
        "What have they got with them?",
        template="with_them",
    ),
    Screen("police", "Police", PoliceForm),
    Screen("police-call", "Your call to the police", PoliceCallForm, "Your call to the police"),
)
_BY_SLUG: Final = {screen.slug: screen for screen in SCREENS}
QUESTIONS: Final = (
    8  # which child, six that everybody is asked, and the check; the police call is part of one
)


@dataclass(frozen=True)
class ReportDraft:
    """What this person has answered so far, about children they may still see."""

    id: UUID
    begun_at: datetime
    caption: str  # Ola Brightwater, 16
    children: Sequence[Child]
    answers: Mapping[str, Answers]

    @property
    def names(self) -> str:
        return names(self.children)

    @property
    def has_told_police(self) -> bool:
        return bool(self.said("police").get("told", NOT_YET) != NOT_YET)

    @property
    def screens(self) -> Sequence[Screen]:
        """The screens that these answers ask for."""
        return [screen for screen in SCREENS if screen.slug != "police-call" or self.has_told_police]

    @property
    def missing_screen(self) -> Screen | None:
        """The first screen without its answers."""
        return next((screen for screen in self.screens if screen.slug not in self.answers), None)

    def said(self, slug: str) -> Answers:
        return self.answers.get(slug, {})

    def screen(self, slug: str) -> Screen:
        if slug not in _BY_SLUG:
            raise NotFound
        return _BY_SLUG[slug]

    def before(self, screen: Screen) -> Screen | None:
        """Where "Back" leads; None means to the question which child."""
        at = [one.slug for one in self.screens].index(screen.slug)
        return self.screens[at - 1] if at else None

    def number_of(self, screen: Screen) -> int:
        """Question 3 of 8; the call to the police belongs to the question about them."""
        return min(SCREENS.index(screen), QUESTIONS - 3) + 2

    def form(self, screen: Screen, post: Any, moment: datetime) -> GovForm:
        """The screen's form: as sent, or with what was answered before."""
        options: dict[str, Any] = {}
        if screen.form is WithThemForm:
            options["facts"] = self.facts
        if screen.form is PoliceCallForm:
            options["answer"] = self.said("police").get("told", NOT_YET)
        form = screen.form(post, now=moment, **options)
        form.initial.update(_restored(form, self.said(screen.slug)))
        return form

    @property
    def facts(self) -> Sequence[ProfileFact]:
        """What the profile says the child takes along, medicine first; asked only of a child alone."""
        if len(self.children) != 1:
            return []
        return sorted(
            self.children[0].facts.filter(
                kind__in=CARRIED, replaced_by__isnull=True, withdrawn_at__isnull=True
            ),
            key=lambda fact: (list(CARRIED).index(FactKind(fact.kind)), fact.recorded_at),
        )


def names(children: Sequence[Child]) -> str:
    """Ola Brightwater; Kit Ashdown and Ola Brightwater."""
    found = [child.name for child in children]
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


# Keeping it ------------------------------------------------------------------------------------------


def begin(user: User, child_ids: Sequence[str]) -> ReportDraft:
    """A new draft about these children."""
    row = drafts.keep(user=user, kind=KIND, answers={"children": list(child_ids), "screens": {}})
    return _read(user, row)


def find(user: User, draft_id: UUID) -> ReportDraft:
    """This person's draft; `NotFound` for another's, and once its children are no longer theirs to see."""
    return _read(user, drafts.find(user=user, kind=KIND, draft_id=draft_id))


def unsent(user: User, here: Sequence[Child]) -> list[ReportDraft]:
    """What this person began about children who live here, and has not sent; newest first."""
    return [draft for row in drafts.kept_by(user, KIND) if (draft := _about(row, here))]


def choose(user: User, draft: ReportDraft, child_ids: Sequence[str]) -> ReportDraft:
    """The same answers, about these children."""
    return _write(user, draft, child_ids, draft.answers)


def keep(user: User, draft: ReportDraft, screen: Screen, form: GovForm) -> ReportDraft:
    """The draft with this screen's answers."""
    ids = [str(child.pk) for child in draft.children]
    return _write(user, draft, ids, {**draft.answers, screen.slug: kept(form)})


def drop(user: User, draft_id: UUID) -> None:
    drafts.drop(user=user, kind=KIND, draft_id=draft_id)


def _write(
    user: User, draft: ReportDraft, child_ids: Sequence[str], answers: Mapping[str, Answers]
) -> ReportDraft:
    whole = {"children": list(child_ids), "screens": dict(answers)}
    return _read(user, drafts.keep(user=user, kind=KIND, answers=whole, draft_id=draft.id))


def _read(user: User, row: Draft) -> ReportDraft:
    draft = _readable(user, row)
    if draft is None:
        raise NotFound
    return draft


def _readable(user: User, row: Draft) -> ReportDraft | None:
    """None when the children have moved on since."""
    ids = row.answers.get("children", [])
    return _about(row, children_visible_to(user).filter(pk__in=ids).order_by("first_name", "last_name"))


def _about(row: Draft, seen: Iterable[Child]) -> ReportDraft | None:
    ids = row.answers.get("children", [])
    children = [child for child in seen if str(child.pk) in ids]
    if not children or len(children) < len(ids):
        return None
    screens = row.answers.get("screens", {})
    return ReportDraft(row.pk, row.recorded_at, _caption(children), children, screens)


def kept(form: GovForm) -> dict[str, Any]:
    """A valid form's answers as JSON keeps them."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in form.cleaned_data.items()
        if name != "form_key"
    }


def _restored(form: GovForm, answers: Answers) -> dict[str, Any]:
    """The same, as the form's questions take them; answers to questions no longer asked are left out."""
    moments = {name for name, field in form.fields.items() if isinstance(field, LondonDateTimeField)}
    return {
        name: datetime.fromisoformat(value) if name in moments and value else value
        for name, value in answers.items()
        if name in form.fields
    }


def _caption(children: Sequence[Child]) -> str:
    """Ola Brightwater, 16; without ages when they are several."""
    return name_and_age(children[0], now()) if len(children) == 1 else names(children)


# Sending it ------------------------------------------------------------------------------------------


def send_report(by: User, draft: ReportDraft, *, typed_name: str) -> MissingEpisode:
    """Make the report of what was answered; every screen has its answers."""
    where, seen, checks = draft.said("where"), draft.said("seen"), draft.said("checks")
    first, *others = draft.children
    return report_missing(
        by=by,
        child=first,
        together_with=others,
        category=where["where"],
        whereabouts=where["whereabouts"],
        expected_at=_moment(where["expected_at"]),
        noticed_at=datetime.fromisoformat(seen["noticed_at"]),
        last_seen_at=_moment(seen["last_seen_at"]),
        last_seen_estimated=seen["is_guess"],
        last_seen_where=seen["last_seen_where"],
        last_seen_by=seen["seen_by_name"] if seen["seen_by"] == "else" else typed_name or by.name,
        late_reason=seen["late_reason"],
        checks_made=[code for code in checks["checks"] if code != NOTHING],
        circumstances=checks["circumstances"],
        indicators=signs_of(draft),
        wearing=draft.said("with-them")["wearing"],
        carrying="\n".join(carrying_of(draft)),
        told_police=_police_told(draft),
        typed_name=typed_name,
    )


def signs_of(draft: ReportDraft) -> dict[str, str]:
    """The signs of danger with what is known of each. Gone without medicine is one of them."""
    urgent = draft.said("urgent")
    signs = {
        code: str(urgent.get(f"about_{code}", "")) for code in urgent.get("signs", ()) if code != NOTHING
    }
    if without := medicine_left_behind(draft):
        need = IndicatorCode.MEDICAL_NEED.value
        signs[need] = ". ".join(one for one in (signs.get(need, ""), f"Without: {without}") if one)
    return signs


def medicine_left_behind(draft: ReportDraft) -> str:
    """Blue inhaler; insulin pen."""
    answers = draft.said("with-them")
    return "; ".join(
        fact.words
        for fact in draft.facts
        if fact.kind == FactKind.MEDICAL and answers.get(carried_name(fact)) == "no"
    )


def carrying_of(draft: ReportDraft) -> list[str]:
    """One line a thing of the profile that was answered, then what was written besides."""
    answers = draft.said("with-them")
    words = {"yes": "with them", "no": "NOT with them", "unsure": "not known whether with them"}
    lines = [
        f"{carried_words(fact)}, {fact.words}: {words[answer]}"
        for fact in draft.facts
        if (answer := answers.get(carried_name(fact))) in words
    ]
    return [*lines, answers["carrying"]] if answers.get("carrying") else lines


def _police_told(draft: ReportDraft) -> PoliceTold | None:
    told, call = draft.said("police")["told"], draft.said("police-call")
    if told == NOT_YET:
        return None
    return PoliceTold(
        told_at=datetime.fromisoformat(call["told_at"]),
        answer=told,
        officer=call["officer"],
        reference=call["police_reference"],
        reason=call.get("reason", ""),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
