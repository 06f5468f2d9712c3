"""Papers as the pages refuse them: in Arabic, with what to do, and nothing of them kept."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.urls import reverse

from diwan.files.models import Upload
from tests import cast
from tests.trust.conftest import Browser

ARABIC = re.compile(r"[\u0600-\u06ff]{2}")
MEGABYTE = 1024 * 1024
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"
BAD: dict[str, tuple[str, bytes]] = {
    "a web page": ("deed.pdf", b"<!DOCTYPE html><html><script>1</script></html>"),
    "a drawing with a script": ("sign.png", SVG),
    "an old office file, home of macros": ("form.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600),
    "a program under another name": ("contract.pdf", b"MZ\x90\x00" + b"\x00" * 400),
    "nothing": ("empty.pdf", b""),
    "sixty megabytes": ("large.pdf", b"%PDF-1.7\n" + b"0" * (60 * MEGABYTE)),
}


def _file(kind: str) -> io.BytesIO:
    name, content = BAD[kind]
    made = io.BytesIO(content)
    made.name = name
    return made


@pytest.mark.parametrize("kind", BAD)
def test_a_script_is_told_in_arabic(browser: Browser, kind: str) -> None:
    draft = cast.fill_draft(cast.owner(), papers=False)
    url = reverse("apply:upload", args=[draft.pk])
    answer: Any = browser("salem", "establishment").post(url, {"slot": "facade", "file": _file(kind)})
    assert answer.status_code == 422
    assert ARABIC.search(answer.json()["message"])
    assert not Upload.objects.filter(owner=f"draft:{draft.pk}").exists()


@pytest.mark.parametrize("kind", BAD)
def test_a_plain_form_is_told_beside_the_slot_and_keeps_what_was_typed(browser: Browser, kind: str) -> None:
    draft = cast.fill_draft(cast.owner(), papers=False)
    url = reverse("apply:page", args=[draft.pk, "papers"])
    answer: Any = browser("salem", "establishment").post(url, {"do": "next", "facade": _file(kind)})
    page = answer.content.decode()
    assert answer.status_code == 422
    told = re.search(r'id="id_facade-error".*?<span>(.*?)</span>', page, re.DOTALL)
    assert told is not None and ARABIC.search(told.group(1))
    assert not Upload.objects.filter(owner=f"draft:{draft.pk}").exists()
