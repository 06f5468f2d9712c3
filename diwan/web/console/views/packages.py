"""Services between amanat: a version under our seal as one file, and the packages of others, looked through first."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from diwan.catalogue.actions import (
    MOST_BYTES,
    export_package,
    import_package,
    receive_package,
    remove_package,
)
from diwan.catalogue.errors import NoSuchService, NotAllowed
from diwan.catalogue.models import ReceivedPackage
from diwan.catalogue.queries.packages import package_of
from diwan.kit.errors import DiwanError
from diwan.people.doors import actor_of, needs_permission
from diwan.people.registry import EDIT_CATALOGUE
from diwan.ui.saying import problems, say
from diwan.web.console.guards import needs_catalogue
from diwan.web.console.package_shown import package_context, packages_context
from diwan.web.console.views.services import version_or_404


@needs_catalogue
@require_POST
def export(request: HttpRequest, version: int) -> HttpResponse:
    """The sealed package of a published version, as a file."""
    row = version_or_404(version)
    try:
        data = export_package(version_id=row.pk, by=actor_of(request))
    except NoSuchService as error:
        raise Http404 from error
    except NotAllowed as error:
        raise PermissionDenied(say(error)) from error
    except DiwanError as error:
        messages.error(request, say(error))
        return HttpResponseRedirect(reverse("console:version", args=[row.pk]))
    answer = HttpResponse(data, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{row.service.slug}-v{row.number}.zip"'
    return answer


@needs_permission(EDIT_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def packages(request: HttpRequest) -> HttpResponse:
    """Every package that came. POST receives one (`file`) and shows what it would bring; nothing is changed by it."""
    if request.method != "POST":
        return _shelf(request)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return _shelf(request, {"file": _("Choose the package first.")})
    try:
        row = receive_package(data=file.read(MOST_BYTES + 1), by=actor_of(request))
    except NotAllowed as error:
        raise PermissionDenied(say(error)) from error
    except DiwanError as error:
        return _shelf(request, {"file": say(error)})
    if row.imported_at is not None:
        messages.info(request, _("This package was imported before. Here is what became of it."))
    return HttpResponseRedirect(reverse("console:package", args=[row.pk]))


@needs_permission(EDIT_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def package(request: HttpRequest, package: int) -> HttpResponse:
    """What a package would bring, and what it needs. POST imports it as drafts, or removes it (`do`)."""
    row = package_of(package)
    if row is None:
        raise Http404
    if request.method != "POST":
        return _page(request, row)
    pressed = request.POST.get("do", "")
    if pressed not in ("import", "remove"):
        raise Http404
    try:
        return _import(request, row) if pressed == "import" else _remove(request, row)
    except NotAllowed as error:
        raise PermissionDenied(say(error)) from error
    except DiwanError as error:
        return _page(request, row, {"": say(error)})


def _import(request: HttpRequest, row: ReceivedPackage) -> HttpResponse:
    drafts = import_package(data=bytes(row.data), by=actor_of(request))
    if drafts:
        messages.success(
            request,
            _(
                "Imported as a draft. Look it through and try it, then ask for its publication: somebody else approves."
            ),
        )
    else:
        messages.info(request, _("All of it is in force here already: there was nothing to import."))
    return HttpResponseRedirect(reverse("console:package", args=[row.pk]))


def _remove(request: HttpRequest, row: ReceivedPackage) -> HttpResponse:
    remove_package(package_id=row.pk, by=actor_of(request))
    messages.success(request, _("The package is removed. Nothing of it was imported."))
    return HttpResponseRedirect(reverse("console:packages"))


def _shelf(request: HttpRequest, errors: dict[str, str] | None = None) -> HttpResponse:
    context = {**packages_context(actor_of(request)), **problems(errors or {})}
    return render(request, "console/packages.html", context, status=422 if errors else 200)


def _page(request: HttpRequest, row: ReceivedPackage, errors: dict[str, str] | None = None) -> HttpResponse:
    context: dict[str, Any] = {**package_context(row, actor_of(request)), **problems(errors or {})}
    return render(request, "console/package.html", context, status=422 if errors else 200)
