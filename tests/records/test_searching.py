"""Looking for a child by name: narrow, counted, and in the audit with what it found."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from casework.records.errors import Invalid, NotAllowed, NotFound, TooMany
from casework.records.models import AuditEntry, Child, ChildSearch, User
from casework.records.services.searching import Wanted, children_found, find_children
from tests.cast import Cast


def look_for(by: User, words: str, **besides: object) -> list[str]:
    """The first names of the children found."""
    search = find_children(by=by, wanted=Wanted(words, **besides))  # type: ignore[arg-type]
    return [child.first_name for child in children_found(by, search.pk)]


@pytest.mark.ac("T30.2")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ash", ["Kit"]),
        ("KIT ashd", ["Kit"]),
        ("EX-20417", ["Kit"]),
        ("bright", ["Ola"]),
        ("kit bright", []),
        ("ash%", []),
        ("_shd", []),
        ("nobody", []),
    ],
)
def test_each_word_is_part_of_a_name_or_of_the_reference(cast: Cast, words: str, found: list[str]) -> None:
    assert look_for(cast.amina, words) == found


@pytest.mark.ac("T30.2")
@pytest.mark.parametrize("words", ["k", "ki", "k%%", "  k i ", "%%%"])
def test_two_letters_are_too_few(cast: Cast, words: str) -> None:
    with pytest.raises(Invalid, match="3 letters or more"):
        find_children(by=cast.amina, wanted=Wanted(words))
    assert not ChildSearch.objects.exists()


@pytest.mark.ac("T30.2")
def test_two_are_enough_with_something_that_narrows_it(cast: Cast) -> None:
    assert look_for(cast.amina, "ki", born_on=cast.kit.born_on) == ["Kit"]
    assert look_for(cast.amina, "as", home=cast.larch_house) == ["Kit"]
    assert look_for(cast.amina, "as", home=cast.fenwick_house) == []
    assert look_for(cast.amina, "ki", team=cast.duty_team) == []
    with pytest.raises(Invalid):
        look_for(cast.amina, "k", team=cast.team_2)


@pytest.mark.ac("T30.2")
def test_every_search_is_in_the_audit_with_whom_it_found_and_without_its_words(cast: Cast) -> None:
    search = find_children(by=cast.amina, wanted=Wanted("ashdown"))
    (entry,) = AuditEntry.objects.filter(about_kind="search")
    assert (entry.actor_id, entry.fields) == (cast.amina.pk, [str(search.pk)])
    assert entry.child_ids == [cast.kit.pk]
    assert "ashdown" not in " ".join(str(value) for value in vars(entry).values()).lower()


@pytest.mark.ac("T30.2")
def test_the_sixty_first_of_an_hour_is_one_too_many(cast: Cast, settings: Settings) -> None:
    settings.SEARCHES_AN_HOUR = 2
    look_for(cast.amina, "ashdown")
    look_for(cast.amina, "ashdown")
    with pytest.raises(TooMany):
        look_for(cast.amina, "ashdown")
    assert look_for(cast.bev, "ashdown") == ["Kit"]
    assert ChildSearch.objects.filter(user=cast.amina).count() == 2


@pytest.mark.ac("T30.2")
@pytest.mark.parametrize("who", ["carl", "tablet", "gita", "dee"])
def test_homes_and_the_police_have_no_search(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        find_children(by=getattr(cast, who), wanted=Wanted("ashdown"))


@pytest.mark.ac("T30.1", "T30.2")
def test_eve_finds_nobody_of_exampleshire(cast: Cast) -> None:
    assert look_for(cast.eve, "ashdown") == []


def test_what_was_found_is_ones_own_for_an_hour_and_as_far_as_one_may_see_it(cast: Cast) -> None:
    search = find_children(by=cast.amina, wanted=Wanted("ash"))
    with pytest.raises(NotFound):
        children_found(cast.bev, search.pk)
    Child.objects.filter(pk=cast.kit.pk).update(allocated_worker=None, is_restricted=True)
    assert list(children_found(cast.amina, search.pk)) == []
