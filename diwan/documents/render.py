"""Printed documents: a typst template and JSON data in, a PDF/A out. Pure: no database, no clock, no network.

The same data, fonts and program version give the same bytes, so a rendering can be repeated and compared.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import typst

from diwan.documents import codes, fonts
from diwan.kit.errors import N_, DiwanError

Template = Literal[
    "licence", "licence-card", "certificate", "dossier", "receipt", "receipt-80mm", "bill", "slip"
]
TEMPLATES = Path(__file__).resolve().parent / "templates"
STANDARD: typst.PDFStandard = "a-2a"
_compilers: dict[Template, typst.Compiler] = {}
_lock = threading.Lock()


class RenderFailed(DiwanError):
    """The template refused the data: a key is missing or of another shape. `detail` is for the operator's log."""

    code = "documents.render_failed"
    message = N_("The template refused the data.")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished PDF and the digest by which it is recorded and compared."""

    pdf: bytes
    sha256: str


def render(*, template: Template, data: Mapping[str, Any], created: dt.datetime) -> Rendered:
    """Render `data` with `template`; `created` (aware) becomes the PDF's creation date.

    `data` holds plain text and `{ar, en}` pairs (see `contents` and the head of each template); `watermark` is a list
    of lines, empty for none; `verify_url` becomes a QR, `barcode` (digits) a Code 128. Raises RenderFailed.
    """
    if template not in get_args(Template):
        raise RenderFailed(template=template, detail="unknown template")
    payload = json.dumps(with_codes(data), ensure_ascii=False, sort_keys=True)
    try:
        with _lock:
            pdf = _compiler(template).compile(
                format="pdf",
                sys_inputs={"data": payload},
                pdf_standards=[STANDARD],
                timestamp=created.astimezone(dt.UTC).replace(microsecond=0),
            )
    except typst.TypstError as error:
        raise RenderFailed(template=template, detail=str(error)) from error
    if not isinstance(pdf, bytes):
        raise RenderFailed(template=template, detail="no output")
    return Rendered(pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest())


def with_codes(data: Mapping[str, Any]) -> dict[str, Any]:
    """Add the drawn codes that the templates place: `qr_svg` of `verify_url`, `barcode_svg` of `barcode`."""
    out = {"watermark": [], **data}
    if out.get("verify_url"):
        out["qr_svg"] = codes.qr_svg(out["verify_url"])
    if out.get("barcode"):
        out["barcode_svg"] = codes.code128_svg(out["barcode"])
    return out


def _compiler(template: Template) -> typst.Compiler:
    """One compiler a template and process; fonts are converted at the first use if the build did not do it."""
    if template not in _compilers:
        files = fonts.build_fonts()
        _compilers[template] = typst.Compiler(
            input=str(TEMPLATES / f"{template}.typ"),
            root=str(TEMPLATES),
            font_paths=[str(files[0].parent)],
            ignore_system_fonts=True,
        )
    return _compilers[template]
