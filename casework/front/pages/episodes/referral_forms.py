"""What was told to the Home Office, asked of others, and answered."""

from collections.abc import Sequence
from typing import Any

from casework.front.pages.kit.forms import (
    Choice,
    ChoiceField,
    DateField,
    GovForm,
    LondonDateTimeField,
    NarrativeField,
    TextField,
)
from casework.records.models import Disclosure
from incidents.models import ReferralOutcome
from incidents.services.referrals import BY_A_PERSON, NOT_DONE

_REFERENCE_LIMIT = 60


class HomeOfficeForm(GovForm):
    what = ChoiceField(
        "What were they told?",
        [Choice("missing", "The child is missing"), Choice("found", "The child is found")],
        inline=True,
        missing="Say what they were told.",
    )
    told_name = TextField("Whom did you tell?", missing="Enter whom you told: a name, or the desk.")
    how = ChoiceField(
        "How?",
        [Choice(one.value, str(Disclosure.How(one).label)) for one in BY_A_PERSON],
        inline=True,
        missing="Say how they were told.",
    )
    told_at = LondonDateTimeField("When?", missing="Say when they were told.", initial={"": "now"})
    reference = TextField("Their reference", limit=_REFERENCE_LIMIT, width=20, hint="It can follow later")
    words = NarrativeField("What did they say?", rows=3, limit=4000)


class _AskedForm(GovForm):
    """Made now, or long before: of that only the day is asked."""

    when = ChoiceField(
        "When?",
        [
            Choice("now", "Now, or in the last days", reveals="made_at"),
            Choice("earlier", "Before: it was never written down here", reveals="made_on"),
        ],
        missing="Say when it was made.",
    )
    made_at = LondonDateTimeField("At what time?", missing="Say at what time.", initial={"": "now"})
    made_on = DateField("On which day?", missing="Enter the day.")


class NrmForm(_AskedForm):
    made_by_name = TextField(
        "Who made the referral?",
        hint="The first responder: the authority, the police, a charity. You, if empty",
    )
    reference = TextField("Reference", limit=_REFERENCE_LIMIT, width=20, hint="It can follow later")
    words = NarrativeField("What was it about?", rows=3, limit=4000)


class GuardianForm(_AskedForm):
    made_to = TextField("Whom was asked?", hint="The service, and who answered")
    reference = TextField("Reference", limit=_REFERENCE_LIMIT, width=20, hint="It can follow later")
    words = NarrativeField("What was said?", rows=3, limit=4000)


class OutcomeForm(GovForm):
    outcome = ChoiceField("What came of it?", missing="Choose what came of it.")
    decided_on = DateField("On which day?", missing="Enter the day.")
    who = TextField("Who?", hint="The guardian’s name, or who decided")
    reference = TextField("Reference", limit=_REFERENCE_LIMIT, width=20)
    words = NarrativeField("What was said?", rows=3, limit=4000)

    def __init__(self, *args: Any, outcomes: Sequence[ReferralOutcome.Outcome], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["outcome"]
        if isinstance(field, ChoiceField):
            field.choices = [Choice(one.value, str(one.label)) for one in outcomes]


class NotDoneForm(GovForm):
    kind = ChoiceField(
        "What need not be done?",
        [Choice(one.value, str(one.label)) for one in NOT_DONE],
        missing="Choose what need not be done.",
    )
    reason = NarrativeField(
        "Why not?",
        rows=3,
        limit=2000,
        hint="A British citizen of whom no official of the border has heard, say",
        missing="Enter why it need not be done.",
    )
