"""A mail from a subject and a text: plain and HTML parts, right to left where the language is."""

import html
import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit

from diwan.kit import clock
from diwan.notify.transports import Outgoing, PermanentFailure

_LINK = re.compile(r"https?://[^\s<>\"]+")
_PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}">
<head><meta charset="utf-8"><title>{subject}</title></head>
<body>
{paragraphs}
</body>
</html>
"""


def message_id(reference: str, base_url: str) -> str:
    """The Message-ID of a message: the same at every try."""
    return f"<{reference}@{urlsplit(base_url).hostname or 'localhost'}>"


def compose(outgoing: Outgoing, *, sender: str, base_url: str) -> EmailMessage:
    """The mail. PermanentFailure for an address that is none."""
    mail = EmailMessage()
    try:
        mail["To"] = Address(addr_spec=outgoing.to)
    except (ValueError, IndexError) as error:
        raise PermanentFailure("not a mail address") from error
    name, address = parseaddr(sender)
    mail["From"] = Address(display_name=name, addr_spec=address)
    mail["Subject"] = " ".join(outgoing.subject.split())
    mail["Date"] = format_datetime(clock.real_now())
    mail["Message-ID"] = message_id(outgoing.reference, base_url)
    mail["X-Message-Reference"] = outgoing.reference
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = outgoing.language
    mail.set_content(outgoing.body + "\n", cte="base64")
    mail.add_alternative(as_html(outgoing), subtype="html", cte="base64")
    return mail


def as_html(outgoing: Outgoing) -> str:
    """The text as paragraphs, its addresses as links."""
    paragraphs = [f"<p>{_linked(line)}</p>" for line in outgoing.body.split("\n") if line.strip()]
    return _PAGE.format(
        language=outgoing.language,
        direction="rtl" if outgoing.language == "ar" else "ltr",
        subject=html.escape(outgoing.subject),
        paragraphs="\n".join(paragraphs),
    )


def _linked(line: str) -> str:
    shown, place = [], 0
    for found in _LINK.finditer(line):
        address = found[0].rstrip(".,)")
        shown.append(html.escape(line[place : found.start()]))
        shown.append(f'<a href="{html.escape(address)}"><bdi dir="ltr">{html.escape(address)}</bdi></a>')
        place = found.start() + len(address)
    return "".join(shown) + html.escape(line[place:])
