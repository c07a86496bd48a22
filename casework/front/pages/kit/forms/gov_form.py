"""A form of ours: the questions that were asked, all of them and nothing else."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID, uuid4

from django import forms
from django.db.models import Model
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString, mark_safe

from casework.front.pages.kit.forms.choices import Choice, ChoiceField, RowChoiceField, as_choices
from casework.front.pages.kit.forms.cleaning import showable
from casework.front.pages.kit.forms.fields import FormKeyField, GovBoundField, GovField, VersionField
from casework.records.errors import Refused

NOT_ASKED = "{name}: This field cannot be set."  # no page of ours sends it, so it speaks to whoever did
TWICE = "This page was sent with two answers to one question. Open it again and send it once more."


class GovRenderer(TemplatesSetting):
    """Forms look as GOV.UK's do."""

    form_template_name = "govuk/form.html"
    field_template_name = "govuk/text.html"
    bound_field_class = GovBoundField


class GovForm(forms.Form):
    """Every form of the pages. `now` is the record's clock, for forms that ask about time."""

    default_renderer = GovRenderer
    use_required_attribute = False  # the browser's own bubbles say less than our sentences
    buttons: ClassVar[frozenset[str]] = frozenset({"submit"})  # names that a submit button may send

    form_key = FormKeyField()

    def __init__(self, post: Any = None, *, now: datetime | None = None, **options: Any) -> None:
        options.setdefault("auto_id", "%s")
        super().__init__(post, **options)
        self.initial.setdefault("form_key", uuid4())
        for field in self.questions.values():
            field.now = now

    @classmethod
    def read(cls, request: HttpRequest, **options: Any) -> Self:
        """The form as it was sent, or fresh when the page is only opened."""
        return cls(request.POST if request.method == "POST" else None, **options)

    @property
    def questions(self) -> dict[str, GovField]:
        return {name: field for name, field in self.fields.items() if isinstance(field, GovField)}

    @property
    def key(self) -> UUID:
        """The one-time key of this showing, once the form is valid."""
        key = self.cleaned_data["form_key"]
        if not isinstance(key, UUID):
            raise TypeError("the key of a form is a UUID")
        return key

    @property
    def warnings(self) -> list[str]:
        """What was accepted but deserves a second look."""
        return [warning for field in self.questions.values() for warning in field.warnings]

    @property
    def asked(self) -> list[GovBoundField]:
        """The questions at the top level: a revealed one stands inside the answer that reveals it."""
        revealed = {name for field in self._choices().values() for name in field.may_reveal()}
        bound = [self[name] for name, field in self.fields.items() if name not in revealed]
        return [one for one in bound if isinstance(one, GovBoundField) and not one.is_hidden]

    @property
    def hidden(self) -> SafeString:
        """The key and the version, for pages that place the questions one by one."""
        return mark_safe("".join(str(one) for one in self.hidden_fields()))  # noqa: S308  # rendered by templates

    def offer_rows(self, name: str, rows: Iterable[Model], words: Callable[[Any], str] = str) -> None:
        """Fill the list of a question that is answered with one of these rows."""
        field = self.fields[name]
        if not isinstance(field, RowChoiceField):
            raise TypeError(f"{name} is not answered with a row")
        field.offer(rows, words)

    def offer_choices(self, name: str, choices: Iterable[Choice | tuple[str, str]]) -> None:
        """Fill the list of a question whose answers depend on where it is asked."""
        field = self.fields[name]
        if not isinstance(field, ChoiceField):
            raise TypeError(f"{name} is not answered from a list")
        field.choices = as_choices(choices)

    def offer_words(self, name: str, words: Iterable[str]) -> None:
        """Fill the list of a question whose answers say themselves."""
        field = self.fields[name]
        if not isinstance(field, ChoiceField):
            raise TypeError(f"{name} is not answered from a list")
        field.choices = [Choice(word, word) for word in words]

    def refuse(self, refused: Refused) -> None:
        """Show a service's refusal where it belongs, with everything that was typed."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]  # not in the stubs
        self._forget_what_was_not_asked()
        self._refuse_what_was_not_asked()

    def _forget_what_was_not_asked(self) -> None:
        """An answer that another answer hides is no answer, right or wrong."""
        for name, field in self._choices().items():
            for hidden in field.may_reveal() - field.reveals(self.cleaned_data.get(name)):
                self.errors.pop(hidden, None)
                self.questions[hidden].warnings = []
                self.cleaned_data[hidden] = self._nothing(hidden)

    def _nothing(self, name: str) -> object:
        field = self.fields[name]
        return [] if getattr(field, "takes_many", False) else "" if hasattr(field, "limit") else None

    def _refuse_what_was_not_asked(self) -> None:
        single, many = {"csrfmiddlewaretoken", *self.buttons}, set[str]()
        for name, field in self.questions.items():
            (many if field.takes_many else single).update(field.posted_names(self.add_prefix(name)))
        self.refuse_strange(set(self.data) - single - many)
        if isinstance(self.data, MultiValueDict) and any(len(self.data.getlist(name)) > 1 for name in single):
            self.add_error(None, TWICE)

    def refuse_strange(self, names: Iterable[str]) -> None:
        """Say of each answer or file that nobody asked for it; nothing is done then."""
        for name in sorted(names):
            self.add_error(None, NOT_ASKED.format(name=showable(name)))

    def _choices(self) -> dict[str, ChoiceField]:
        return {name: field for name, field in self.fields.items() if isinstance(field, ChoiceField)}


class VersionedForm(GovForm):
    """Changes a row that somebody else may be changing: it carries the `version` that was shown."""

    version = VersionField()
