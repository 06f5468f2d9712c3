"""What cases do when they hear of events of the packages below them."""

from diwan.cases.actions.index_words import index_words
from diwan.cases.actions.receive_payment import receive_expiry, receive_payment
from diwan.cases.events import MOVED, OPENED
from diwan.outbox.registry import Delivered, handles
from diwan.payments.events import EXPIRED, PAID
from diwan.people.actor import system


@handles(PAID, name="cases.receive_payment")
def on_bill_paid(event: Delivered) -> None:
    """The bill of a case was paid: its payment step goes on."""
    receive_payment(
        case_id=int(event.data["case"]),
        token=int(event.data["token"]),
        bill_number=str(event.data["bill"]),
        by=system("payment notice"),
    )


@handles(EXPIRED, name="cases.receive_expiry")
def on_bill_expired(event: Delivered) -> None:
    """The bill of a case expired unpaid: the case goes where its workflow says."""
    receive_expiry(
        case_id=int(event.data["case"]),
        token=int(event.data["token"]),
        bill_number=str(event.data["bill"]),
        by=system("bill expiry"),
    )


@handles(OPENED, MOVED, name="cases.index_words")
def on_case_written(event: Delivered) -> None:
    """A case was opened, or its answers were completed: it is found by its words from now on."""
    if event.name == OPENED or event.data["act"] == "resubmitted":
        index_words(case_ids=[int(event.data["case"])])
