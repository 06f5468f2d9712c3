"""The product's addresses and two pages that show who acts."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from diwan.people.doors import actor_of, needs_account, needs_permission, needs_staff
from diwan.people.registry import ACT
from diwan.project.urls import urlpatterns as product


def who(request: HttpRequest) -> HttpResponse:
    """The actor as JSON, and what was posted."""
    actor = actor_of(request)
    return JsonResponse(
        {
            "label": actor.label,
            "capacity": actor.capacity,
            "session": actor.session,
            "language": actor.language,
            "note": request.POST.get("note", ""),
        }
    )


def nothing(request: HttpRequest) -> HttpResponse:
    """A page that asks nobody."""
    return HttpResponse("ok")


urlpatterns = [
    *product,
    path("t/who", who),
    path("t/nothing", nothing),
    path("t/account", needs_account(nothing)),
    path("t/staff", needs_staff(nothing)),
    path("t/act", needs_permission(ACT)(nothing)),
]
