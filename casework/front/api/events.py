"""What changed, in order, each once; and how far the force's system says that it has read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar, Final

from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.front.api.cursors import LARGEST_PAGE, LONGEST_CURSOR, PAGE, Pages
from casework.front.api.fields import Cursor, Digits, Moment, Shown, Strict, Whole, shown
from casework.front.api.once import answer_once
from casework.front.api.problems import Problem
from casework.front.api.reading import LARGEST_INTEGER
from casework.front.api.views import ApiView, account_of, client_of
from casework.records import audit
from casework.records.clients import note_read_up_to
from casework.records.models import User
from casework.records.times import now
from incidents.access import episodes_shared_with
from incidents.feed import Event, events_after, number_at
from incidents.models import SharedEvent

BACK: Final = timedelta(days=30)
TOO_LONG_AGO: Final = (
    "Events are given of the last 30 days. Begin with a later time, and read the list of episodes."
)
FEED: Final = "events"


class Asked(Strict):
    """The feed's query: from a moment, or on from a page."""

    since = Moment(required=False, help_text="From this moment on, at most 30 days back.")
    cursor = Cursor(required=False, max_length=LONGEST_CURSOR, help_text="`next` of the page before.")
    limit = Digits(required=False, default=PAGE, max_value=LARGEST_PAGE, help_text="How many at once.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "since" in attrs and "cursor" in attrs:
            raise serializers.ValidationError({"since": "Give a cursor or a moment."}, code="one_of_two")
        return attrs


class EventShown(Shown):
    """That something changed, of which episode, when it was written down: not what."""

    number = serializers.IntegerField()
    kind = serializers.ChoiceField(SharedEvent.Kind.choices)
    episode_id = serializers.UUIDField()
    episode = serializers.CharField(
        help_text="Where to read it. After `share.ended` there is nothing to read."
    )
    happened_at = Moment()


class EventPage(Shown):
    events = EventShown(many=True)
    next = serializers.CharField(
        help_text="The cursor to ask with next time, whether or not there was anything."
    )


class Receipt(Strict):
    read_up_to = Whole(
        min_value=1, max_value=LARGEST_INTEGER, help_text="The number of the last event taken in."
    )


class ReceiptShown(Shown):
    read_up_to = serializers.IntegerField()


class Events(ApiView):
    """The oldest first. Of an episode that is not shared any more only `share.ended` is left."""

    named: ClassVar = {"GET": "readEvents"}
    needs: ClassVar = {"GET": "episodes:read"}
    asks = Asked
    gives: ClassVar = {"GET": EventPage}
    about = "police_feed"

    def get(self, request: Request) -> Response:
        asked, by = self.asked(request), account_of(request)
        pages = Pages(client_of(request).pk, FEED)
        after = int(pages.place(asked["cursor"])) if "cursor" in asked else _begun(by, asked)
        events = events_after(by, after, asked["limit"])
        told = episodes_shared_with(by).filter(pk__in=[event.episode_id for event in events])
        children = told.values_list("child_id", flat=True)
        audit.looked(by, child_ids=children, about_kind=self.about, fields=["feed"])
        following = pages.cursor(events[-1].number if events else after)
        return Response({"events": [_listed(event) for event in events], "next": following})


class Receipts(ApiView):
    """“We have taken in the feed up to here”: the authority sees that its news arrived."""

    named: ClassVar = {"POST": "confirmEvents"}
    needs: ClassVar = {"POST": "receipts:write"}
    takes: ClassVar = {"POST": Receipt}
    gives: ClassVar = {"POST": ReceiptShown}
    about = "police_feed"

    def post(self, request: Request) -> Response:
        number = self.sent(request)["read_up_to"]
        _refuse_what_has_not_come(account_of(request), number)

        def act() -> str:
            note_read_up_to(client_of(request), number)
            return str(number)

        return answer_once(request, act, lambda read: {"read_up_to": int(read)})


def _begun(by: User, asked: dict[str, Any]) -> int:
    """Where to begin without a cursor: at the moment given, or as far back as there is."""
    earliest = now() - BACK
    since = asked.get("since", earliest)
    if since < earliest:
        fault = {"field": "since", "code": "too_long_ago", "detail": TOO_LONG_AGO}
        raise Problem(400, "invalid", TOO_LONG_AGO, errors=[fault])
    return number_at(by, since)


def _refuse_what_has_not_come(by: User, number: int) -> None:
    if number > number_at(by, now()):
        raise Problem(409, "not_yet", "There is no event of this number yet.")


def _listed(event: Event) -> dict[str, Any]:
    return {
        "number": event.number,
        "kind": event.kind,
        "episode_id": str(event.episode_id),
        "episode": reverse("api:episode", args=[event.episode_id]),
        "happened_at": shown(event.happened_at),
    }
