"""Asking the signer process. Nothing here knows a key; what may be signed is the signer's own judgement."""

from __future__ import annotations

import base64
import socket
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from diwan.documents import wire
from diwan.health.calls import note_call
from diwan.kit.errors import N_, DiwanError

TIMEOUT = 60.0


class SignerUnavailable(DiwanError):
    """The signer does not answer; the document waits and is tried again."""

    code = "documents.signer_unavailable"
    message = N_("The signing service does not answer. The document waits and is signed later.")


class SigningRefused(DiwanError):
    """The signer found a reason not to sign; `reason` is its code."""

    code = "documents.signing_refused"
    message = N_("The document was not signed: {reason}.")


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed file and who signed it (`position` codes in order, "" for the seal)."""

    pdf: bytes
    sha256: str
    signers: tuple[str, ...]


def sign(document_id: int) -> Signed:
    """Have a numbered and rendered document signed; asked again, the same file comes back.

    Raises SignerUnavailable (try later) and SigningRefused (a person must look).
    """
    answer = ask({"op": "sign", "document": document_id})
    note_call("authority", ok=True)
    return Signed(base64.b64decode(answer["pdf"]), answer["sha256"], tuple(answer["signers"]))


def enrol(position_code: str) -> dict[str, Any]:
    """Have a certificate obtained for a post ("" = the organisation's seal) if it has none that is usable."""
    return ask({"op": "enrol", "position": position_code})


def status() -> dict[str, Any]:
    """What the signer says of itself: certificates with their end, documents signed since its start."""
    return ask({"op": "status"}, noted=False)


def ask(message: dict[str, Any], *, noted: bool = True) -> dict[str, Any]:
    """One question, one answer. Not `noted`: whoever only looks whether the signer lives is no call that failed."""
    config = settings.DIWAN
    path = config.under_data(config.signer_socket)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(TIMEOUT)
            connection.connect(str(path))
            wire.send(connection, message, key=config.signer_key)
            answer = wire.receive(connection, key=config.signer_key)
    except (OSError, EOFError, wire.BadFrame) as error:
        if noted:
            note_call("signer", ok=False, error=type(error).__name__)
        raise SignerUnavailable(detail=type(error).__name__) from error
    if noted:
        note_call("signer", ok=True)
    if answer.get("error") == "unavailable":
        # The signer answers; the authority (certificates, time stamps, status) does not answer the signer.
        note_call("authority", ok=False, error="unavailable")
        raise SignerUnavailable(detail=str(answer.get("detail", "")))
    if "error" in answer:
        raise SigningRefused(reason=str(answer["error"]))
    return answer
