"""The signer, and how long certificates are still good."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from cryptography import x509
from django.conf import settings

from diwan.documents.models import Certificate
from diwan.documents.signing import SignerUnavailable, status
from diwan.health.registry import Finding, State, probe
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError

DAYS_WATCH, DAYS_BAD = 30, 7
#: So many of those that end first are named.
NAMED: Final = 5


@probe("services", "documents.signer")
def signer() -> Iterator[Finding]:
    """Ask the signer how it is; it tells of its certificates and never of a key."""
    advice = N_("Start the signer. Until then documents wait, and are signed by themselves afterwards.")
    try:
        status()
    except SignerUnavailable:
        yield Finding(
            key="signer", name=N_("Signer"), state="bad", says=N_("Does not answer."), advice=advice
        )
    except DiwanError as error:
        yield Finding(
            key="signer", name=N_("Signer"), state="bad", says=N_("It failed: {why}"),
            params={"why": error.code}, advice=advice,
        )  # fmt: skip
    else:
        yield Finding(key="signer", name=N_("Signer"), state="good", says=N_("Answers."))


@probe("certificates", "documents.certificates")
def certificates() -> Iterator[Finding]:
    """The newest certificate of each post and of the seal, those that end first; then the trusted roots."""
    newest = Certificate.objects.order_by("position_code", "-issued_at").distinct("position_code")
    rows = sorted((row for row in newest if row.revoked_at is None), key=lambda row: row.not_after)
    for row in rows[:NAMED]:
        yield _days(
            key=f"certificate.{row.position_code or 'seal'}", until=row.not_after, detail=row.position_code,
            name=N_("Certificate of a post") if row.position_code else N_("Certificate of the seal"),
            advice=N_("It renews itself at the next signature; if not, run: diwan authority init"),
        )  # fmt: skip
    yield from _roots()


def _roots() -> Iterator[Finding]:
    path = settings.DIWAN.under_data(settings.DIWAN.authority_roots)
    if not path.is_file():
        yield Finding(
            key="certificate.roots", name=N_("Trusted roots"), state="watch", says=N_("No file of roots is there."),
            advice=N_("Without it no document can be verified: put the roots where DIWAN_AUTHORITY_ROOTS says."),
        )  # fmt: skip
        return
    for number, root in enumerate(x509.load_pem_x509_certificates(path.read_bytes())):
        yield _days(
            key=f"certificate.root.{number}", name=N_("Trusted root"), until=root.not_valid_after_utc, detail="",
            advice=N_("Get the next root from the certification authority in time."),
        )  # fmt: skip


def _days(*, key: str, name: str, until: datetime, detail: str, advice: str) -> Finding:
    left = (until - clock.real_now()).days
    state: State = "good" if left >= DAYS_WATCH else "watch" if left >= DAYS_BAD else "bad"
    return Finding(
        key=key, name=name, detail=detail, state=state, count=left, at=until, advice=advice,
        says=N_("Days left: {days}, until"), params={"days": max(0, left)},
    )  # fmt: skip
