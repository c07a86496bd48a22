"""The facts to have ready: recorded, still true, changed, not true any more."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from casework.records.models import ProfileFact
from casework.records.services import profile
from casework.records.times import now
from tests.front.pages.at_the_desk import at_the_desk, send, text_of, url

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def phone(cast: Cast) -> ProfileFact:
    """Kit's phone, as known 96 days ago."""
    long_ago = now() - timedelta(days=96)
    return ProfileFact.objects.create(
        child=cast.kit, kind="phone", words="Ends 902", source="Kit", confirmed_at=long_ago
    )


def test_carl_adds_a_fact_from_the_link_of_an_empty_kind(cast: Cast) -> None:
    carl = at_the_desk(cast.carl)
    page = text_of(carl.get(url("fact-record", cast.kit.pk), {"kind": "medical"}))
    assert '<option value="medical" selected>' in page
    answer = send(cast.carl, "fact-record", cast.kit.pk, kind="medical", words="Inhaler, blue")
    assert answer.status_code == 302
    page = text_of(carl.get(url("child-detail", cast.kit.pk)))
    assert "Inhaler, blue" in page
    assert "Confirmed today" in page


def test_one_press_makes_a_fact_fresh_again(cast: Cast, phone: ProfileFact) -> None:
    amina = at_the_desk(cast.amina)
    page = text_of(amina.get(url("child-detail", cast.kit.pk)))
    assert "Not confirmed for 96 days" in page
    assert "1 of 1 fact needs a check." in page
    answer = amina.post(url("fact-confirm", cast.kit.pk), {"fact": phone.pk})
    assert answer.url.endswith(f"#fact-{phone.pk}")  # type: ignore[attr-defined]  # a redirect has one
    assert "Not confirmed" not in text_of(amina.get(url("child-detail", cast.kit.pk)))


def test_a_newer_fact_takes_the_place_of_an_older_one(cast: Cast, phone: ProfileFact) -> None:
    answer = send(cast.carl, "fact-change", cast.kit.pk, phone.pk, words="Ends 115", source="Kit")
    assert answer.status_code == 302
    page = text_of(at_the_desk(cast.carl).get(url("child-detail", cast.kit.pk)))
    assert "Ends 115" in page
    assert "Ends 902" not in page
    phone.refresh_from_db()
    assert phone.words == "Ends 902"  # the history keeps them


def test_a_fact_that_somebody_has_changed_keeps_what_was_typed(cast: Cast, phone: ProfileFact) -> None:
    send(cast.carl, "fact-change", cast.kit.pk, phone.pk, words="Ends 115")
    answer = send(cast.amina, "fact-change", cast.kit.pk, phone.pk, words="Ends 330")
    assert answer.status_code == 409
    assert "Somebody has already changed or withdrawn this fact." in text_of(answer)
    assert "Ends 330" in text_of(answer)


def test_what_is_not_true_any_more_goes_with_a_reason(cast: Cast, phone: ProfileFact) -> None:
    assert send(cast.amina, "fact-withdraw", cast.kit.pk, phone.pk).status_code == 422
    answer = send(cast.amina, "fact-withdraw", cast.kit.pk, phone.pk, reason="Sold in May")
    assert answer.status_code == 302
    assert "Ends 902" not in text_of(at_the_desk(cast.amina).get(url("child-detail", cast.kit.pk)))


@pytest.mark.ac("B25")
def test_another_childs_fact_is_neither_confirmed_nor_changed_from_here(cast: Cast) -> None:
    olas = profile.record_fact(by=cast.amina, child=cast.ola, kind="phone", words="Ends 440")
    confirmed = at_the_desk(cast.amina).post(url("fact-confirm", cast.kit.pk), {"fact": olas.pk})
    assert confirmed.status_code == 422
    assert send(cast.amina, "fact-change", cast.kit.pk, olas.pk, words="Mine").status_code == 404
    assert send(cast.amina, "fact-withdraw", cast.kit.pk, olas.pk, reason="Mine").status_code == 404


@pytest.mark.ac("B03")
def test_a_megabyte_is_refused_with_a_sentence(cast: Cast) -> None:
    answer = send(cast.carl, "fact-record", cast.kit.pk, kind="place", words="x" * 1_000_000)
    assert answer.status_code == 422
    assert "4,000 characters or fewer" in text_of(answer)


@pytest.mark.ac("B08", "B09", "B10")
@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("{{7*7}} {% debug %}", "{{7*7}} {% debug %}"),
        ("%'; DROP TABLE child", "%&#x27;; DROP TABLE child"),
    ],
)
def test_what_looks_like_code_is_words(cast: Cast, words: str, shown: str) -> None:
    assert send(cast.carl, "fact-record", cast.kit.pk, kind="place", words=words).status_code == 302
    assert shown in text_of(at_the_desk(cast.carl).get(url("child-detail", cast.kit.pk)))
