"""A page sent twice is done once."""

from uuid import uuid4

import pytest

from casework.records.errors import Invalid, NotFound, Refused
from casework.records.models import FormKey
from casework.records.services import drafts
from casework.records.services.forms import do_once
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.ac("B27")
def test_the_same_page_twice_shows_the_first_result(cast: Cast) -> None:
    key, done = uuid4(), []

    def act() -> str:
        done.append(1)
        return f"/result/{len(done)}/"

    first = do_once(user=cast.carl, key=key, path="/x/", digest="a", act=act)
    again = do_once(user=cast.carl, key=key, path="/x/", digest="a", act=act)

    assert (first, again, len(done)) == ("/result/1/", "/result/1/", 1)


def test_a_key_is_good_for_one_page_of_one_person(cast: Cast) -> None:
    key = uuid4()
    do_once(user=cast.carl, key=key, path="/x/", digest="a", act=lambda: "/")

    for user, path, digest in ((cast.carl, "/x/", "b"), (cast.carl, "/y/", "a"), (cast.mo, "/x/", "a")):
        with pytest.raises(Invalid, match="already sent"):
            do_once(user=user, key=key, path=path, digest=digest, act=lambda: "/never/")


def test_a_refused_act_leaves_its_key_unused(cast: Cast) -> None:
    key = uuid4()

    def refuse() -> str:
        raise Refused("No.")

    with pytest.raises(Refused):
        do_once(user=cast.carl, key=key, path="/x/", digest="a", act=refuse)

    assert not FormKey.objects.filter(key=key).exists()
    assert do_once(user=cast.carl, key=key, path="/x/", digest="a", act=lambda: "/ok/") == "/ok/"


def test_a_draft_is_its_writers_alone(cast: Cast) -> None:
    draft = drafts.keep(user=cast.carl, kind="report", answers={"where": "no"})
    drafts.keep(user=cast.carl, kind="report", answers={"where": "yes"}, draft_id=draft.pk)

    assert drafts.find(user=cast.carl, kind="report", draft_id=draft.pk).answers == {"where": "yes"}
    with pytest.raises(NotFound):
        drafts.find(user=cast.mo, kind="report", draft_id=draft.pk)
    drafts.drop(user=cast.carl, kind="report", draft_id=draft.pk)
    assert not drafts.kept_by(cast.carl, "report").exists()
