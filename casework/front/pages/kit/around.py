"""What every signed-in page has around it: who, where to go, what time it is, how the clock is."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from casework.front.filling_lock import is_filling
from casework.front.pages.kit.door import person
from casework.front.pages.kit.furniture import ClockStrip, navigation
from casework.records import times
from casework.records.acts import Act
from casework.records.models import Role, User
from casework.records.oversight import emergencies_of
from casework.records.rotas import is_missed
from casework.records.standing import CASE_ROLES, DECIDERS, Standing, standing_of
from protocols import watchdog

Place = tuple[str, str]  # what the link says, the name of its address

OVERVIEW: Final[Place] = ("Overview", "dashboards:overview")
DECISIONS: Final[Place] = ("Decisions", "dashboards:decisions")
OFTEN: Final[Place] = ("Often missing", "dashboards:often")
INTERVIEWS: Final[Place] = ("Interviews", "pages:interview-list")
REVIEWING: Final[Place] = ("Children I review", "pages:reviewing")
HEAR_CHILDREN: Final = frozenset({Role.RETURN_INTERVIEWER, Role.COORDINATOR})


def surroundings(request: HttpRequest) -> dict[str, object]:
    """Context of every signed-in page, and of the doors. An error page reads none of it."""
    user, around = getattr(request, "user", None), _local_service()
    if not isinstance(user, User):
        return around
    standing = standing_of(user)
    return {
        **around,
        "now": times.now(),
        "is_filling": settings.DEMO and is_filling(),
        "standing": standing,
        "emergencies": SimpleLazyObject(lambda: emergencies_of(user)),
        "nav": navigation([(text, reverse(name)) for text, name in places(standing)], request.path),
        "clock": _strip(standing),
        "organisation_name": _organisation(standing),
        "person_name": user.name,
        "is_missed": is_missed(standing),
        "person_role": _role(standing),
    }


def start(request: HttpRequest) -> HttpResponse:
    """`/`: each person's own first page."""
    return redirect(places(standing_of(person(request)))[0][1])


def clock_strip(request: HttpRequest) -> HttpResponse:
    """The strip alone, for the page that asks again every 15 seconds."""
    return render(request, "components/clock_strip.html")


def places(standing: Standing) -> list[Place]:
    """Where this person works; the first is where they start."""
    found: list[Place] = []
    if standing.home_ids:
        found.append(("Your children", "pages:home"))
        if not standing.is_tablet:
            found.append(("Reports we made", "pages:reports-ours"))
    found += _first_of_all(standing)
    if _works_cases(standing):
        found += [("Now", "pages:now"), ("My work", "pages:my-work"), ("Children", "pages:child-list")]
    found += _lists(standing)
    if standing.authorities_where({Role.SCHOOL_CONTACT}):
        found.append(("Your pupils", "pages:pupils"))
    if standing.may(Act.READ_SHARED):
        found.append(("Shared with us", "pages:shared-list"))
    if standing.authorities_where({Role.DUTY_WORKER, *DECIDERS}):
        found += [("Hand-over", "pages:handover"), ("Our area", "pages:area")]
    if standing.may(Act.SET_UP):
        found += [("Set up", "pages:setup")]
        if not _works_cases(standing):
            found += [("Children", "pages:child-list"), DECISIONS]
    elif standing.may(Act.INVITE):
        found.append(("People", "pages:setup"))
    if standing.may(Act.EXPORT_RETURN):
        found.append(("Return", "returns:ssda903"))
    if standing.may(Act.READ_PROTOCOL) and not standing.is_provider_only:
        found.append(("Protocol", "pages:protocol"))
    return list(dict.fromkeys(found)) or [("Nothing here yet", "pages:nothing")]


def _first_of_all(standing: Standing) -> list[Place]:
    """What those owe first who do not work on the board: each role starts where its work lies."""
    if standing.authorities_where(DECIDERS):
        return [OVERVIEW]
    if standing.authorities_where({Role.DUTY_WORKER, Role.SOCIAL_WORKER}):
        return []
    if standing.authorities_where(HEAR_CHILDREN):
        return [INTERVIEWS]
    return [REVIEWING] if standing.authorities_where({Role.REVIEWING_OFFICER}) else []


def _lists(standing: Standing) -> list[Place]:
    """Lists of many children, for those who watch over them."""
    found = [INTERVIEWS] if standing.authorities_where(HEAR_CHILDREN | DECIDERS) else []
    found += [REVIEWING] if standing.authorities_where({Role.REVIEWING_OFFICER}) else []
    found += [DECISIONS] if standing.authorities_where(DECIDERS) else []
    return found + ([OFTEN] if standing.authorities_where({Role.COORDINATOR}) else [])


def nothing(request: HttpRequest) -> HttpResponse:
    """For somebody whose memberships have all ended, or whose pages are not built for a browser."""
    return render(request, "nothing.html")


def _works_cases(standing: Standing) -> bool:
    return bool(standing.authorities_where(CASE_ROLES - {Role.ADMINISTRATOR}))


def _local_service() -> dict[str, object]:
    """Whether everybody here is invented, and where the mail lies that never left this machine."""
    return {"is_demo": settings.DEMO, "mail_page_url": settings.MAIL_PAGE_URL}


def _strip(standing: Standing) -> ClockStrip:
    reading = watchdog.reading()
    return ClockStrip(
        state=reading.state,
        checked_at=reading.checked_at,
        now=reading.now,
        late_count=reading.late_count,
        oldest_due_at=reading.oldest_due_at,
        url=reverse("pages:overdue") if _works_cases(standing) else "",
        fragment_url=reverse("pages:clock-strip"),
        is_helper_down=reading.is_helper_down,
    )


def _organisation(standing: Standing) -> str:
    """One organisation by name; several, for people who serve several, side by side."""
    names = standing.places
    if len(names) > 2:
        return f"{names[0]} and {len(names) - 1} more"
    return " and ".join(names)


def _role(standing: Standing) -> str:
    return str(standing.posts[0].role.label) if standing.posts else ""
