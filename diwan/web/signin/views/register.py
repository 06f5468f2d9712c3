"""A resident's first time: identity and birth date against the people register, then a code to the mobile."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from diwan.kit import hijri, ids
from diwan.kit.errors import N_, DiwanError, InvalidValue, Problem
from diwan.kit.ports import Answer, RegisterClient
from diwan.notify.actions import send_new_code
from diwan.people.actions import Person, check_code, count_attempt, register_resident
from diwan.people.doors import actor_of
from diwan.people.queries import account_by_login
from diwan.ui.callers import client_address
from diwan.web.signin import session as kept
from diwan.web.signin.views.common import go_on, show
from diwan.web.signin.views.resident import read_email
from diwan.web.signin.words import safe_next, say

PURPOSE: Final = "register"
TRIES: Final = 5
TRY_WINDOW: Final = timedelta(hours=1)


class NoMatch(DiwanError):
    """The register knows no such person with that birth date."""

    code = "signin.no_match"
    message = N_(
        "The identity number and the birth date don't match the register. Enter both as on the card."
    )


class RegisterSilent(DiwanError):
    """The register does not answer."""

    code = "signin.register_silent"
    message = N_(
        "The people register does not answer now. Try again in a few minutes, or come to a service office."
    )


class IdentityNotValid(DiwanError):
    """The register says that the identity is not in force."""

    code = "signin.identity_not_valid"
    message = N_(
        "The people register says that this identity is not in force. Renew it first, then register here."
    )


class AlreadyRegistered(DiwanError):
    """The person has an account."""

    code = "signin.already_registered"
    message = N_("There is already an account for this identity. Sign in with it.")


_MISSING: Final = {
    "national_id": Problem(
        "signin.national_id_missing", N_("Enter the ten digits of the identity card or residence permit.")
    ),
    "birth_date": Problem("signin.birth_date_missing", N_("Enter day, month and year of birth.")),
    "mobile": Problem("signin.mobile_missing", N_("Enter the mobile number, for example 05X XXX XXXX.")),
}


@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Ask who the person is; check with the register; send a code to the mobile."""
    typed = {name: request.POST.get(name, "") for name in ("national_id", "mobile", "email")}
    born = {part: request.POST.get(f"birth_date-{part}", "") for part in ("day", "month", "year", "calendar")}
    context = {"next": safe_next(request), "values": typed, "born": born}
    if request.method == "GET":
        return show(request, "register", context)
    values, errors = _read(typed, born)
    if errors:
        return show(request, "register", context, errors)
    try:
        names = _confirmed(request, values)
        request.session["registration"] = {
            **values,
            **names,
            "next": context["next"],
            "at": kept.now_seconds(),
        }
        _send(request, request.session["registration"])
    except DiwanError as error:
        return show(request, "register", context, {"national_id": say(error)})
    return HttpResponseRedirect(reverse("signin:register_code"))


@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code, make the account, sign in."""
    step = kept.half_done(request.session, "registration")
    if step is None:
        return HttpResponseRedirect(reverse("signin:register"))
    context = _code_context(step)
    if request.method == "GET":
        return show(request, "code", context)
    try:
        check_code(
            purpose=PURPOSE,
            address=step["mobile"],
            binding=kept.nonce(request.session),
            code=request.POST.get("code", ""),
        )
        account = register_resident(person=_person(step), by=actor_of(request))
    except DiwanError as error:
        return show(request, "code", context, {"code": say(error)})
    kept.open_session(request, account, factor=kept.CODE)
    return go_on(request, step["next"])


@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Send another code."""
    step = kept.half_done(request.session, "registration")
    if step is None:
        return HttpResponseRedirect(reverse("signin:register"))
    try:
        _send(request, step)
    except DiwanError as error:
        return show(request, "code", _code_context(step), {"code": say(error)})
    return show(request, "code", {**_code_context(step), "sent_again": True})


def _code_context(step: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "again": reverse("signin:register_again"),
        "next": step["next"],
        "sent_to": ids.mask_mobile(step["mobile"]),
    }


def _read(typed: Mapping[str, str], born: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The fields as stored, and the problems in words."""
    readers: dict[str, Callable[[], str]] = {
        "national_id": lambda: ids.national_id(typed["national_id"]),
        "birth_date": lambda: _birth_date(born).isoformat(),
        "mobile": lambda: ids.mobile(typed["mobile"]),
        "email": lambda: read_email(typed["email"]) if typed["email"].strip() else "",
    }
    values: dict[str, str] = {}
    errors: dict[str, str] = {}
    for name, reader in readers.items():
        try:
            values[name] = reader()
        except InvalidValue as error:
            errors[name] = say(error) if _given(name, typed, born) else say(_MISSING[name])
    return values, errors


def _given(name: str, typed: Mapping[str, str], born: Mapping[str, str]) -> bool:
    if name == "birth_date":
        return any(born[part].strip() for part in ("day", "month", "year"))
    return bool(typed[name].strip())


def _birth_date(born: Mapping[str, str]) -> date:
    calendar: hijri.Calendar = "gregorian" if born["calendar"] == "gregorian" else "hijri"
    return hijri.parse_date_parts(year=born["year"], month=born["month"], day=born["day"], calendar=calendar)


def _confirmed(request: HttpRequest, values: Mapping[str, str]) -> dict[str, str]:
    """The names in the register, after the person was confirmed; counted by identity and address."""
    for key in (f"register:{values['national_id']}", f"register:{client_address(request)}"):
        limit = TRIES if values["national_id"] in key else TRIES * 10
        count_attempt(key=key, limit=limit, window=TRY_WINDOW).require()
    query = {"national_id": values["national_id"], "birth_date": values["birth_date"]}
    answer = _client().ask(
        "people",
        query,
        request_id=actor_of(request).request_id,
        timeout=settings.DIWAN.registers_timeout_ms / 1000,
    )
    names = _names(answer)
    if account_by_login(values["national_id"]) is not None:
        raise AlreadyRegistered
    return names


def _names(answer: Answer) -> dict[str, str]:
    if answer.status == "not_found":
        raise NoMatch
    if answer.status != "answered" or not isinstance(answer.data.get("name"), Mapping):
        raise RegisterSilent
    if answer.data.get("status") != "active":
        raise IdentityNotValid
    name = answer.data["name"]
    return {"name_ar": str(name.get("ar", ""))[:200], "name_en": str(name.get("en", ""))[:200]}


def _client() -> RegisterClient:
    client: RegisterClient = import_string(settings.REGISTER_CLIENT)()
    return client


def _send(request: HttpRequest, step: Mapping[str, Any]) -> None:
    send_new_code(
        purpose=PURPOSE,
        address=step["mobile"],
        binding=kept.nonce(request.session),
        mobile=step["mobile"],
        email="",
        language=(get_language() or "ar")[:2],
    )


def _person(step: Mapping[str, Any]) -> Person:
    return Person(
        name_ar=step["name_ar"],
        name_en=step["name_en"] or step["name_ar"],
        national_id=step["national_id"],
        email=step["email"],
        mobile=step["mobile"],
        birth_date=date.fromisoformat(step["birth_date"]),
        language=(get_language() or "ar")[:2],
    )
