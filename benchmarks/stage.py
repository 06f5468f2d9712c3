"""Before the measuring: who asks for what, as ready-made requests. Runs as a process of the product on one database.

`stage FILE --api N --form N` writes a pickle of lists of requests by name, and the values of the
reference statement.
"""

import argparse
import json
import pickle
import secrets
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection

from benchmarks.bulk import BUSY_HEAD, BUSY_OFFICER, IDLE_OFFICER
from benchmarks.load import request
from benchmarks.urls import EMPTY
from diwan.api.models import ApiToken
from diwan.api.tokens import make_token, owner_of
from diwan.cases import registry
from diwan.cases import secrets as case_secrets
from diwan.cases.actions.submit_application import Application, submit_application
from diwan.cases.context import form_context
from diwan.cases.models import Case, Draft, History, OpenTask
from diwan.catalogue.models import Service
from diwan.catalogue.queries import compiled_service
from diwan.files.models import Upload
from diwan.forms.entry import read_json, visible_slots
from diwan.kit import clock
from diwan.kit.keys import near_key
from diwan.kit.numbers import case_number
from diwan.people.actor import Actor, system
from diwan.people.models import Account, EstablishmentMember, Holding
from diwan.people.queries import actor_for
from diwan.web.signin.keeping import SessionStore
from tests import cast

SERVICE: Final = cast.WITH_APPROVALS
SHOPS: Final = 20
SAMPLES: Final = 300
PAGES_OF: Final = 20
_CSRF: Final = secrets.token_hex(16)
APPLICANT: Final = {
    "name_ar": "سالم العتيبي", "name_en": "Salem", "national_id": "1098765439", "mobile": "0500000000",
    "email": "salem@example.com", "cr_number": "4030000001",
}  # fmt: skip
SNAPSHOT: Final = {
    **APPLICANT,
    "kind": "individual",
    "capacity": "authorised",
    "citizen": True,
    "party_id": APPLICANT["national_id"],
}
"""What the API keeps of that applicant."""


def cookie(account: Account, capacity: str, *, staff: bool) -> str:
    """The cookies of somebody who is signed in."""
    session = SessionStore()
    session.update(
        {
            SESSION_KEY: str(account.pk),
            BACKEND_SESSION_KEY: "diwan.web.signin.keeping.AccountBackend",
            HASH_SESSION_KEY: account.get_session_auth_hash(),
            "capacity": capacity,
            "factor": "totp" if staff else "code",
            "many": False,
            "staff": staff,
            "seen": int(clock.real_now().timestamp()),
            "locked": False,
        }
    )
    session.create()
    return f"diwan_session={session.session_key}; diwan_csrf={_CSRF}"


def post(code: str) -> str:
    """The cookies of whoever holds a post."""
    holding = Holding.objects.select_related("account").get(position__code=code, valid_to__isnull=True)
    return cookie(holding.account, f"position:{holding.position_id}", staff=True)


def copied_rows(rows: Iterable[Sequence[Any]], *, model: Any, columns: Sequence[str]) -> None:
    """Write rows by COPY."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _columns(model: Any) -> list[str]:
    return [str(field.column) for field in model._meta.concrete_fields]


def papers(like: Upload, slots: Iterable[str], owners: Iterable[str]) -> dict[str, dict[str, list[str]]]:
    """Copies of one paper for every owner in every slot: owner -> slot -> ids."""
    columns = _columns(Upload)
    made: dict[str, dict[str, list[str]]] = {}
    rows = []
    for owner in owners:
        for slot in slots:
            key = near_key(clock.now())
            made.setdefault(owner, {}).setdefault(slot, []).append(key)
            own = {"id": key, "owner": owner, "slot": slot, "private": json.dumps(like.private)}
            rows.append([own.get(name, getattr(like, name)) for name in columns])
    copied_rows(rows, model=Upload, columns=columns)
    return made


def prototype() -> tuple[Draft, list[Upload]]:
    """One complete draft with its papers, filled as the pages fill it."""
    draft = cast.fill_draft(cast.owner())
    return draft, list(Upload.objects.filter(owner=f"draft:{draft.pk}"))


def api_requests(count: int, paper: Upload) -> tuple[list[bytes], dict[str, str]]:
    """Applications of a partner, each with its own key and papers; and the values that one of them leaves."""
    text = make_token(name="Benchmark", services=[SERVICE], by=system("benchmark"))
    token = ApiToken.objects.get(prefix=text.split("_")[1])
    keys = [uuid4().hex for _ in range(count + 1)]
    answers = cast.answers(SERVICE, cr_number=APPLICANT["cr_number"])
    owned = papers(paper, _slots(answers), [owner_of(token.client_id or 0, key) for key in keys])
    bodies = [
        {
            "service": SERVICE,
            "applicant": APPLICANT,
            "answers": answers,
            "documents": owned[owner_of(token.client_id or 0, key)],
        }
        for key in keys
    ]
    headers = {"Authorization": f"Bearer {text}", "Content-Type": "application/json"}
    made = [
        request("POST", "/api/v1/cases", headers={**headers, "Idempotency-Key": key}, body=_json(body))
        for key, body in zip(keys[1:], bodies[1:], strict=True)
    ]
    return made, reference_values(token, keys[0], bodies[0])


def _json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def _slots(answers: Mapping[str, Any]) -> set[str]:
    """The papers that these answers need."""
    service = compiled_service(SERVICE, clock.today())
    assert service is not None
    context = form_context(service, applicant=SNAPSHOT)
    read = read_json(service.form, answers, context)
    assert not read.problems, read.problems
    return {slot.key for slot in visible_slots(service.form, read.values, context) if slot.required}


def reference_values(token: ApiToken, key: str, body: Mapping[str, Any]) -> dict[str, str]:
    """What the reference statement writes: the columns of a case that the product itself has opened."""
    service = compiled_service(SERVICE, clock.today())
    assert service is not None
    by = Actor(
        account_id=None, capacity=f"client:{token.client_id}", name_ar=token.name, name_en=token.name,
        client_id=token.client_id, services=frozenset(token.services), municipality_ids=None,
    )  # fmt: skip
    application = Application(
        service=service, applicant=SNAPSHOT, answers=body["answers"], documents=body["documents"], key=key,
        scope=f"client:{token.client_id}", papers=owner_of(token.client_id or 0, key),
    )  # fmt: skip
    case = Case.objects.get(pk=submit_application(application=application, by=by).case_id)
    task = OpenTask.objects.filter(case=case).earliest("id")
    row = History.objects.filter(case=case).earliest("id")
    told = {
        name: json.dumps(getattr(case, name), ensure_ascii=False) for name in ("applicant", "data", "facts")
    }
    return told | {
        "request_hash": sha256(key.encode()).hexdigest(), "version_id": str(case.version_id),
        "service": case.service, "municipality_id": str(case.municipality_id), "district_id": str(case.district_id),
        "unit_id": str(case.unit_id), "state": case.state, "stage": case.stage, "holder": case.holder,
        "kind": task.kind, "task_unit_id": str(task.unit_id or case.unit_id), "role": task.role or "none",
        "capacity": row.capacity, "actor": row.actor_ar, "fields": "{" + ",".join(sorted(case.data)) + "}",
    }  # fmt: skip


def form_requests(count: int, paper: Upload, slots: Sequence[str]) -> list[bytes]:
    """Residents who press "send" on a complete draft, each for one of several establishments."""
    members = list(
        EstablishmentMember.objects.filter(valid_to__isnull=True, capacity="owner").select_related("account")[
            :SHOPS
        ]
    )
    drafts: list[tuple[Draft, str]] = []
    for member in members:
        capacity = f"establishment:{member.establishment_id}"
        actor = actor_for(member.account, capacity)
        drafts.append((cast.fill_draft(actor, papers=False), cookie(member.account, capacity, staff=False)))
    columns = _columns(Draft)
    keys = [secrets.token_urlsafe(16)[:22] for _ in range(count)]
    copied_rows(
        (_draft_row(drafts[place % len(drafts)][0], key, columns) for place, key in enumerate(keys)),
        model=Draft,
        columns=columns,
    )
    papers(paper, slots, [f"draft:{key}" for key in keys])
    body = f"csrfmiddlewaretoken={_CSRF}".encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return [
        request(
            "POST",
            f"/apply/{key}/review",
            headers={**kind, "Cookie": drafts[place % len(drafts)][1]},
            body=body,
        )
        for place, key in enumerate(keys)
    ]


def _draft_row(draft: Draft, key: str, columns: Sequence[str]) -> list[Any]:
    own = {"id": key, "idempotency_key": key}
    values = [own.get(name, getattr(draft, name)) for name in columns]
    return [json.dumps(value) if isinstance(value, dict) else value for value in values]


def status_requests() -> list[bytes]:
    """Status by number and secret, of cases all over the table."""
    ids = Case.objects.order_by("?").values_list("pk", "secret_generation")[:SAMPLES]
    return [
        request(
            "GET",
            f"/api/v1/cases/{case_number(key)}/status",
            headers={"X-Case-Secret": case_secrets.digits_of(key, generation)},
        )
        for key, generation in ids
    ]


def page_requests() -> dict[str, list[bytes]]:
    """The pages that must not grow, for the people of the skew; the same cases whatever the size."""
    head = post(BUSY_HEAD)
    unit = Holding.objects.get(position__code=BUSY_HEAD, valid_to__isnull=True).position.unit_id
    account = Account.objects.filter(national_id__isnull=False).earliest("id")
    me = cookie(account, "self", staff=False)
    waiting = list(
        OpenTask.objects.filter(unit_id=unit, case__account_id=account.pk)
        .order_by("case_id")
        .values_list("case_id", flat=True)[:PAGES_OF]
    )
    # A service with pages of its own (the 940 report) answers at the usual ones by leading there.
    usual = {slug for slug in Service.objects.values_list("slug", flat=True) if not registry.page_of(slug)}
    mine = list(Case.objects.filter(account_id=account.pk, service__in=usual).order_by("pk")[:PAGES_OF])
    assert waiting and mine
    return {
        "queue (unit of 20,000)": [_page("/desk/?of=unit", head)],
        "queue (mine)": [_page("/desk/", post(BUSY_OFFICER))],
        "queue (nothing)": [_page("/desk/", post(IDLE_OFFICER))],
        "case (desk)": [_page(f"/desk/case/{case_number(key)}", head) for key in waiting],
        "my page (5,000 cases)": [_page("/my", me)],
        "my requests (5,000)": [_page("/my/requests", me)],
        "case (resident)": [_page(f"/case/{case_number(case.pk)}", me) for case in mine],
        "status": [_page(f"/t/{case_number(case.pk)}/{_link(case)}", "") for case in mine],
    }  # fmt: skip


def _link(case: Case) -> str:
    return case_secrets.link_of(case.pk, case.secret_generation)


def _page(path: str, cookies: str) -> bytes:
    return request("GET", path, headers={"Cookie": cookies} if cookies else None)


def main(words: Sequence[str]) -> None:
    """Write the requests."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--api", type=int, default=0)
    parser.add_argument("--form", type=int, default=0)
    asked = parser.parse_args(words)
    made: dict[str, Any] = {
        "pages": page_requests(),
        "empty": [request("GET", EMPTY)],
        "status": status_requests(),
    }
    if asked.api:
        _draft, uploads = prototype()
        made["api"], made["reference"] = api_requests(asked.api, uploads[0])
        made["form"] = form_requests(asked.form, uploads[0], [upload.slot for upload in uploads])
    asked.file.write_bytes(pickle.dumps(made))
