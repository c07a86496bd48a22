"""A photograph that was approved for the police: the one answer that is not JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from casework.front.api.views import ApiView, account_of
from casework.front.images import jpeg
from casework.records import audit
from casework.records.photos import content_of, photo_for_police

IMAGE: Final = "image/jpeg"


class Image(BaseRenderer):
    """What a caller may ask for here. It writes refusals only: the view makes the image's answer itself."""

    media_type = IMAGE
    format = "jpeg"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return json.dumps(data, ensure_ascii=False).encode()


class Photo(ApiView):
    """The bytes behind an address never change: what you have, you need not fetch again."""

    named: ClassVar = {"GET": "readPhoto"}
    needs: ClassVar = {"GET": "episodes:read"}
    gives: ClassVar = {"GET": OpenApiTypes.BINARY}
    renderer_classes = [Image]
    about = "photo"

    def get(self, request: Request, episode_id: UUID, photo_id: UUID) -> HttpResponse:
        episode = self.episode(request, episode_id)
        photo = photo_for_police(episode.child, photo_id)
        audit.looked(
            account_of(request),
            child=episode.child,
            about_kind=self.about,
            about_id=photo.pk,
            fields=["photo"],
        )
        return jpeg(content_of(photo), photo.digest)
