"""Ada drafts, Ruth publishes; what is published stays; an episode is never without a protocol."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from casework.records.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from casework.records.models import LocalAuthority, Membership, Role, User
from casework.records.times import now, pretend_now
from protocols.document import read_document
from protocols.lines import read_lines
from protocols.models import ProtocolVersion, Step
from protocols.publishing import (
    check_version,
    current_version_for,
    draft_version,
    publish_default,
    publish_version,
    retire_version,
    rules_of,
    step_ids_of,
)
from tests.protocols.kits_night import DOCUMENT, RULES

pytestmark = pytest.mark.django_db

NEEDED = (
    *(Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE),
    *(Role.ASSISTANT_DIRECTOR, Role.RETURN_INTERVIEWER, Role.REVIEWING_OFFICER),
)
SOONER_OFFER = DOCUMENT.replace("after: 24 hours\n    met_by", "after: 20 hours\n    met_by")


@dataclass
class Exampleshire:
    authority: LocalAuthority
    ada: User
    ruth: User

    def draft(self, source: str = DOCUMENT) -> ProtocolVersion:
        return draft_version(by=self.ada, authority=self.authority, source=source)

    def publish(self, source: str = DOCUMENT) -> ProtocolVersion:
        return publish_version(by=self.ruth, version_id=self.draft(source).id)


@pytest.fixture
def exs() -> Exampleshire:
    authority = LocalAuthority.objects.create(code="EXS", name="Exampleshire", is_tenant=True)
    ada = User.objects.create(email="ada.quill@exampleshire.example", name="Ada Quill")
    ruth = User.objects.create(email="ruth.sandiford@exampleshire.example", name="Ruth Sandiford")
    since = now() - timedelta(days=60)
    for role in NEEDED:
        Membership.objects.create(user=ruth, role=role, authority=authority, starts_at=since)
    return Exampleshire(authority, ada, ruth)


def test_ada_drafts_and_ruth_publishes(exs: Exampleshire) -> None:
    draft = exs.draft()
    assert (draft.state, draft.number, draft.document) == ("draft", 1, DOCUMENT)
    assert check_version(draft.id) == ()
    published = publish_version(by=exs.ruth, version_id=draft.id)
    assert published.state == "published"
    assert rules_of(published.id) == read_lines(published) == RULES
    assert set(step_ids_of(published.id)) == {rule.code for rule in RULES}


def test_ada_cannot_publish_what_she_drafted(exs: Exampleshire) -> None:
    draft = exs.draft()
    with pytest.raises(NotAllowed, match="Somebody else"):
        publish_version(by=exs.ada, version_id=draft.id)


def test_a_document_with_mistakes_is_refused_with_their_places(exs: Exampleshire) -> None:
    with pytest.raises(Invalid, match=r"line \d+, column 11: “maybe”"):
        exs.draft(DOCUMENT.replace("    kind: decide", "    kind: maybe", 1))
    assert not ProtocolVersion.objects.exists()


def test_a_role_that_nobody_holds_stands_against_publishing(exs: Exampleshire) -> None:
    Membership.objects.filter(role=Role.RETURN_INTERVIEWER).update(ends_at=now() - timedelta(minutes=1))
    draft = exs.draft()
    assert check_version(draft.id) == ("Nobody holds the role “return interviewer”, for step R4, R5.",)
    with pytest.raises(Refused, match="return interviewer"):
        publish_version(by=exs.ruth, version_id=draft.id)


def test_a_version_of_tomorrow_waits_for_its_day(exs: Exampleshire) -> None:
    tomorrow = now().date() + timedelta(days=2)
    draft = exs.draft(DOCUMENT.replace("2026-04-01", tomorrow.isoformat()))
    with pytest.raises(Refused, match="takes effect on"):
        publish_version(by=exs.ruth, version_id=draft.id)


def test_publishing_the_next_retires_the_last_and_twice_is_refused(exs: Exampleshire) -> None:
    first, second = exs.publish(), exs.publish(SOONER_OFFER)
    first.refresh_from_db()
    assert (first.state, first.retired_at) == ("retired", second.published_at)
    assert (second.number, second.state) == (2, "published")
    with pytest.raises(Conflict, match="already published"):
        publish_version(by=exs.ruth, version_id=second.id)
    assert rules_of(first.id) != rules_of(second.id)


def test_what_is_published_never_changes(exs: Exampleshire) -> None:
    version = exs.publish()
    for change in (
        lambda: ProtocolVersion.objects.filter(id=version.id).update(document="another"),
        lambda: ProtocolVersion.objects.filter(id=version.id).update(state="draft"),
        lambda: Step.objects.filter(version=version).update(title="Another"),
        lambda: Step.objects.filter(version=version).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert read_lines(version) == RULES


def test_nothing_runs_on_a_draft(exs: Exampleshire) -> None:
    with pytest.raises(Conflict, match="is a draft"):
        rules_of(exs.draft().id)
    with pytest.raises(NotFound):
        rules_of(exs.authority.id)


def test_an_authority_has_its_own_or_else_the_shipped_protocol(exs: Exampleshire) -> None:
    with pytest.raises(Conflict, match="No protocol"):
        current_version_for(exs.authority.id, now())
    shipped = publish_default()
    assert current_version_for(exs.authority.id, now()) == shipped
    own = exs.publish(SOONER_OFFER)
    assert current_version_for(exs.authority.id, now()) == own
    retire_version(version_id=own.id)
    assert current_version_for(exs.authority.id, now()) == shipped
    with pytest.raises(Refused, match="rely on this"):
        retire_version(version_id=shipped.id)


def test_northmoor_never_runs_on_exampleshires_protocol(exs: Exampleshire) -> None:
    northmoor = LocalAuthority.objects.create(code="NMR", name="Northmoor", is_tenant=True)
    exs.publish()
    with pytest.raises(Conflict, match="No protocol"):
        current_version_for(northmoor.id, now())


def test_the_edition_in_force_at_a_moment(exs: Exampleshire) -> None:
    start = now()
    pretend_now(start - timedelta(days=20))
    first = exs.publish()
    pretend_now(start - timedelta(days=10))
    second = exs.publish(SOONER_OFFER)
    in_force = {
        days: current_version_for(exs.authority.id, start - timedelta(days=days))
        for days in (40, 20, 11, 10, 0)
    }
    assert in_force == {40: first, 20: first, 11: first, 10: second, 0: second}


def test_the_default_is_published_once_however_often_it_is_asked_for() -> None:
    assert publish_default() == publish_default()
    assert ProtocolVersion.objects.count() == 1


def test_a_service_set_up_earlier_gets_the_edition_that_ships_now() -> None:
    without_review = DOCUMENT[: DOCUMENT.index("  - code: I1")]
    draft = draft_version(by=None, authority=None, source=without_review)
    earlier = publish_version(by=None, version_id=draft.id)
    assert "I1" not in step_ids_of(earlier.id)

    later = publish_default()

    assert later.number == earlier.number + 1
    assert "I1" in step_ids_of(later.id)
    assert ProtocolVersion.objects.get(id=earlier.id).state == "retired"


def test_the_kept_document_says_what_the_rows_say(exs: Exampleshire) -> None:
    version = exs.publish(SOONER_OFFER)
    assert read_document(version.document).steps == rules_of(version.id)
