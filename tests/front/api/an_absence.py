"""Kit is missing and shared with Exampleshire's police; Moorland's have a system, and nothing is theirs."""

from __future__ import annotations

from datetime import timedelta

from casework.records.models import LocalAuthority, Membership, Photo, PoliceForce, Role, User
from casework.records.services import photos
from casework.records.times import now
from incidents.models import MissingEpisode
from incidents.services import reports
from protocols.publishing import publish_default
from tests.a_photo import picture
from tests.cast import Cast
from tests.front.api.calling import System, a_system


def kit_is_missing(cast: Cast) -> MissingEpisode:
    """Reported by Carl, two hours ago."""
    publish_default(authority=cast.exampleshire)
    return reports.report_missing(
        by=cast.carl,
        child=cast.kit,
        category="missing",
        noticed_at=now() - timedelta(hours=2),
        circumstances="Left after tea without a word.",
        wearing="A green coat.",
    )


def a_photo_of_kit(cast: Cast) -> Photo:
    """Approved for the police."""
    return photos.add_photo(
        by=cast.carl, child=cast.kit, picture=picture(), source="The school", for_police=True
    )


def a_strange_system() -> System:
    """Of a force with which nothing is shared."""
    moorland = PoliceForce.objects.create(name="Moorland Police")
    authority = LocalAuthority.objects.create(
        code="MRL", name="Moorland", is_tenant=True, police_force=moorland
    )
    keeper = User.objects.create_user("keeper@moorland.example", name="Kay Moor")
    Membership.objects.create(user=keeper, role=Role.ADMINISTRATOR, authority=authority)
    return a_system(keeper, moorland)
