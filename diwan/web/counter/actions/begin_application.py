"""Begin filling in a service's form for the visitor of a slip."""

from django.db import transaction

from diwan.cases.models import Draft
from diwan.catalogue.compiled import CompiledService
from diwan.files.actions import attach_uploads
from diwan.files.queries import uploads_of
from diwan.people.actor import Actor
from diwan.people.models import Establishment
from diwan.registers.models import RegisterEntry
from diwan.web.apply import starting
from diwan.web.counter.errors import ConsentMissing
from diwan.web.counter.models import Slip
from diwan.web.counter.papers import owner_of
from diwan.web.counter.queries import own_slip

CHANNEL = "counter"


@transaction.atomic
def begin_application(
    *,
    slip_id: str,
    by: Actor,
    service: CompiledService | None = None,
    establishment: Establishment | None = None,
    entry: RegisterEntry | None = None,
) -> Draft:
    """The draft of the slip: a new application, the renewal of `entry`, or with both a service about it. The signed
    consent goes with it.

    Raises SlipNotFound, ConsentMissing, and what `apply.starting` refuses.
    """
    slip = own_slip(slip_id, by, lock=True)
    if not slip.consent:
        raise ConsentMissing
    account, visitor = slip.account, _visitor(slip)
    if entry is not None and service is not None:
        draft = starting.begin_about(
            service=service, entry=entry, by=by, channel=CHANNEL, account=account, establishment=entry.establishment,
            visitor=visitor,
        )  # fmt: skip
    elif entry is not None:
        shop = entry.establishment
        draft = starting.begin_renewal(
            entry=entry, by=by, channel=CHANNEL, account=account, establishment=shop, visitor=visitor
        )
    else:
        assert service is not None, "a service or a licence to renew"
        draft = starting.begin(
            service=service,
            by=by,
            channel=CHANNEL,
            account=account,
            establishment=establishment,
            visitor=visitor,
        )
    papers = [upload.pk for upload in uploads_of(owner_of(slip))]
    if papers:
        attach_uploads(upload_ids=papers, from_owner=owner_of(slip), to_owner=f"draft:{draft.pk}", by=by)
    slip.draft_id = draft.pk
    slip.save(update_fields=["draft_id"])
    return draft


def _visitor(slip: Slip) -> dict[str, str]:
    """What the draft keeps of the visitor, and how the visitor agreed."""
    return {
        "national_id": slip.national_id,
        "name_ar": slip.name_ar,
        "name_en": slip.name_en,
        "mobile": slip.mobile,
        "consent": slip.consent,
        "consent_at": slip.consent_at.isoformat() if slip.consent_at else "",
        "confirmed": "register" if slip.confirmed else "card",
    }
