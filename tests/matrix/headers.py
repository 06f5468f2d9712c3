"""The headers that every answer of the product bears, whoever asked."""

from __future__ import annotations

from collections.abc import Iterator

from tests.matrix.asking import Answer
from tests.matrix.people import NOBODY

#: The same for everybody and without anything personal: a browser may keep them.
PUBLIC = (
    "apply:districts", "apply:streets", "api:list_services", "api:read_service", "api:list_choices", "api:preview_fee",
    "api:list_municipalities", "api:list_districts", "api:locate_point", "api:read_description",
    "reports:points", "reports:photo",
)  # fmt: skip


def faults_of_headers(view: str, name: str, answer: Answer) -> Iterator[str]:
    """What is missing or too wide in the headers of one answer."""
    headers = answer.response.headers
    policy = _directives(headers.get("Content-Security-Policy", ""))
    if policy.get("default-src") != "'none'":
        yield f"content policy {policy}"
    if {"'unsafe-inline'", "'unsafe-eval'", "*", "data:"} & set(policy.get("script-src", "").split()):
        yield "scripts of other hands are allowed"
    if "sandbox" not in policy and ("unsafe" in str(policy) or policy.get("frame-ancestors") != "'none'"):
        yield f"the policy of a page is wide: {policy}"
    if headers.get("X-Content-Type-Options") != "nosniff":
        yield "types may be guessed"
    if headers.get("X-Frame-Options") != ("SAMEORIGIN" if "sandbox" in policy else "DENY"):
        yield f"frames: {headers.get('X-Frame-Options')}"
    if headers.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        yield f"referrer: {headers.get('Referrer-Policy')}"
    if headers.get("Cross-Origin-Opener-Policy") != "same-origin" or not headers.get("X-Request-Id"):
        yield "opener policy or request id is missing"
    if name not in NOBODY and view not in PUBLIC and "no-store" not in headers.get("Cache-Control", ""):
        yield f"kept by browsers: {headers.get('Cache-Control')}"
    for cookie in answer.response.cookies.values():
        taken_away = not cookie.value
        if not taken_away and (not cookie["httponly"] or cookie["samesite"] != "Lax"):
            yield f"cookie {cookie.key} is open to scripts or other sites"


def _directives(policy: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in policy.split(";"))):
        name, _, value = part.partition(" ")
        found[name] = value
    return found
