"""Everybody opens every page of a world of canaries and sends its form: once, for many tests."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from functools import cache
from hashlib import sha256
from typing import Final
from urllib.parse import urlencode

from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from casework.front.pages.kit.forms import GovForm
from casework.front.pages.kit.forms.gov_form import NOT_ASKED
from casework.records.access import children_visible_to
from casework.records.field_rules import Place, field_rules
from casework.records.models import Notification, ReasonGiven, Role, User, WhyLook
from casework.records.notify.letters import letter_for
from casework.records.notify.templates import TEMPLATES
from casework.records.times import now
from incidents.models import MissingEpisode
from tests.access.a_world import World
from tests.access.answering import answers_to, forms_noted, words_in_the_record
from tests.access.canaries import Canaries, make_canary_world, our_models
from tests.access.doors import ROUTES, addresses, walker
from tests.access.systems import shown_to_a_system, written_by_a_system

# What these show, they show to whoever has said why.
SAID_WHY: Final[Mapping[str, Mapping[str, str]]] = {
    "placement-address": {"reason": "visit", "words": "To collect the child."},
    "episode-address": {"reason": "absence", "words": "To look for the child there."},
    "returns:ssda903-download": {"reason": "For the yearly return."},
}
# What somebody who means harm would try first, whether or not it is a field of ours.
WISHES: Final = frozenset({"authority_id", "status", "created_by", "is_staff", "is_superuser", "pk", "role"})
EACH_TIME: Final = frozenset({"form_key", "csrfmiddlewaretoken", "submit"})  # every form of ours takes these
NOT_TAKEN: Final = frozenset({403, 404, 405, 409})  # before anybody looked at what was sent
FORM: Final = "application/x-www-form-urlencoded"  # cheaper to put together and to read than parts
# Rows that a look itself leaves behind: they say that somebody tried.
TRACES: Final = frozenset({"records_auditentry"})
_TITLE: Final = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_UNSEEN: Final = re.compile(
    r"<!--.*?-->|<script\b.*?</script>|\sdata-[\w-]+=\"[^\"]*\"|<meta\b[^>]*>", re.DOTALL
)
_NAMES: Final = re.compile(r'\sname="([^"]+)"')


Question = tuple[str, frozenset[str]]  # a page and what its form asks, which can differ by role


@dataclass
class Sight:
    """Which canaries each role met and on which pages; and what each page did with what it had not asked."""

    canaries: Canaries
    met: dict[Role, dict[Place, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    unseen: set[tuple[str, str, Place]] = field(default_factory=set)  # page, part of the answer, canary
    letters: dict[str, set[Place]] = field(default_factory=dict)  # by template
    broken: list[str] = field(default_factory=list)
    sent: set[str] = field(default_factory=set)  # pages that were sent with every field there is
    swallowed: list[tuple[str, str]] = field(default_factory=list)  # page, field that it did not refuse
    changed: list[str] = field(default_factory=list)  # pages that did something nevertheless
    written: dict[Role, set[tuple[str, Place]]] = field(default_factory=lambda: defaultdict(set))  # and page
    typed: dict[Question, set[Place]] = field(default_factory=dict)  # where the words of a form ended up


def look_everywhere() -> Sight:
    """Every page as every role, and every message; the world is the caller's to take away."""
    world, readers, canaries = make_canary_world()
    sight = Sight(canaries)
    with forms_noted() as forms:
        for role, person in readers.items():
            client = walker(person)
            _say_why(person, client)
            _Walk(role, client, world, sight, forms, before=everything()).through_all()
    for name, place in shown_to_a_system(world, canaries):
        sight.met[Role.POLICE_SYSTEM][place].add(name)
    sight.written[Role.POLICE_SYSTEM] |= set(written_by_a_system(world))
    sight.letters = _letters(world, canaries)
    return sight


def _say_why(person: User, client: Client) -> None:
    """So that records in which they have no part open to the people of the authority."""
    session = sha256(str(client.session.session_key).encode()).hexdigest()
    reason = {"user": person, "kind": WhyLook.COVER, "session": session, "until": now() + timedelta(hours=1)}
    for child in children_visible_to(person):
        ReasonGiven.objects.create(child=child, **reason)


# Of the roles that the rules treat alike ---------------------------------------------------------------


@cache
def is_first_of_its_kind(role: Role) -> bool:
    """The first opens every page, the others those that only show: what they are asked is the same."""
    shown, written = field_rules().shown_to, field_rules().written_by
    alike = (other for other in Role if (shown(other), written(other)) == (shown(role), written(role)))
    return role == next(alike)


# The first of a kind looks at an absence at its beginning and when all is done. One role looks at each stage;
# the people of Larch House when the child is missing and when it has just come back.
FEW: Final = 2
AT_STAGES: Final[Mapping[Role, slice]] = {
    Role.SOCIAL_WORKER: slice(None),
    Role.HOME_STAFF: slice(0, 3, 2),
    Role.HOME_TABLET: slice(0, 3, 2),
}


@dataclass(frozen=True)
class _Walk:
    """One role on its way through all pages."""

    role: Role
    client: Client
    world: World
    sight: Sight
    forms: list[GovForm]
    before: str  # everything, as it is and stays: whoever only opens a page changes nothing

    def through_all(self) -> None:
        for name in ROUTES:
            for address in self._looked_at(addresses(name, self.world)):
                if not self._goes_on(name, address):
                    break

    def _looked_at(self, stages: list[str]) -> Iterable[str]:
        if self.role in AT_STAGES and len(stages) > FEW:
            return stages[AT_STAGES[self.role]]
        return dict.fromkeys((stages[0], stages[-1])) if is_first_of_its_kind(self.role) else stages[:1]

    def _goes_on(self, name: str, address: str) -> bool:
        """Look at one page. Whether it is worth a look at the next stage: a page that took answers is not."""
        if name in self.sight.sent and not is_first_of_its_kind(self.role):
            return False
        self.forms.clear()
        opened = _whole(self.client.get(address))
        self._listen(name, opened)
        asks = opened.status_code == 200 and b'name="form_key"' in opened.content
        is_filled_in = True
        if asks and name in SAID_WHY:
            self._listen(name, _undone(self.client, address, SAID_WHY[name]))
        elif asks:
            is_filled_in = self._type_everywhere(name, address)
        takes_answers = asks or opened.status_code == 405
        if takes_answers and name not in self.sight.sent:
            self._send_everything(name, address, opened)
        is_done = takes_answers and name in self.sight.sent and is_filled_in
        return not (is_done or opened.status_code == 403)

    def _type_everywhere(self, name: str, address: str) -> bool:
        """Fill in the page's forms; whether any of it is in the record then.

        What a form does for one role it does for the next. Unless that would be too much: then it is tried.
        """
        before = len(self.sight.written[self.role])
        for form in list(self.forms):
            question = (name, frozenset(form.questions))
            known = self.sight.typed.get(question)
            if known is None or not known <= field_rules().written_by(self.role):
                known = self._typed(address, form)
            if known:
                self.sight.typed.setdefault(question, known)
            self.sight.written[self.role] |= {(name, place) for place in known}
        return len(self.sight.written[self.role]) > before

    def _typed(self, address: str, form: GovForm) -> set[Place]:
        """Where the words ended up, if the page took them; what that changed is undone."""
        with transaction.atomic():
            taken = self.client.post(address, answers_to(form)).status_code == 302
            found = words_in_the_record() if taken else set()
            transaction.set_rollback(True)
        return found

    def _send_everything(self, name: str, address: str, opened: HttpResponse) -> None:
        """Send no answer, but a value for every other field there is."""
        asked = set(_NAMES.findall(opened.content.decode()))
        strange = every_field() - asked - EACH_TIME
        with transaction.atomic():
            answer = _whole(self.client.post(address, urlencode(dict.fromkeys(strange, "1")), FORM))
            is_taken = answer.status_code not in NOT_TAKEN
            after = everything() if is_taken else ""
            transaction.set_rollback(True)
        self._listen(name, answer)
        if not is_taken:
            return
        self.sight.sent.add(name)
        text = answer.content.decode()
        asked |= set(_NAMES.findall(text))
        asked |= {name.removesuffix("_day") for name in asked}  # the radio of a moment that has but one
        quiet = {one for one in strange - asked if NOT_ASKED.format(name=one) not in text}
        self.sight.swallowed += [(name, one) for one in sorted(quiet)]
        self.sight.changed += [name] if after != self.before else []

    def _listen(self, page: str, answer: HttpResponse) -> None:
        text = answer.content.decode(errors="replace")
        if answer.status_code >= 500:
            self.sight.broken.append(f"{page} as {self.role}")
        for place in self.sight.canaries.found_in(text):
            self.sight.met[self.role][place].add(page)
        title = _TITLE.search(text)
        parts = {
            "title": title[1] if title else "",
            "unseen": " ".join(_UNSEEN.findall(text)),
            "headers": " ".join(f"{name}: {value}" for name, value in answer.headers.items()),
        }
        for part, words in parts.items():
            self.sight.unseen |= {(page, part, place) for place in self.sight.canaries.found_in(words)}


def _undone(client: Client, address: str, answers: Mapping[str, str]) -> HttpResponse:
    """What the page answers; a file is read to its end before what that changed is undone."""
    with transaction.atomic():
        answer = _whole(client.post(address, answers))
        transaction.set_rollback(True)
    return answer


def _whole(answer: HttpResponseBase) -> HttpResponse:
    """The answer; a file that comes in pieces, in one."""
    if isinstance(answer, StreamingHttpResponse):
        return HttpResponse(answer.getvalue(), status=answer.status_code, headers=dict(answer.headers))
    assert isinstance(answer, HttpResponse)
    return answer


# Everything there is -----------------------------------------------------------------------------------


def every_field() -> frozenset[str]:
    """The name of every field of every record, and what else is worth a try."""
    names = {
        name
        for model in our_models()
        for one in model._meta.concrete_fields
        for name in (one.name, one.attname)
    }
    return WISHES | names


def everything() -> str:
    """Every row of every table of ours, in one word."""
    tables = {model._meta.db_table for model in our_models() if model._meta.managed} - TRACES
    rows = [f"SELECT '{table}' AS name, one::text AS words FROM {table} AS one" for table in sorted(tables)]
    whole = "SELECT md5(string_agg(name || words, '|' ORDER BY name, words)) FROM ({}) AS all_rows"
    with connection.cursor() as cursor:
        cursor.execute(whole.format(" UNION ALL ".join(rows)))
        return str(cursor.fetchone()[0])


# Messages ----------------------------------------------------------------------------------------------


def _letters(world: World, canaries: Canaries) -> dict[str, set[Place]]:
    """What each message says, headers and all, as a mail server takes it."""
    episode = MissingEpisode.objects.get(pk=world.ids["episode_id"][0])
    reader = User.objects.get(pk=world.cast.bev.pk)
    letters = {template: letter_for(_owed(reader, episode, template)) for template in TEMPLATES}
    Client().post(reverse("account_reset_password"), {"email": reader.email})
    letters["a forgotten password"] = mail.outbox[-1]
    return {name: set(canaries.found_in(as_sent(letter))) for name, letter in letters.items()}


def _owed(reader: User, episode: MissingEpisode, template: str) -> Notification:
    return Notification(
        key=f"a-message-of-{template}",
        recipient=reader,
        template=template,
        reference=episode.reference,
        child_id=episode.child_id,
        episode_id=episode.pk,
        recorded_at=episode.recorded_at,
    )


def as_sent(letter: EmailMessage) -> str:
    """The letter's headers and its one body; a second part, such as a preheader, would be an error."""
    sent = message_from_bytes(letter.message().as_bytes(), policy=policy.default)
    assert not sent.is_multipart()
    return "\n".join([*(f"{name}: {value}" for name, value in sent.items()), str(sent.get_content())])
