"""A child's record: who opens it, who changes it, and what a form does with odd answers."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.records.models import AuditEntry, Child, LegalStatus
from casework.records.times import now
from incidents.services import reports
from protocols import engine
from tests.front.pages.at_the_desk import at_the_desk, send, text_of, url

if TYPE_CHECKING:
    from tests.cast import Cast

NEW = {
    "reference": "EX-30001",
    "first_name": "Siân",
    "last_name": "Ŵyn",
    "born_on_day": "3",
    "born_on_month": "2",
    "born_on_year": "2012",
    "sex": "F",
}


def registering(cast: Cast, **changes: object) -> dict[str, object]:
    return {**NEW, "authority": cast.exampleshire.pk, **changes}


def details_of(child: Child, **changes: object) -> dict[str, object]:
    """What the form that changes a child would send, had nobody typed anything."""
    born = {"born_on_day": child.born_on.day, "born_on_month": child.born_on.month}
    names = {name: getattr(child, name) for name in ("reference", "first_name", "last_name", "sex")}
    return {"version": child.version, **names, **born, "born_on_year": child.born_on.year, **changes}


# ---- reading ----


def test_bev_reads_kits_record_and_the_look_is_logged(cast: Cast) -> None:
    page = text_of(at_the_desk(cast.bev).get(url("child-detail", cast.kit.pk)))
    assert "<title>Child EX-20417 - Casework</title>" in page
    assert "Larch House" in page
    assert "Full care order since" in page
    assert AuditEntry.objects.filter(action="read", actor_id=cast.bev.pk, child_id=cast.kit.pk).exists()


def test_carl_reads_it_too_but_is_offered_nothing_that_is_not_his(cast: Cast) -> None:
    page = text_of(at_the_desk(cast.carl).get(url("child-detail", cast.kit.pk)))
    assert "Add a fact" in page
    for words in ("Change details", "Move the child", "Allocate a worker", "Restrict this record"):
        assert words not in page


def test_the_shared_tablet_opens_no_record(cast: Cast) -> None:
    answer = at_the_desk(cast.tablet).get(url("child-detail", cast.kit.pk))
    assert answer.status_code == 403
    assert "The shared tablet shows no records." in text_of(answer)


def test_eve_finds_none_of_kits_pages(cast: Cast) -> None:
    eve, placement = at_the_desk(cast.eve), cast.kit.placements.get()
    pages = ["detail", "change", "allocate", "restrict", "move"]
    addresses = [url(f"child-{page}", cast.kit.pk) for page in pages]
    addresses += [
        url(page, cast.kit.pk) for page in ("legal-status-record", "fact-record", "placement-start")
    ]
    addresses.append(url("placement-end", cast.kit.pk, placement.pk))
    assert {eve.get(address).status_code for address in addresses} == {404}
    assert eve.post(url("fact-confirm", cast.kit.pk), {"fact": str(uuid.uuid4())}).status_code == 404


def test_the_list_holds_exactly_ones_own_children(cast: Cast) -> None:
    assert cast.biniam.name in text_of(at_the_desk(cast.amina).get(url("child-list")))
    assert cast.biniam.name not in text_of(at_the_desk(cast.carl).get(url("child-list")))
    assert "No child is registered yet." in text_of(at_the_desk(cast.eve).get(url("child-list")))


def test_the_list_shows_who_is_missing(cast: Cast) -> None:
    reports.report_missing(by=cast.carl, child=cast.kit, category="missing", noticed_at=now())
    page = text_of(at_the_desk(cast.amina).get(url("child-list")))
    assert page.count(">Missing</strong>") == 1


def test_a_longer_list_asks_the_database_no_more_often(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            at_the_desk(cast.amina).get(url("child-list"))
        return len(asked)

    reports.report_missing(by=cast.carl, child=cast.kit, category="missing", noticed_at=now())
    before = queries()
    for number in range(3):
        send(cast.amina, "child-register", **registering(cast, reference=f"EX-4000{number}"))
    reports.report_missing(by=cast.carl, child=cast.ola, category="missing", noticed_at=now())
    assert queries() == before


def test_an_absence_stands_at_the_top_of_the_record(cast: Cast) -> None:
    episode = reports.report_missing(by=cast.carl, child=cast.kit, category="missing", noticed_at=now())
    page = text_of(at_the_desk(cast.amina).get(url("child-detail", cast.kit.pk)))
    assert f"Open episode {episode.reference}" in page
    assert "Missing now" in page
    assert url("report-detail", episode.pk) in text_of(
        at_the_desk(cast.carl).get(url("child-detail", cast.kit.pk))
    )


def test_a_home_sees_neither_where_a_child_was_before_nor_where_next(cast: Cast) -> None:
    placement = cast.kit.placements.get()
    placement.home = cast.fenwick_house
    placement.save()
    moved = send(cast.amina, "child-move", cast.kit.pk, home=cast.larch_house.pk, place_code="K2", at="now")
    assert moved.status_code == 302
    assert "Fenwick House" in text_of(at_the_desk(cast.amina).get(url("child-detail", cast.kit.pk)))
    page = text_of(at_the_desk(cast.carl).get(url("child-detail", cast.kit.pk)))
    assert "Larch House" in page
    assert "Fenwick House" not in page


# ---- registering ----


@pytest.mark.ac("B06")
def test_amina_registers_a_child(cast: Cast) -> None:
    answer = send(cast.amina, "child-register", **registering(cast, languages="Cymraeg"))
    child = Child.objects.get(reference="EX-30001")
    assert answer.url == url("child-detail", child.pk)
    assert (child.name, child.languages, child.authority) == ("Siân Ŵyn", "Cymraeg", cast.exampleshire)


def test_nobody_registers_for_another_authority(cast: Cast) -> None:
    answer = send(cast.amina, "child-register", **registering(cast, authority=cast.northmoor.pk))
    assert answer.status_code == 422
    assert "Choose one from the list." in text_of(answer)


def test_carl_registers_nobody(cast: Cast) -> None:
    assert at_the_desk(cast.carl).get(url("child-register")).status_code == 403


def test_a_reference_that_is_taken_is_said_on_the_form_with_everything_typed(cast: Cast) -> None:
    answer = send(cast.amina, "child-register", **registering(cast, reference="EX-20417"))
    assert answer.status_code == 409
    assert "Another child of this authority already has this reference." in text_of(answer)
    assert "Siân" in text_of(answer)


@pytest.mark.ac("B02", "B04", "B15", "B17", "B21")
@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"first_name": " \u200b\u00a0"}, "Enter the child’s first name."),
        ({"last_name": "A\x00B"}, "cannot be"),
        ({"born_on_month": "13"}, "Enter a real date."),
        ({"born_on_year": "2099"}, "A date of birth is in the past."),
        ({"born_on_year": "1906"}, "Check the year."),
        ({"sex": "X"}, "Choose one from the list."),
        ({"nhs_number": "943 476 5918"}, "its last digit does not fit"),
        ({"nhs_number": "12"}, "Enter an NHS number of 10 digits"),
    ],
)
def test_odd_answers_are_mended_on_the_page(cast: Cast, answers: dict[str, str], message: str) -> None:
    answer = send(cast.amina, "child-register", **registering(cast, known_as="Shan", **answers))
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert "Shan" in text_of(answer)
    assert not Child.objects.filter(known_as="Shan").exists()


@pytest.mark.ac("B17")
def test_a_care_leaver_is_registered_with_a_word(cast: Cast) -> None:
    answers = registering(cast, born_on_year=now().year - 19)
    answer = at_the_desk(cast.amina).post(url("child-register"), answers, follow=True)
    assert answer.status_code == 200
    assert "a care leaver, not a child in care" in text_of(answer)


@pytest.mark.ac("B22")
def test_what_was_not_asked_is_refused(cast: Cast) -> None:
    answer = send(cast.amina, "child-register", **registering(cast, is_restricted="yes"))
    assert answer.status_code == 422
    assert not Child.objects.filter(reference="EX-30001").exists()


@pytest.mark.ac("B23")
def test_two_answers_to_one_question_are_refused(cast: Cast) -> None:
    answer = send(cast.amina, "child-register", **registering(cast, sex=["F", "M"]))
    assert answer.status_code == 422


@pytest.mark.ac("B27")
def test_the_same_page_sent_twice_registers_one_child(cast: Cast) -> None:
    amina, answers = at_the_desk(cast.amina), registering(cast, form_key=str(uuid.uuid4()))
    first, second = (amina.post(url("child-register"), answers) for _ in range(2))
    assert first.url == second.url  # type: ignore[attr-defined]  # redirects have one
    assert Child.objects.filter(reference="EX-30001").count() == 1


# ---- changing ----


def test_amina_puts_a_name_right(cast: Cast) -> None:
    answer = send(cast.amina, "child-change", cast.kit.pk, **details_of(cast.kit, known_as="Kitty"))
    assert answer.url == url("child-detail", cast.kit.pk)
    cast.kit.refresh_from_db()
    assert (cast.kit.known_as, cast.kit.version) == ("Kitty", 2)


@pytest.mark.ac("B26")
def test_a_change_to_what_somebody_else_has_changed_shows_both_texts(cast: Cast) -> None:
    mine = details_of(cast.kit, languages="Polish", sex="F")
    send(cast.bev, "child-change", cast.kit.pk, **details_of(cast.kit, languages="English, Polish", sex="M"))
    answer = send(cast.amina, "child-change", cast.kit.pk, **mine)
    page = text_of(answer)
    assert answer.status_code == 409
    for words in ("Polish", "English, Polish", "Female", "Male"):
        assert f">{words}</p>" in page
    cast.kit.refresh_from_db()
    assert cast.kit.languages == "English, Polish"


@pytest.mark.ac("B21")
def test_a_worker_is_one_of_the_authoritys(cast: Cast) -> None:
    outsider = send(cast.bev, "child-allocate", cast.kit.pk, worker=cast.eve.pk)
    nonsense = send(cast.bev, "child-allocate", cast.kit.pk, worker="nobody")
    assert {outsider.status_code, nonsense.status_code} == {422}
    assert "Choose one from the list." in text_of(outsider)
    assert send(cast.bev, "child-allocate", cast.kit.pk, worker=cast.femi.pk).status_code == 302
    cast.kit.refresh_from_db()
    assert cast.kit.allocated_worker == cast.femi


def test_a_new_legal_status_ends_the_one_before(cast: Cast) -> None:
    today = now().date()
    day = {"from_on_day": today.day, "from_on_month": today.month, "from_on_year": today.year}
    assert send(cast.amina, "legal-status-record", cast.kit.pk, code="V2", **day).status_code == 302
    assert LegalStatus.objects.get(child=cast.kit, until_on=None).code == "V2"


def test_a_restricted_record_is_gone_for_those_who_do_not_answer_for_it(cast: Cast) -> None:
    assert send(cast.bev, "child-restrict", cast.kit.pk, reason="Relative on the staff").status_code == 302
    assert at_the_desk(cast.femi).get(url("child-detail", cast.kit.pk)).status_code == 404
    assert "Restricted record" in text_of(at_the_desk(cast.bev).get(url("child-detail", cast.kit.pk)))
    assert send(cast.bev, "child-restrict", cast.kit.pk, reason="It was a namesake").status_code == 302
    assert at_the_desk(cast.femi).get(url("child-detail", cast.kit.pk)).status_code == 200


def test_what_is_learnt_about_a_child_who_is_missing_wakes_the_clock(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    episode = reports.report_missing(by=cast.carl, child=cast.kit, category="missing", noticed_at=now())
    woken: list[uuid.UUID] = []
    monkeypatch.setattr(engine, "wake", woken.append)
    send(cast.amina, "child-change", cast.kit.pk, **details_of(cast.kit, is_unaccompanied="yes"))
    send(cast.amina, "child-change", cast.ola.pk, **details_of(cast.ola, is_unaccompanied="yes"))
    assert woken == [episode.pk]
