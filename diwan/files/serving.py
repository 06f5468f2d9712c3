"""Send a file to a browser so that nothing in it can act: sandbox, no sniffing, no scripts, ranges for viewers."""

import re
from collections.abc import Iterable
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from diwan.audit.actions import AccessNote, log_access
from diwan.files import queries
from diwan.people.actor import Actor

#: Nothing loads, nothing runs, nothing is sent; our own pages may show it in a frame.
POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'"
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def serve(request: HttpRequest, *, upload_id: str, actor: Actor, download: bool = False) -> HttpResponseBase:
    """The response for one upload; raises `NoSuchFile`, which the edge shows as its usual "not found".

    A read of somebody else's paper by an employee or an outside body is noted in the access log.
    """
    opened = queries.open_for(upload_id, actor)
    upload = opened.upload
    if (actor.is_staff or actor.entity_id is not None) and upload.uploaded_by != actor.account_id:
        log_access(by=actor, notes=[AccessNote("upload", upload.id, "files.serve")])
    return respond(
        request,
        content=opened,
        name=upload.filename,
        media_type=upload.media_type,
        size=upload.size,
        tag=upload.id,
        download=download,
    )


def respond(
    request: HttpRequest,
    *,
    content: queries.Opened,
    name: str,
    media_type: str,
    size: int,
    tag: str,
    download: bool,
) -> HttpResponseBase:
    """Headers and bytes, whole or one range (RFC 9110, section 14). `tag` never changes its content."""
    etag = f'"{tag}"'
    span = _span(request, size, etag)
    if span is None:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{size}"
        return _guarded(refused, etag)
    start, end = span
    partial = (start, end) != (0, size - 1)
    body: Iterable[bytes] = content.chunks(start=start, length=end - start + 1)
    response = StreamingHttpResponse(body, status=206 if partial else 200, content_type=media_type)
    response["Content-Length"] = str(end - start + 1)
    if partial:
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Content-Disposition"] = disposition(name, download=download)
    return _guarded(response, etag)


def disposition(name: str, *, download: bool) -> str:
    """`Content-Disposition` with an ASCII name for old programs and the real one in UTF-8 (RFC 6266)."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    return f"{'attachment' if download else 'inline'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _span(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """First and last byte to send; None when the asked range lies outside."""
    whole = (0, size - 1)
    found = _RANGE.fullmatch(request.headers.get("Range", ""))
    if found is None or request.headers.get("If-Range", etag) != etag or found.groups() == ("", ""):
        return whole
    first, last = found.groups()
    if not first:
        count = min(int(last), size)
        return (size - count, size - 1) if count else None
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    return (start, end) if start <= end else None


def _guarded(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    return response
