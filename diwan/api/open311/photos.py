"""Photos of a report: sent along as parts of the form, or fetched from the address that stands in media_url."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO, Final, cast
from urllib.parse import urlsplit

from diwan.api import allowances
from diwan.api.open311.asked import Asked
from diwan.api.open311.ports import fetcher
from diwan.files.actions import receive_upload
from diwan.files.errors import CheckUnavailable, UploadRefused
from diwan.files.rules import MEGABYTE, SlotRules
from diwan.kit.errors import N_
from diwan.modules.reports.actions.file_report import report_service
from diwan.rest.calls import Client
from diwan.rest.refusals import Refused

SLOT: Final = "photos"
MEDIA: Final = "media"
"""The part of a form that holds a photo."""
ADDRESS: Final = "media_url"
FETCHED_A_MINUTE: Final = 60
"""Addresses that are asked for one client: each may keep a thread busy for seconds."""


def brings_photos(asked: Asked) -> bool:
    """Whether the report comes with anything to look at."""
    return bool(asked.request.FILES) or bool(asked.one(ADDRESS))


def received(asked: Asked, client: Client, owner: str) -> list[str]:
    """Ids of the uploads, held by `owner` until the report is filed.

    A file that is sent along and is no photo is refused. An address that gives none does not hold the report up: it is
    filed without. Raises Refused (400), UploadRefused, CheckUnavailable.
    """
    files = asked.request.FILES.getlist(MEDIA)
    if len(asked.request.FILES) and not files:
        raise Refused(400, MEDIA, N_("Send photos as the part `media`."))
    slot = report_service().form.slot(SLOT)
    if slot is None:
        return []
    if len(files) > slot.most:
        raise Refused(400, MEDIA, N_("Send {most} photos at most."), most=slot.most)
    rules = SlotRules(kinds=tuple(slot.kinds), max_bytes=slot.max_mb * MEGABYTE, most=slot.most)
    if files:
        return [_kept(cast(BinaryIO, file), file.name or "", rules, owner, asked) for file in files]
    address = asked.one(ADDRESS)
    return _fetched(address, rules, client, owner, asked) if address else []


def _fetched(address: str, rules: SlotRules, client: Client, owner: str, asked: Asked) -> list[str]:
    try:
        allowances.spend(f"media {client.pk}", limit=FETCHED_A_MINUTE)
        content = fetcher().get(address, most=rules.max_bytes)
        if content is None:
            return []
        name = urlsplit(address).path.rpartition("/")[2]
        return [_kept(BytesIO(content), name, rules, owner, asked)]
    except (Refused, UploadRefused, CheckUnavailable):
        return []


def _kept(stream: BinaryIO, name: str, rules: SlotRules, owner: str, asked: Asked) -> str:
    return receive_upload(stream=stream, filename=name, slot=SLOT, rules=rules, owner=owner, by=asked.by).pk
