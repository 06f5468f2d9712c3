"""A member votes; who leads the committee closes the vote."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diwan.cases.actions.cast_vote import cast_vote
from diwan.cases.actions.conclude_vote import conclude_vote
from diwan.cases.errors import CaseNotFound, NotAllowed, Outrun, SamePerson
from diwan.kit.errors import DiwanError
from diwan.people.doors import actor_of, needs_staff
from diwan.web.desk.views.acts import whole
from diwan.web.desk.views.case import draw
from diwan.web.desk.views.frame import case_id_of, note_refusal, refuse_other_capacities
from diwan.web.desk.votes import ABSTAIN, EXCUSE
from diwan.web.signin.words import say


@needs_staff
@require_POST
def vote(request: HttpRequest, number: str) -> HttpResponse:
    """Give the own voice: a choice, an abstention or an interest. On refusal the page comes back as typed."""
    actor, case_id, post = actor_of(request), case_id_of(number), request.POST
    refuse_other_capacities(actor, case_id)
    chosen = post.get("voice", "")[:60]
    try:
        cast_vote(
            case_id=case_id,
            task_id=whole(post.get("task", "")),
            choice="" if chosen in (ABSTAIN, EXCUSE) else chosen or "-",
            excused=chosen == EXCUSE,
            note=post.get("reason", "").strip()[:4000],
            by=actor,
        )
    except DiwanError as error:
        return _refused(request, case_id, error)
    messages.success(request, _("Your vote is kept in the minutes."))
    return HttpResponseRedirect(reverse("desk:case", args=[number]))


@needs_staff
@require_POST
def conclude(request: HttpRequest, number: str) -> HttpResponse:
    """Close the vote with the decision in words."""
    actor, case_id, post = actor_of(request), case_id_of(number), request.POST
    refuse_other_capacities(actor, case_id)
    try:
        conclude_vote(
            case_id=case_id,
            task_id=whole(post.get("task", "")),
            revision=whole(post.get("revision", "")),
            text=post.get("ruling", "").strip()[:8000],
            casting=post.get("casting", "")[:60],
            by=actor,
        )
    except DiwanError as error:
        return _refused(request, case_id, error)
    messages.success(request, _("The vote is closed and the decision goes to the applicant."))
    return HttpResponseRedirect(reverse("desk:case", args=[number]))


def _refused(request: HttpRequest, case_id: int, error: DiwanError) -> HttpResponse:
    actor = actor_of(request)
    if isinstance(error, CaseNotFound | NotAllowed | SamePerson):
        note_refusal(actor, case_id, error)
    if isinstance(error, CaseNotFound):
        raise Http404 from error
    typed = {name: request.POST.get(name, "")[:8000] for name in ("voice", "reason", "ruling", "casting")}
    status = 409 if isinstance(error, Outrun) else 422
    return draw(request, case_id, problem=say(error), typed=typed, status=status)
