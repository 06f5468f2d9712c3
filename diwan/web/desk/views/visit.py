"""Photos taken on a visit, kept with the case at once."""

from typing import BinaryIO, Final, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diwan.cases.actions.save_note import save_note
from diwan.cases.errors import CaseNotFound, NotAllowed
from diwan.cases.queries import case_for
from diwan.files.actions import receive_upload
from diwan.files.errors import NoSuchFile
from diwan.files.rules import IMAGE, MEGABYTE, SlotRules
from diwan.kit.errors import DiwanError
from diwan.people.doors import actor_of, needs_staff
from diwan.web.desk.answers import VISIT_PHOTO
from diwan.web.desk.views.case import draw
from diwan.web.desk.views.frame import case_id_of, note_refusal, refuse_other_capacities
from diwan.web.desk.views.typing import typed_content
from diwan.web.signin.words import say

RULES: Final = SlotRules(max_bytes=20 * MEGABYTE, kinds=(IMAGE,), most=20)


@needs_staff
@require_POST
def photo(request: HttpRequest, number: str) -> HttpResponse:
    """Keep photos and what was answered until now; the place in them is kept privately, as of every photo."""
    actor, case_id = actor_of(request), case_id_of(number)
    refuse_other_capacities(actor, case_id)
    kept = 0
    try:
        case_for(case_id, actor)
        save_note(case_id=case_id, content=typed_content(request), by=actor)
        kept = keep_photos(request, case_id)
    except CaseNotFound as error:
        note_refusal(actor, case_id, error)
        raise Http404 from error
    except DiwanError as error:
        if isinstance(error, NotAllowed):
            note_refusal(actor, case_id, error)
        return draw(request, case_id, problem=say(error), typed=typed_content(request), status=422)
    if not kept:
        problem = _("Take a photo or choose one first.")
        return draw(request, case_id, problem=problem, typed=typed_content(request), status=422)
    return HttpResponseRedirect(reverse("desk:case", args=[number]) + "#photos")


def keep_photos(request: HttpRequest, case_id: int) -> int:
    """Keep the photos that came with a form; how many. Raises NotAllowed for who does not make the visit."""
    actor, files = actor_of(request), request.FILES.getlist("photo")
    for file in files:
        try:
            receive_upload(
                stream=cast(BinaryIO, file),
                filename=file.name or "visit.jpg",
                slot=VISIT_PHOTO,
                rules=RULES,
                owner=f"case:{case_id}",
                by=actor,
            )
        except NoSuchFile as error:
            raise NotAllowed from error
    return len(files)
