"""The one way in for a form: valid, once, and with a service's refusal shown where it was asked."""

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from casework.front.pages.kit.answers import warn
from casework.front.pages.kit.forms import GovForm
from casework.records.errors import Conflict, NotAllowed, NotFound, Refused, TooMany, Unavailable
from casework.records.models import User
from casework.records.services.forms import do_once

_NOT_AN_ANSWER = {"csrfmiddlewaretoken", "form_key"}


def person(request: HttpRequest) -> User:
    """Who is signed in. Every page but the sign-in has somebody: the middleware saw to it."""
    if not isinstance(request.user, User):
        raise TypeError("a page that needs a person was opened by nobody")
    return request.user


def send(request: HttpRequest, form: GovForm, act: Callable[[], str]) -> HttpResponse | None:
    """Do what the form asks, and go where `act` says; None when there is something to show or to mend.

    The same page sent twice does it once and goes to the first result (`reliability` T15.1).
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        path = do_once(
            user=person(request), key=form.key, path=request.path, digest=_digest(request), act=act
        )
    except (Conflict, NotAllowed, NotFound, TooMany, Unavailable):
        raise  # these have pages of their own
    except Refused as refused:
        form.refuse(refused)
        return None
    warn(request, form)
    return redirect(path)


def _digest(request: HttpRequest) -> str:
    """What was sent, in 64 characters: the same key with other answers is not the same page again."""
    sent = {name: request.POST.getlist(name) for name in request.POST if name not in _NOT_AN_ANSWER}
    digest = hashlib.sha256(repr(sorted(sent.items())).encode())
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            digest.update(repr((name, file.name, file.size)).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()
