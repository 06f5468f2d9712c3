"""The signer's socket: four questions (`sign`, `seal`, `enrol`, `revoke`) and `status`, one frame each."""

from __future__ import annotations

import asyncio
import base64
import logging
import os
import socketserver
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
from django.conf import settings
from django.db import connections
from pyhanko.sign.general import SigningError
from pyhanko_certvalidator.errors import PathError, RevokedError

from diwan.documents import wire
from diwan.documents.models import IssuedDocument
from diwan.documents.sealing import contents_of
from diwan.documents.signer import enrolment
from diwan.documents.signer.checks import Refused, examine
from diwan.documents.signer.keys import KeyStore
from diwan.documents.signer.pades import seal_bytes, sign_pdf
from diwan.documents.signer.spool import Kept, Spool
from diwan.kit import clock

log = logging.getLogger(__name__)
READ_TIMEOUT = 10.0


class Signer:
    """What the process knows: keys, kept files, how much it has signed."""

    def __init__(self, folder: Path) -> None:
        self.store = KeyStore(folder / "keys")
        self.spool = Spool(folder / "signed")
        self.started = clock.real_now()
        self.count = 0
        self._one_at_a_time = threading.Lock()
        self._answers: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "sign": self._sign,
            "seal": self._seal,
            "enrol": self._enrol,
            "revoke": self._revoke,
            "status": self._status,
        }

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """The answer to one question; every failure is an answer with `error`."""
        act = self._answers.get(str(message.get("op")))
        if act is None:
            return {"error": "unknown_question"}
        try:
            return act(message)
        except Refused as refusal:
            log.warning("refused %s: %s", {key: message[key] for key in message if key != "mac"}, refusal)
            return {"error": str(refusal)}
        except (enrolment.AuthorityUnavailable, aiohttp.ClientError, OSError) as error:
            log.warning("authority: %s %s", type(error).__name__, error)
            return {"error": "unavailable", "detail": type(error).__name__}
        except (SigningError, PathError) as error:
            revoked = _caused_by(error, RevokedError)
            log.warning("signature failed: %s", error)
            return (
                {"error": "certificate_revoked"}
                if revoked
                else {"error": "unavailable", "detail": str(error)[:200]}
            )

    def _sign(self, message: dict[str, Any]) -> dict[str, Any]:
        document_id = int(message["document"])
        with self._one_at_a_time:
            kept = self._kept(document_id) or self._sign_now(document_id)
        return {
            "pdf": base64.b64encode(kept.pdf).decode(),
            "sha256": kept.sha256,
            "signers": list(kept.signers),
        }

    def _kept(self, document_id: int) -> Kept | None:
        """The file of an earlier signature, unless the document has been voided or revoked since."""
        kept = self.spool.find(document_id)
        if kept is None:
            return None
        row = IssuedDocument.objects.filter(pk=document_id).first()
        if row is None or row.state == IssuedDocument.State.VOID or row.revoked_since is not None:
            raise Refused("document_not_pending")
        return kept

    def _sign_now(self, document_id: int) -> Kept:
        order = examine(document_id)
        identities = [enrolment.identity(self.store, code) for code in order.signers]
        document = order.document
        pdf = asyncio.run(
            sign_pdf(
                order.pdf,
                by=identities,
                services=enrolment.services(),
                about=f"{document.title_en} {document.number}",
                place=document.municipality.name_en,
            )
        )
        kept = Kept(pdf, order.signers)
        self.spool.keep(
            document_id,
            kept,
            number=document.number,
            mandate=document.mandate.pk,
            rendered=document.rendered_sha256,
            serials=[str(item.certificate.serial_number) for item in identities],
        )
        self.count += 1
        return kept

    def _seal(self, message: dict[str, Any]) -> dict[str, Any]:
        """The seal under what a kind and a key stand for, read by the signer itself."""
        try:
            content = contents_of(str(message["kind"]), int(message["key"]))
        except LookupError as error:
            raise Refused("nothing_to_seal") from error
        with self._one_at_a_time:
            made = enrolment.identity(self.store, "")
        signature = asyncio.run(seal_bytes(content, by=made))
        return {
            "content": base64.b64encode(content).decode(),
            "seal": base64.b64encode(signature).decode(),
        }

    def _enrol(self, message: dict[str, Any]) -> dict[str, Any]:
        with self._one_at_a_time:
            made = enrolment.identity(self.store, str(message["position"]), renew=bool(message.get("renew")))
        return {"serial": str(made.certificate.serial_number), "not_after": made.not_after.isoformat()}

    def _revoke(self, message: dict[str, Any]) -> dict[str, Any]:
        with self._one_at_a_time:
            enrolment.revoke(self.store, str(message["position"]), reason=str(message["reason"]))
        return {"revoked": True}

    def _status(self, _message: dict[str, Any]) -> dict[str, Any]:
        certificates = []
        for code in self.store.codes():
            known = self.store.identity(code)
            if known is not None:
                certificates.append({"position": code, "not_after": known.not_after.isoformat()})
        return {
            "pid": os.getpid(),
            "started": self.started.isoformat(),
            "signed": self.count,
            "certificates": certificates,
        }

    def tidy(self) -> None:
        """Drop signed files that are recorded as issued."""
        waiting = self.spool.waiting()
        issued = IssuedDocument.objects.filter(pk__in=waiting, state=IssuedDocument.State.ISSUED)
        for document_id in issued.values_list("pk", flat=True):
            self.spool.drop(document_id)


class _Handler(socketserver.BaseRequestHandler):
    server: Server

    def handle(self) -> None:
        """Read one question, send one answer; who does not know the key gets none."""
        key = settings.DIWAN.signer_key
        self.request.settimeout(READ_TIMEOUT)
        try:
            message = wire.receive(self.request, key=key)
            answer = self.server.signer.answer(message)
            self.request.settimeout(READ_TIMEOUT)
            wire.send(self.request, answer, key=key)
        except (wire.BadFrame, EOFError, OSError) as error:
            log.warning("a caller was not understood: %s", error)
        finally:
            connections.close_all()


class Server(socketserver.ThreadingUnixStreamServer):
    """The listening socket: mode 0600, in a folder of the signer's user; a stale one is taken over."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, path: Path, signer: Signer) -> None:
        self.signer = signer
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            super().__init__(str(path), _Handler)
        finally:
            os.umask(before)


def _caused_by(error: BaseException | None, kind: type[BaseException]) -> bool:
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__cause__ or error.__context__
    return False
