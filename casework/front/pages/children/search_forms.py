"""What is asked of somebody who looks for a child."""

from casework.front.pages.kit.forms import DateOfBirthField, GovForm, RowChoiceField, TextField


class SearchForm(GovForm):
    words = TextField(
        "Find a child by name or reference",
        size="s",
        limit=100,
        width=20,
        hint="Three letters or more; two are enough with one of the below",
        missing="Enter a name, part of one, or a reference.",
    )
    born_on = DateOfBirthField("Date of birth")
    team = RowChoiceField("Team", blank="Any team")
    home = RowChoiceField("Home", blank="Any home")

    @property
    def is_narrowed(self) -> bool:
        """Whether the questions below the name have something in them to be seen."""
        below = ("born_on", "team", "home")
        return bool(self.data) and any(self.errors.get(name) or self.cleaned_data.get(name) for name in below)
