"""One person at a browser without scripts: reads a page, follows a link that is on it, fills in its form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from django.test.html import Element, parse_html

from casework.records.models import User
from incidents.models import MissingEpisode
from protocols import engine
from tests.front.pages.at_the_desk import at_the_desk

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

Answers = str | Sequence[str]
UNSEEN = frozenset({"script", "style", "head"})


class Hand:
    """Somebody of the cast, signed in under their own account. Nothing is opened that no page links to."""

    def __init__(self, person: User) -> None:
        self.person = person
        self._client = at_the_desk(person)
        self._path, self._page = "/", Element("html", ())

    # Reading -------------------------------------------------------------------------------------------

    def starts(self) -> Hand:
        """On their own first page, wherever that is."""
        return self._opens("/")

    def sees(self, *texts: str) -> Hand:
        shown = self.text
        for text in texts:
            assert text in shown, f"{self.person.name} does not see {text!r} on {self._path}:\n{shown[300:]}"
        return self

    def does_not_see(self, *texts: str) -> Hand:
        shown = self.text
        for text in texts:
            assert text not in shown, f"{self.person.name} sees {text!r} on {self._path}:\n{shown}"
        return self

    @property
    def text(self) -> str:
        return " ".join(" ".join(_texts(self._page)).split())

    # Going on ------------------------------------------------------------------------------------------

    def follows(self, text: str, *, after: str = "") -> Hand:
        """The first link whose words begin like this; with `after`, the first one behind those words."""
        is_behind = not after
        for one in _flat(self._page):
            if isinstance(one, str):
                is_behind = is_behind or after in " ".join(one.split())
            elif is_behind and one.name == "a" and _words(one).startswith(text):
                return self._opens(_attribute(one, "href"))
        links = [_words(one) for one in _elements(self._page) if one.name == "a"]
        raise AssertionError(f"{self.person.name} finds no link {text!r} on {self._path}: {links}")

    def presses(self, button: str, *, after: str = "", **answers: Answers) -> Hand:
        """Fill in the form that has this button and send it: it must be taken."""
        answer, path = self._sends(button, answers, after)
        if answer.status_code != 302:
            self._shows(path, answer)
            problem = self.text.partition("There is a problem")
            raise AssertionError(
                f"{answer.status_code} for {button!r} on {path}: {(problem[2] or problem[0])[:900]}"
            )
        _the_clock_looks()
        return self._opens(urljoin(path, answer.headers["Location"]))

    def is_stopped(self, button: str, *texts: str, **answers: Answers) -> Hand:
        """The same form sent and not taken: the page says why, and what to do."""
        answer, path = self._sends(button, answers)
        self._shows(path, answer)
        assert answer.status_code == 422, f"{answer.status_code} for {button!r} on {path}:\n{self.text}"
        return self.sees(*texts)

    def is_shut_out(self, path: str, status: int = 404) -> Hand:
        """An address typed by hand: somebody else's record is as if it were not there."""
        assert self._client.get(path).status_code == status, (self.person.name, path)
        return self

    def offers(self, name: str) -> list[str]:
        """The values among which this question lets one choose."""
        return [
            _attribute(one, "value")
            for one in _elements(self._page)
            if one.name == "input" and _attribute(one, "name") == name
        ]

    # The page ------------------------------------------------------------------------------------------

    def _opens(self, path: str) -> Hand:
        answer = self._client.get(urljoin(self._path, path), follow=True)
        if answer.redirect_chain:
            path = answer.redirect_chain[-1][0]
        assert answer.status_code == 200, f"{self.person.name} gets {answer.status_code} at {path}"
        self._shows(urljoin(self._path, path), answer)
        return self

    def _shows(self, path: str, answer: Answer) -> None:
        page = parse_html(answer.content.decode())
        assert isinstance(page, Element)
        self._path, self._page = path.partition("#")[0], page

    def _sends(self, button: str, answers: dict[str, Answers], after: str = "") -> tuple[Answer, str]:
        form = self._form_with(button, after)
        filled = form.filled | answers
        unknown = answers.keys() - form.names
        assert not unknown, f"{sorted(unknown)} are not asked on {self._path}: {sorted(form.names)}"
        path = urljoin(self._path, form.action)
        return self._client.post(path, {k: v for k, v in filled.items() if v != ""}), path

    def _form_with(self, button: str, after: str) -> _Form:
        """The first form with this button; with `after`, the first behind those words."""
        buttons, is_behind = [], not after
        for one in _flat(self._page):
            if isinstance(one, str):
                is_behind = is_behind or after in " ".join(one.split())
            elif one.name == "form" and _method(one) == "post":
                there = [_words(it) for it in _elements(one) if it.name == "button"]
                if is_behind and button in there:
                    return _Form.read(one)
                buttons += there
        raise AssertionError(f"{self.person.name} finds no button {button!r} on {self._path}: {buttons}")


@dataclass(frozen=True)
class _Form:
    """What a form would send if nobody typed anything."""

    action: str
    names: frozenset[str]
    filled: dict[str, Answers]

    @classmethod
    def read(cls, form: Element) -> _Form:
        names: set[str] = set()
        filled: dict[str, Answers] = {}
        for one in _elements(form):
            name = _attribute(one, "name")
            if not name:
                continue
            names.add(name)
            match one.name:
                case "input" if _attribute(one, "type") in ("radio", "checkbox"):
                    if _has(one, "checked"):
                        filled[name] = _attribute(one, "value")
                case "input":
                    filled[name] = _attribute(one, "value")
                case "textarea":
                    filled[name] = _words(one)
                case "select":
                    chosen = [it for it in _elements(one) if it.name == "option" and _has(it, "selected")]
                    filled[name] = _attribute(chosen[0], "value") if chosen else ""
        return cls(_attribute(form, "action"), frozenset(names), filled)


def _the_clock_looks() -> None:
    """What happens once a page's transaction is committed, which a test's never is."""
    for episode_id in MissingEpisode.objects.values_list("pk", flat=True):
        engine.reconcile(episode_id)
    engine.sweep_once()


def _flat(element: Element) -> Iterator[Element | str]:
    for child in element.children:
        yield child
        if isinstance(child, Element) and child.name not in UNSEEN:
            yield from _flat(child)


def _elements(element: Element) -> Iterator[Element]:
    return (one for one in _flat(element) if isinstance(one, Element))


def _texts(element: Element) -> Iterator[str]:
    return (one for one in _flat(element) if isinstance(one, str))


def _words(element: Element) -> str:
    return " ".join(" ".join(_texts(element)).split())


def _attribute(element: Element, name: str) -> str:
    return next((value or "" for key, value in element.attributes if key == name), "")


def _has(element: Element, name: str) -> bool:
    return any(key == name for key, _ in element.attributes)


def _method(form: Element) -> str:
    return _attribute(form, "method").lower()
