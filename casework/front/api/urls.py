"""The addresses of version 1. Whatever matches none of them is not there, and says so in the same form."""

from __future__ import annotations

from typing import Final

from django.urls import path, re_path

from casework.front.api import (
    about,
    acknowledgements,
    episodes,
    events,
    found,
    grades,
    photos,
    sightings,
    tokens,
    views,
)

app_name: Final = "api"

urlpatterns = [
    path("schema/", about.schema, name="schema"),
    path("docs/", about.docs, name="docs"),
    path("token", tokens.Token.as_view(), name="token"),
    path("episodes", episodes.Episodes.as_view(), name="episodes"),
    path("episodes/<uuid:episode_id>", episodes.Episode.as_view(), name="episode"),
    path(
        "episodes/<uuid:episode_id>/acknowledgements",
        acknowledgements.Acknowledgements.as_view(),
        name="acknowledgements",
    ),
    path("episodes/<uuid:episode_id>/photos/<uuid:photo_id>", photos.Photo.as_view(), name="photo"),
    path("episodes/<uuid:episode_id>/grades", grades.Grades.as_view(), name="grades"),
    path("episodes/<uuid:episode_id>/sightings", sightings.Sightings.as_view(), name="sightings"),
    path(
        "episodes/<uuid:episode_id>/sighting-batches",
        sightings.SightingBatches.as_view(),
        name="sighting-batches",
    ),
    path("episodes/<uuid:episode_id>/found", found.Found.as_view(), name="found"),
    path("events", events.Events.as_view(), name="events"),
    path("receipts", events.Receipts.as_view(), name="receipts"),
    re_path(r"^", views.Nothing.as_view(), name="nothing"),
]
