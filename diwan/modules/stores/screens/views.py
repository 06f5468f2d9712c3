"""The storekeeper's one act of its own: issuing quantities; everything else is done on the page of the request."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diwan.cases.errors import CaseNotFound
from diwan.kit import numbers
from diwan.kit.digits import to_ascii
from diwan.kit.errors import DiwanError, InvalidValue
from diwan.modules.stores.actions import issue_supplies
from diwan.people.doors import actor_of, needs_staff
from diwan.ui.saying import say

PREFIX = "quantity-"


@needs_staff
@require_POST
def issue(request: HttpRequest, number: str) -> HttpResponse:
    """Issue what was typed beside each item; what is refused is told on the page of the request."""
    post = request.POST
    try:
        issue_supplies(
            case_id=numbers.parse_case_number(number),
            task_id=_number(post.get("task", "")),
            revision=_number(post.get("revision", "")),
            quantities={
                name.removeprefix(PREFIX): _number(value)
                for name, value in post.items()
                if name.startswith(PREFIX) and isinstance(value, str)
            },
            by=actor_of(request),
        )
    except (CaseNotFound, InvalidValue) as error:
        raise Http404 from error
    except DiwanError as error:
        messages.error(request, say(error))
    else:
        messages.success(request, _("Issued. The employee confirms the receipt."))
    return HttpResponseRedirect(reverse("desk:case", args=[number]))


def _number(text: str) -> int:
    """What was typed, in any digits; -1 for what is no number, which the action refuses."""
    read = to_ascii(text).strip() or "0"
    return int(read) if read.isdecimal() and len(read) < 10 else -1
