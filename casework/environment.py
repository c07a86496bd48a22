"""The environment, parsed loudly: a setting that is missing or wrong stops the start with a sentence."""

from __future__ import annotations

import os
import re
import sys
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"", "0", "false", "no", "off"}
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_UUID = "-".join(f"[0-9a-f]{{{length}}}" for length in (8, 4, 4, 4, 12))


def text(name: str, default: str | None = None) -> str:
    """The value of a variable; without a default it must be set."""
    value = _given(name)
    if value is None:
        value = default
    if value is None:
        raise ImproperlyConfigured(
            f"{name} is not set. `./run` sets it; docs/how-to/production.md lists them all."
        )
    return value


def _given(name: str) -> str | None:
    """What the environment says: in NAME itself, or in the file that NAME_FILE names."""
    value, file = os.environ.get(name), os.environ.get(f"{name}_FILE")
    if not file:
        return value
    if value:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set. Keep one of them.")
    return _kept_in(Path(file), f"{name}_FILE")


def _kept_in(file: Path, name: str) -> str:
    """The words of a file without its last line end. What the file holds is never repeated."""
    try:
        value = file.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise ImproperlyConfigured(f"{name}: {file} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise ImproperlyConfigured(f"{name}: {file} is not UTF-8 text.") from None
    if not value:
        raise ImproperlyConfigured(f"{name}: {file} is empty.")
    return value


def flag(name: str, default: bool = False) -> bool:
    """A switch: 1, true, yes, on; or 0, false, no, off."""
    value = text(name, "1" if default else "0").strip().lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def integer(name: str, default: int) -> int:
    """A whole number."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def listed(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [item.strip() for item in text(name, default).split(",") if item.strip()]


def database(name: str) -> dict[str, object]:
    """A Django database entry from postgres://user:password@host:port/name."""
    url = urlsplit(text(name))
    if url.scheme not in {"postgres", "postgresql"} or not url.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must look like postgres://user:password@host:5432/name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or "",
        "PORT": str(url.port or 5432),
    }


def become_owner() -> None:
    """From here on DATABASE_URL is what OWNER_DATABASE_URL says, if it says anything."""
    endings = ("", "_FILE")
    if any(os.environ.get(f"OWNER_DATABASE_URL{ending}") for ending in endings):
        for ending in endings:
            os.environ[f"DATABASE_URL{ending}"] = os.environ.get(f"OWNER_DATABASE_URL{ending}", "")


def process_name() -> str:
    """What the database knows this process by, and the audit when nobody is signed in: `casework sweep`."""
    program = Path(sys.argv[0])
    name = program.parent.name if program.stem == "__main__" else program.stem
    if name == "manage" and len(sys.argv) > 1:
        name = sys.argv[1]
    return f"casework {name}"


def public_address() -> tuple[str, str, bool]:
    """(address, host, over TLS) of PUBLIC_URL. Plain http is for this machine only."""
    address = text("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
    url = urlsplit(address)
    if url.scheme not in {"http", "https"} or not url.hostname:
        raise ImproperlyConfigured("PUBLIC_URL must look like https://casework.example.")
    if url.scheme == "http" and url.hostname not in _LOOPBACK:
        raise ImproperlyConfigured(
            f"PUBLIC_URL is plain http on {url.hostname}. Children's records travel over https only; "
            "http is for a service on this machine (127.0.0.1)."
        )
    return address, url.hostname, url.scheme == "https"


def trusted_proxies() -> list[IPv4Network | IPv6Network]:
    """The networks of the proxies whose word about their clients is believed."""
    try:
        networks = [ip_network(item) for item in listed("TRUSTED_PROXIES")]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"TRUSTED_PROXIES must be addresses or networks, such as 10.1.2.3,172.31.83.0/28: {error}."
        ) from None
    if any(network.prefixlen == 0 for network in networks):
        raise ImproperlyConfigured("TRUSTED_PROXIES names the whole world: anybody could say who they are.")
    if flag("BEHIND_PROXY") and not networks:
        raise ImproperlyConfigured("BEHIND_PROXY says nothing any more: name the proxy in TRUSTED_PROXIES.")
    return networks


def texting() -> tuple[str, str, str]:
    """(key, template, address) of GOV.UK Notify; the key is empty where nobody is sent text messages."""
    key, template = text("NOTIFY_API_KEY", ""), text("NOTIFY_TEMPLATE_ID", "")
    address = text("NOTIFY_URL", "https://api.notifications.service.gov.uk").rstrip("/")
    if key and not template:
        raise ImproperlyConfigured(
            "NOTIFY_API_KEY is set and NOTIFY_TEMPLATE_ID is not. Make a text message template in GOV.UK "
            "Notify that says ((words)), and give its id."
        )
    if key and not re.fullmatch(rf".*{_UUID}-{_UUID}", key):
        raise ImproperlyConfigured("NOTIFY_API_KEY must end with two ids, as GOV.UK Notify shows it.")
    url = urlsplit(address)
    if url.scheme != "https" and url.hostname not in _LOOPBACK:
        raise ImproperlyConfigured("NOTIFY_URL must be https, or an address on this machine.")
    return key, template, address
