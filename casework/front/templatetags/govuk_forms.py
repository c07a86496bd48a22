"""The little that form templates cannot say for themselves."""

from dataclasses import dataclass

from django import template
from django.forms import BaseForm

from casework.front.pages.kit.forms.fields import GovBoundField

register = template.Library()


@dataclass(frozen=True)
class Problem:
    """A line of the error summary, and the input it leads to."""

    message: str
    href: str


@register.filter
def problems(form: object) -> list[Problem]:
    """Everything to mend, in the order of the page. Any Django form will do."""
    if not isinstance(form, BaseForm) or not form.errors:
        return []
    found = [Problem(str(message), "#form") for message in form.non_field_errors()]
    for name in form.fields:
        bound = form[name]
        target = bound.control_id if isinstance(bound, GovBoundField) else bound.id_for_label
        found += [
            Problem(str(message), "#form" if bound.is_hidden else f"#{target}") for message in bound.errors
        ]
    return found
