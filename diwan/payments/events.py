"""Events of bills that upward layers may hear."""

from diwan.outbox.events import declare

_KEYS = ("bill", "case", "token")
_OUTWARD = ("bill", "case")

ISSUED = declare("payments.bill.issued", about="A bill was issued.", keys=_KEYS, outward=_OUTWARD)
PAID = declare(
    "payments.bill.paid", about="A bill was paid in full; its receipt exists.", keys=_KEYS, outward=_OUTWARD
)
EXPIRED = declare("payments.bill.expired", about="A bill expired unpaid.", keys=_KEYS, outward=_OUTWARD)
VOIDED = declare("payments.bill.voided", about="An open bill was made void.", keys=_KEYS, outward=_OUTWARD)
QUEUED = declare(
    "payments.notice.queued",
    about="A payment waits for a decision of finance.",
    keys=("notice", "outcome", "case"),
)
