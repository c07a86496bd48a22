"""What is asked of somebody who opens a record in an emergency, and of the manager who reviews it."""

from casework.front.pages.kit.forms import ChoiceField, DateOfBirthField, GovForm, NarrativeField, TextField
from casework.front.pages.kit.passwords import PasswordField
from casework.records.models import BrokenGlass


class EmergencyForm(GovForm):
    reference = TextField("The child’s reference", limit=20, width=10, hint="Or name and date of birth")
    first_name = TextField("First name", limit=100)
    last_name = TextField("Last name", limit=100)
    born_on = DateOfBirthField("Date of birth")
    category = ChoiceField(
        "What kind of emergency?",
        BrokenGlass.Category.choices,
        missing="Choose what kind of emergency it is.",
    )
    reason = NarrativeField(
        "Why do you need this record now?",
        rows=3,
        limit=500,
        hint="In 20 characters or more. A manager reads it.",
        missing="Say why in 20 characters or more.",
    )
    password = PasswordField("Your password, again", missing="Enter your password.")


class ReviewForm(GovForm):
    outcome = ChoiceField(
        "Was it justified?",
        BrokenGlass.Outcome.choices,
        missing="Say whether it was justified.",
    )
    words = NarrativeField("What did you find?", rows=3, limit=500, missing="Say what you found.")
