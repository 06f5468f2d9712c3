"""One button: the whole file of a case or licence, streamed."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_POST

from diwan.cases.errors import CaseNotFound
from diwan.files.serving import disposition
from diwan.kit.errors import InvalidValue
from diwan.kit.numbers import parse_case_number
from diwan.modules.dossier.actions import Made, make_case_file, make_licence_file
from diwan.modules.dossier.errors import DossierForbidden
from diwan.people.doors import actor_of, needs_staff
from diwan.registers.errors import EntryUnknown


@needs_staff
@require_POST
def case(request: HttpRequest, number: str) -> StreamingHttpResponse:
    """The file of a case."""
    try:
        made = make_case_file(case_id=parse_case_number(number), by=actor_of(request))
    except (CaseNotFound, InvalidValue) as error:
        raise Http404 from error
    except DossierForbidden as error:
        raise PermissionDenied from error
    return _sent(made)


@needs_staff
@require_POST
def licence(request: HttpRequest, number: str) -> StreamingHttpResponse:
    """The file of a licence with all its cases."""
    try:
        made = make_licence_file(number=number, by=actor_of(request))
    except EntryUnknown as error:
        raise Http404 from error
    except DossierForbidden as error:
        raise PermissionDenied from error
    return _sent(made)


def _sent(made: Made) -> StreamingHttpResponse:
    response = StreamingHttpResponse(made.pieces, content_type="application/zip")
    response["Content-Disposition"] = disposition(made.name, download=True)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
