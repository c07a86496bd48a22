"""One's own mobile number: where Casework rings when something is urgent and nobody sits at a desk."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from casework.front.pages.kit.asking import Ask, ask
from casework.front.pages.kit.door import person
from casework.front.pages.kit.forms import GovForm, MobileField
from casework.records.services import people as services

ABOUT: Final = (
    "When a step is urgent, Casework sends you a text message as well as an e-mail: at night, at weekends, "
    "and by day for what can’t wait an hour.",
    "A text says that there is work and on which reference. It says nothing about a child and has no link.",
)


class OwnNumberForm(GovForm):
    phone = MobileField("Your mobile number", hint="Leave it empty to get no text messages")


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Everybody's own, and nobody else's."""
    user = person(request)
    form = OwnNumberForm.read(request, initial={"phone": user.phone})
    page = Ask("Text messages", "Save", reverse("pages:start"), ABOUT, done="Saved.")

    def changed() -> str:
        services.change_own_number(by=user, phone=form.cleaned_data["phone"])
        return reverse("pages:start")

    return ask(request, form, page, changed)
