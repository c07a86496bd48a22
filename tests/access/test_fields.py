"""What each role is shown is what `field_rules.yaml` says, on every page, and only where people look."""

from __future__ import annotations

import logging
from typing import Final

import pytest
from django.apps import apps
from django.db import transaction
from pytest_django import DjangoDbBlocker

from casework.records.field_rules import EVERY_ROW, Kind, Place, field_rules, read_rules
from casework.records.models import Role
from tests.access.canaries import is_history, of_what, our_models
from tests.access.walking import Sight, is_first_of_its_kind, look_everywhere

pytestmark = [pytest.mark.xdist_group("fields"), pytest.mark.django_db]

# What may stand in a page's title, which a shared computer's history keeps: a reference, or who runs what.
IN_A_TITLE: Final = frozenset(
    {
        ("records.Child", "reference"),
        ("incidents.MissingEpisode", "reference"),
        ("incidents.ReportCopy", "reference"),
        ("protocols.Step", "title"),
        ("protocols.Protocol", "name"),
        ("records.LocalAuthority", "name"),
        ("records.Provider", "name"),
        ("records.Home", "name"),
    }
)
# Forms that ask for a password or one of two answers, answer at once, are one of several screens, or are for
# a home where the child lived before: the tests of those pages fill them in.
TYPED_ELSEWHERE: Final = {"emergency", "grant", "looking", "draft", "unverified"}
# What a message may say: the address it goes to, and a reference.
IN_A_LETTER: Final = frozenset({("records.User", "email"), ("incidents.MissingEpisode", "reference")})


# The file itself -------------------------------------------------------------------------------------


@pytest.mark.ac("T04.1")
def test_every_field_of_every_record_has_one_place() -> None:
    """A new field is put into `field_rules.yaml` by whoever makes it, or this is red."""
    there = {
        (model._meta.label, one.name)
        for model in our_models()
        if not is_history(model)
        for one in model._meta.concrete_fields
        if one.is_relation or one.name not in EVERY_ROW
    }
    placed = set(field_rules().places)
    assert (sorted(there - placed), sorted(placed - there)) == ([], [])


def test_former_values_are_of_records_that_have_their_place() -> None:
    labels = {label for label, _ in field_rules().places}
    histories = [model for model in our_models() if is_history(model)]
    assert histories
    assert [one for one in histories if of_what(one)._meta.label not in labels] == []


@pytest.mark.parametrize(
    ("people", "shown", "records", "said"),
    [
        ("{all: [ROLES], some: [director]}", "[all]", "{records.Child: {name: [a]}}", "one group of people"),
        ("{all: [ROLES]}", "[nobody]", "{records.Child: {name: [a]}}", "speaks of nobody"),
        (
            "{all: [ROLES]}",
            "[all]",
            "{records.Child: {name: [a], other: [a]}}",
            "records.Child.a stands twice",
        ),
        ("{all: [ROLES]}", "[all]", "{records.Child: {unheard: [a]}}", "under no known kind"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(people: str, shown: str, records: str, said: str) -> None:
    kind = f"{{what: A name, shown: {shown}, written: [all]}}"
    text = f"people: {people}\nkinds: {{name: {kind}, other: {kind}}}\nrecords: {records}\n"
    with pytest.raises(Exception, match=said):
        read_rules(text.replace("ROLES", ", ".join(Role.values)))


# What is shown ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sight(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Sight:
    """Every page as every role, once for all tests of this module; afterwards nothing of it is left."""
    logging.disable(logging.CRITICAL)
    with django_db_blocker.unblock(), transaction.atomic():
        sight = look_everywhere()
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
    return sight


@pytest.mark.ac("T04.1")
def test_no_role_is_shown_more_than_the_rules_say(sight: Sight) -> None:
    too_much = {
        (str(role), *place, min(pages))
        for role, met in sight.met.items()
        for place, pages in met.items()
        if place not in field_rules().shown_to(role)
    }
    assert sorted(too_much) == []
    assert sight.broken == []


@pytest.mark.ac("T04.1")
def test_a_police_system_is_shown_by_the_api_what_its_rules_say_and_something_of_each(sight: Sight) -> None:
    """What it met and wrote at the API's addresses is among what the tests of all pages judge."""
    met = {_kind(place) for place, pages in sight.met[Role.POLICE_SYSTEM].items() if _by_api(pages)}
    assert {kind.name for kind in met if kind} >= {
        "child_name",
        "profile",
        "report",
        "indicator",
        "risk_grade",
    }
    written = {_kind(place) for page, place in sight.written[Role.POLICE_SYSTEM] if _by_api({page})}
    assert {kind.name for kind in written if kind} >= {"case_reference", "report", "risk_grade", "finding"}


def _by_api(pages: set[str]) -> bool:
    return any(page.startswith("api:") for page in pages)


@pytest.mark.ac("T04.1")
def test_what_is_meant_to_be_seen_is_seen_by_somebody(sight: Sight) -> None:
    """Or the test above could not fail: a page that shows nothing shows nothing forbidden."""
    met = {place for places in sight.met.values() for place in places}
    unseen = sight.canaries.places - met
    assert sorted(place for place in unseen if (kind := _kind(place)) and kind.shown) == []


@pytest.mark.ac("T04.1")
def test_each_role_is_shown_something_of_each_kind_that_is_its_own(sight: Sight) -> None:
    """So that a right which is written down and works for nobody is found."""
    of_words = {kind.name for place in sight.canaries.places if (kind := _kind(place))}
    has_none = {(str(Role.ADMINISTRATOR), "conflict")}  # whoever has one takes in no files
    unmet = {
        (str(role), kind.name)
        for kind in field_rules().kinds.values()
        if kind.name in of_words
        for role in kind.shown
        if is_first_of_its_kind(role) and not any(_kind(place) is kind for place in sight.met[role])
    }
    assert sorted(unmet - has_none) == []


@pytest.mark.ac("T04.3")
def test_nothing_is_said_where_nobody_looks(sight: Sight) -> None:
    """In a title, a comment, a script, a data attribute or a header, which browsers and proxies keep."""
    said = {one for one in sight.unseen if not (one[1] == "title" and one[2] in IN_A_TITLE)}
    assert sorted(said) == []


def test_a_canary_sings_in_every_word_of_every_record(sight: Sight) -> None:
    """A new record gets its row in `tests/access/a_full_world.py`, or nobody would have tried its words."""
    words = {place for place, kind in field_rules().places.items() if kind.name != "key" and _is_words(place)}
    assert sorted(words - sight.canaries.places) == []


# What is written -------------------------------------------------------------------------------------


@pytest.mark.ac("T04.1")
def test_nobody_writes_where_the_rules_do_not_let_them(sight: Sight) -> None:
    too_far = {
        (str(role), *place, page)
        for role in Role
        for page, place in sight.written[role]
        if place not in field_rules().written_by(role)
    }
    assert sorted(too_far) == []


@pytest.mark.ac("T04.1")
def test_each_kind_that_somebody_may_write_somebody_writes(sight: Sight) -> None:
    """Or the test above could not fail: a form that takes nothing writes nothing forbidden."""
    written = {_kind(place) for places in sight.typed.values() for place in places}
    unwritten = {kind.name for kind in field_rules().kinds.values() if kind.written and kind not in written}
    assert unwritten == TYPED_ELSEWHERE


# What is sent -----------------------------------------------------------------------------------------


@pytest.mark.ac("T06.1")
def test_no_message_says_anything_of_a_child(sight: Sight) -> None:
    """Its subject, body and headers: whom it goes to, that there is work, and on which reference."""
    said = {(name, *place) for name, places in sight.letters.items() for place in places - IN_A_LETTER}
    assert sorted(said) == []
    assert all(("records.User", "email") in places for places in sight.letters.values())
    assert len(sight.letters) > 10


@pytest.mark.ac("T04.2")
def test_a_field_that_was_not_asked_is_refused_by_name_and_nothing_changes(sight: Sight) -> None:
    """Each page was sent with a value for every field of every record."""
    assert (sight.swallowed, sight.changed) == ([], [])
    assert len(sight.sent) > 60


def _kind(place: Place) -> Kind | None:
    """None for a former value, which no rule permits to anybody."""
    return field_rules().places.get(place)


def _is_words(place: Place) -> bool:
    label, name = place
    one = apps.get_model(label)._meta.get_field(name)
    kind = type(one).__name__
    return kind in {"TextField", "EmailField"} or (
        kind == "CharField" and not one.choices and one.max_length >= 7
    )
