"""What can be done with messages: one write a file."""

from diwan.notify.actions.erase_messages import erase_messages
from diwan.notify.actions.record_receipt import record_receipt
from diwan.notify.actions.send_again import CannotSendAgain, send_again
from diwan.notify.actions.send_code import CodeNotSent, send_code
from diwan.notify.actions.send_due import send_due
from diwan.notify.actions.send_new_code import send_new_code
from diwan.notify.actions.send_now import send_now
from diwan.notify.actions.send_secret import send_secret

__all__ = [
    "CannotSendAgain",
    "CodeNotSent",
    "erase_messages",
    "record_receipt",
    "send_again",
    "send_code",
    "send_due",
    "send_new_code",
    "send_now",
    "send_secret",
]
