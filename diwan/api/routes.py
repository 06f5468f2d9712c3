"""Addresses of the API: one for each declared path, and a plain "nothing here" for all the rest."""

from __future__ import annotations

import re

from django.urls import URLPattern, path, re_path

from diwan.api.door import door, nowhere
from diwan.rest.declaring import Operation, by_path

app_name = "api"
PREFIX = "api/"
VERSION = "v1"
_NAMED = re.compile(r"{(\w+)}")


def _route(template: str) -> str:
    return f"{VERSION}/{_NAMED.sub(_converter, template)}"


def _converter(found: re.Match[str]) -> str:
    return f"<str:{found[1]}>"


def _measured_first(found: tuple[str, dict[str, Operation]]) -> bool:
    return not any(one.own_door for one in found[1].values())


urlpatterns: list[URLPattern] = [
    path(_route(template), door(found), name=next(iter(found.values())).key)
    for template, found in sorted(by_path().items(), key=_measured_first)
]
urlpatterns.append(re_path(r"^.*$", nowhere, name="nowhere"))
