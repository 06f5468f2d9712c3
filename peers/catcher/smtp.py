"""The SMTP side: accepts any mail, takes it apart, keeps it."""

import asyncio
import email
import email.policy
import hashlib
import time
from collections.abc import AsyncIterator
from email.message import EmailMessage

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from peers.catcher.service import Catcher
from peers.catcher.store import Caught


def take_apart(raw: bytes, *, recipient: str, sender: str) -> Caught:
    """A mail as the catcher keeps it. Without a Message-ID the digest of the whole mail is its key."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return Caught(
        kind="mail",
        key=str(message["Message-ID"] or hashlib.sha256(raw).hexdigest()).strip(),
        recipient=recipient.strip().lower(),
        sender=sender,
        subject=str(message["Subject"] or ""),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        attachments=", ".join(part.get_filename() or "?" for part in message.iter_attachments()),
        reference=str(message["X-Message-Reference"] or ""),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


class Mailbox:
    """An SMTP server in the loop of the peer; `port` is known once it listens."""

    def __init__(self, catcher: Catcher, *, host: str, port: int) -> None:
        self._catcher = catcher
        self._host = host
        self.port = port

    async def background(self, app: web.Application) -> AsyncIterator[None]:
        """Listen while the peer runs."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._session, self._host, self.port)
        self.port = int(server.sockets[0].getsockname()[1])
        yield
        server.close()

    def _session(self) -> SMTP:
        return SMTP(self, hostname="catcher.localhost", enable_SMTPUTF8=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the mail once for each recipient, as the switch `mail` says."""
        switch = self._catcher.board["mail"]
        if switch.state == "down":
            return "421 4.3.2 demo switch: mail is down"
        if switch.state == "refuse":
            return "550 5.1.1 demo switch: mail is refused"
        if switch.state == "slow":
            await asyncio.sleep(switch.seconds)
        raw = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        for recipient in envelope.rcpt_tos:
            caught = take_apart(raw, recipient=str(recipient), sender=str(envelope.mail_from or ""))
            self._catcher.keep(caught)
        if switch.state == "cut" and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return f"250 2.0.0 accepted at {int(time.time())}"
