"""Who asks, where proxies stand between: each adds on the right whom it heard, and the rest may be a lie."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_WITH_PORT: Final = re.compile(r"\[(?P<six>[^\]]+)\](?::\d+)?|(?P<four>[\d.]+):\d+")


def caller(peer: str, forwarded: str, proxies: Iterable[Network]) -> str:
    """The address of whoever asked: from the right, the first hop that is none of our proxies.

    What stands left of that hop is the caller's own word. A hop that is no address ends the search, and the
    proxy that brought it is named.
    """
    proxies, found = list(proxies), peer
    for hop in reversed([*forwarded.split(","), peer]):
        address = _address(hop)
        if address is None:
            break
        found = str(address)
        if not _among(address, proxies):
            break
    return found


def is_proxy(peer: str, proxies: Iterable[Network]) -> bool:
    """Whether what this neighbour says about its client is believed."""
    address = _address(peer)
    return address is not None and _among(address, proxies)


def _among(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)


def _address(hop: str) -> Address | None:
    """A hop as proxies write it: with or without a port, an IPv4 address perhaps in IPv6's clothes."""
    bare = hop.strip()
    if match := _WITH_PORT.fullmatch(bare):
        bare = match["six"] or match["four"]
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
