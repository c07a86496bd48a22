"""What must be true before the service starts, each with what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

from casework.records.notify.templates import faults
from casework.records.times import refuse_moved_clock


@register(Tags.database)
def clock_is_real(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """Only a demo runs on a database whose clock can be moved. Asked before each migration."""
    if not databases:
        return []
    try:
        refuse_moved_clock()
    except ImproperlyConfigured as refusal:
        return [Error(str(refusal), id="casework.E001")]
    return []


@register(Tags.security)
def cookies_are_bound_to_the_host(
    app_configs: Sequence[AppConfig] | None, **options: Any
) -> list[CheckMessage]:
    """Over TLS the session and CSRF cookies carry the __Host- prefix."""
    names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
    if not settings.OVER_TLS or all(name.startswith("__Host-") for name in names):
        return []
    return [
        Error(
            "Session and CSRF cookies must begin with __Host- over https.",
            hint="Leave SESSION_COOKIE_NAME and CSRF_COOKIE_NAME as settings.py derives them.",
            id="casework.E107",
        )
    ]


@register(Tags.security)
def demo_stays_on_this_machine(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """A demo has published passwords and a movable clock, so it is never served to the world."""
    if not (settings.DEMO and settings.OVER_TLS):
        return []
    return [
        Error(
            "DEMO is on and PUBLIC_URL is a public https address.",
            hint="Unset DEMO, or serve the demo at http://127.0.0.1.",
            id="casework.E108",
        )
    ]


@register(Tags.security, deploy=True)
def proxy_is_named(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """TLS ends at a proxy. Unless its word is believed, each page leads to itself, for ever."""
    if settings.TRUSTED_PROXIES or not settings.OVER_TLS:
        return []
    return [
        Warning(
            "PUBLIC_URL is https and TRUSTED_PROXIES is empty: every page would send the browser to itself.",
            hint="Name the address or network of the proxy that ends TLS (docs/how-to/production.md).",
            id="casework.W110",
        )
    ]


@register(Tags.security, deploy=True)
def audit_is_kept_outside(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Whoever owns the database can rewrite the audit, unless its heads are kept out of their reach."""
    if settings.AUDIT_SINK:
        return []
    return [
        Warning(
            "AUDIT_SINK is not set: an audit that was worked out again from its beginning would look sound.",
            hint="Name a file on another machine's disk, or mailto: somebody who keeps letters.",
            id="casework.W109",
        )
    ]


@register(Tags.security)
def messages_carry_no_content(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """A message may give the case reference and a link; there is no placeholder for anything else."""
    return [
        Error(
            fault,
            hint="Use {reference} and {link} only, in the body only (casework/records/notify/templates.py).",
            id="casework.E101",
        )
        for fault in faults()
    ]
