"""Refusals at start: a peer runs only for demo and tests, and only on loopback."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

ALLOWED_PROFILES = ("demo", "test")


class Refused(SystemExit):
    """The peer does not start; the message says why (exit code 1)."""


def is_loopback(host: str) -> bool:
    """True for `localhost` and every loopback address, with or without brackets."""
    name = host.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_loopback_url(url: str) -> bool:
    """True when the URL is http(s) and its host is a loopback address."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and parts.hostname is not None and is_loopback(parts.hostname)


def check_start(*, name: str, host: str, environ: Mapping[str, str]) -> None:
    """Raise `Refused` unless the profile is demo or test and the address is loopback."""
    profile = environ.get("DIWAN_PROFILE", "")
    if profile not in ALLOWED_PROFILES:
        raise Refused(
            f"peers.{name} is a demo system and refuses to start with DIWAN_PROFILE={profile!r}: "
            f"it runs only with one of {', '.join(ALLOWED_PROFILES)}"
        )
    if not is_loopback(host):
        raise Refused(f"peers.{name} is a demo system and refuses to listen on {host}: use 127.0.0.1")


def secret(environ: Mapping[str, str], variable: str, *, name: str) -> str:
    """The secret in `variable` (16 characters at least), else `Refused`."""
    value = environ.get(variable, "")
    if len(value) < 16:
        raise Refused(f"peers.{name} needs {variable} in its environment, 16 characters or more")
    return value
