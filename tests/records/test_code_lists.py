"""One list of the return's codes, by year, and every page that shows a code takes its words from it."""

from __future__ import annotations

import pytest

from casework.front.pages.children.child_forms import ChildQuestions, LegalStatusForm
from casework.front.pages.children.placement_forms import PlaceQuestions
from casework.front.pages.kit.forms import ChoiceField, GovForm
from casework.records import code_lists
from casework.records.code_lists import CodeList, LegalStatusCode
from protocols.conditions import LEGAL_STATUSES

ALWAYS = "A3 A4 A5 A6 K1 K2 P1 P3 R1 R2 R3 R5 S1 T0 T1 T2 T3 T4 U1 U2 U3 U4 U5 U6"
EVERY_LIST = [
    code_lists.PLACE,
    code_lists.PROVIDER,
    code_lists.REASON_NEW_EPISODE,
    code_lists.LEGAL_STATUS,
    code_lists.NEED,
    code_lists.REASON_PLACE_CHANGE,
    code_lists.REASON_CEASED,
    code_lists.ETHNICITY,
]


@pytest.mark.parametrize("codes", EVERY_LIST)
def test_every_code_stands_once_and_has_words(codes: CodeList) -> None:
    assert len({one.code for one in codes}) == len(codes)
    assert all(one.label and one.code == one.code.upper() for one in codes)


def test_the_places_of_a_year_are_the_returns() -> None:
    always = set(ALWAYS.split())
    assert set(code_lists.labels(code_lists.PLACE, 2023)) == always | {"H5", "P2", "Z1"}
    assert set(code_lists.labels(code_lists.PLACE, 2024)) == always | {"H5", "P2", "Z1", "K3"}
    assert set(code_lists.labels(code_lists.PLACE, 2025)) == always | {"K3", "Z11", "Z12", "Z13", "Z14"}


def test_sex_changed_its_letters_and_freeing_orders_ended() -> None:
    assert set(code_lists.labels(code_lists.SEX, 2023)) == {"1", "2"}
    assert set(code_lists.labels(code_lists.SEX, 2024)) == {"F", "M", "U"}
    assert code_lists.is_valid(code_lists.LEGAL_STATUS, "D1", 2005)
    assert not code_lists.is_valid(code_lists.LEGAL_STATUS, "D1", 2006)


def test_a_code_that_left_the_list_keeps_its_words() -> None:
    assert not code_lists.is_valid(code_lists.PLACE, "H5", 2025)
    assert code_lists.label(code_lists.PLACE, "H5") == "Semi-independent living"
    assert code_lists.label(code_lists.PLACE, "Q9") == ""


def test_what_needs_no_urn_or_provider_is_a_place() -> None:
    places = {one.code for one in code_lists.PLACE}
    assert places >= code_lists.WITHOUT_URN | code_lists.MAY_LACK_URN | code_lists.WITHOUT_PROVIDER


def test_forms_and_protocols_offer_these_codes_and_no_others() -> None:
    def offered(form: GovForm, field: str) -> set[str]:
        asked = form.fields[field]
        assert isinstance(asked, ChoiceField)
        return {choice.value for choice in asked.choices if choice.value}

    newest = code_lists.NEWEST_SETS
    assert offered(PlaceQuestions(), "place_code") == set(code_lists.labels(code_lists.PLACE, newest))
    assert offered(PlaceQuestions(), "provider_code") == set(code_lists.labels(code_lists.PROVIDER))
    assert offered(ChildQuestions(), "ethnicity") == set(code_lists.labels(code_lists.ETHNICITY))
    assert offered(LegalStatusForm(), "code") == set(LegalStatusCode.values) - {"D1"}
    assert set(LEGAL_STATUSES) == set(LegalStatusCode.values)
