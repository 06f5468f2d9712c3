"""What an employee has typed on the page of a case: the note, remarks, reasons and checklist answers."""

from typing import Any, Final

from django.http import HttpRequest

from diwan.cases.remarks import Remark

_REMARK: Final = ("reason.", "words.", "late.")
_PREFIXES: Final = (*_REMARK, "item.", "reasons.")


def typed_remarks(request: HttpRequest) -> list[Remark]:
    """The answers and papers for which a reason or words were given, in the order of the page."""
    post = request.POST
    keys = dict.fromkeys(
        name.partition(".")[2]
        for name, value in post.items()
        if name.startswith(_REMARK) and str(value).strip()
    )
    return [
        Remark(
            field=key,
            reason=post.get(f"reason.{key}", ""),
            note=post.get(f"words.{key}", "").strip()[:2000],
            late_why=post.get(f"late.{key}", "").strip()[:1000],
        )
        for key in keys
    ]


def typed_reasons(request: HttpRequest) -> list[str]:
    """The reason chosen for the outcome that was pressed."""
    return [code for code in request.POST.getlist(f"reasons.{request.POST.get('outcome', '')}") if code]


def typed_items(request: HttpRequest) -> dict[str, str]:
    """Answers of the checklist by code."""
    return {
        name.removeprefix("item."): str(value)
        for name, value in request.POST.items()
        if name.startswith("item.")
    }


def typed_content(request: HttpRequest) -> dict[str, Any]:
    """Everything typed on the page, as it is kept with the note draft."""
    post = request.POST
    return {
        "note": post.get("note", "")[:4000],
        "outcome": post.get("outcome", "")[:60],
        "inputs": {
            name: str(value)[:4000] for name, value in post.items() if name.startswith(_PREFIXES) and value
        },
    }
