"""What is written to an employee about the account itself: on every channel that is known."""

from typing import Final

from diwan.kit import clock
from diwan.notify.actions import CodeNotSent, send_secret
from diwan.notify.models import Message
from diwan.notify.queries import Notice, Recipient, rows_for
from diwan.people.models import Account

OUTWARD: Final = frozenset({"sms", "email"})


def send_link(account: Account, address: str) -> None:
    """Send the link by which the person registers a new authenticator; it is written down nowhere. CodeNotSent."""
    sent = 0
    for channel, to in channels_of(account):
        try:
            send_secret(
                channel=channel, address=to, secret={"url": address}, language=account.language,
                template="TOTP_RESET_LINK", account_id=account.pk,
            )  # fmt: skip
            sent += 1
        except CodeNotSent:
            continue
    if not sent:
        raise CodeNotSent


def tell(template: str, account: Account) -> None:
    """Queue a notice about the account to its person, on every channel that is known."""
    to = Recipient(account.language, mobile=account.mobile, email=account.email or "", account_id=account.pk)
    notice = Notice(template, to, municipality_id=0, params={"username": account.username}, channels=OUTWARD)
    Message.objects.bulk_create(Message(**row) for row in rows_for([notice], at=clock.now()))


def channels_of(account: Account) -> list[tuple[str, str]]:
    """(channel, address) of a person, those that are known."""
    known = (("sms", account.mobile), ("email", account.email or ""))
    return [(channel, to) for channel, to in known if to]
