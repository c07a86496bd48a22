"""What is asked about authorities, police forces, providers and teams."""

from casework.front.pages.kit.forms import (
    ChoiceField,
    EmailField,
    GovForm,
    PhoneField,
    RowChoiceField,
    TextField,
    TickField,
    VersionedForm,
)
from casework.records.models import TeamKind


class NumbersToRing(GovForm):
    """Where somebody answers, by day and by night."""

    duty_phone = PhoneField("Duty telephone")
    out_of_hours_phone = PhoneField("Out-of-hours telephone")
    duty_email = EmailField("Duty e-mail")


class AuthorityQuestions(NumbersToRing):
    field_order = ("name", "code", "police_force")

    name = TextField("Name", missing="Enter the authority’s name.")
    code = TextField("Code", limit=12, width=10, missing="Enter a short code, like EXS.")
    police_force = RowChoiceField("Police force", blank="Not known")


class RegisterAuthorityForm(AuthorityQuestions):
    is_tenant = TickField("It works in Casework, and I administer it")


class ChangeAuthorityForm(AuthorityQuestions, VersionedForm):
    data_protection_contact = RowChoiceField(
        "Data-protection contact",
        blank="The head of service",
        hint="Hears when somebody looks at many addresses or opens a record in an emergency",
    )


class NeighbourForm(NumbersToRing):
    field_order = ("other", "is_adjoining")

    other = RowChoiceField("Which authority?", missing="Choose one from the list.")
    is_adjoining = TickField("It adjoins this authority")


class PoliceForceForm(GovForm):
    name = TextField("Name", missing="Enter the police force’s name.")
    control_room_phone = PhoneField("Control room telephone")


class ProviderForm(GovForm):
    name = TextField("Name", missing="Enter the provider’s name.")
    phone = PhoneField("Telephone")


class TeamForm(GovForm):
    name = TextField("Name", limit=120, missing="Enter the team’s name.")
    kind = ChoiceField("What kind of team?", TeamKind.choices, missing="Choose the kind of team.")
    phone = PhoneField("Telephone")
