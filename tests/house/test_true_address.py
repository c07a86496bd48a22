"""A caller cannot choose the address that the audit writes and limits count by."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from casework import hops
from casework.middleware import true_address
from casework.records.models import User

PROXY, BALANCER = "172.31.83.3", "10.1.2.3"
PROXIES = [ip_network("172.31.83.0/28"), ip_network(BALANCER), ip_network("fd00::/64")]


@pytest.mark.ac("T10.3")
@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        (PROXY, "203.0.113.7", "203.0.113.7"),
        (PROXY, "1.2.3.4, 203.0.113.7", "203.0.113.7"),  # the left one is the caller's own word
        (PROXY, "172.31.83.9, 203.0.113.7", "203.0.113.7"),  # and so is this, whatever it says
        (PROXY, f"203.0.113.7, {BALANCER}", "203.0.113.7"),
        (PROXY, f"1.2.3.4, 203.0.113.7,{BALANCER} ", "203.0.113.7"),
        (PROXY, "203.0.113.7:51234", "203.0.113.7"),
        (PROXY, "[2001:db8::7]:443", "2001:db8::7"),
        (PROXY, "2001:db8::7", "2001:db8::7"),
        (PROXY, "::ffff:203.0.113.7", "203.0.113.7"),
        (f"::ffff:{PROXY}", "203.0.113.7", "203.0.113.7"),
        ("fd00::3", "203.0.113.7", "203.0.113.7"),
        (PROXY, "fe80::1%eth0", "fe80::1"),
        (PROXY, "", PROXY),
        (PROXY, "203.0.113.7, unknown", PROXY),  # nobody knows whom it heard
        (PROXY, "1.2.3.4.5", PROXY),
        (PROXY, ",", PROXY),
        (PROXY, "<script>", PROXY),
        ("203.0.113.9", "1.2.3.4", "203.0.113.9"),  # no proxy of ours
        ("", "1.2.3.4", ""),  # by a socket of this machine
    ],
)
def test_the_caller_is_the_last_who_is_no_proxy_of_ours(peer: str, forwarded: str, caller: str) -> None:
    assert hops.caller(peer, forwarded, PROXIES) == caller


def test_without_a_proxy_whatever_a_caller_writes_is_nothing() -> None:
    assert hops.caller("203.0.113.9", "1.2.3.4", []) == "203.0.113.9"


def _as_seen(peer: str, **headers: str) -> HttpRequest:
    """A request as the pages see it."""
    seen = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    true_address(page)(RequestFactory().get("/", REMOTE_ADDR=peer, **headers))  # type: ignore[arg-type]
    return seen[0]


def test_who_asked_and_whether_it_came_over_tls_is_the_proxys_word(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = PROXIES
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    told = {"HTTP_X_FORWARDED_FOR": "203.0.113.7", "HTTP_X_FORWARDED_PROTO": "https"}
    by_proxy, by_anybody = _as_seen(PROXY, **told), _as_seen("203.0.113.9", **told)
    assert (by_proxy.META["REMOTE_ADDR"], by_proxy.is_secure()) == ("203.0.113.7", True)
    assert (by_anybody.META["REMOTE_ADDR"], by_anybody.is_secure()) == ("203.0.113.9", False)


def test_nothing_behind_sees_the_headers_as_they_came(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = PROXIES
    assert "X-Forwarded-For" not in _as_seen(PROXY, HTTP_X_FORWARDED_FOR="1.2.3.4, 203.0.113.7").headers


@pytest.mark.ac("T10.3")
@pytest.mark.django_db
def test_guesses_count_for_the_caller_and_not_for_all_who_come_through_the_proxy(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = PROXIES
    User.objects.create_user(email="carl@larchwood.example", password="garden kettle seven", name="Carl")
    carl = {"login": "carl@larchwood.example", "password": "garden kettle seven"}

    def enters(hop: str, login: str, password: str) -> bool:
        client = Client(REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=hop)
        return client.post("/accounts/login/", {"login": login, "password": password}).status_code == 302

    for number in range(10):  # each time somebody else, by its own word
        assert not enters(f"1.2.3.{number}, 203.0.113.7", f"guess{number}@larchwood.example", "garden")
    assert not enters("1.2.3.99, 203.0.113.7", **carl)  # too many tries from there
    assert enters("203.0.113.8", **carl)
