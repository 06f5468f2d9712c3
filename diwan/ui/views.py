"""The one view of the interface itself: a reader's choices, kept in cookies. Works without JavaScript."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from diwan.ui.preferences import CHOICES, YEAR_SECONDS, read_preferences


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Set the posted choices (`text`, `contrast`, `digits`, `cookies`, `shortcuts`) and go back to `next`.

    A request of a script (header `X-Requested-With`) gets 204. Unknown values are left out.
    """
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    by_script = request.headers.get("X-Requested-With") == "fetch"
    response: HttpResponse = HttpResponse(status=204) if by_script else HttpResponseRedirect(back)
    cookies = dict(request.COOKIES)
    if "cookies" in request.POST:
        cookies["ui_cookies"] = request.POST["cookies"]
    lifetime = read_preferences(cookies).lifetime
    for name, (cookie, values) in CHOICES.items():
        value = request.POST.get(name)
        if value is None or value not in values:
            continue
        response.set_cookie(
            cookie,
            value,
            max_age=YEAR_SECONDS if name == "cookies" else lifetime,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response
