"""PDFs: opened, not encrypted, nothing in them that acts, not too many pages. The bytes are kept as they came.

Runs in the examiner process only. A PDF is not written anew, since that would break a signature in it.
"""

from typing import Any

import pikepdf

MOST_OBJECTS = 300_000
DEEPEST = 60
#: Actions that do something beyond moving within the document or naming a web address.
ACTIVE = frozenset(
    (
        "/JavaScript",
        "/Launch",
        "/ImportData",
        "/SubmitForm",
        "/GoToE",
        "/GoToR",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/RichMediaExecute",
        "/GoTo3DView",
    )
)
ACTIVE_KEYS = frozenset(("/JS", "/XFA", "/RichMediaContent", "/EmbeddedFiles", "/RichMedia"))
ACTIVE_TYPES = frozenset(("/EmbeddedFile", "/Filespec", "/F"))
ACTIVE_ANNOTATIONS = frozenset(("/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"))


class _Active(Exception):
    """Something in the document acts."""


def check(source: str, *, max_pages: int) -> dict[str, Any]:
    """The examiner's answer for a PDF."""
    try:
        with pikepdf.open(source, attempt_recovery=True, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                return _refused("files.pdf_encrypted")
            pages = len(pdf.pages)
            if pages == 0 or len(pdf.objects) > MOST_OBJECTS:
                return _refused("files.damaged")
            if pages > max_pages:
                return _refused("files.pdf_pages", limit=max_pages)
            for item in pdf.objects:
                _look(item, 0)
            _look(pdf.trailer, 0)
    except pikepdf.PasswordError:
        return _refused("files.pdf_encrypted")
    except _Active:
        return _refused("files.pdf_active")
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, OSError):
        return _refused("files.damaged")
    return {"media_type": "application/pdf", "private": {"pages": pages}, "rewritten": False}


def _refused(code: str, **params: Any) -> dict[str, Any]:
    return {"refused": code, "params": params}


def _look(item: Any, depth: int) -> None:
    """Raise `_Active` when this object, or one written inside it, acts. References are visited on their own."""
    if depth > DEEPEST:
        raise _Active
    if isinstance(item, pikepdf.Stream):
        _look_at_keys(item.stream_dict, depth)
    elif isinstance(item, pikepdf.Dictionary):
        _look_at_keys(item, depth)
    elif isinstance(item, pikepdf.Array):
        children: Any = item
        for child in children:
            if isinstance(child, pikepdf.Object) and not child.is_indirect:
                _look(child, depth + 1)


def _look_at_keys(item: Any, depth: int) -> None:
    names = set(item.keys())
    if names & ACTIVE_KEYS:
        raise _Active
    if _name(item, "/S") in ACTIVE or _name(item, "/Subtype") in ACTIVE_ANNOTATIONS:
        raise _Active
    if _name(item, "/Type") in ACTIVE_TYPES:
        raise _Active
    for name in names:
        child = item.get(name)
        if isinstance(child, pikepdf.Object) and not child.is_indirect:
            _look(child, depth + 1)


def _name(item: Any, key: str) -> str:
    value = item.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""
