"""Send a one-time code: at once, and without the code ever being written down."""

from diwan.notify.actions.send_secret import WHOLE_ORGANISATION, CodeNotSent, send_secret
from diwan.notify.models import Message

__all__ = ["CodeNotSent", "send_code"]


def send_code(
    *, channel: str, address: str, code: str, language: str, municipality_id: int = WHOLE_ORGANISATION,
    account_id: int | None = None, case_id: int | None = None, template: str = "OTP",
) -> Message:  # fmt: skip
    """Send `code` to a mobile (`sms`, E.164) or mail address (`email`) and return the row of the log.

    `template` is the text: a code that is to be told to nobody (`OTP`), or one that is read out at a counter. Called
    after the code was committed. Raises what `send_secret` raises.
    """
    return send_secret(
        channel=channel, address=address, secret={"code": code}, language=language, template=template,
        municipality_id=municipality_id, account_id=account_id, case_id=case_id,
    )  # fmt: skip
