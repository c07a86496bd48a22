"""The questions of a report, one form a screen, as somebody asks them who has two minutes and a telephone."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Unpack

from django.forms.boundfield import BoundField

from casework.front.pages.kit.forms import (
    Choice,
    ChoiceField,
    GovForm,
    LondonDateTimeField,
    MultipleChoiceField,
    NarrativeField,
    TextField,
    TickField,
)
from casework.front.pages.kit.forms.fields import Wording
from casework.front.pages.kit.freshness import Freshness, freshness
from casework.front.pages.reports.carer_forms import NO_OFFICER, NO_REASON
from casework.records.errors import Refused
from casework.records.models import FactKind, ProfileFact
from incidents.codes import Check
from incidents.models import IndicatorCode, PoliceAnswer
from incidents.moments import clocks_of_report

NOT_YET = "not_yet"
NOTHING = "none"

_YES_NO_UNSURE = (Choice("yes", "Yes"), Choice("no", "No"), Choice("unsure", "Not sure"))

# What a child takes along, or goes without: asked of each such fact in the profile.
CARRIED = {
    FactKind.MEDICAL: "Medicine",
    FactKind.PHONE: "Phone",
    FactKind.MONEY: "Money or bank card",
    FactKind.TRAVEL: "Travel pass",
    FactKind.VEHICLE: "Bicycle or other vehicle",
}

# A sign of danger is asked as a plain question; yes, or maybe, records it and moves the steps at once.
SIGNS: tuple[tuple[IndicatorCode, str], ...] = (
    (IndicatorCode.MEDICAL_NEED, "Do they need medicine or treatment in the next hours?"),
    (IndicatorCode.SELF_HARM, "Have they talked about hurting or killing themselves, or tried to?"),
    (IndicatorCode.THREATS_OR_INJURY, "Are they hurt, threatened or in danger from somebody?"),
    (IndicatorCode.WITH_UNKNOWN_ADULT, "Are they with an adult you do not know?"),
    (IndicatorCode.SEXUAL_EXPLOITATION, "Does somebody want sex or pictures from them, for gifts or a bed?"),
    (IndicatorCode.CRIMINAL_EXPLOITATION, "Does somebody make them carry drugs, steal or work off a debt?"),
    (IndicatorCode.TRAFFICKING, "Could somebody be moving them about, or making them work?"),
    (IndicatorCode.ABSCONDER, "Are they on bail, on remand, on a curfew or a tag?"),
)


class WhichChildForm(GovForm):
    """Who it is; several when they went together."""

    children = MultipleChoiceField(
        "Who is missing or away?",
        size="l",
        hint="If they went together, tick each of them.",
        missing="Choose who is missing or away.",
    )

    def __init__(self, post: Any = None, *, offered: Iterable[Choice], **options: Any) -> None:
        super().__init__(post, **options)
        field = self.fields["children"]
        if isinstance(field, MultipleChoiceField):
            field.choices = list(offered)


class WhereForm(GovForm):
    """Which kind of absence it is, in the words of somebody who knows no categories."""

    where = ChoiceField(
        "Do you know where they are?",
        [
            Choice(
                "missing",
                "No, we do not know where they are",
                hint="We treat this as missing. Children’s services are told straight away, "
                "and we ask if you have told the police.",
            ),
            Choice(
                "away",
                "Yes, but they are not where they should be",
                hint="This is called away without permission.",
                reveals="whereabouts",
            ),
            Choice(
                "concern",
                "They are late, and we are not worried yet",
                hint="We note the time and ask you again soon. You can change your mind at any time.",
                reveals="expected_at",
            ),
        ],
        size="l",
        missing="Say whether you know where they are.",
    )
    whereabouts = NarrativeField(
        "Where are they, who with, and how do you know?",
        rows=3,
        missing="Say where they are and how you know.",
    )
    expected_at = LondonDateTimeField(
        "When should they have been back?",
        quick=False,
        missing="Enter the time they should have been back.",
    )


class SeenForm(GovForm):
    """When, where and by whom they were last seen, and when somebody noticed."""

    last_seen_at = LondonDateTimeField("Time", size="m", missing="Enter the time the child was last seen.")
    is_guess = TickField("This is my best guess")
    last_seen_where = TextField(
        "Where?",
        size="m",
        hint="For example: in the garden, at the bus stop outside school",
        limit=300,
        missing="Say where they were last seen. “Not known” is an answer.",
    )
    seen_by = ChoiceField(
        "Who saw them?",
        [Choice("me", "I did"), Choice("else", "Somebody else", reveals="seen_by_name")],
        size="m",
        missing="Say who saw them last.",
    )
    seen_by_name = TextField("Who was it?", missing="Say who it was. “Not known” is an answer.")
    noticed_at = LondonDateTimeField(
        "When did you notice that they were gone?",
        size="m",
        missing="Enter the time you noticed that they were gone.",
    )
    late_reason = NarrativeField("Why is it reported only now?", size="m", rows=3)

    @property
    def asks_why_late(self) -> bool:
        """Only of a report about more than a day ago."""
        return bool(self["late_reason"].errors or self["late_reason"].value())

    def clean(self) -> None:
        clocks = {name: self.cleaned_data.get(name) for name in ("last_seen_at", "noticed_at")}
        try:
            clocks_of_report(
                clocks, self.questions["noticed_at"].the_time(), self.cleaned_data.get("late_reason", "")
            )
        except Refused as refused:
            self.refuse(refused)


class ChecksForm(GovForm):
    """What was tried already."""

    checks = MultipleChoiceField(
        "What have you checked?",
        [*Check.choices, Choice(NOTHING, "Nothing yet", is_none=True)],
        size="m",
        missing="Tick what you have checked, or “Nothing yet”.",
    )
    circumstances = NarrativeField(
        "Did anything happen before they went?",
        size="m",
        hint="An argument, a call, a visit, bad news. Leave it empty if you do not know.",
        rows=3,
    )


class UrgentForm(GovForm):
    """What makes this urgent. Each yes asks for a few words, and none of them is needed to go on."""

    signs = MultipleChoiceField(
        "Is anything making this urgent?",
        [
            *(Choice(code.value, question, reveals=f"about_{code.value}") for code, question in SIGNS),
            Choice(NOTHING, "No, none of these as far as I know", is_none=True),
        ],
        size="l",
        hint="Tick every question you would answer with yes or maybe. It moves the next steps forward.",
        missing="Tick what applies, or “None of these”.",
    )

    def __init__(self, post: Any = None, **options: Any) -> None:
        super().__init__(post, **options)
        for code, _ in SIGNS:
            self.fields[f"about_{code.value}"] = TextField("What do you know?", limit=1000)


class CarriedField(ChoiceField):
    """Whether one thing of the profile is with the child. Its age stands beside it; nothing is ticked."""

    template = "reports/carried.html"

    def __init__(self, fact: ProfileFact, fresh: Freshness, **wording: Unpack[Wording]) -> None:
        super().__init__(f"{carried_words(fact)}:", _YES_NO_UNSURE, inline=True, **wording)
        self.words, self.fresh = fact.words, fresh
        self.is_medical = fact.kind == FactKind.MEDICAL


class WithThemForm(GovForm):
    """What they have with them and wear tonight. Facts of the profile are asked for one child at a time."""

    wearing = NarrativeField(
        "What are they wearing?", size="m", hint="Top to bottom: coat, top, trousers, shoes, bag", rows=3
    )
    carrying = NarrativeField(
        "What else have they got with them, or gone without?",
        size="m",
        hint="Phone, bag, money, medicine. Leave it empty if you do not know.",
        rows=3,
    )

    def __init__(
        self,
        post: Any = None,
        *,
        facts: Iterable[ProfileFact] = (),
        now: datetime,
        **options: Any,
    ) -> None:
        super().__init__(post, now=now, **options)
        for fact in facts:
            self.fields[carried_name(fact)] = CarriedField(fact, freshness(fact.confirmed_at, now))

    @property
    def carried(self) -> list[BoundField]:
        """The questions about things in the profile."""
        return [self[name] for name, field in self.fields.items() if isinstance(field, CarriedField)]


def carried_words(fact: ProfileFact) -> str:
    """Medicine, Phone, Travel pass."""
    return CARRIED[FactKind(fact.kind)]


def carried_name(fact: ProfileFact) -> str:
    return f"has_{fact.pk.hex}"


class PoliceForm(GovForm):
    """Whether the police know. Every answer goes on; the reference can follow."""

    told = ChoiceField(
        "Have you told the police?",
        [
            Choice(NOT_YET, "Not yet", hint="We show you what to say. Send this first: it takes a minute."),
            Choice(PoliceAnswer.Answer.TAKEN, "Yes, and they took the report"),
            Choice(PoliceAnswer.Answer.GRADED_LOWER, "Yes, but they see less danger than we do"),
            Choice(PoliceAnswer.Answer.REFUSED, "Yes, but they did not take it"),
        ],
        size="l",
        missing="Say whether you have told the police. “Not yet” is an answer.",
    )


class PoliceCallForm(GovForm):
    """The call: when, with whom, what came of it."""

    told_at = LondonDateTimeField(
        "When did you phone them?", size="m", missing="Enter the time you phoned the police."
    )
    officer = TextField(
        "Who did you speak to?", size="m", hint="A name or a collar number, if you have it", limit=200
    )
    police_reference = TextField(
        "Police reference", size="m", hint="You can add it later", width=20, limit=40
    )
    reason = NarrativeField("What reason did they give?", size="m", rows=3)

    def __init__(self, post: Any = None, *, answer: str, **options: Any) -> None:
        super().__init__(post, **options)
        if answer == PoliceAnswer.Answer.TAKEN:
            del self.fields["reason"]
            return
        for name, sentence in (("officer", NO_OFFICER), ("reason", NO_REASON)):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = sentence
