"""What is shared with the force: the list, one episode with all that is shown, the force's reference."""

from __future__ import annotations

from typing import Any, ClassVar, Final
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.front.api import shapes
from casework.front.api.cursors import LARGEST_PAGE, LONGEST_CURSOR, PAGE, Pages
from casework.front.api.fields import Choice, Cursor, Digits, Shown, Strict, Text, shown
from casework.front.api.problems import not_found
from casework.front.api.views import ApiView, account_of, client_of, etag, version_seen
from casework.front.shared_looks import looked_at_shared
from casework.records import audit
from incidents.models import EpisodeShare, MissingEpisode
from incidents.services import force
from incidents.shared import SharedEpisode, shared_views
from incidents.shared_lines import Line, Place, lines_of
from protocols import engine

LONGEST_REFERENCE: Final = EpisodeShare._meta.get_field("reference").max_length


class Asked(Strict):
    """The list's query."""

    state = Choice(shapes.STATES, required=False, help_text="Only those that stand so.")
    limit = Digits(required=False, default=PAGE, max_value=LARGEST_PAGE, help_text="How many at once.")
    cursor = Cursor(required=False, max_length=LONGEST_CURSOR, help_text="Where the page before ended.")


class Reference(Strict):
    """The force's own reference, which is all that a force may change of an episode."""

    read_only_names: ClassVar[frozenset[str]] = frozenset(shapes.Episode().fields) - {"police_reference"}
    police_reference = Text(max_length=LONGEST_REFERENCE)


class EpisodePage(Shown):
    episodes = shapes.EpisodeInList(many=True)
    next = serializers.CharField(
        allow_null=True, help_text="The cursor of the page that follows, if one does."
    )


class Episodes(ApiView):
    """The newest shares first."""

    named: ClassVar = {"GET": "listEpisodes"}
    needs: ClassVar = {"GET": "episodes:read"}
    asks = Asked
    gives: ClassVar = {"GET": EpisodePage}
    about = "shared_episode"

    def get(self, request: Request) -> Response:
        asked = self.asked(request)
        state, limit = asked.get("state", ""), asked["limit"]
        pages = Pages(client_of(request).pk, f"episodes.{state}")
        after = Place.read(pages.place(asked["cursor"])) if "cursor" in asked else None
        lines = lines_of(account_of(request), state=state, after=after, limit=limit + 1)
        page, is_more = lines[:limit], len(lines) > limit
        audit.looked(
            account_of(request),
            child_ids=[line.child_id for line in page],
            about_kind=self.about,
            fields=["list"],
        )
        following = pages.cursor(page[-1].place.written()) if is_more else None
        return Response({"episodes": [_listed(line) for line in page], "next": following})


class Episode(ApiView):
    """One episode, and its version as an ETag."""

    named: ClassVar = {"GET": "readEpisode", "PATCH": "giveReference"}
    needs: ClassVar = {"GET": "episodes:read", "PATCH": "reference:write episodes:read"}
    takes: ClassVar = {"PATCH": Reference}
    gives: ClassVar = {"GET": shapes.Episode, "PATCH": shapes.Episode}
    about = "shared_episode"

    def get(self, request: Request, episode_id: UUID) -> Response:
        return self._shown(request, self.episode(request, episode_id))

    def patch(self, request: Request, episode_id: UUID) -> Response:
        """Give the force's reference. Of nothing else is a force the author.

        The answer is the episode, so the token needs `episodes:read` as well.
        """
        episode = self.episode(request, episode_id)
        version = version_seen(request)
        sent = self.sent(request)
        force.give_reference(
            by=account_of(request), episode=episode, reference=sent["police_reference"], version=version
        )
        engine.wake(episode.pk)
        return self._shown(request, episode)

    def _shown(self, request: Request, episode: MissingEpisode) -> Response:
        view = view_of(request, episode)
        looked_at_shared(account_of(request), episode, view)
        return Response(shapes.Episode(view).data, headers={"ETag": etag(view.version)})


def view_of(request: Request, episode: MissingEpisode) -> SharedEpisode:
    """404 when the share ended in between."""
    views = shared_views(account_of(request), [episode.pk])
    if not views:
        raise not_found()
    return views[0]


def _listed(line: Line) -> dict[str, Any]:
    """By hand: a list is read every minute, and a serializer takes as long as the database."""
    return {
        "id": str(line.id),
        "version": line.version,
        "reference": line.reference,
        "police_reference": line.force_reference,
        "state": line.state,
        "shared_since": shown(line.shared_since),
        "acknowledged_at": shown(line.acknowledged_at) if line.acknowledged_at else None,
        "missing_since": shown(line.missing_since),
        "last_seen_at": shown(line.last_seen_at) if line.last_seen_at else None,
        "last_seen_where": line.last_seen_where,
        "police_grade": line.police_grade,
        "authority_grade": line.authority_grade,
        "child": {
            "first_name": line.first_name,
            "last_name": line.last_name,
            "known_as": line.known_as,
            "born_on": line.born_on.isoformat(),
            "sex": line.sex,
        },
    }
