"""The kit for forms. `docs/how-to/write-a-page.md` has an example of each field."""

from casework.front.pages.kit.forms.choices import (
    YES_NO,
    YES_NO_UNKNOWN,
    Choice,
    ChoiceField,
    MultipleChoiceField,
    RowChoiceField,
    TickField,
)
from casework.front.pages.kit.forms.dates import ComingDayField, DateField, DateOfBirthField
from casework.front.pages.kit.forms.days_ahead import DayAheadField
from casework.front.pages.kit.forms.files import FilesField
from casework.front.pages.kit.forms.gov_form import GovForm, VersionedForm
from casework.front.pages.kit.forms.moments import LondonDateTimeField
from casework.front.pages.kit.forms.signed import SignedForm
from casework.front.pages.kit.forms.text import (
    EmailField,
    MobileField,
    NarrativeField,
    NumberField,
    PhoneField,
    PostcodeField,
    TextField,
)

__all__ = [
    "YES_NO",
    "YES_NO_UNKNOWN",
    "Choice",
    "ChoiceField",
    "ComingDayField",
    "DateField",
    "DateOfBirthField",
    "DayAheadField",
    "EmailField",
    "FilesField",
    "GovForm",
    "LondonDateTimeField",
    "MobileField",
    "MultipleChoiceField",
    "NarrativeField",
    "NumberField",
    "PhoneField",
    "PostcodeField",
    "RowChoiceField",
    "SignedForm",
    "TextField",
    "TickField",
    "VersionedForm",
]
