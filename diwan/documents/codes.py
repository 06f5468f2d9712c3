"""Machine-readable marks of printed documents as SVG text: QR and Code 128."""

from __future__ import annotations

import io

import segno
from barcode.codex import Code128

QUIET_MODULES = 10
"""Width of the silent zone beside a Code 128, in modules (ISO/IEC 15417)."""


def qr_svg(text: str) -> str:
    """QR of `text`, error correction M, with its own quiet zone; scales to any size."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, omitsize=True, border=2, light="#fff"
    )
    return out.getvalue().decode()


def code128_svg(digits: str) -> str:
    """Code 128 of digits only, so that a gun that types as a keyboard is read in any keyboard layout.

    Raises ValueError for anything but ASCII digits.
    """
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("a receipt barcode holds digits only")
    modules: str = Code128(digits).build()[0]
    path, at = [], 0
    while at < len(modules):
        run = len(modules) - at - len(modules[at:].lstrip(modules[at]))
        if modules[at] == "1":
            path.append(f"M{at + QUIET_MODULES} 0h{run}v1h-{run}z")
        at += run
    width = len(modules) + 2 * QUIET_MODULES
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 1" preserveAspectRatio="none">'
        f'<path d="{"".join(path)}" fill="#000"/></svg>'
    )
