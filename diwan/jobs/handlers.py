"""What cases do when they hear of events of the packages below them."""

from diwan.cases.actions.answer_parent import answer_parent, cancel_child
from diwan.cases.actions.index_words import index_words
from diwan.cases.actions.receive_payment import receive_expiry, receive_payment
from diwan.cases.events import CHILD_LEFT, ENDED, MOVED, OPENED
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


@handles(ENDED, name="cases.answer_parent")
def on_case_ended(event: Delivered) -> None:
    """A case that another one opened has ended: the other one goes on."""
    answer_parent(case_id=int(event.data["case"]))


@handles(CHILD_LEFT, name="cases.cancel_child")
def on_child_left(event: Delivered) -> None:
    """A case no longer waits for the one that it opened: that one is cancelled."""
    cancel_child(case_id=int(event.data["case"]))


@handles(OPENED, MOVED, name="cases.index_words")
def on_case_written(event: Delivered) -> None:
    """A case was opened, or its answers were completed: it is found by its words from now on."""
    if event.name == OPENED or event.data["act"] == "resubmitted":
        index_words(case_ids=[int(event.data["case"])])
