"""One person lets another see one record, with a reason, until an end."""

from datetime import timedelta

import pytest

from casework.records.access import children_visible_to
from casework.records.errors import Conflict, Invalid, NotAllowed
from casework.records.models import AuditEntry
from casework.records.services import grants
from casework.records.times import now
from tests.cast import Cast


def test_bev_lets_eve_see_kit_and_takes_it_back(cast: Cast) -> None:
    until = now() + timedelta(days=14)
    grant = grants.grant_access(
        by=cast.bev, child=cast.kit, to=cast.eve, reason="Interviews Kit", until=until
    )
    assert list(children_visible_to(cast.eve)) == [cast.kit]
    assert AuditEntry.objects.get(about_kind="childgrant").reason == "Interviews Kit"
    grants.end_grant(by=cast.bev, grant=grant, reason="Interview held")
    assert not children_visible_to(cast.eve).exists()
    with pytest.raises(Conflict):
        grants.end_grant(by=cast.bev, grant=grant)


def test_a_grant_needs_a_reason_a_future_and_a_team_manager(cast: Cast) -> None:
    with pytest.raises(Invalid):
        grants.grant_access(by=cast.bev, child=cast.kit, to=cast.eve, reason=" ")
    with pytest.raises(Invalid):
        grants.grant_access(by=cast.bev, child=cast.kit, to=cast.eve, reason="x", until=now())
    for person in (cast.amina, cast.ada, cast.carl, cast.eve):
        with pytest.raises(NotAllowed):
            grants.grant_access(by=person, child=cast.kit, to=cast.eve, reason="Interviews Kit")
    assert not children_visible_to(cast.eve).exists()
