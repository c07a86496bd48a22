"""The token: a client shows its secret and gets one that lasts half an hour (OAuth 2, client credentials).

django-oauth-toolkit does the protocol; whether the secret is right is our own question, and so is the rest of
the door. Its errors have both forms: OAuth's `error`, and the members of every other problem here.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, ClassVar, Final
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse, JsonResponse
from oauth2_provider.oauth2_backends import OAuthLibCore
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauthlib.common import Request as OAuthRequest
from rest_framework import serializers
from rest_framework.parsers import FormParser
from rest_framework.request import Request

from casework.front.api import door, reading
from casework.front.api.fields import Choice, Shown, Strict, Text
from casework.front.api.problems import Problem, body_of
from casework.front.api.views import ApiView
from casework.records import audit
from casework.records.clients import client_with_secret

FORM: Final = "application/x-www-form-urlencoded"
LONGEST_GIVEN: Final = 500
NO_CLIENT: Final = "The client is unknown, or its secret is not right, or it may not call any more."
ASK_AGAIN: Final = 'Basic realm="casework"'
_WORDS: Final[Mapping[str, str]] = {
    "unsupported_grant_type": "Ask with “grant_type=client_credentials”.",
    "invalid_scope": "The client does not have one of these scopes.",
    "invalid_client": NO_CLIENT,
}


class SecretsAreOurs(OAuth2Validator):  # type: ignore[misc]  # the library has no types
    """Asks `clients.client_with_secret`; the library's own column of secrets opens nothing."""

    def authenticate_client(self, request: OAuthRequest, *args: Any, **kwargs: Any) -> bool:
        client_id, secret = _credentials(request)
        client = client_with_secret(client_id, secret)
        if client is None:
            return False
        try:
            door.admit(client, str(request.headers.get("REMOTE_ADDR", "")))
        except Problem as refused:
            door.write_down(refused, client, about_kind=Token.about)
            raise
        request.police_client, request.client = client, client.application
        return True

    def client_authentication_required(self, request: OAuthRequest, *args: Any, **kwargs: Any) -> bool:
        return True

    def authenticate_client_id(
        self, client_id: str, request: OAuthRequest, *args: Any, **kwargs: Any
    ) -> bool:
        return False

    def validate_scopes(
        self,
        client_id: str,
        scopes: list[str],
        client: object,
        request: OAuthRequest,
        *args: Any,
        **more: Any,
    ) -> bool:
        return bool(scopes) and set(scopes) <= set(request.police_client.scopes)

    def get_default_scopes(
        self, client_id: str, request: OAuthRequest, *args: Any, **kwargs: Any
    ) -> list[str]:
        """Nothing asked for: all that the client has."""
        return list(request.police_client.scopes)

    def save_bearer_token(
        self, token: dict[str, Any], request: OAuthRequest, *args: Any, **kwargs: Any
    ) -> None:
        super().save_bearer_token(token, request, *args, **kwargs)
        audit.signed_in(request.police_client.account)


class TokenAsked(Strict):
    """The client’s identifier and secret may stand here or in the header (`Authorization: Basic …`)."""

    grant_type = Choice(["client_credentials"])
    client_id = Text(required=False, max_length=LONGEST_GIVEN)
    client_secret = Text(required=False, max_length=LONGEST_GIVEN)
    scope = Text(
        required=False, max_length=LONGEST_GIVEN, help_text="With spaces between; all, when left out."
    )


class TokenGiven(Shown):
    access_token = serializers.CharField()
    token_type = serializers.ChoiceField(["Bearer"])
    expires_in = serializers.IntegerField(help_text="Seconds.")
    scope = serializers.CharField()


class Form(FormParser):
    """What OAuth takes, no longer than it ever is."""

    media_type = FORM


class Token(ApiView):
    """Change the secret for a token (OAuth 2, client credentials): the one address without a token."""

    authentication_classes = []
    parser_classes = [Form]
    named: ClassVar = {"POST": "getToken"}
    takes: ClassVar = {"POST": TokenAsked}
    gives: ClassVar = {"POST": TokenGiven}
    about = "police_token"

    def post(self, request: Request) -> HttpResponse:
        _refuse_what_is_no_form(request)
        django_request = request._request
        _refuse_two_ways(django_request)
        _refuse_what_nobody_asked(django_request)
        _, _, body, status = OAuthLibCore().create_token_response(django_request)
        given = json.loads(body)
        if status != 200:
            return _refusal(given["error"], asked_by_header="HTTP_AUTHORIZATION" in request.META)
        return JsonResponse(given, headers={"Pragma": "no-cache"})


def _refuse_what_is_no_form(request: Request) -> None:
    reading.refuse_unreadable(request)
    if not reading.is_of(FORM, request):
        raise Problem(415, "media_type", f"Send “Content-Type: {FORM}”.", error="invalid_request")


def _refuse_two_ways(request: HttpRequest) -> None:
    """A name twice, or a secret in the header and in the body too (RFC 6749, 2.3)."""
    is_twice = any(len(values) > 1 for _, values in request.POST.lists())
    if is_twice or ("HTTP_AUTHORIZATION" in request.META and "client_secret" in request.POST):
        raise Problem(400, "invalid_request", "Give each thing once, in one way.", error="invalid_request")


def _refuse_what_nobody_asked(request: HttpRequest) -> None:
    """In the address nothing, for the library reads it too; in the body no other name, and nothing long."""
    if request.META.get("QUERY_STRING"):
        raise Problem(400, "invalid_request", "Leave the address as it is.", error="invalid_request")
    asked = TokenAsked().fields
    faults = [
        {"field": name, "code": "unknown", "detail": "Nobody asked for this."}
        for name in request.POST
        if name not in asked
    ] + [
        {"field": name, "code": "max_length", "detail": f"Use {LONGEST_GIVEN} characters or fewer."}
        for name, said in request.POST.items()
        if len(said) > LONGEST_GIVEN
    ]
    if faults:
        words = "Something in the request has to be mended."
        raise Problem(400, "invalid_request", words, errors=faults, error="invalid_request")


def _refusal(error: str, *, asked_by_header: bool) -> HttpResponse:
    status = 401 if error == "invalid_client" else 400
    words = _WORDS.get(error, "The request cannot be read.")
    headers = {"WWW-Authenticate": ASK_AGAIN} if status == 401 else {}
    problem = Problem(status, error, words, headers=headers, error=error, error_description=words)
    return JsonResponse(body_of(problem), status=status, headers=headers)


def _credentials(request: OAuthRequest) -> tuple[str, str]:
    """By the header, or by the body; nothing, where neither can be read."""
    header = str(request.headers.get("Authorization", ""))
    if header:
        return _basic(header)
    return str(request.client_id or ""), str(request.client_secret or "")


def _basic(header: str) -> tuple[str, str]:
    kind, _, coded = header.partition(" ")
    try:
        plain = base64.b64decode(coded, validate=True).decode()
    except ValueError:  # no base64, or no UTF-8 in it; or letters that are not even ASCII
        return "", ""
    client_id, _, secret = plain.partition(":")
    return (unquote_plus(client_id), unquote_plus(secret)) if kind.lower() == "basic" else ("", "")
