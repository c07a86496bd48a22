"""People and their roles, as a table of those who may invite them shows them."""

from dataclasses import dataclass

from django.db.models import Q

from casework.records.access import memberships_visible_to
from casework.records.models import Membership, Role, User
from casework.records.services.people import awaiting_invitation
from casework.records.standing import standing_of
from casework.records.times import now


@dataclass(frozen=True)
class PostRow:
    """One role of one person. `state` is "" when there is nothing special about it."""

    post: Membership
    state: str
    may_end: bool
    may_suspend: bool
    may_be_invited: bool = False


def post_rows(reader: User, **where: object) -> list[PostRow]:
    """The roles that have not ended, by name."""
    posts = memberships_visible_to(reader).filter(**where).filter(Q(ends_at=None) | Q(ends_at__gt=now()))
    ordered = posts.select_related("user", "team").order_by("user__name", "role")
    only_runs_homes = standing_of(reader).is_provider_only
    waiting = awaiting_invitation(post.user for post in ordered)
    return [
        _row(post, reader, only_runs_homes=only_runs_homes, awaits=post.user_id in waiting)
        for post in ordered
    ]


def _row(post: Membership, reader: User, *, only_runs_homes: bool, awaits: bool) -> PostRow:
    """A registered manager does not end the role of another; nobody suspends themselves."""
    user = post.user
    invited = "Invited, has not signed in yet" if user.last_login is None else ""
    invited = "Not invited yet" if awaits else invited
    may_end = not (only_runs_homes and post.role == Role.REGISTERED_MANAGER)
    return PostRow(
        post,
        state=invited if user.is_active else "Suspended",
        may_end=may_end,
        may_suspend=may_end and user != reader,
        may_be_invited=awaits,
    )
