"""Mail over SMTP, one session for a batch. Nothing is handed over before the last byte is."""

import re
import smtplib
import ssl
from email.policy import SMTP as SMTP_POLICY

from django.conf import settings

from diwan.integrations.mail.compose import compose
from diwan.notify.transports import (
    ChannelDown,
    OutcomeUnknown,
    Outgoing,
    PermanentFailure,
    TemporaryFailure,
)

SECONDS = 15
_LEADING_DOT = re.compile(rb"(?m)^\.")


def open_mail() -> "MailTransport | None":
    """The transport for the configured server; None when there is none."""
    return MailTransport() if settings.DIWAN.mail_host else None


class MailTransport:
    """One SMTP session, opened with the first mail. A server does not recognise a mail it has seen: not resumable."""

    resumable = False

    def __init__(self) -> None:
        self._client: smtplib.SMTP | None = None

    def send(self, outgoing: Outgoing) -> str:
        """Hand one mail over and return its Message-ID."""
        config = settings.DIWAN
        mail = compose(outgoing, sender=config.mail_from, base_url=config.public_url)
        client = self._session()
        try:
            self._envelope(client, str(mail["From"].addresses[0].addr_spec), outgoing.to)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise TemporaryFailure(type(error).__name__) from error
        try:
            client.send(_LEADING_DOT.sub(b"..", mail.as_bytes(policy=SMTP_POLICY)) + b".\r\n")
            code, _ = client.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise OutcomeUnknown(f"no answer after the mail: {type(error).__name__}") from error
        _require(code, 250)
        return str(mail["Message-ID"])

    def close(self) -> None:
        """End the session."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _session(self) -> smtplib.SMTP:
        """The open session, or a new one. ChannelDown when the server cannot be reached or does not let us in."""
        if self._client is not None:
            try:
                if self._client.noop()[0] == 250:
                    return self._client
            except (smtplib.SMTPException, OSError):
                pass
            self.close()
        config = settings.DIWAN
        try:
            client = smtplib.SMTP(config.mail_host, config.mail_port, timeout=SECONDS)
            self._client = client
            if config.mail_tls:
                client.starttls(context=ssl.create_default_context())
            client.ehlo_or_helo_if_needed()
            if config.mail_user:
                client.login(config.mail_user, config.mail_password)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise ChannelDown(type(error).__name__) from error
        return client

    def _envelope(self, client: smtplib.SMTP, sender: str, to: str) -> None:
        """MAIL, RCPT, DATA: until here nothing was handed over."""
        options = ["SMTPUTF8"] if not to.isascii() and client.has_extn("smtputf8") else []
        for code, wanted in (
            (client.mail(sender, options)[0], 250),
            (client.rcpt(to)[0], 250),
            (client.docmd("DATA")[0], 354),
        ):
            _require(code, wanted)


def _require(code: int, wanted: int) -> None:
    if code == wanted or (wanted == 250 and code == 251):
        return
    if 500 <= code < 600:
        raise PermanentFailure(f"SMTP {code}")
    raise TemporaryFailure(f"SMTP {code}")
