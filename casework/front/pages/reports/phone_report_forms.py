"""A report taken by phone: everything on one page, in the order in which people tell it."""

from collections.abc import Iterable
from typing import Final

from casework.front.pages.kit.forms import (
    Choice,
    ChoiceField,
    GovForm,
    LondonDateTimeField,
    MultipleChoiceField,
    NarrativeField,
    RowChoiceField,
    TextField,
    TickField,
)
from casework.records.models import Child
from incidents.codes import Check
from incidents.models import IndicatorCode
from incidents.services.reports import PoliceTold

NOT_YET: Final = "not_yet"


class PhoneReportForm(GovForm):
    """Only who, what and when noticed has to be known before help starts."""

    child = RowChoiceField("Which child?", missing="Choose which child.")
    together = RowChoiceField("Did another child go with them?", hint="Each child gets a report of their own")
    typed_name = TextField(
        "Who is on the phone?", hint="Name and role", limit=120, missing="Enter who is reporting."
    )
    category = ChoiceField(
        "Does anybody know where they are?",
        [
            Choice("missing", "No: missing"),
            Choice("away", "Yes, and they don’t come back: away without permission", reveals="whereabouts"),
            Choice("concern", "Late, and being looked for", reveals="expected_at"),
        ],
        missing="Say whether anybody knows where they are.",
    )
    whereabouts = NarrativeField(
        "Where, with whom, and how is that known?",
        rows=2,
        limit=2000,
        missing="Enter where they are, and how you know.",
    )
    expected_at = LondonDateTimeField("When were they expected?", quick=False, may_be_future=True)
    noticed_at = LondonDateTimeField(
        "When was it noticed?", missing="Enter when it was noticed that they were gone."
    )
    last_seen_at = LondonDateTimeField(
        "When were they last seen?", missing="Enter the time the child was last seen."
    )
    last_seen_estimated = TickField("That time is a guess")
    last_seen_where = TextField(
        "Where?", limit=300, missing="Say where they were last seen. “Not known” is an answer."
    )
    last_seen_by = TextField("By whom?")
    late_reason = TextField("If that was more than 24 hours ago: why is it reported only now?", limit=300)
    circumstances = NarrativeField("What happened?", rows=4)
    checks_made = MultipleChoiceField("What has been checked?", Check.choices)
    indicators = MultipleChoiceField("Does any of this apply?", IndicatorCode.choices)
    indicator_words = NarrativeField(
        "What was seen or said about that?",
        rows=2,
        limit=2000,
        hint="It changes which steps come, and how soon",
    )
    wearing = NarrativeField("What are they wearing?", rows=2, limit=2000)
    carrying = NarrativeField(
        "What have they got with them?", rows=2, limit=2000, hint="Phone, money, medicine"
    )
    police = ChoiceField(
        "Have the police been told?",
        [
            Choice(NOT_YET, "Not yet", hint="Phone 999 if the child is in danger now, otherwise 101"),
            Choice("taken", "Yes, they took the report"),
            Choice("refused", "Yes, they refused it"),
            Choice("graded_lower", "Yes, they graded it lower than we think"),
        ],
        missing="Say whether the police have been told.",
    )
    told_police_at = LondonDateTimeField("If told: when?")
    officer = TextField("Who answered?")
    reference = TextField("Police reference", hint="It can follow later", limit=40, width=10)
    police_reason = TextField("If refused or graded lower: why?", limit=500)

    def offer(self, children: Iterable[Child]) -> None:
        """The children whom this person may report."""
        rows = list(children)
        for name in ("child", "together"):
            field = self.fields[name]
            if isinstance(field, RowChoiceField):
                field.offer(rows, words=lambda child: f"{child.name}, {child.reference}")

    def clean(self) -> None:
        said = self.cleaned_data
        if said.get("police") not in (None, "", NOT_YET) and not said.get("told_police_at"):
            self.add_error("told_police_at", "Enter when the police were told.")
        if said.get("indicators") and not said.get("indicator_words"):
            self.add_error("indicator_words", "Enter what was seen or said.")
        if said.get("together") and said.get("together") == said.get("child"):
            self.add_error("together", "That is the same child. Choose another, or nobody.")

    @property
    def told_police(self) -> PoliceTold | None:
        said = self.cleaned_data
        if said["police"] == NOT_YET:
            return None
        return PoliceTold(
            told_at=said["told_police_at"],
            answer=said["police"],
            officer=said["officer"],
            reference=said["reference"],
            reason=said["police_reason"],
        )
