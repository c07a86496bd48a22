"""A record opened in an emergency: whoever is named in it is never confirmed to be there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from casework.front.pages.access.emergency_forms import EmergencyForm
from casework.front.pages.kit.answers import show
from casework.front.pages.kit.door import person
from casework.front.pages.kit.passwords import check_password_again
from casework.records.access import require
from casework.records.acts import Act
from casework.records.errors import Invalid, TooMany
from casework.records.models import BrokenGlass
from casework.records.services import emergencies as services
from casework.records.times import now

_ASKED = ("reference", "first_name", "last_name", "born_on", "category", "reason")
NOTHING_OPENED = (
    "No record was opened. Check the reference, or the name and the date of birth. Only records of your own "
    "authority can be opened. That you tried is written down."
)


@require_http_methods(["GET", "POST"])
def open_record(request: HttpRequest) -> HttpResponse:
    """Which child, why, and the password again; then the record, to read, for an hour."""
    require(person(request), Act.BREAK_GLASS)
    form = EmergencyForm.read(request, now=now())
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("pages:child-detail", _opened(request, form).child_id)
        except (Invalid, TooMany) as refused:
            form.refuse(refused)
            return show(request, "access/emergency.html", form=form, status=refused.status)
    return show(request, "access/emergency.html", form=form)


def _opened(request: HttpRequest, form: EmergencyForm) -> BrokenGlass:
    """The service writes down a try that opens nothing, so that is no error of its own."""
    check_password_again(request, form.cleaned_data["password"])
    answers = {name: form.cleaned_data[name] for name in _ASKED}
    glass = services.break_glass(by=person(request), **answers)
    if glass is None:
        raise Invalid(NOTHING_OPENED, code="nothing_opened")
    return glass
