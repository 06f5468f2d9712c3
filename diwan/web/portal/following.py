"""A request as whoever has its number and secret may read it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from diwan.cases import secrets
from diwan.cases.following import case_by_secret
from diwan.cases.models import History, OpenTask
from diwan.cases.services import service_of
from diwan.payments.models import Bill
from diwan.payments.queries import standing
from diwan.web.portal.casefile import CaseFile


@dataclass(frozen=True, slots=True)
class Followed:
    """A request as anybody with its secret may read it."""

    file: CaseFile
    link: str


def follow(case_id: int, secret: str) -> Followed:
    """The request of this number and secret. At most six statements.

    Raises CaseNotFound for a wrong pair of either, TooManyAttempts after five wrong secrets in a quarter of an hour.
    """
    case = case_by_secret(case_id, secret)
    history = list(History.objects.filter(case_id=case_id).order_by("-id"))
    asked = OpenTask.objects.filter(case_id=case_id).select_related("entity").order_by("id")
    tasks = list(asked) if case.state != "invoiced" else []
    found = CaseFile(case, service_of(case.version_id), tasks, history)
    if case.state == "invoiced":
        _add_bill(found)
    return Followed(found, secrets.link_of(case_id, case.secret_generation))


def _add_bill(found: CaseFile) -> None:
    bill = Bill.objects.filter(case_id=found.case.pk, state=Bill.State.OPEN).first()
    if bill is not None:
        prefetch_related_objects([bill], "lines")
        found.bill, found.standing = bill, standing(bill)
