"""What cases do when they hear of events of the packages below them."""

from diwan.cases.actions.receive_payment import receive_payment
from diwan.outbox.registry import Delivered, handles
from diwan.payments.events import PAID
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
