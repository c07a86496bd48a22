"""What a carer writes while a child is away and once they are back. A shared tablet asks for a name."""

from typing import Any, ClassVar

from casework.front.pages.kit.forms import (
    YES_NO,
    Choice,
    ChoiceField,
    GovForm,
    LondonDateTimeField,
    NarrativeField,
    SignedForm,
    TextField,
)
from casework.front.pages.kit.forms.fields import VersionField
from casework.records.models import Disclosure
from incidents.models import News, PoliceAnswer

Kind = News.Kind
NO_OFFICER = "Say who you spoke to. “Would not say” is an answer."
NO_REASON = "Write down the reason they gave."


class SendForm(SignedForm):
    """The last press of a report."""


class NewsForm(SignedForm):
    """Something heard. A sighting, words with the child and somebody who asks have pages of their own."""

    kind = ChoiceField(
        "What kind of news is it?",
        [Choice(kind.value, str(kind.label)) for kind in (Kind.CALL, Kind.MESSAGE, Kind.INFORMATION)],
        size="m",
        missing="Choose what kind of news it is.",
    )
    happened_at = LondonDateTimeField("When was it?", size="m", missing="Enter the time it happened.")
    words = NarrativeField(
        "What do you know?",
        size="m",
        hint="Where, who with, what was said, who told you so",
        rows=4,
        missing="Write down what you know.",
    )
    told_by = TextField("Who told you?", size="m", hint="Leave it empty if it was you", limit=200)


class InformationForm(SignedForm):
    """From a home where the child lived before."""

    words = NarrativeField(
        "What do you know?",
        size="m",
        hint="What was said or seen, when, where, and who told you so",
        rows=5,
        missing="Write down what you know.",
    )


class NothingNewForm(SignedForm):
    """Still missing, nothing new: news too, in one tap."""


class BackForm(SignedForm):
    """They're back. Only the time is asked for, and not even that is waited for: the rest can follow."""

    DETAILS: ClassVar = ("how", "fetched_by", "condition", "injuries", "said", "belongings")

    returned_at = LondonDateTimeField(
        "When did they get back?", size="m", missing="Enter the time they got back."
    )
    how = TextField(
        "How did they get back?", size="s", hint="For example: walked in, brought by the police", limit=1000
    )
    fetched_by = TextField("Who brought or fetched them?", size="s", limit=200)
    condition = NarrativeField(
        "How are they?", size="s", hint="Tired, cold, hungry, upset, under the influence", rows=2
    )
    injuries = NarrativeField(
        "Are they hurt?",
        size="s",
        hint="What you see and what they tell you. If it is serious, call 999.",
        rows=2,
    )
    said = NarrativeField(
        "What did they say?", size="s", hint="In their own words, as you heard them", rows=2
    )
    belongings = NarrativeField(
        "Anything new with them, or anything gone?", size="s", hint="A phone, clothes, money", rows=2
    )

    @property
    def details(self) -> dict[str, str]:
        """What was written about the child, as far as it could be read."""
        return {name: self.cleaned_data[name] for name in self.DETAILS if self.cleaned_data.get(name)}

    @property
    def is_forged(self) -> bool:
        """Sent with something that the page never asks. A page of ours is wrong about its questions only."""
        return bool(self.non_field_errors())


class ReturnForm(BackForm):
    """The same questions once the child is back: what to add, and the right time if it was wrong."""

    version = VersionField()
    reason = TextField("If you changed the time: why?", size="s", limit=1000)

    def __init__(self, post: Any = None, *, needs_time: bool, **options: Any) -> None:
        super().__init__(post, **options)
        if needs_time:  # nobody has to say why a time that could not be right is changed
            del self.fields["reason"]


class PoliceAnswerForm(SignedForm):
    """What the police said when they were phoned."""

    answer = ChoiceField(
        "What did the police say?",
        [
            Choice(PoliceAnswer.Answer.TAKEN, "They took the report"),
            Choice(
                PoliceAnswer.Answer.GRADED_LOWER,
                "They see less danger than we do",
                hint="They took it, and graded the risk lower than we think it is.",
            ),
            Choice(PoliceAnswer.Answer.REFUSED, "They did not take it"),
        ],
        size="m",
        missing="Say what the police answered.",
    )
    told_at = LondonDateTimeField(
        "When did you phone them?", size="m", missing="Enter the time you phoned the police."
    )
    officer = TextField(
        "Who did you speak to?", size="m", hint="A name or a collar number, if you have it", limit=200
    )
    reference = TextField("Police reference", size="m", hint="You can add it later", width=20, limit=40)
    reason = NarrativeField(
        "If they refused, or see less danger: what reason did they give?", size="m", rows=3
    )

    def clean(self) -> None:
        if self.cleaned_data.get("answer") in (None, "", PoliceAnswer.Answer.TAKEN):
            return
        for name, sentence in (("officer", NO_OFFICER), ("reason", NO_REASON)):
            if name in self.cleaned_data and not self.cleaned_data[name]:
                self.add_error(name, sentence)


class ChallengeForm(GovForm):
    """The challenge to a refusal, or to a grade that is too low: to the duty inspector."""

    made_to = TextField(
        "Who did you speak to?",
        size="m",
        hint="The duty inspector: name or collar number",
        limit=200,
        missing="Say who you spoke to.",
    )
    made_at = LondonDateTimeField("When?", size="m", missing="Enter the time you phoned.")
    words = NarrativeField(
        "What did you say?",
        size="m",
        hint="Why this child is in more danger than they think",
        rows=3,
        missing="Write down what you said.",
    )
    outcome = NarrativeField("What did they answer?", size="m", rows=3)


class MissingForm(SignedForm):
    """From late, away or located to missing."""

    at = LondonDateTimeField(
        "Since when do you no longer know where they are?", size="m", missing="Enter the time."
    )
    reason = NarrativeField(
        "What has changed?", size="m", rows=3, missing="Write down why you now think they are missing."
    )


class AwayForm(SignedForm):
    """Found out where the child is, and they do not come back."""

    at = LondonDateTimeField("When did you learn it?", size="m", missing="Enter the time.")
    whereabouts = NarrativeField(
        "Where are they, who with, and how do you know?",
        size="m",
        rows=3,
        missing="Say where they are and how you know.",
    )
    spoken_to = ChoiceField(
        "Have you spoken to them yourself?",
        YES_NO,
        size="m",
        inline=True,
        missing="Say whether you spoke to them.",
    )


class ToldForm(GovForm):
    """Somebody outside who was told; or who was not, and why."""

    audience = ChoiceField(
        "Who is it about?",
        [
            choice
            for choice in Disclosure.Audience.choices
            if choice[0] not in (Disclosure.Audience.POLICE, Disclosure.Audience.PROVIDER)
        ],
        size="m",
        missing="Choose who it is about.",
    )
    told_name = TextField("Their name", size="m", limit=200, missing="Enter their name, or their office.")
    how = ChoiceField(
        "Have you told them?",
        [
            Choice(Disclosure.How.PHONE, "Yes, by phone"),
            Choice(Disclosure.How.IN_PERSON, "Yes, in person"),
            Choice(Disclosure.How.NOT_TOLD, "No, and they should not be told", reveals="reason"),
        ],
        size="m",
        missing="Say whether you told them.",
    )
    reason = NarrativeField("Why not?", rows=3, missing="Write down why they should not be told.")
    what = TextField("What did you tell them?", size="m", limit=1000)
