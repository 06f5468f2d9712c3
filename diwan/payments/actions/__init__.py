"""Writes on bills, notices and receipts."""

from diwan.payments.actions.expire_bills import expire_bills
from diwan.payments.actions.issue_bill import NewLine, NothingToPay, OpenBillExists, issue_bill
from diwan.payments.actions.present_bill import present_bill, present_due
from diwan.payments.actions.reconcile import Reconciliation, reconcile
from diwan.payments.actions.record_notice import Notice, record_notice
from diwan.payments.actions.settle_notice import AlreadySettled, CannotAccept, settle_notice
from diwan.payments.actions.void_bill import void_bill

__all__ = [
    "AlreadySettled",
    "CannotAccept",
    "NewLine",
    "NothingToPay",
    "Notice",
    "OpenBillExists",
    "Reconciliation",
    "expire_bills",
    "issue_bill",
    "present_bill",
    "present_due",
    "reconcile",
    "record_notice",
    "settle_notice",
    "void_bill",
]
