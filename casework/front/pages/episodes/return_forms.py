"""Found, back, and what there is to write about it afterwards."""

from collections.abc import Iterable
from typing import ClassVar

from casework.front.pages.kit.forms import (
    Choice,
    ChoiceField,
    GovForm,
    LondonDateTimeField,
    NarrativeField,
    RowChoiceField,
    TextField,
    TickField,
    VersionedForm,
)
from casework.records import code_lists
from casework.records.models import Home
from incidents.models import FindingAnswer, Located


class LocatedForm(GovForm):
    """Located is not returned, and contact is not located."""

    located_at = LondonDateTimeField("When were they found?", missing="Say when they were found.")
    where = NarrativeField("Where are they?", rows=2, limit=1000, missing="Enter where the child is.")
    found_by = ChoiceField("Who found them?", Located.FoundBy.choices, missing="Choose who found them.")
    with_whom = TextField("Who is with them?")
    fetched_by = TextField("Who fetches them, and by when?", hint="You can add it later")
    condition = NarrativeField("How are they?", rows=3, limit=4000)
    identity_confirmed = TickField("Somebody who knows the child, or the police, confirmed that it is them")


IT_IS, IT_IS_NOT = FindingAnswer.Answer.CONFIRMED, FindingAnswer.Answer.REFUSED


class FindingAnswerForm(GovForm):
    """Is it the child whom the police have found? That it is not needs a word on how that is known."""

    answer = ChoiceField(
        "Is it the child?",
        [Choice(IT_IS, "Yes, it is them"), Choice(IT_IS_NOT, "No, it is somebody else")],
        missing="Say whether it is them.",
    )
    words = NarrativeField(
        "How do you know?", rows=3, limit=4000, hint="Needed when it is not them. The police read this"
    )

    def clean(self) -> None:
        """Whoever says no says how they know."""
        if self.cleaned_data.get("answer") == IT_IS_NOT and not self.cleaned_data.get("words"):
            self.add_error("words", "Enter how you know that it is not them.")


HERE, HOME, ELSEWHERE = "here", "home", "elsewhere"
FETCHED = "Who brought or fetched them?"


class ReturnForm(GovForm):
    """They're back: the time and nothing else has to be said now. Back may be somewhere else than before."""

    returned_at = LondonDateTimeField(
        "When did they get back?", missing="Say when they got back.", initial={"": "now"}
    )
    is_estimated = TickField("This is my best guess")
    place = ChoiceField(
        "Where are they back?",
        [
            Choice(HERE, "Where they lived before"),
            Choice(HOME, "At another home", hint="Their placement moves with them", reveals="home"),
            Choice(ELSEWHERE, "Somewhere else", hint="With family, say", reveals="address"),
        ],
    )
    home = RowChoiceField("Which home?", blank="Choose a home")
    address = NarrativeField("Where?", rows=2, limit=1000)
    place_code = ChoiceField(
        "If they moved: what kind of placement is it?",
        code_lists.choices(code_lists.PLACE, code_lists.NEWEST_SETS),
        as_select=True,
        blank="The same kind as before",
    )
    how = NarrativeField(
        "How did they come back?", rows=2, limit=2000, hint="On foot, fetched, brought by the police"
    )
    fetched_by = TextField(FETCHED)
    condition = NarrativeField("How are they?", rows=3, limit=4000)
    injuries = NarrativeField("Injuries", rows=2, limit=4000)
    said = NarrativeField("What did they say?", rows=3, hint="In their own words, as far as you can")
    belongings = NarrativeField("What have they got with them?", rows=2, limit=2000, hint="New things too")

    WHERE: ClassVar = ("place", "home", "address", "place_code")

    def ask_where(self, homes: Iterable[Home]) -> None:
        """For whoever may place the child; for others the question is not there."""
        self.offer_rows("home", homes, lambda home: f"{home.name}, {home.provider.name}")

    def do_not_ask_where(self) -> None:
        for name in self.WHERE:
            del self.fields[name]

    def clean(self) -> None:
        """Somewhere else says where."""
        said = self.cleaned_data
        if said.get("place") == HOME and not said.get("home"):
            self.add_error("home", "Choose the home.")
        if said.get("place") == ELSEWHERE and not said.get("address"):
            self.add_error("address", "Say where they are.")


RETURN_DETAILS = ("how", "fetched_by", "condition", "injuries", "said", "belongings")


class CompleteReturnForm(VersionedForm):
    """The right time, when the first could not be; and the rest."""

    returned_at = LondonDateTimeField(
        "When did they get back?", quick=False, missing="Enter the time they got back."
    )
    reason = TextField("Why is the time corrected?", hint="Only when you change it")
    how = NarrativeField("How did they come back?", rows=2, limit=2000)
    fetched_by = TextField(FETCHED)
    condition = NarrativeField("How are they?", rows=3, limit=4000)
    injuries = NarrativeField("Injuries", rows=2, limit=4000)
    said = NarrativeField("What did they say?", rows=3)
    belongings = NarrativeField("What have they got with them?", rows=2, limit=2000)
