"""Looking for a child from the list: by name, from a page whose address never has one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from pytest_django import Settings

from casework.records.models import AuditEntry, ChildSearch, User
from tests.front.pages.at_the_desk import at_the_desk, text_of, url

if TYPE_CHECKING:
    from tests.cast import Cast


def search(user: User, **answers: str) -> Any:
    client = at_the_desk(user)
    asked = {"words": "", "form_key": str(uuid4()), **answers}
    return client.post(url("children-search"), asked, follow=True)


@pytest.mark.ac("T25.2", "T30.2")
def test_amina_finds_kit_at_an_address_that_says_nothing(cast: Cast) -> None:
    answer = search(cast.amina, words="ashd")
    ((address, status),) = answer.redirect_chain
    assert status == 302
    assert re.fullmatch(r"/children/found/[0-9a-f-]{36}/", address)
    page = text_of(answer)
    assert "1 child found." in page
    assert "Kit Ashdown" in page
    assert "Ola Brightwater" not in page
    assert AuditEntry.objects.filter(about_kind="search").count() == 1


@pytest.mark.ac("T25.2")
def test_a_name_in_an_address_finds_nothing(cast: Cast) -> None:
    client = at_the_desk(cast.amina)
    assert client.get(f"{url('children-search')}?words=ashdown").status_code == 405
    assert client.get(f"{url('child-list')}?words=ashdown").status_code == 400


@pytest.mark.ac("T30.2")
def test_too_few_letters_are_said_beside_the_question_with_the_list_below(cast: Cast) -> None:
    answer = search(cast.amina, words="ki")
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Enter 3 letters or more of the name" in page
    assert 'value="ki"' in page
    assert "Ola Brightwater" in page


@pytest.mark.ac("T30.2")
def test_what_narrows_a_search_stays_open_when_there_is_something_to_mend(cast: Cast) -> None:
    page = text_of(search(cast.amina, words="k", team=str(cast.team_2.pk)))
    assert '<details class="govuk-details" open>' in page
    assert '<details class="govuk-details">' in text_of(at_the_desk(cast.amina).get(url("child-list")))


@pytest.mark.ac("T30.2")
def test_one_search_too_many_is_stopped(cast: Cast, settings: Settings) -> None:
    settings.SEARCHES_AN_HOUR = 1
    search(cast.amina, words="ashd")
    answer = search(cast.amina, words="ashd")
    assert answer.status_code == 429
    assert "searched very often" in text_of(answer)


@pytest.mark.ac("T30.2")
def test_carl_has_his_list_and_no_search(cast: Cast) -> None:
    page = text_of(at_the_desk(cast.carl).get(url("child-list")))
    assert "Kit Ashdown" in page
    assert "Find a child" not in page
    assert search(cast.carl, words="ashdown").status_code == 403


def test_bev_does_not_open_what_amina_found(cast: Cast) -> None:
    search(cast.amina, words="ashd")
    found = ChildSearch.objects.get()
    assert at_the_desk(cast.amina).get(url("children-found", found.pk)).status_code == 200
    assert at_the_desk(cast.bev).get(url("children-found", found.pk)).status_code == 404


def test_nobody_found_says_what_to_try(cast: Cast) -> None:
    assert "Nobody was found." in text_of(search(cast.amina, words="zzz"))
