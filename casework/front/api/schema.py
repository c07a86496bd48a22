"""The API, described for programs: OpenAPI 3.1, made of what the views themselves go by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from casework.front.api.cursors import LONGEST_CURSOR
from casework.front.api.fields import Strict
from casework.front.api.problems import JSON_PROBLEM
from casework.records.scopes import SCOPES

Spec = dict[str, Any]

PREFIX: Final = "/api/v1/"
LOGIN: Final = "client"


class Answer(NamedTuple):
    """One status: what it means, and the headers that come with it."""

    words: str
    headers: tuple[str, ...] = ()


HEADERS: Final[Mapping[str, Spec]] = {
    "ETag": {
        "description": "Its version, for “If-Match”.",
        "schema": {"type": "string", "pattern": '^"v[0-9]+"$'},
    },
    "Idempotent-Replayed": {
        "description": "`true`: this was done before, under the same key.",
        "schema": {"type": "string", "const": "true"},
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
    "WWW-Authenticate": {"description": "How to say who you are.", "schema": {"type": "string"}},
    "Allow": {"description": "The methods that it takes.", "schema": {"type": "string"}},
}
DIGEST: Final[Spec] = {
    "description": "The SHA-256 of the image, which never changes.",
    "schema": {"type": "string", "pattern": '^"[0-9a-f]{64}"$'},
}
ONLY_AN_IMAGE: Final[Mapping[int, Answer]] = {406: Answer("Only image/jpeg is given.")}
ALWAYS: Final[Mapping[int, Answer]] = {
    400: Answer("Something in the request has to be mended: `errors` says what."),
    401: Answer(
        "No live token: missing, unknown, too old or taken away. Ask for a new one.", ("WWW-Authenticate",)
    ),
    403: Answer("Not from this network (`ip_not_allowed`), or not with this token (`scope`, `needs`)."),
    404: Answer("Not there, or not shared with this force: nobody can tell which."),
    405: Answer("This address does not take that method.", ("Allow",)),
    406: Answer("Only JSON is given."),
    429: Answer("Too many calls in this minute.", ("Retry-After",)),
    503: Answer("The service cannot answer now.", ("Retry-After",)),
}
WITH_A_BODY: Final[Mapping[int, Answer]] = {
    413: Answer("Too long, of no stated length, or too many at once."),
    415: Answer("Something else than JSON was sent."),
}
WITH_A_KEY: Final[Mapping[int, Answer]] = {
    409: Answer("It is so already, or the same request is being carried out (`in_hand`)."),
    422: Answer("The key was used with another body."),
}
WITH_A_VERSION: Final[Mapping[int, Answer]] = {
    409: Answer("The episode has ended."),
    412: Answer("It was changed meanwhile: read it again."),
    428: Answer("“If-Match” is missing."),
}
KEY: Final = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "format": "uuid"},
    OpenApiParameter.HEADER,
    required=True,
    description="A UUID of your own: one for each thing that is to happen, the same when you try again.",
)
IF_MATCH: Final = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": '^"v[1-9][0-9]{0,8}"$'},
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of what you read.",
)
OF_THIS: Final = {"episode_id": "$request.path.episode_id"}
LINKS: Final[Mapping[str, Mapping[str, Spec]]] = {
    "listEpisodes": {
        "first": {"operationId": "readEpisode", "parameters": {"episode_id": "$response.body#/episodes/0/id"}}
    },
    "readEpisode": {
        "reference": {
            "operationId": "giveReference",
            "parameters": {**OF_THIS, "If-Match": "$response.header.ETag"},
        },
        "photo": {
            "operationId": "readPhoto",
            "parameters": {**OF_THIS, "photo_id": "$response.body#/photos/0/id"},
        },
        **{
            name: {"operationId": name, "parameters": OF_THIS}
            for name in ("acknowledge", "giveGrade", "reportSighting", "reportSightings", "reportFound")
        },
    },
    "giveReference": {"read": {"operationId": "readEpisode", "parameters": OF_THIS}},
    "giveGrade": {"read": {"operationId": "readEpisode", "parameters": OF_THIS}},
    "reportSighting": {"read": {"operationId": "readEpisode", "parameters": OF_THIS}},
    "readEvents": {
        "on": {"operationId": "readEvents", "parameters": {"cursor": "$response.body#/next"}},
        "receipt": {
            "operationId": "confirmEvents",
            "requestBody": {"read_up_to": "$response.body#/events/0/number"},
        },
        "episode": {
            "operationId": "readEpisode",
            "parameters": {"episode_id": "$response.body#/events/0/episode_id"},
        },
    },
}
PROBLEM: Final[Spec] = {
    "type": "object",
    "description": "What went wrong (RFC 9457). Programs go by `code`.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "pattern": "^urn:casework:problem:[a-z0-9_]+$"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "In words, for a person."},
        "code": {"type": "string"},
        "needs": {"type": "string", "description": "The scope that is missing.", "enum": list(SCOPES)},
        "error": {"type": "string", "description": "OAuth’s own code, from `/token`."},
        "error_description": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {name: {"type": "string"} for name in ("field", "code", "detail")},
            },
        },
    },
}
COMPONENTS: Final[Spec] = {
    "schemas": {"Problem": PROBLEM},
    "securitySchemes": {
        LOGIN: {
            "type": "oauth2",
            "flows": {"clientCredentials": {"tokenUrl": f"{PREFIX}token", "scopes": dict(SCOPES)}},
        }
    },
}


class Described(AutoSchema):
    """One operation, from the tables of its view."""

    @property
    def _of(self) -> Any:
        """The view, which the framework takes for any view."""
        return self.view

    def get_operation_id(self) -> str:
        return str(self._of.named[self.method])

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix(PREFIX).partition("/")[0]]

    def get_auth(self) -> list[Spec]:
        return [{LOGIN: self._of.needs[self.method].split()}] if self._is_private else []

    def get_request_serializer(self) -> Any:
        return self._of.takes.get(self.method)

    def get_response_serializers(self) -> Any:
        return {self._done: self._of.gives[self.method]}

    def get_override_parameters(self) -> list[Any]:
        asked = [self._of.asks] if self._of.asks and self.method == "GET" else []
        key = [KEY] if self.method == "POST" and self._is_private else []
        return [*asked, *key, *([IF_MATCH] if self.method == "PATCH" else [])]

    def get_operation(self, *about: Any, **more: Any) -> Spec | None:
        """As the framework makes it, with every other answer that there is."""
        operation: Spec | None = super().get_operation(*about, **more)
        if operation is None:
            return None
        if not self._is_private:
            operation["security"] = []
        if "requestBody" in operation:
            operation["requestBody"]["required"] = True
        done = operation["responses"][str(self._done)]
        done["headers"] = {name: HEADERS[name] for name in self._headers}
        if self._is_image:
            done["headers"] = {"ETag": DIGEST}
        done |= {"description": "Done." if self.method != "GET" else "As it is now."}
        if links := LINKS.get(operation["operationId"]):
            done["links"] = dict(links)
        operation["responses"] |= {
            str(status): self._refusal(answer) for status, answer in self._refusals.items()
        }
        return operation

    @property
    def _is_private(self) -> bool:
        return bool(self._of.authentication_classes)

    @property
    def _is_image(self) -> bool:
        return self._of.gives[self.method] is OpenApiTypes.BINARY

    @property
    def _done(self) -> int:
        return 201 if self.method == "POST" and self._is_private else 200

    @property
    def _headers(self) -> list[str]:
        if self.method == "POST":
            return ["Idempotent-Replayed"] if self._is_private else []
        return ["ETag"] if "{episode_id}" in self.path else []

    @property
    def _refusals(self) -> dict[int, Answer]:
        found = {**ALWAYS, **(ONLY_AN_IMAGE if self._is_image else {})}
        if self.method in ("POST", "PATCH"):
            found |= WITH_A_BODY
        if self.method == "POST" and self._is_private:
            found |= WITH_A_KEY
        if self.method == "PATCH":
            found |= WITH_A_VERSION
        return dict(sorted(found.items()))

    def _refusal(self, answer: Answer) -> Spec:
        problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
        kinds = (JSON_PROBLEM,) if self._is_private else (JSON_PROBLEM, "application/json")
        described: Spec = {"description": answer.words, "content": dict.fromkeys(kinds, problem)}
        return described | (
            {"headers": {name: HEADERS[name] for name in answer.headers}} if answer.headers else {}
        )

    def _map_serializer(self, serializer: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        # The library's own has no types.
        mapped = super()._map_serializer(serializer, direction, bypass_extensions)  # type: ignore[no-untyped-call]
        kind = serializer if isinstance(serializer, type) else type(serializer)
        if not kind.__dict__.get("__doc__"):
            mapped.pop("description", None)  # a base's, which says something else
        return {**mapped, "additionalProperties": False} if issubclass(kind, Strict) else mapped


class TextIsSaidExactly(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # registers itself
    """Which characters, so that a program knows before it sends."""

    target_class = "casework.front.api.fields.Text"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Any) -> Spec:
        field = self.target
        longest = {"maxLength": field.max_length} if field.max_length else {}
        least = {} if field.allow_blank else {"minLength": 1}
        return {"type": "string", "pattern": field.pattern, **least, **longest}


class CursorsAreOpaque(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # registers itself
    target_class = "casework.front.api.fields.Cursor"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Any) -> Spec:
        return {"type": "string", "format": "cursor", "minLength": 1, "maxLength": LONGEST_CURSOR}


def only_ours(endpoints: list[Any]) -> list[Any]:
    """Whatever else the house answers is no part of it."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(PREFIX)]


def with_what_all_share(result: Spec, **_: Any) -> Spec:
    """The form of every error, and how to get in."""
    for name, parts in COMPONENTS.items():
        result["components"].setdefault(name, {}).update(parts)
    return result
