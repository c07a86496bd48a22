"""When a page with a form was shown, signed, so that it can be believed when the form comes back."""

from datetime import UTC, datetime
from typing import Final

from django.core import signing

_SIGNER: Final = signing.Signer(salt="when a form was shown")


def stamped(key: str, shown_at: datetime) -> str:
    """The form's key with the moment at which it was shown, in milliseconds."""
    return _SIGNER.sign(f"{key}.{round(shown_at.timestamp() * 1000)}")


def key_of(text: str) -> str:
    """The key alone, believed or not: it counts for nothing but that the same press is not done twice."""
    return text.partition(".")[0]


def shown_at(text: str) -> datetime | None:
    """When the form was shown; None unless we said so ourselves."""
    try:
        _, _, moment = _SIGNER.unsign(text).partition(".")
        return datetime.fromtimestamp(int(moment) / 1000, UTC)
    except (signing.BadSignature, ValueError):
        return None
