"""Inviting a person into a role, and ending it."""

from typing import Final

from casework.front.pages.kit.forms import (
    Choice,
    ChoiceField,
    EmailField,
    GovForm,
    NarrativeField,
    RowChoiceField,
    TextField,
)
from casework.records.models import AUTHORITY_ROLES, Role


def choices_of(*roles: Role) -> list[Choice]:
    return [Choice(role.value, str(role.label)) for role in roles]


IN_AUTHORITY: Final = choices_of(*(role for role in Role if role in AUTHORITY_ROLES))
IN_HOME: Final = (
    Choice(Role.HOME_STAFF.value, "Home staff", hint="A person, with a sign-in of their own"),
    Choice(
        Role.HOME_TABLET.value,
        "The home’s shared tablet",
        hint="Reports and adds news, asks who is typing, and reads no history",
    ),
)
IN_PROVIDER: Final = choices_of(Role.REGISTERED_MANAGER, Role.ON_CALL_MANAGER)


class InviteForm(GovForm):
    name = TextField("Name", limit=120, missing="Enter the person’s name.")
    email = EmailField(
        "Work e-mail",
        hint="The message has a link to choose a password, and nothing about anybody",
        missing="Enter the person’s e-mail address.",
    )


class SendInvitationForm(GovForm):
    name = TextField("Name", limit=120, missing="Enter the person’s name.", hint="As colleagues know them")


class SendAllForm(GovForm):
    """Nothing is asked: one button."""


class InviteToAuthorityForm(InviteForm):
    role = ChoiceField("Role", IN_AUTHORITY, as_select=True, missing="Choose a role.")
    team = RowChoiceField("Team", blank="None", hint="For social workers and team managers")


class InviteToHomeForm(InviteForm):
    role = ChoiceField("Role", IN_HOME, missing="Choose a role.")


class InviteToProviderForm(InviteForm):
    role = ChoiceField("Role", IN_PROVIDER, missing="Choose a role.")


class EndForm(GovForm):
    reason = TextField("Why?", hint="Left, moved to another team")


class WhyForm(GovForm):
    reason = NarrativeField("Why?", rows=3, limit=500, missing="Enter why.")
