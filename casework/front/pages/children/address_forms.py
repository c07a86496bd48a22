"""Why somebody needs an address."""

from casework.front.pages.kit.forms import ChoiceField, GovForm, TextField
from casework.records.models import AddressLookUp


class AddressForm(GovForm):
    reason = ChoiceField(
        "Why do you need it?", AddressLookUp.Reason.choices, missing="Choose why you need the address."
    )
    words = TextField("What for, in a few words", limit=300, missing="Say in a few words what for.")
