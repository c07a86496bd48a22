"""Photographs of Kit: added, approved for the police and the public apart, withdrawn; kept in one place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from casework.records.errors import Conflict, Invalid, NotAllowed, NotFound
from casework.records.models import Photo, PhotoApproval, PhotoContent, User
from casework.records.photos import content_of, for_police, photo_of, photos_of, withdrawn_from
from casework.records.services import photos
from casework.records.services.photos import MOST
from casework.records.times import now
from casework.records.verbs import RecordVerb
from tests.a_photo import RED, picture
from tests.cast import Cast
from tests.records.audit_rows import asked


def kits(cast: Cast, by: User | None = None, **said: Any) -> Photo:
    given: dict[str, Any] = {"picture": picture(), "source": "Her key worker", **said}
    return photos.add_photo(by=by or cast.carl, child=cast.kit, **given)


def tones(count: int) -> list[tuple[int, int, int]]:
    return [(20 * at, 200, 40) for at in range(count)]


def verbs(cast: Cast) -> list[str]:
    return list(cast.kit.chronology.order_by("recorded_at", "verb").values_list("verb", flat=True))


# Added ------------------------------------------------------------------------------------------------


def test_carl_adds_one_with_its_day_and_source(cast: Cast) -> None:
    drawn = picture()
    photo = kits(cast, picture=drawn, taken_on=date(2026, 5, 3), is_rough=True)
    assert (photo.source, photo.taken_on, photo.is_rough) == ("Her key worker", date(2026, 5, 3), True)
    assert (photo.width, photo.height, photo.digest) == (90, 120, drawn.digest)
    assert content_of(photo) == drawn.content
    assert verbs(cast)[-1] == RecordVerb.PHOTO_ADDED


def test_the_current_one_is_the_last_that_was_taken_and_one_of_no_known_day_comes_last(cast: Cast) -> None:
    today, unknown, old = tones(3)
    taken_today = kits(cast, picture=picture(today), taken_on=now().date())
    of_no_day = kits(cast, picture=picture(unknown))
    long_ago = kits(cast, picture=picture(old), taken_on=date(2021, 5, 3))
    assert [kept.photo for kept in photos_of(cast.kit)] == [taken_today, long_ago, of_no_day]


def test_the_tablet_adds_one_under_a_typed_name_and_approves_nothing(cast: Cast) -> None:
    photo = kits(cast, by=cast.tablet, typed_name="Carl P")
    assert (photo.typed_name, photo.added_by) == ("Carl P", cast.tablet)
    with pytest.raises(NotAllowed):
        kits(cast, by=cast.tablet, picture=picture(RED), for_police=True)
    with pytest.raises(NotAllowed):
        photos.approve_photo(by=cast.tablet, photo=photo, audience="police")
    with pytest.raises(NotAllowed):
        photos.withdraw_photo(by=cast.tablet, photo=photo, reason="Not him")
    assert Photo.objects.count() == 1


def test_nobody_else_adds_one(cast: Cast) -> None:
    for person in (cast.mo, cast.eve, cast.dee, cast.ada, cast.ines):
        with pytest.raises(NotAllowed):
            kits(cast, by=person)
    assert not Photo.objects.exists()


@pytest.mark.parametrize(
    ("said", "field"), [({"source": " "}, "source"), ({"taken_on": date(2126, 1, 1)}, "taken_on")]
)
def test_one_without_a_source_or_from_the_future_is_not_taken(
    cast: Cast, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as no:
        kits(cast, by=cast.carl, **said)
    assert no.value.field == field
    assert not PhotoContent.objects.exists()


def test_the_same_photograph_twice_is_one(cast: Cast) -> None:
    first = kits(cast)
    with pytest.raises(Invalid, match="there already"):
        kits(cast, by=cast.amina)
    photos.withdraw_photo(by=cast.carl, photo=first, reason="Blurred")
    assert kits(cast, by=cast.amina).pk != first.pk


@pytest.mark.ac("U07")
def test_the_eleventh_is_refused_with_the_limit_until_one_is_withdrawn(cast: Cast) -> None:
    *first, last = tones(MOST + 1)
    kept = [kits(cast, picture=picture(tone)) for tone in first]
    with pytest.raises(Invalid, match="10 photographs"):
        kits(cast, picture=picture(last))
    photos.withdraw_photo(by=cast.amina, photo=kept[0], reason="Too old")
    kits(cast, picture=picture(last))
    assert len(photos_of(cast.kit)) == MOST


@pytest.mark.django_db(transaction=True)
def test_two_who_add_the_tenth_at_once_do_not_make_it_eleven(cast: Cast) -> None:
    *first, one, other = tones(MOST + 1)
    for tone in first:
        kits(cast, picture=picture(tone))

    def add(drawn: object) -> bool:
        try:
            kits(cast, picture=drawn)
        except Invalid:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(add, [picture(one), picture(other)])) == [False, True]


# Approved ---------------------------------------------------------------------------------------------


def test_the_police_and_the_public_are_approved_apart(cast: Cast) -> None:
    photo = kits(cast)
    photos.approve_photo(by=cast.carl, photo=photo, audience="police")
    with pytest.raises(NotAllowed):
        photos.approve_photo(by=cast.amina, photo=photo, audience="public", words="His mother agrees.")
    (kept,) = photos_of(cast.kit)
    assert kept.police is not None
    assert kept.public is None
    with pytest.raises(Invalid):
        photos.approve_photo(by=cast.bev, photo=photo, audience="public", words=" ")
    photos.approve_photo(by=cast.bev, photo=photo, audience="public", words="His mother agrees.")
    assert photos_of(cast.kit)[0].public is not None
    assert verbs(cast)[-2:] == [RecordVerb.PHOTO_FOR_POLICE, RecordVerb.PHOTO_FOR_PUBLIC]


def test_one_is_added_and_approved_in_one_breath(cast: Cast) -> None:
    photo = kits(cast, for_police=True)
    assert for_police(cast.kit) == [photo]


def test_approved_twice_is_approved_once_and_so_is_taking_back(cast: Cast) -> None:
    photo = kits(cast, for_police=True)
    with pytest.raises(Conflict):
        photos.approve_photo(by=cast.amina, photo=photo, audience="police")
    with pytest.raises(Invalid):
        photos.take_back_approval(by=cast.amina, photo=photo, audience="police", reason="")
    photos.take_back_approval(by=cast.amina, photo=photo, audience="police", reason="It is his brother.")
    assert for_police(cast.kit) == []
    with pytest.raises(Conflict):
        photos.take_back_approval(by=cast.amina, photo=photo, audience="police", reason="Again")
    photos.approve_photo(by=cast.carl, photo=photo, audience="police")
    assert for_police(cast.kit) == [photo]
    assert PhotoApproval.objects.filter(photo=photo).count() == 2


@pytest.mark.parametrize("audience", ["", "press", "Police"])
def test_nobody_else_can_be_approved_for(cast: Cast, audience: str) -> None:
    with pytest.raises(Invalid):
        photos.approve_photo(by=cast.bev, photo=kits(cast), audience=audience, words="x")


# Withdrawn --------------------------------------------------------------------------------------------


def test_a_withdrawn_one_is_shown_to_nobody_and_says_why(cast: Cast) -> None:
    photo = kits(cast, for_police=True)
    with pytest.raises(Invalid):
        photos.withdraw_photo(by=cast.carl, photo=photo, reason=" ")
    photos.withdraw_photo(by=cast.carl, photo=photo, reason="It is his brother.")
    assert (photos_of(cast.kit), for_police(cast.kit)) == ([], [])
    with pytest.raises(NotFound):
        photo_of(cast.kit, photo.pk)
    (gone,) = withdrawn_from(cast.kit)
    assert (gone.withdrawn_reason, gone.withdrawn_by) == ("It is his brother.", cast.carl)
    assert verbs(cast)[-2:] == [RecordVerb.PHOTO_NOT_FOR_POLICE, RecordVerb.PHOTO_WITHDRAWN]
    with pytest.raises(Conflict):
        photos.withdraw_photo(by=cast.carl, photo=photo, reason="Again")
    with pytest.raises(Conflict):
        photos.approve_photo(by=cast.carl, photo=photo, audience="police")
    with pytest.raises(Conflict):
        photos.take_back_approval(by=cast.carl, photo=photo, audience="police", reason="Again")


def test_another_childs_photograph_is_not_found_here(cast: Cast) -> None:
    photo = kits(cast)
    with pytest.raises(NotFound):
        photo_of(cast.ola, photo.pk)


def tables() -> list[str]:
    """Every table of the database, a divided one as the one it is."""
    return [
        name
        for (name,) in asked(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition "
            "AND relnamespace = 'public'::regnamespace"
        )
    ]


# Kept -------------------------------------------------------------------------------------------------


def test_the_bytes_are_in_one_table_and_in_no_history_and_no_audit(cast: Cast) -> None:
    drawn = picture()
    photo = kits(cast, picture=drawn, for_police=True)
    photos.withdraw_photo(by=cast.carl, photo=photo, reason="Blurred")
    beginning = f"%{drawn.content[:60].hex()}%"
    search = 'SELECT 1 FROM "{}" one WHERE one::text LIKE %s'
    holding = {table for table in tables() if asked(search.format(table), beginning)}
    assert holding == {PhotoContent._meta.db_table}


def test_whatever_changes_leaves_its_row_of_the_audit(cast: Cast) -> None:
    photo = kits(cast, for_police=True)
    photos.withdraw_photo(by=cast.carl, photo=photo, reason="Blurred")
    rows = asked(
        "SELECT action, about_kind, child_id FROM records_auditentry WHERE about_kind LIKE 'photo%%'"
    )
    assert sorted(rows) == [
        ("add", "photo", cast.kit.pk),
        ("add", "photoapproval", cast.kit.pk),
        ("change", "photo", cast.kit.pk),
        ("change", "photoapproval", cast.kit.pk),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records_photo SET digest = 'x'",
        "UPDATE records_photo SET child_id = child_id",
        "UPDATE records_photoapproval SET audience = 'public'",
        "UPDATE records_photocontent SET content = ''",
        "DELETE FROM records_photo",
        "DELETE FROM records_photoapproval",
        "DELETE FROM records_photocontent",
        "DELETE FROM records_photoevent",
    ],
)
def test_the_application_can_neither_change_nor_remove_one(cast: Cast, statement: str) -> None:
    kits(cast, for_police=True)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_lists_bring_no_bytes(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for tone in tones(3):
        kits(cast, picture=picture(tone), for_police=True)
    with django_assert_num_queries(2) as counted:
        assert len(photos_of(cast.kit)) == 3
    assert not any("photocontent" in query["sql"] for query in counted.captured_queries)


def test_when_it_was_taken_stays_what_it_was(cast: Cast) -> None:
    yesterday = now().date() - timedelta(days=1)
    assert kits(cast, taken_on=yesterday).taken_on == yesterday
