"""Telephone intake of the 940 room: one screen, keyboard only, in the order in which people talk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from diwan.audit.actions import AccessNote, log_access
from diwan.cases import secrets, visibility
from diwan.cases.models import Case
from diwan.catalogue.queries import lookup
from diwan.kit import clock, ids, numbers
from diwan.kit.arabic import clean_input
from diwan.kit.errors import DiwanError, FieldErrors, InvalidValue
from diwan.kit.keys import near_key
from diwan.modules.reports import types, words
from diwan.modules.reports.actions import Filing, file_report, follow_report
from diwan.modules.reports.queries import Near, last_of_caller, similar_near
from diwan.modules.reports.registry import HANDLE
from diwan.people.doors import actor_of, needs_permission
from diwan.places.queries import find_named, locate
from diwan.ui.saying import problems, say

FIELDS: Final = (
    "mobile",
    "name",
    "description",
    "type",
    "find",
    "pick",
    "district",
    "landmark",
    "pole",
    "key",
)


@dataclass
class Call:
    """What was typed during a call, and what is found by it."""

    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    mobile: str = ""

    @property
    def point(self) -> tuple[float, float] | None:
        """The place chosen, as (lat, lng)."""
        lat, _comma, lng = self.typed["pick"].partition(",")
        try:
            return (float(lat), float(lng)) if lng else None
        except ValueError:
            return None


@needs_permission(HANDLE)
@require_http_methods(["GET", "POST"])
def intake(request: HttpRequest) -> HttpResponse:
    """A call: who, what, where. `do=look` shows what is known so far; `do=follow` joins an open report; else it is
    filed."""
    if request.method == "GET":
        call = _call(request, {"key": near_key(clock.now()), "mobile": request.GET.get("mobile", "")})
        return _page(request, call)
    call = _call(request, {name: request.POST.get(name, "") for name in FIELDS})
    did = request.POST.get("do", "")
    if did == "look":
        call.errors = {}
        return _page(request, call)
    if did.startswith("follow-"):
        return _follow(request, call, did.removeprefix("follow-"))
    return _file(request, call)


@needs_permission(HANDLE)
@require_GET
def taken(request: HttpRequest, number: str) -> HttpResponse:
    """What is read to the caller at the end: number, code, expected time."""
    try:
        case = Case.objects.filter(pk=numbers.parse_case_number(number), service="report").first()
    except InvalidValue as error:
        raise Http404 from error
    actor = actor_of(request)
    if case is None or not visibility.can_see(actor, case):
        raise Http404
    log_access(by=actor, notes=[AccessNote("case", str(case.pk), "reports.taken")])
    context = {
        "case": case,
        "number": numbers.case_number(case.pk),
        "shown_number": numbers.show_case_number(case.pk),
        "secret": numbers.show_secret_8(secrets.digits_of(case.pk, case.secret_generation)),
        "type": types.called(types.type_row(str(case.data["type"])), actor.language),
        "told": bool(case.applicant.get("mobile")),
    }
    return render(request, "reports/taken.html", context)


def _call(request: HttpRequest, given: dict[str, str]) -> Call:
    typed = {name: clean_input(given.get(name, ""))[:1000] for name in FIELDS}
    call = Call(typed)
    if typed["mobile"]:
        try:
            call.mobile = ids.mobile(typed["mobile"])
        except InvalidValue as error:
            call.errors["mobile"] = say(error)
    return call


def _file(request: HttpRequest, call: Call) -> HttpResponse:
    actor, typed = actor_of(request), call.typed
    row = types.type_row(typed["type"])
    if row is None:
        call.errors["type"] = _("Choose what it is from the list that appears.")
    if call.errors:
        return _page(request, call)
    answers: dict[str, Any] = {
        name: typed[name] for name in ("type", "description", "landmark", "pole", "district") if typed[name]
    }
    if call.point is not None:
        lat, lng = call.point
        answers["place"] = {"lat": f"{lat:.6f}", "lng": f"{lng:.6f}", "how": "search"}
        answers.pop("district", None)
    reporter = {"mobile": call.mobile, "name_ar": typed["name"]}
    try:
        opened = file_report(
            filing=Filing(
                answers=answers, reporter=reporter, key=typed["key"], scope=f"call:{actor.position_id}",
                channel="phone", language="ar",
            ),
            by=actor,
        )  # fmt: skip
    except FieldErrors as error:
        call.errors = {name: say(found[0]) for name, found in error.errors.items()}
        return _page(request, call)
    except DiwanError as error:
        call.errors = {"": say(error)}
        return _page(request, call)
    return HttpResponseRedirect(reverse("reports:taken", args=[opened.number]))


def _follow(request: HttpRequest, call: Call, chosen: str) -> HttpResponse:
    """The caller has the trouble that somebody reported: no second report."""
    if not call.mobile:
        call.errors["mobile"] = _("Ask for the mobile number: the news is sent there.")
        return _page(request, call)
    try:
        case_id = numbers.parse_case_number(chosen)
        follow_report(case_id=case_id, mobile=call.mobile, by=actor_of(request))
    except DiwanError as error:
        call.errors = {"": say(error)}
        return _page(request, call)
    return HttpResponseRedirect(f"{reverse('reports:intake')}?followed={chosen}")


def _page(request: HttpRequest, call: Call) -> HttpResponse:
    language, typed = actor_of(request).language, call.typed
    chosen = types.type_row(typed["type"])
    meant = types.meant_by(typed["description"], language) if typed["description"] else []
    if chosen is not None and chosen.code not in {one.code for one in meant}:
        meant = [types.offered(chosen, language), *meant]
    row = chosen or (types.type_row(meant[0].code) if meant else None)
    context = {
        "typed": typed,
        "meant": meant,
        "places": _places(typed["find"], language),
        "place_here": _named(call, language),
        "districts": [(one.code, one.name.en if language == "en" else one.name.ar) for one in _districts()],
        "near": [_near(one, language) for one in _similar(call, row)],
        "calls": _calls(request, call, language),
        "known_mobile": ids.show_mobile(call.mobile) if call.mobile else "",
        "emergency": bool(row is not None and row.data.get("emergency")),
        "with_pole": row is not None and row.data.get("group") == "GRP-LIGHTING",
        "followed": request.GET.get("followed", "")[:11],
        **problems(call.errors),
    }
    return render(request, "reports/intake.html", context, status=422 if call.errors else 200)


def _districts() -> list[Any]:
    return list(lookup("districts", clock.today()))


def _places(text: str, language: str) -> list[dict[str, str]]:
    return [
        {
            "point": f"{one.lat:.6f},{one.lng:.6f}",
            "name": one.name_en if language == "en" else one.name_ar,
            "in": _district_of(one.lat, one.lng, language),
        }
        for one in (find_named(text, limit=5) if text else ())
    ]


def _district_of(lat: float, lng: float, language: str) -> str:
    found = locate(lat=lat, lng=lng, on=clock.today())
    if found is None:
        return ""
    return found.district_en if language == "en" else found.district_ar


def _named(call: Call, language: str) -> str:
    return _district_of(*call.point, language) if call.point is not None else ""


def _similar(call: Call, row: Any) -> list[Near]:
    if call.point is None or row is None:
        return []
    lat, lng = call.point
    return similar_near(lat=lat, lng=lng, kind=row.code, group=str(row.data.get("group") or ""), limit=3)


def _near(one: Near, language: str) -> dict[str, Any]:
    return {**words.public_row(one.report, language), "metres": max(10, round(one.metres / 10) * 10)}


def _calls(request: HttpRequest, call: Call, language: str) -> list[dict[str, Any]]:
    """The caller's last reports; reading them leaves a row."""
    found = last_of_caller(call.mobile) if call.mobile else []
    if found:
        log_access(
            by=actor_of(request), notes=[AccessNote("case", str(one.pk), "reports.caller") for one in found]
        )
    return [
        {
            **words.public_row(one, language),
            "url": reverse("reports:handle", args=[numbers.case_number(one.pk)]),
        }
        for one in found
    ]
