"""Registering a child, putting a record right, allocating, restricting, the law."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.apps import apps

from casework.records.access import children_visible_to
from casework.records.errors import Changed, Conflict, Invalid, NotAllowed
from casework.records.models import Child, ChronologyEntry, LegalStatus
from casework.records.services import children
from casework.records.times import now
from casework.records.verbs import RecordVerb
from tests.cast import Cast


@dataclass
class Registering:
    """Ada registers a child: the same answers for the success and for each refusal."""

    cast: Cast

    def __call__(self, **other: object) -> Child:
        answers: dict[str, object] = {
            "by": self.cast.ada,
            "authority": self.cast.exampleshire,
            "reference": "EX-30001",
            "first_name": "Noor",
            "last_name": "Pemberly",
            "born_on": date(2012, 2, 29),
            "sex": "F",
            "team": self.cast.team_2,
        }
        register: Callable[..., Child] = children.register_child
        return register(**{**answers, **other})


@pytest.fixture
def register(cast: Cast) -> Registering:
    return Registering(cast)


def verbs_of(child: Child) -> list[str]:
    return list(child.chronology.order_by("recorded_at").values_list("verb", flat=True))


def test_ada_registers_a_child_and_the_record_begins(register: Registering) -> None:
    child = register()
    assert child.name == "Noor Pemberly"
    assert verbs_of(child) == [RecordVerb.CHILD_REGISTERED]
    assert child in children_visible_to(register.cast.amina)
    assert child not in children_visible_to(register.cast.eve)


@pytest.mark.ac("B17")
@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"born_on": date(2199, 1, 1)}, "born_on"),
        ({"born_on": date(1906, 1, 1)}, "born_on"),
        ({"first_name": ""}, "first_name"),
        ({"first_name": "N" * 101}, "first_name"),
        ({"sex": "X"}, "sex"),
        pytest.param({"last_name": "Pem\x00berly"}, "last_name", marks=pytest.mark.ac("B04")),
        pytest.param({"last_name": "Pem\ud800berly"}, "last_name", marks=pytest.mark.ac("B05")),
    ],
)
def test_an_answer_that_cannot_be_names_its_field(
    register: Registering, answer: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        register(**answer)
    assert refusal.value.field == field
    assert not Child.objects.filter(reference="EX-30001").exists()


@pytest.mark.ac("B06", "B08")
def test_a_name_is_kept_exactly_as_it_was_typed(register: Registering) -> None:
    child = register(first_name="Ŵyn 🦊", last_name="<script>alert(1)</script>")
    child.refresh_from_db()
    assert (child.first_name, child.last_name) == ("Ŵyn 🦊", "<script>alert(1)</script>")


def test_a_reference_is_given_once_in_an_authority(register: Registering) -> None:
    register()
    with pytest.raises(Conflict) as refusal:
        register(first_name="Somebody", last_name="Else")
    assert refusal.value.code == "reference_taken"


def test_another_authoritys_team_is_not_in_the_list(register: Registering) -> None:
    register()
    elsewhere = register.cast.northmoor
    with pytest.raises(NotAllowed):
        register(authority=elsewhere, team=None, reference="NM-1")
    with pytest.raises(Invalid) as refusal:
        register(by=register.cast.eve, authority=elsewhere, reference="NM-1")
    assert refusal.value.field == "team"


def test_home_staff_do_not_register_children(register: Registering) -> None:
    register()
    with pytest.raises(NotAllowed):
        register(by=register.cast.carl, reference="EX-30002")


def test_a_correction_keeps_the_old_value_and_counts_versions(cast: Cast) -> None:
    corrected = children.correct_child(
        by=cast.amina, child=cast.kit, version=cast.kit.version, changes={"known_as": "Kitto"}
    )
    assert (corrected.name, corrected.version) == ("Kitto Ashdown", 2)
    events = apps.get_model("records", "ChildEvent").objects.filter(pgh_obj=corrected.pk)
    history = events.order_by("pgh_created_at", "pgh_id").values_list("known_as", flat=True)
    assert list(history) == ["", "Kitto"]
    entry = ChronologyEntry.objects.get(child=cast.kit, verb=RecordVerb.CHILD_CORRECTED)
    assert entry.payload == {"fields": ["known_as"]}, "the story names fields; the history keeps words"


@pytest.mark.ac("B26")
def test_the_second_of_two_writers_is_told(cast: Cast) -> None:
    seen = cast.kit.version
    children.correct_child(by=cast.amina, child=cast.kit, version=seen, changes={"languages": "English"})
    with pytest.raises(Changed):
        children.correct_child(by=cast.bev, child=cast.kit, version=seen, changes={"languages": "Welsh"})
    assert Child.objects.get(pk=cast.kit.pk).languages == "English"


@pytest.mark.ac("B22", "T04.2")
@pytest.mark.parametrize("field", ["authority", "id", "version", "is_restricted", "allocated_worker"])
def test_a_correction_cannot_reach_other_fields(cast: Cast, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        children.correct_child(
            by=cast.amina, child=cast.kit, version=cast.kit.version, changes={"known_as": "K", field: None}
        )
    assert refusal.value.message == "This field cannot be set."
    assert Child.objects.get(pk=cast.kit.pk).known_as == ""


def test_bev_allocates_a_worker_of_the_authority_only(cast: Cast) -> None:
    child = children.allocate_worker(by=cast.bev, child=cast.kit, worker=cast.femi, team=cast.duty_team)
    assert (child.allocated_worker, child.team) == (cast.femi, cast.duty_team)
    for stranger in (cast.eve, cast.carl, cast.dee):
        with pytest.raises(Invalid):
            children.allocate_worker(by=cast.bev, child=cast.kit, worker=stranger)
    with pytest.raises(NotAllowed):
        children.allocate_worker(by=cast.amina, child=cast.kit, worker=cast.amina)


def test_restricting_hides_the_record_and_says_why(cast: Cast) -> None:
    with pytest.raises(Invalid):
        children.restrict_child(by=cast.bev, child=cast.kit, is_restricted=True, reason=" ")
    with pytest.raises(NotAllowed):
        children.restrict_child(by=cast.amina, child=cast.kit, is_restricted=True, reason="Kin works here")
    children.restrict_child(by=cast.bev, child=cast.kit, is_restricted=True, reason="Kin works here")
    assert cast.kit not in children_visible_to(cast.femi)
    children.restrict_child(by=cast.bev, child=cast.kit, is_restricted=False, reason="Left the authority")
    assert cast.kit in children_visible_to(cast.femi)
    assert verbs_of(cast.kit) == [RecordVerb.CHILD_RESTRICTED, RecordVerb.CHILD_UNRESTRICTED]


def test_a_new_legal_status_ends_the_one_before(cast: Cast) -> None:
    today = now().date()
    children.record_legal_status(by=cast.amina, child=cast.kit, code="V2", from_on=today)
    rows = LegalStatus.objects.filter(child=cast.kit).order_by("from_on").values_list("code", "until_on")
    assert list(rows) == [("C2", today), ("V2", None)]
    with pytest.raises(Conflict):
        children.record_legal_status(
            by=cast.amina, child=cast.kit, code="C1", from_on=today - timedelta(days=1)
        )
    with pytest.raises(Invalid):
        children.record_legal_status(by=cast.amina, child=cast.kit, code="M1", from_on=today)
    with pytest.raises(NotAllowed):
        children.record_legal_status(by=cast.carl, child=cast.kit, code="C1", from_on=today)
