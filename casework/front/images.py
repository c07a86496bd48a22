"""A photograph as an answer: an image and nothing else, whatever somebody makes of its address."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse

# Stricter than the pages' own policy: opened by itself it may do nothing at all.
ALONE: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"


def jpeg(content: bytes, digest: str) -> HttpResponse:
    """Saved rather than opened, and kept by no cache: the next person at this computer may not see it."""
    return HttpResponse(
        content,
        content_type="image/jpeg",
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": 'attachment; filename="photo.jpg"',
            "Content-Security-Policy": ALONE,
            "ETag": f'"{digest}"',
        },
    )
