"""Ids that were not offered, in lists, batches and filters: they reach nothing, and nothing is written."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from casework.records.models import (
    Child,
    ChronologyEntry,
    FactKind,
    Membership,
    Placement,
    ProfileFact,
    Team,
    User,
)
from casework.records.services import drafts
from casework.records.times import now
from incidents.models import MissingEpisode
from incidents.services import reports
from protocols import acts
from protocols.models import StepState
from tests.front.pages.a_report import answer_all, begin, signed_in
from tests.front.pages.at_the_desk import text_of
from tests.front.pages.duty_night import in_force, missing, step_of

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def stranger(cast: Cast) -> Child:
    """Tam, of Northmoor."""
    return Child.objects.create(
        authority=cast.northmoor,
        reference="NM-10077",
        first_name="Tam",
        last_name="Reddy",
        born_on=cast.kit.born_on,
        allocated_worker=cast.eve,
    )


def url(page: str, *ids: UUID) -> str:
    return reverse(f"pages:{page}", args=ids)


def rows() -> dict[str, int]:
    """How many rows each table holds that a form could write to."""
    kept = ("records_audit", "records_formkey")  # these say that somebody tried
    tables = [
        table
        for table in connection.introspection.table_names()
        if not table.startswith(kept) and table.startswith(("records_", "incidents_", "protocols_"))
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{one}', count(*) FROM {one}" for one in tables))
        return {str(table): int(count) for table, count in cursor.fetchall()}


def refused(client: Client, address: str, answers: dict[str, object]) -> None:
    """The same answer for somebody else's id and for one of nothing; nothing is written by either."""
    before = rows()
    sent = client.post(address, answers)
    assert sent.status_code in (400, 404, 422), text_of(sent)
    assert rows() == before
    assert "Tam" not in text_of(sent)
    assert "Reddy" not in text_of(sent)


# T01.3: lists, companions, batches ----------------------------------------------------------------------


@pytest.mark.ac("T01.3", "A13")
def test_a_report_by_phone_takes_no_child_of_another_authority(cast: Cast, stranger: Child) -> None:
    femi = signed_in(cast.femi)
    told = {"category": "missing", "noticed_at": "now", "last_seen_at": "now", "caller": "Carl Penrose"}
    for ids in ({"child": stranger.pk}, {"child": cast.kit.pk, "together": stranger.pk}, {"child": uuid4()}):
        refused(femi, url("phone-report"), {**told, **ids})


@pytest.mark.ac("T01.3")
def test_a_home_begins_no_report_with_one_foreign_child_of_ten(cast: Cast, stranger: Child) -> None:
    own = [cast.kit.pk, cast.ola.pk, cast.rosie.pk]
    carl = signed_in(cast.carl)
    for foreign in (stranger.pk, cast.maisie.pk, uuid4()):
        refused(carl, url("report-new"), {"children": [*own, foreign]})


@pytest.mark.ac("T01.3")
def test_a_draft_whose_children_were_swapped_is_not_sent(cast: Cast, stranger: Child) -> None:
    """Not by any page: the row itself was changed, and still nothing comes of it."""
    carl = signed_in(cast.carl)
    check = answer_all(carl, cast.kit)
    draft_id = UUID(check.split("/")[2])
    row = drafts.find(user=cast.carl, kind="report", draft_id=draft_id)
    ids = [str(cast.kit.pk), str(stranger.pk)]
    drafts.keep(user=cast.carl, kind="report", answers={**row.answers, "children": ids}, draft_id=draft_id)
    refused(carl, check, {})
    assert not MissingEpisode.objects.exists()


@pytest.mark.ac("T01.3")
def test_a_draft_is_its_writers_alone(cast: Cast) -> None:
    draft_id = begin(signed_in(cast.carl), cast.kit)
    refused(signed_in(cast.gita), url("report-children", draft_id), {"children": [str(cast.ola.pk)]})


@pytest.mark.ac("T01.3", "A13")
def test_who_and_what_a_form_did_not_offer_is_no_answer(cast: Cast) -> None:
    """People and teams of another authority; who could not do the thing; an id of nothing."""
    in_force(cast)
    episode, theirs = missing(cast), Team.objects.create(authority=cast.northmoor, name="Their team")
    bev = signed_in(cast.bev)
    for somebody in (cast.eve.pk, cast.carl.pk, uuid4()):
        refused(bev, url("child-allocate", cast.kit.pk), {"worker": somebody})
        refused(bev, url("step-hand-over", step_of(episode, "T3").pk), {"to": somebody})
    for somebody in (cast.eve.pk, uuid4()):
        refused(bev, url("reader-add", cast.kit.pk), {"person": somebody, "reason": "x"})
    refused(bev, url("child-allocate", cast.kit.pk), {"worker": cast.amina.pk, "team": theirs.pk})
    register = {"authority": cast.northmoor.pk, "reference": "EX-1", "first_name": "A", "last_name": "B"}
    refused(bev, url("child-register"), register)


@pytest.mark.ac("T01.3")
def test_a_place_to_live_is_one_that_there_is(cast: Cast) -> None:
    asked = {"at": "now", "place_code": "K2", "provider_code": "PR4"}
    refused(signed_in(cast.amina), url("child-move", cast.kit.pk), {**asked, "home": uuid4()})


@pytest.mark.ac("T01.3", "B25")
def test_a_row_of_another_child_is_404_for_the_whole_post(cast: Cast, stranger: Child) -> None:
    """The id stands in the address, or hidden in the form beside the right child's."""
    at = now() - timedelta(days=400)
    foreign, olas = (
        ProfileFact.objects.create(child=child, kind=FactKind.PHONE, words="01632 960777", confirmed_at=at)
        for child in (stranger, cast.ola)
    )
    amina = signed_in(cast.amina)
    for fact in (foreign, olas):
        refused(amina, url("fact-change", cast.kit.pk, fact.pk), {"words": "Mine now", "source": ""})
        refused(amina, url("fact-withdraw", cast.kit.pk, fact.pk), {"reason": "Not true"})
        refused(amina, url("fact-confirm", cast.kit.pk), {"fact": fact.pk})
        fact.refresh_from_db()
        assert (fact.words, fact.confirmed_at, fact.withdrawn_at) == ("01632 960777", at, None)
    elsewhere = Placement.objects.get(child=cast.maisie)
    refused(amina, url("placement-end", cast.kit.pk, elsewhere.pk), {"ends_at": "now"})


@pytest.mark.ac("T01.3")
def test_rows_of_one_episode_are_not_reached_through_another(cast: Cast) -> None:
    in_force(cast)
    kits = missing(cast, indicators={"trafficking": "A car."})
    olas = MissingEpisode.objects.get(pk=_reported(cast, cast.ola))
    sign, step = kits.indicators.get(), step_of(kits, "T0")
    amina, carl = signed_in(cast.amina), signed_in(cast.carl)
    refused(amina, url("indicator-withdraw", olas.pk, sign.pk), {"reason": "Not true"})
    refused(carl, url("report-step", olas.pk, step.pk), {})
    assert kits.indicators.get().withdrawn_at is None


def _reported(cast: Cast, child: Child) -> UUID:
    return reports.report_missing(by=cast.carl, child=child, category="missing", noticed_at=now()).pk


@pytest.mark.ac("T01.3")
def test_a_membership_elsewhere_is_not_ended_from_here(cast: Cast) -> None:
    eves = Membership.objects.get(user=cast.eve)
    refused(signed_in(cast.ada), url("membership-end", eves.pk), {"reason": "Gone"})
    refused(signed_in(cast.ada), url("person-suspend", eves.pk), {"reason": "Gone"})
    assert User.objects.get(pk=cast.eve.pk).is_active


# B33: a step that is unseen, another's, done or not needed -----------------------------------------------


@pytest.mark.ac("B33")
def test_acknowledging_what_is_unseen_anothers_done_or_not_needed(cast: Cast) -> None:
    in_force(cast)
    episode = missing(cast)
    t3 = step_of(episode, "T3")
    promise = {"within": "60"}
    told = ChronologyEntry.objects.count()

    def status(person: User, code: str) -> int:
        return signed_in(person).post(url("step-acknowledge", step_of(episode, code).pk), promise).status_code

    assert status(cast.eve, "T3") == 404
    assert signed_in(cast.eve).post(url("step-acknowledge", uuid4()), promise).status_code == 404
    assert status(cast.carl, "T3") == 403  # the home sees it: it is the authority's
    type(t3).objects.filter(pk=step_of(episode, "T7a").pk).update(state=StepState.NOT_NEEDED)
    assert status(cast.bev, "T7a") == 409
    assert ChronologyEntry.objects.count() == told
    t0 = step_of(episode, "T7a")
    type(t0).objects.filter(pk=t0.pk).update(state=StepState.WAITING)
    note = step_of(episode, "T7a")
    acts.complete_step(by=cast.bev, step_run=note, evidence=dict.fromkeys(note.step.evidence, "Read it."))
    assert status(cast.bev, "T7a") == 409
