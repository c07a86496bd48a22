"""A question put into SQL once: it finds what Django's own would, and is refused where it could not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db.models import QuerySet

from casework.records.models import Child, Draft, Membership
from casework.records.questions import KEY, OfMany

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from tests.cast import Cast

NAMES = OfMany(lambda: Child.objects.filter(pk=KEY).order_by("first_name").values_list("first_name", "pk"))
POSTS = OfMany(lambda: Membership.objects.filter(user=KEY, role="social_worker").order_by("pk"))


def test_the_fields_of_all_that_have_one_of_the_keys_in_order(cast: Cast) -> None:
    keys = [cast.rosie.pk, cast.kit.pk]
    assert NAMES.rows(keys) == [("Kit", cast.kit.pk), ("Rosie", cast.rosie.pk)]


def test_whole_rows_are_as_django_reads_them(cast: Cast) -> None:
    keys = {cast.amina.pk, cast.eve.pk, cast.bev.pk}
    found = POSTS.records(keys)
    wanted = list(Membership.objects.filter(user__in=keys, role="social_worker").order_by("pk"))
    assert (found, [vars(row)["starts_at"] for row in found]) == (wanted, [row.starts_at for row in wanted])
    assert {row.user for row in found} == {cast.amina, cast.eve}


def test_no_keys_are_no_question(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert NAMES.rows([]) == []


@pytest.mark.parametrize(
    "question",
    [
        Child.objects.filter(first_name="Kit"),
        Child.objects.filter(pk__in=[KEY, KEY]),
        Draft.objects.filter(user=KEY),  # its answers are JSON, which Django reads
    ],
    ids=["about nobody", "about two", "not read by the driver"],
)
def test_what_it_could_not_answer_rightly_is_refused(question: QuerySet[Child], db: None) -> None:
    with pytest.raises(TypeError):
        OfMany(lambda: question).rows([KEY])
