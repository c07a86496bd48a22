"""A request as it comes from the server: addresses and forms are UTF-8, whatever a header calls them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

UTF_8: Final = frozenset({"utf-8", "utf8"})


class Utf8Request(WSGIRequest):
    """Django reads the address by the charset that the body is said to have, before anybody can refuse it.

    So a charset that is none of text (`hex`), or that cannot be read, broke the server for whoever sent it.
    """

    def _set_content_type_params(self, meta: Mapping[str, Any]) -> None:
        try:
            kind, said = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            kind, said = "", {}
        self.content_type, self.content_params = kind, said

    def _load_post_and_files(self) -> None:
        """A form that says it is written otherwise is refused, not misread."""
        charset = (self.content_params or {}).get("charset", "utf-8")
        if self.method == "POST" and charset.lower() not in UTF_8:
            raise BadRequest("A form has to be UTF-8.")
        super()._load_post_and_files()


class Handler(WSGIHandler):
    """Every request of the service."""

    request_class = Utf8Request
