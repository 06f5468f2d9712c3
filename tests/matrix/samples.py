"""For each address: how an object's name becomes its path, and a form that the right person may send."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from diwan.cases.models import Case, OpenTask
from diwan.cases.services import service_of
from diwan.kit import clock, numbers
from diwan.people.models import Account, Position
from diwan.registers.links import secret_of
from tests import cast
from tests.matrix import world as made
from tests.matrix.world import World

MISSING, WRONG = "missing", "wrong"
NO_LICENCE = "101269999994"
NO_BILL = numbers.bill_number(999_999)


@dataclass(frozen=True)
class Request:
    """One request: where to, what is sent, with which headers."""

    path: str
    data: dict[str, Any] | str = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = ""


def request_for(view: str, method: str, object_: str, world: World) -> Request:
    """The request of one row."""
    path = address(view, object_, world)
    headers = HEADERS[view](world, object_) if view in HEADERS else {}
    if method in ("PATCH", "DELETE"):
        sent = FORMS[f"{view} {method}"](world, object_) if f"{view} {method}" in FORMS else ""
        return Request(path, sent, headers, "application/merge-patch+json" if sent else "")
    if method != "POST":
        return Request(path + (QUERY[view](world, object_) if view in QUERY else ""), headers=headers)
    data = FORMS[view](world, object_) if view in FORMS else {}
    if isinstance(data, str):
        return Request(path, data, headers, "application/json")
    return Request(path, data, headers)


def address(view: str, object_: str, world: World) -> str:
    """The path of the view for an object of the world."""
    arguments = ARGUMENTS.get(view) or _usual(view, object_, world)
    return reverse(view, kwargs=arguments(world, object_) if callable(arguments) else arguments)


def case_number(world: World, object_: str) -> str:
    """The number of a case by its name here; one that never existed for any other name."""
    return made.number_of(world.cases.get(object_) or made.unused_case())


def _usual(view: str, object_: str, world: World) -> dict[str, Any]:
    """Arguments by what the address itself asks for."""
    if view in BY_NUMBER:
        return {"number": case_number(world, object_ if object_ != WRONG else "review")}
    if view in BY_DRAFT:
        return {"draft_id": world.drafts.get(object_) or made.unused_key()}
    if view in BY_SLIP:
        return {"slip_id": world.slips.get(object_) or made.unused_key()}
    if view in BY_PAPER:
        return {"upload_id": world.papers.get(object_) or made.unused_key()}
    return {}


def licence(world: World, object_: str) -> str:
    """The number of the issued licence, or of one that never was."""
    if object_ == "suspended":
        return str(world.values["suspended"])
    return world.values["licence"] if object_ in ("licence", WRONG) else NO_LICENCE


def _partner(world: World, object_: str) -> int:
    return int(world.values["subscription"]) if object_ == "partner" else 999_999


def _workshop(world: World, name: str, known: str, value: str) -> int:
    return int(world.values[value]) if name == known else 999_999


def _slug(world: World, object_: str) -> dict[str, str]:
    return {"slug": {"shop": cast.WITH_APPROVALS, "instant": cast.INSTANT}.get(object_, "no-such-service")}


def _draft(world: World, object_: str) -> dict[str, str]:
    return {"id": world.drafts.get(object_) or made.unused_key()}


def _followed(world: World, name: str) -> dict[str, str]:
    """Number and secret of a report; a wrong secret, or a number that never was."""
    secret = made.link_of(world.cases[name]) if name in world.cases else "A" * 22
    return {"number": case_number(world, "report" if name == WRONG else name), "secret": secret}


def _of_draft(world: World, name: str) -> dict[str, str]:
    """A photo of a report that is being told."""
    return {"draft_id": world.drafts.get(name) or made.unused_key(), "upload_id": world.papers["told"]}


def _rating_secret(world: World, object_: str) -> str:
    """The secret of an invitation; of a case that is not asked about yet the one that follows it."""
    if object_ in world.values["ratings"]:
        return str(world.values["ratings"][object_])
    return made.link_of(world.cases[object_]) if object_ in world.cases else "A" * 22


def _document(world: World, object_: str) -> dict[str, Any]:
    number = case_number(world, object_)
    return {"number": number, "document_id": world.documents.get(object_, 999_999)}


BY_NUMBER = frozenset({
    "portal:case", "portal:case_now", "portal:complete", "portal:withdraw", "portal:bill", "desk:case", "desk:act",
    "desk:note", "desk:photo", "desk:claim", "desk:release", "desk:undo", "desk:cancel", "desk:reopen",
    "desk:my_request", "desk:my_act", "stores:issue",
    "portal:object", "portal:party", "desk:vote", "desk:conclude",
    "dossier:case", "api:read_status", "api:read_case", "api:read_history", "api:list_documents",
    "api:read_completion", "api:send_message",
    "reports:seen", "reports:taken", "reports:handle",
    "reports:work_page", "reports:work_save", "reports:work_done", "reports:work_bounce", "reports:work_here",
    "reports:work_crew", "reports:work_upload", "reports:judge_page", "reports:judge_act",
})  # fmt: skip
BY_DRAFT = frozenset({
    "apply:resume", "apply:upload", "apply:review", "apply:confirm", "apply:discard", "apply:receipt",
    "reports:details", "reports:autosave", "reports:draft_upload", "reports:similar", "reports:who", "reports:code",
    "reports:receipt",
})  # fmt: skip
BY_SLIP = frozenset(
    f"counter:{name}"
    for name in ("slip", "change", "send_code", "consent", "renew", "apply", "missing", "take", "close")
)
BY_PAPER = frozenset({"apply:file", "desk:paper", "reports:photo", "reports:photo_to_check"})
ARGUMENTS: dict[str, Callable[[World, str], dict[str, Any]]] = {
    "portal:service": _slug,
    "apply:start": _slug,
    "desk:my_start": lambda world, name: {"slug": "leave-request" if name == "leave" else "no-such-service"},
    "apply:renew": lambda world, name: {"number": licence(world, name)},
    "apply:about": lambda world, name: {"number": licence(world, name), "slug": "shop-licence-cancellation"},
    "portal:licence": lambda world, name: {"number": licence(world, name)},
    "portal:licence_object": lambda world, name: {"number": licence(world, name)},
    "portal:licence_link": lambda world, name: {
        "number": licence(world, name), "secret": secret_of(licence(world, name)) if name != WRONG else "A" * 22,
    },
    **{
        f"desk:licence{act}": lambda world, name: {"number": licence(world, name)}
        for act in ("", "_suspend", "_lift", "_revoke")
    },
    "dossier:licence": lambda world, name: {"number": licence(world, name)},
    "desk:document": lambda world, name: {"number": licence(world, name)},
    "desk:partner": lambda world, name: {"subscription": _partner(world, name)},
    "desk:partner_do": lambda world, name: {"subscription": _partner(world, name)},
    "desk:finance_settle": lambda world, name: {"notice": world.values["notice"] if name == "notice" else 999_999},
    "integrations_webhooks:schema": lambda world, name: {
        "name": "cases.case.opened" if name == "event" else "cases.case.unheard", "version": 1,
    },
    "api:verify_number": lambda world, name: {"number": licence(world, name)},
    "api:download_document": lambda world, name: {"number": licence(world, name)},
    "api:read_service": _slug,
    "api:preview_fee": lambda world, name: _slug(world, "shop"),
    "api:list_choices": lambda world, name: {**_slug(world, name), "field": "activities"},
    "api:read_draft": _draft,
    "api:attach_document": _draft,
    "api:send_draft": _draft,
    "api:detach_document": lambda world, name: {**_draft(world, name), "upload": made.unused_key()},
    **dict.fromkeys(
        ("console:person", "console:disable", "console:enable", "console:end_sessions", "console:reset"),
        lambda world, name: {"account": _account(name)},
    ),
    **dict.fromkeys(
        ("console:calendar", "console:calendar_change"),
        lambda world, name: {"code": "office" if name == "office" else "none"},
    ),
    **dict.fromkeys(
        ("console:list", "console:list_row", "console:list_change"),
        lambda world, name: {"slug": "fee_rates" if name == "prices" else "none"},
    ),
    **dict.fromkeys(
        ("console:reset_confirm", "console:reset_withdraw", "console:reset_link"),
        lambda world, name: {"reset": 999_999},
    ),
    **dict.fromkeys(
        ("console:process_service", "console:process_log", "console:whatif"),
        lambda world, name: {"service": cast.WITH_APPROVALS if name == "shop" else "no-such-service"},
    ),
    "console:service": _slug,
    **dict.fromkeys(
        ("console:version", "console:version_diagram", "console:version_rules", "console:version_package"),
        lambda world, name: {"version": _workshop(world, name, "shop", "shop_version")},
    ),
    **dict.fromkeys(
        ("console:draft", "console:draft_check", "console:draft_aside", "console:publication_ask"),
        lambda world, name: {"draft": _workshop(world, name, "written", "written")},
    ),
    **dict.fromkeys(
        ("console:sandbox_samples", "console:sandbox_entry"),
        lambda world, name: {"run": _workshop(world, name, "tried", "tried")},
    ),
    "console:sandbox_page": lambda world, name: {"run": _workshop(world, name, "tried", "tried"), "key": "night"},
    **dict.fromkeys(
        ("console:sandbox_run", "console:sandbox_document", "console:sandbox_move", "console:sandbox_back"),
        lambda world, name: {"run": _workshop(world, name, "sent", "sent")},
    ),
    "console:package": lambda world, name: {"package": _workshop(world, name, "sent_to_us", "package")},
    "console:publication": lambda world, name: {"publication": _workshop(world, name, "asked", "asked")},
    "console:change": lambda world, name: {"service": _changed(name)},
    **dict.fromkeys(
        ("console:change_version", "console:change_move"),
        lambda world, name: {"service": _changed(name), "number": 2},
    ),
    **dict.fromkeys(
        ("console:change_record", "console:change_undo"),
        lambda world, name: {"service": _changed(name), "moving": world.values["moving"]},
    ),
    "signin:enrol": lambda world, name: {"token": "A" * 32},
    "portal:document": _document,
    "portal:card": _document,
    "portal:status": lambda world, name: {
        "number": case_number(world, "review" if name == WRONG else name),
        "secret": made.link_of(world.cases[name]) if name in world.cases else "A" * 22,
    },
    "reports:report": _followed,
    "reports:answer": _followed,
    "reports:still": _followed,
    "reports:report_file": lambda world, name: {**_followed(world, name), "upload_id": world.papers["waiting"]},
    "reports:draft_file": _of_draft,
    "reports:draft_remove": _of_draft,
    "reports:slip": lambda world, name: {"draft_id": world.drafts.get(name) or made.unused_key(), "paper": "a4"},
    "ratings:rate": lambda world, name: {
        "number": case_number(world, "review" if name == WRONG else name), "secret": _rating_secret(world, name),
    },
    "portal:verify_code": lambda world, name: {
        "number": licence(world, name), "token": world.values["verify_token"],
    },
    "apply:page": lambda world, name: {
        "draft_id": world.drafts.get(name) or made.unused_key(), "key": "activity",
    },
    "apply:autosave": lambda world, name: {
        "draft_id": world.drafts.get(name) or made.unused_key(), "key": "activity",
    },
    "apply:remove": lambda world, name: {
        "draft_id": world.drafts.get(name) or made.unused_key(), "upload_id": world.papers["draft"],
    },
    "reports:work_file": lambda world, name: {
        "number": case_number(world, name), "upload_id": world.papers.get(name) or made.unused_key(),
    },
    "reports:work_remove": lambda world, name: {
        "number": case_number(world, name), "upload_id": world.papers.get(name) or made.unused_key(),
    },
    "apply:slip": lambda world, name: {"number": case_number(world, name), "paper": "a4"},
    **{f"open311:{name}": lambda world, _name: {"form": "json"}
       for name in ("discovery", "services", "requests", "updates")},
    "open311:definition": lambda world, name: {"code": "RPT-0101" if name == "bins" else "RPT-9999", "form": "json"},
    "open311:request": lambda world, name: {"number": case_number(world, name), "form": "json"},
    "open311:token": lambda world, name: {
        "token": made.KEY_OF_REPORT if name == "sent_report" else made.unused_key(), "form": "xml",
    },
}  # fmt: skip


def _changed(object_: str) -> str:
    """A service with two versions, or none."""
    return "leave-request" if object_ == "changed" else "no-such-service"


def _account(object_: str) -> int:
    """A colleague without open work, a resident, or nobody."""
    username = {"colleague": "turki", "a_resident": cast.IDS["salem"]}.get(object_)
    return Account.objects.get(username=username).pk if username else 999_999


def _box(world: World, object_: str) -> str:
    """The query of the box that takes any number."""
    known = {"licence": world.values["licence"], "bill": world.values["bill"]}
    number = (known | {"no_licence": NO_LICENCE, "no_bill": NO_BILL}).get(object_)
    return f"?q={number or case_number(world, object_)}"


QUERY: dict[str, Callable[[World, str], str]] = {
    "api:locate_point": lambda world, name: (
        f"?lat={cast.place_in('101')['lat']}&lng={cast.place_in('101')['lng']}"
    ),
    "portal:search": _box,
    "desk:search": _box,
    "portal:verify": lambda world, name: f"?number={licence(world, name)}",
    "apply:place_search": lambda world, name: "?q=شارع",
}
HEADERS: dict[str, Callable[[World, str], dict[str, str]]] = {
    "api:read_status": lambda world, name: {
        "X-Case-Secret": made.secret_of(world.cases[name]) if name in world.cases else "00000000"
    },
    **dict.fromkeys(
        (
            "api:list_cases",
            "api:send_upload",
            "api:start_draft",
            "api:read_draft",
            "api:attach_document",
            "api:detach_document",
            "api:send_draft",
            "api:read_completion",
            "api:send_message",
        ),
        lambda world, name: {"Idempotency-Key": "a-key-of-the-matrix", "If-Match": "*"},
    ),
}


def _task(world: World, object_: str, *steps: str) -> dict[str, Any]:
    """Task and revision of a case, as the desk's page sends them."""
    case = Case.objects.filter(pk=world.cases.get(object_, 0)).first()
    if case is None:
        return {"task": "999999999", "revision": "1"}
    tasks = OpenTask.objects.filter(case=case)
    task = (tasks.filter(step__in=steps) if steps else tasks).first()
    return {"task": str(task.pk) if task else "", "revision": str(case.revision)}


OUTCOMES = {"review": "recommend", "elsewhere": "recommend", "head": "back", "outside": "approve"}


def _act(world: World, object_: str) -> dict[str, Any]:
    form = _task(world, object_, *(("civil_defence",) if object_ == "outside" else ()))
    if object_ == "head":
        form["reasons.back"] = made.a_reason(
            Case.objects.get(pk=world.cases["head"]), "head_approval", "back"
        )
    return {**form, "outcome": OUTCOMES.get(object_, "recommend"), "note": "ملاحظة"}


def _cancel(world: World, object_: str) -> dict[str, Any]:
    service = service_of(Case.objects.get(pk=world.cases["review"]).version_id)
    return {"reasons": next(iter(service.reason_codes("cancel"))), "note": "سبب"}


def _track(world: World, object_: str) -> dict[str, Any]:
    number = case_number(world, "review" if object_ == WRONG else object_)
    return {
        "number": number,
        "secret": made.secret_of(world.cases["review"]) if object_ == "review" else "12345670",
    }


def _photo(name: str = "file") -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{name}.jpg", cast.picture((9, 9, 9)).read(), "image/jpeg")


def _application(world: World, object_: str) -> str:
    body = {
        "service": cast.WITH_APPROVALS,
        "applicant": {
            "national_id": "1098765439", "name_ar": "سالم", "mobile": "+966500000000", "unified_number": "7000000001",
            "cr_number": "4030000001", "establishment_ar": "مطعم",
        },
        "answers": cast.answers(),
    }  # fmt: skip
    return json.dumps(body)


def _work(world: World, object_: str) -> dict[str, Any]:
    return {**_task(world, object_, "contractor_work"), "words": "رفعت الملصقات", "quick": "WP-16"}


def _closed(world: World, object_: str) -> dict[str, Any]:
    return {**_work(world, object_), "_before": _photo("before"), "_after": _photo("after")}


def _day_of_force() -> dict[str, Any]:
    day = clock.today() + timedelta(days=3)
    parts = {"year": day.year, "month": day.month, "day": day.day, "calendar": "gregorian"}
    return {f"valid_from-{part}": str(value) for part, value in parts.items()}


VISITOR = {"national_id": "1099000000", "mobile": "0501234567", "name": "أمل يوسف المرساوي"}
FORMS: dict[str, Callable[[World, str], dict[str, Any] | str]] = {
    "portal:track": _track,
    "console:draft_begin": lambda world, name: {"version": str(world.values["shop_version"])},
    "console:draft": lambda world, name: {
        "text": world.values["written_text"] + "# read again\n", "revision": str(world.values["written_revision"]),
    },
    "console:draft_check": lambda world, name: {"text": "slug: half-written"},
    "console:publication_ask": lambda world, name: _day_of_force(),
    "console:publication": lambda world, name: {"do": "approve"},
    "console:package": lambda world, name: {"do": "remove"},
    "console:sandbox_begin": lambda world, name: {"version": str(world.values["shop_version"]), "person": "citizen"},
    **dict.fromkeys(
        ("console:sandbox_page", "console:sandbox_samples", "console:sandbox_entry"),
        lambda world, name: {"revision": str(world.values["tried_revision"]), "do": "leave"},
    ),
    "console:sandbox_move": lambda world, name: {"revision": str(world.values["sent_revision"]), "do": "wait"},
    "console:sandbox_back": lambda world, name: {"revision": str(world.values["sent_revision"]), "keep": "0"},
    "console:calendar_make": lambda world, name: {
        "code": "night-crew", "name_ar": "فريق الليل", "name_en": "Night crew", "like": "office",
    },
    "console:calendar_change": lambda world, name: {
        "do": "holiday", "sure": "1", "name_ar": "إجازة", "name_en": "Announced day",
        **{f"{end}-{part}": value for end in ("first", "last") for part, value in
           (("day", "7"), ("month", "12"), ("year", "2027"), ("calendar", "gregorian"))},
    },
    "console:list_change": lambda world, name: {
        "do": "end", "code": "activity-C", "sure": "1", "end-day": "7", "end-month": "12", "end-year": "2027",
        "end-calendar": "gregorian",
    },
    "console:disable": lambda world, name: {"reason": "left the amanah"},
    "console:change_move": lambda world, name: {"case": str(world.cases["leave"]), "from": "1"},
    "console:change_undo": lambda world, name: {"do": "all"},
    "console:reset": lambda world, name: {"reset_reason": "called back on the number of the file"},
    "ratings:rate": lambda world, name: {"score": "4", "high": "RTR-11"},
    "portal:feedback": lambda world, name: {"useful": "no", "page": "/help"},
    "reports:new": lambda world, name: {"type": "RPT-0101"},
    "reports:details": lambda world, name: {"do": "next", "landmark": "مسجد النور"},
    "reports:autosave": lambda world, name: {"landmark": "مسجد النور"},
    "reports:draft_upload": lambda world, name: {"slot": "photos", "file": _photo()},
    "reports:similar": lambda world, name: {"do": "new"},
    "reports:answer": lambda world, name: {"outcome": "confirm"},
    "reports:still": lambda world, name: {"fixed": "yes"},
    "portal:withdraw": lambda world, name: {"note": "لم أعد أحتاجه"},
    "apply:start": lambda world, name: {"capacity": ""},
    "apply:page": lambda world, name: {"do": "leave", "trade_name_ar": "اسم"},
    "apply:autosave": lambda world, name: {"trade_name_ar": "اسم"},
    "apply:upload": lambda world, name: {"slot": "facade", "file": _photo()},
    "apply:confirm": lambda world, name: {"do": "price", "years": "1"},
    "desk:partner_new": lambda world, name: {
        "name": "شريك آخر", "url": "https://other.example/", "events": "cases.case.opened", "services": "all",
        "municipalities": "all",
    },
    "desk:partner_do": lambda world, name: {"do": "pause"},
    "desk:bulk": lambda world, name: {**_task(world, name), "outcome": "recommend"},
    "desk:bulk_do": lambda world, name: {**_task(world, name), "outcome": "recommend"},
    "desk:board_move": lambda world, name: {
        **_task(world, name), "to": str(Position.objects.get(code="101-LIC-2").pk), "officer": "",
    },
    "desk:board_rebalance": lambda world, name: {"officer": str(Position.objects.get(code="101-LIC-2").pk)},
    "desk:finance_settle": lambda world, name: {"decision": "refunded", "note": "أعيد المبلغ إلى الدافع"},
    "desk:act": _act,
    "desk:note": lambda world, name: {"note": "مسودة"},
    "desk:photo": lambda world, name: {"photo": _photo("visit")},
    "desk:claim": lambda world, name: _task(world, name),
    "desk:release": lambda world, name: _task(world, name),
    "desk:cancel": _cancel,
    "desk:reopen": lambda world, name: {"to": "review", "note": "تظلم"},
    "stores:issue": lambda world, name: {**_task(world, name, "store"), "quantity-SUP-001": "1"},
    "desk:my_act": lambda world, name: {"outcome": "withdraw"},
    "desk:licence_suspend": lambda world, name: {"reasons": "RSN-92", "article": "ART-05"},
    "desk:licence_revoke": lambda world, name: {"reasons": "RSN-94", "article": "ART-19"},
    "reports:work_from_here": lambda world, name: {"lat": "24.7", "lng": "46.7", "accuracy": "9"},
    "reports:work_save": lambda world, name: {"words": "نصف جملة"},
    "reports:work_done": _closed,
    "reports:work_bounce": lambda world, name: {**_task(world, name, "contractor_work"), "reason": "RSN-69"},
    "reports:work_here": lambda world, name: {"lat": "24.7", "lng": "46.7", "accuracy": "9"},
    "reports:work_crew": lambda world, name: {"crew": "MATRIX-1"},
    "reports:work_upload": lambda world, name: {"slot": "_after", "file": _photo("after")},
    "reports:judge_act": lambda world, name: {**_task(world, name, "verify"), "outcome": "fixed"},
    "counter:home": lambda world, name: VISITOR,
    "counter:change": lambda world, name: VISITOR,
    "counter:consent": lambda world, name: {"by": "paper", "paper": _photo("paper")},
    "counter:renew": lambda world, name: {"licence": world.values["licence"]},
    "counter:apply": lambda world, name: {"service": cast.WITH_APPROVALS, "cr_number": "4990000002"},
    "signin:capacity": lambda world, name: {"capacity": "position:1"},
    "signin:set_language": lambda world, name: {"language": "ar", "next": "/"},
    "ui:set_language": lambda world, name: {"language": "ar", "next": "/"},
    "ui:preferences": lambda world, name: {"text": "1", "next": "/"},
    "open311:requests": lambda world, name: {
        "service_code": "RPT-0101", "address_string": "شارع المسجد", "phone": "0500000077",
    },
    "open311:updates": lambda world, name: {
        "service_request_id": case_number(world, name), "status": "OPEN", "description": "ما زالت المشكلة",
    },
    "api:list_cases": _application,
    "api:send_message": lambda world, name: '{"name": "objection"}',
    "api:send_upload": lambda world, name: {"service": cast.WITH_APPROVALS, "slot": "facade", "file": _photo()},
    "api:start_draft": _application,
    "api:read_draft PATCH": lambda world, name: '{"answers": {"area_m2": "41"}}',
    "api:attach_document": lambda world, name: {"slot": "facade", "file": _photo()},
    "api:send_draft": lambda world, name: "{}",
    "api:preview_fee": lambda world, name: '{"answers": {"area_m2": "41"}}',
}  # fmt: skip
