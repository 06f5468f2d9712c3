"""Make a one-time code and send it: by short message and by mail, whichever addresses are known."""

from diwan.notify.actions.send_code import CodeNotSent, send_code
from diwan.people.actions import make_code


def send_new_code(
    *,
    purpose: str,
    address: str,
    binding: str,
    mobile: str,
    email: str,
    language: str,
    account_id: int | None = None,
    template: str = "OTP",
) -> None:
    """Make a code for (purpose, address, binding) and send it at once on every channel that is known.

    Outside any transaction: attempts are counted for good, and the code is written down nowhere. Raises what
    `people.actions.make_code` raises, and CodeNotSent when no channel took it.
    """
    made = make_code(purpose=purpose, address=address, binding=binding, account_id=account_id)
    sent = 0
    for channel, to in (("sms", mobile), ("email", email)):
        if not to:
            continue
        try:
            send_code(
                channel=channel,
                address=to,
                code=made.code,
                language=language,
                account_id=account_id,
                template=template,
            )
            sent += 1
        except CodeNotSent:
            continue  # the other channel may take it; the log of messages says what failed
    if not sent:
        raise CodeNotSent
