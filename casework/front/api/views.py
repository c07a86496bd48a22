"""What every address of the API has in common: the door, one form of error, and the audit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

import pghistory
from django.http import HttpRequest
from drf_spectacular.types import OpenApiTypes
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.front.api import door, leaks, reading
from casework.front.api.fields import Shown, Strict
from casework.front.api.problems import Problem, answer, not_found, problem_of
from casework.front.api.schema import Described
from casework.records.models import PoliceClient, User
from incidents.access import shared_episode_for
from incidents.models import MissingEpisode

OURS_TO_MEND: Final = 500
_ETAG: Final = re.compile(r'"v([1-9]\d{0,8})"', re.ASCII)
_OTHER_ETAG: Final = re.compile(r'(W/)?"[\x21\x23-\x7e]*"', re.ASCII)


class Json(JSONRenderer):
    """Letters as they are, half a character never: nothing that cannot be kept is ever sent."""

    ensure_ascii = False


class ApiView(APIView):
    """One address, by method: what it is called, the scopes it needs, the body it takes, what it gives.

    `asks` is its query, `about` what the audit calls it. The schema is made of the same.
    """

    authentication_classes = [door.BearerToken]
    permission_classes = []
    throttle_classes = []
    parser_classes = [reading.StrictJson]
    renderer_classes = [Json]
    content_negotiation_class = DefaultContentNegotiation
    versioning_class = None
    metadata_class = None
    schema = Described()
    needs: ClassVar[Mapping[str, str]] = {}
    named: ClassVar[Mapping[str, str]] = {}
    asks: ClassVar[type[Strict] | None] = None
    takes: ClassVar[Mapping[str, type[Strict]]] = {}
    gives: ClassVar[Mapping[str, type[Shown] | OpenApiTypes]] = {}
    about: ClassVar[str] = "police_api"

    # The door ------------------------------------------------------------------------------------------

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        leaks.refuse_key_in_address(request._request)
        super().initial(request, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        """Whatever is written from here on is the client's doing: its account is the caller in the audit."""
        super().perform_authentication(request)
        if request.auth is not None:
            pghistory.context(user=str(request.user.pk))

    def check_permissions(self, request: Request) -> None:
        caller: object = request.auth
        if not isinstance(caller, door.Caller):
            return
        door.admit(caller.client, address_of(request))
        method = "GET" if request.method == "HEAD" else str(request.method)
        for scope in self.needs.get(method, "").split():
            door.require(caller, scope)

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        return Response(status=204, headers={"Allow": ", ".join(self.allowed_methods)})

    def handle_exception(self, exc: Exception) -> Response:
        problem = problem_of(exc, self.allowed_methods)
        if problem is None:
            raise exc  # the house's own page of what broke, and its line in the log
        self._tell_of_refusal(problem)
        refused = answer(problem)
        refused.exception = True
        return refused

    def _tell_of_refusal(self, problem: Problem) -> None:
        """Who was refused what stands in the audit. Of a stranger the log has the line."""
        known = getattr(self.request, "_auth", None)
        if problem.status_code >= OURS_TO_MEND or not isinstance(known, door.Caller):
            return
        about_id = self.kwargs.get("episode_id")
        door.write_down(problem, known.client, about_kind=self.about, about_id=about_id)

    # What was asked and sent ---------------------------------------------------------------------------

    def asked(self, request: Request) -> dict[str, Any]:
        """The query: each name once, and none that this address does not know."""
        twice = [name for name, values in request.query_params.lists() if len(values) > 1]
        if twice:
            faults = [{"field": name, "code": "twice", "detail": "Give it once."} for name in twice]
            raise Problem(400, "invalid", "Something in the request has to be mended.", errors=faults)
        return _valid(self.asks or Strict, request.query_params.dict())

    def sent(self, request: Request) -> dict[str, Any]:
        """The body, checked."""
        shape = self.takes[str(request.method)]
        reading.refuse_unreadable(request)
        if not reading.has_body(request):
            reading.refuse("empty", "The body is empty.")
        reading.refuse_other_types(request)
        shape.refuse_size(request.data)
        return _valid(shape, request.data)

    # Which episode -------------------------------------------------------------------------------------

    def episode(self, request: Request, episode_id: UUID) -> MissingEpisode:
        """Shared with the client's force now, or not there."""
        return shared_episode_for(account_of(request), episode_id)


class Nothing(ApiView):
    """Every other address: with a token it is not there."""

    schema = None  # type: ignore[assignment]  # so the framework leaves an address out

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        raise not_found()


def _valid(shape: type[Strict], given: Any) -> dict[str, Any]:
    read = shape(data=given)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


def account_of(request: Request) -> User:
    """The account under which the client acts."""
    account: User = client_of(request).account
    return account


def client_of(request: Request) -> PoliceClient:
    caller: object = request.auth
    if not isinstance(caller, door.Caller):
        raise TypeError("an address that needs a client was opened by nobody")
    return caller.client


def address_of(request: Request) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def etag(version: int) -> str:
    return f'"v{version}"'


def version_seen(request: Request) -> int:
    """The version that `If-Match` names: 428 without one, 412 for another's or a weak one, 400 for no tag."""
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise Problem(428, "if_match_missing", "Send the ETag of what you read in the header “If-Match”.")
    if found := _ETAG.fullmatch(given):
        return int(found[1])
    if _OTHER_ETAG.fullmatch(given):
        raise Problem(412, "changed", "This is not its ETag. Read it again, then send its new ETag.")
    raise Problem(400, "if_match_malformed", "“If-Match” takes one ETag, as it was given.")
