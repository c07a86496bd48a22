"""Who stands behind what a form says."""

from typing import Any

from casework.front.pages.kit.forms.gov_form import GovForm
from casework.front.pages.kit.forms.text import TextField


class SignedForm(GovForm):
    """A form that somebody stands behind: a shared tablet does not know who is typing, so it asks."""

    typed_name = TextField("Your name", size="m", limit=120, missing="Enter your name.")

    def __init__(self, post: Any = None, *, is_tablet: bool = False, **options: Any) -> None:
        super().__init__(post, **options)
        if is_tablet:
            self.fields["typed_name"] = self.fields.pop("typed_name")  # asked last, by the button
        else:
            del self.fields["typed_name"]

    @property
    def signature(self) -> str:
        """The name that was typed; nothing where the sign-in says who it is."""
        return str(self.cleaned_data.get("typed_name", ""))
