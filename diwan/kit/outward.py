"""Where a request may go whose address somebody else has written down: an https server of the open internet, by name.

The rule is a list of what is refused, kept here rather than left to the standard library, whose idea of a private
address has changed between versions. An address that carries another one inside (mapped, NAT64) is judged by that one.
Sources: the registries of special-purpose addresses of IANA (RFC 6890 and those after it).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from diwan.kit.errors import N_, InvalidValue

LONGEST: Final = 500
_PLAIN: Final = re.compile(r"[!-~]+")
_NAME: Final = re.compile(r"(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_-]+)*\.?")
_NUMBER: Final = re.compile(r"(?:0[xX][0-9A-Fa-f]*|[0-9]+)\.?$")
_V4_REFUSED: Final = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # a public address at which one cloud tells its machines their secrets
    )
)  # fmt: skip
_V6_OPEN: Final = ipaddress.IPv6Network("2000::/3")
_V6_REFUSED: Final = tuple(
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48")
)
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")

BAD_ADDRESS: Final = N_(
    "Write the whole address of the partner's receiver, such as https://partner.example/events."
)
ONLY_HTTPS: Final = N_(
    "The address has to begin with https://, so that nobody on the way can read or change it."
)
NO_CREDENTIALS: Final = N_(
    "Leave name and password out of the address. The signature tells the partner who sends."
)
BAD_PORT: Final = N_("Port {port} is not open for this. Ask the partner for an address without a port.")
NOT_PUBLIC: Final = N_(
    "This address lies inside a network. Write an address that is reachable from the internet."
)


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart: `path` begins with / and holds the query."""

    scheme: str
    host: str
    port: int
    path: str


def is_open(address: str, *, loopback: bool = False) -> bool:
    """Whether a connection may go to this IP address; with `loopback` also to the machine itself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.scope_id is not None:
            return False
        inside = found.ipv4_mapped
        if inside is None and found in _NAT64:
            inside = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inside is not None:
            found = inside
    if loopback and found.is_loopback:
        return True
    if isinstance(found, ipaddress.IPv4Address):
        return not any(found in network for network in _V4_REFUSED)
    return found in _V6_OPEN and not any(found in network for network in _V6_REFUSED)


def read_target(address: str, *, ports: Collection[int], loopback: bool = False) -> Target:
    """Take an address apart, or say what is wrong with it (InvalidValue `outward.*`).

    Only its text is judged; what its name leads to is judged at every connection. With `loopback` plain http to this
    very machine is allowed, on any port.
    """
    if not 0 < len(address) <= LONGEST or not _PLAIN.fullmatch(address) or "\\" in address:
        raise InvalidValue("outward.address", BAD_ADDRESS)
    try:
        parts = urlsplit(address)
        port, host = parts.port, parts.hostname or ""
    except ValueError as error:
        raise InvalidValue("outward.address", BAD_ADDRESS) from error
    if "@" in parts.netloc:
        raise InvalidValue("outward.credentials", NO_CREDENTIALS)
    if parts.scheme not in ("http", "https") or not host or "#" in address:
        raise InvalidValue("outward.address", BAD_ADDRESS)
    literal = _literal(host)
    at_home = loopback and (
        host == "localhost" or (literal != "" and ipaddress.ip_address(literal).is_loopback)
    )
    if parts.scheme == "http" and not at_home:
        raise InvalidValue("outward.https", ONLY_HTTPS)
    port = port if port is not None else (443 if parts.scheme == "https" else 80)
    if not at_home and port not in ports:
        raise InvalidValue("outward.port", BAD_PORT, port=port)
    if literal and not is_open(literal, loopback=loopback):
        raise InvalidValue("outward.not_public", NOT_PUBLIC)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(scheme=parts.scheme, host=host, port=port, path=path)


def _literal(host: str) -> str:
    """The host when it is an IP address, empty when it is a name; InvalidValue for what only looks like either."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        # 127.1, 0x7f000001, 2130706433: numbers that a resolver would read as an address.
        if not _NAME.fullmatch(host) or _NUMBER.search(host.rsplit(".", 1)[-1] or host):
            raise InvalidValue("outward.address", BAD_ADDRESS) from None
    return ""
