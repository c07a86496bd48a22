"""Editions of a protocol: drafted, checked, published, retired. What is published never changes."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from hashlib import sha256
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q

from casework.records.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from casework.records.models import LocalAuthority, Membership, Role, User
from casework.records.times import LONDON, now
from protocols.document import DEFAULT, read_document
from protocols.lines import read_lines, write_lines
from protocols.marked import DocumentError
from protocols.models import Protocol, ProtocolVersion, Step
from protocols.rulebook import ROLES, StepRule

HELD_THROUGH: Final[Mapping[str, tuple[str, ...]]] = {"duty_worker": (Role.SOCIAL_WORKER, Role.DUTY_WORKER)}
NO_MEMBERSHIP_OF_THE_AUTHORITY: Final = frozenset({"carer"})
DRAFT, PUBLISHED, RETIRED = (
    ProtocolVersion.State.DRAFT,
    ProtocolVersion.State.PUBLISHED,
    ProtocolVersion.State.RETIRED,
)


# ---- acts ----


@transaction.atomic
def draft_version(*, by: User | None, authority: LocalAuthority | None, source: str) -> ProtocolVersion:
    """Keep this document as the next edition of the protocol it names; Invalid names its mistakes."""
    try:
        document = read_document(source)
    except DocumentError as error:
        raise Invalid(str(error), code="document", field="document") from error
    protocol, _ = Protocol.objects.get_or_create(
        authority=authority, slug=document.slug, defaults={"name": document.name}
    )
    Protocol.objects.select_for_update(no_key=True).get(id=protocol.id)  # numbers are given one at a time
    last = protocol.versions.aggregate(last=Max("number"))["last"] or 0
    return ProtocolVersion.objects.create(
        protocol=protocol,
        number=last + 1,
        document=source,
        sha256=_digest(source),
        citation=document.citation,
        effective_from=document.effective_from,
        drafted_by=by,
    )


def check_version(version_id: UUID) -> tuple[str, ...]:
    """What still stands against publishing this edition, as sentences; empty when nothing does."""
    version = _version(version_id)
    steps = read_document(version.document).steps
    authority = version.protocol.authority
    return tuple(_roles_nobody_holds(steps, authority)) if authority is not None else ()


@transaction.atomic
def publish_version(*, by: User | None, version_id: UUID) -> ProtocolVersion:
    """Put a draft in force and retire the edition before it; open episodes keep the one they began with.

    `by` is None only for the edition that a new installation or authority is set up with: there is nobody
    yet to ask, and nobody yet to hold the roles.
    """
    version = _locked(version_id)
    if version.state != DRAFT:
        raise Conflict(f"Version {version.number} is already {version.state}.", code="not_a_draft")
    moment = now()
    if version.effective_from > moment.astimezone(LONDON).date():
        day = f"{version.effective_from.day} {version.effective_from:%B %Y}"
        raise Refused(f"This version takes effect on {day}. Publish it on that day.", code="too_early")
    if by is not None:
        _refuse_alone_or_with_gaps(version, by)
    ProtocolVersion.objects.filter(protocol=version.protocol, state=PUBLISHED).update(
        state=RETIRED, retired_at=moment
    )
    write_lines(version, read_document(version.document).steps)
    version.state, version.published_at, version.published_by = PUBLISHED, moment, by
    version.save(update_fields=["state", "published_at", "published_by"])
    return version


@transaction.atomic
def retire_version(*, version_id: UUID) -> ProtocolVersion:
    """Take a published edition out of force for new episodes; the shipped protocol then serves again."""
    version = _locked(version_id)
    if version.state != PUBLISHED:
        raise Conflict(f"Version {version.number} is not in force.", code="not_published")
    if version.protocol.authority_id is None:
        raise Refused("Other authorities rely on this protocol. Publish another version.", code="last_one")
    version.state, version.retired_at = RETIRED, now()
    version.save(update_fields=["state", "retired_at"])
    return version


@transaction.atomic
def publish_default(*, authority: LocalAuthority | None = None) -> ProtocolVersion:
    """See that the shipped protocol is published, for one authority or for all without their own.

    Safe to repeat: the same document is not published twice.
    """
    source = DEFAULT.read_text(encoding="utf-8")
    editions = ProtocolVersion.objects.filter(protocol__authority=authority, sha256=_digest(source))
    standing = editions.filter(state=PUBLISHED).first()
    if standing is not None:
        return standing
    draft = editions.filter(state=DRAFT).first() or draft_version(by=None, authority=authority, source=source)
    return publish_version(by=None, version_id=draft.id)


def _refuse_alone_or_with_gaps(version: ProtocolVersion, by: User) -> None:
    if version.drafted_by_id == by.id:
        raise NotAllowed("Somebody else has to publish what you drafted.", code="two_people")
    obstacles = check_version(version.id)
    if obstacles:
        raise Refused(" ".join(obstacles), code="gaps")


def _roles_nobody_holds(steps: tuple[StepRule, ...], authority: LocalAuthority) -> Iterator[str]:
    unheld = roles_nobody_holds(steps, authority)
    for role in dict.fromkeys(step.responsible for step in steps if step.responsible in unheld):
        codes = ", ".join(step.code for step in steps if step.responsible == role)
        yield f"Nobody holds the role “{ROLES[role]}”, for step {codes}."


# ---- questions ----


def roles_nobody_holds(steps: tuple[StepRule, ...], authority: LocalAuthority) -> frozenset[str]:
    """The roles that these steps are the work of, and that nobody in the authority holds now."""
    moment = now()
    live = Membership.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=moment),
        authority=authority,
        starts_at__lte=moment,
        user__is_active=True,
    )
    held = set(live.values_list("role", flat=True))
    wanted = {step.responsible for step in steps} - NO_MEMBERSHIP_OF_THE_AUTHORITY
    return frozenset(role for role in wanted if held.isdisjoint(HELD_THROUGH.get(role, (role,))))


def current_version_for(authority_id: UUID, at: datetime) -> ProtocolVersion:
    """The edition in force at `at`: the authority's own, else the shipped one.

    Before anything was published, the first that ever was: an episode is never without steps. Conflict when
    nothing has been published at all.
    """
    editions = (
        ProtocolVersion.objects.exclude(state=DRAFT)
        .filter(Q(protocol__authority=authority_id) | Q(protocol__authority=None))
        .select_related("protocol")
    )
    in_force = editions.filter(published_at__lte=at).filter(Q(retired_at=None) | Q(retired_at__gt=at))
    own_first = ("-published_at", "-number")
    found = (
        in_force.filter(protocol__authority=authority_id).order_by(*own_first).first()
        or in_force.order_by(*own_first).first()
        or editions.order_by("published_at", "number").first()
    )
    if found is None:
        raise Conflict("No protocol has been published yet.", code="no_protocol")
    return found


@cache
def rules_of(version_id: UUID) -> tuple[StepRule, ...]:
    """The lines of a published edition, in order. Kept for good: they can't change."""
    version = _version(version_id)
    if version.state == DRAFT:
        raise Conflict(f"Version {version.number} is a draft: nothing runs on it.", code="draft")
    return read_lines(version)


@cache
def step_ids_of(version_id: UUID) -> Mapping[str, UUID]:
    """Each line's row by its code, for those who write rows that point at it."""
    if not rules_of(version_id):
        raise NotFound
    return MappingProxyType(dict(Step.objects.filter(version=version_id).values_list("code", "id")))


def _version(version_id: UUID) -> ProtocolVersion:
    version = ProtocolVersion.objects.select_related("protocol__authority").filter(id=version_id).first()
    if version is None:
        raise NotFound
    return version


def _locked(version_id: UUID) -> ProtocolVersion:
    """The edition, with its protocol's row locked, so that two people can't publish at once."""
    protocol_id = _version(version_id).protocol_id
    Protocol.objects.select_for_update(no_key=True).get(id=protocol_id)
    return _version(version_id)


def _digest(source: str) -> str:
    return sha256(source.encode()).hexdigest()
