"""The fixed cast of the demo city: who acts in tests, and ways for them to act without a browser."""

import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import shapely
from PIL import Image

from diwan.cases.actions.complete_act import complete_act
from diwan.cases.actions.drafts import save_draft, start_draft
from diwan.cases.actions.submit_draft import submit_draft
from diwan.cases.actions.take_step import take_step
from diwan.cases.applicants import snapshot_of
from diwan.cases.context import form_context
from diwan.cases.models import Case, Draft, OpenTask
from diwan.cases.registry import act_of
from diwan.catalogue.queries import compiled_service
from diwan.files.actions import receive_upload
from diwan.files.rules import SlotRules
from diwan.forms.entry import read_json, visible_slots
from diwan.kit import clock
from diwan.kit.ports import Answer
from diwan.people.actor import Actor
from diwan.people.models import Account, EntityMember, StepUp
from diwan.people.queries import actor_for, capacities, session_digest
from diwan.places.models import DistrictShape

WITH_APPROVALS = "shop-licence-with-approvals"
INSTANT = "shop-licence-instant"


IDS = {
    "maryam": "2123456788", "salem": "1098765439", "abeer": "1012345672", "nasser": "1100000015", "tarek": "2345678904",
}  # fmt: skip
"""National ids of the residents; employees sign in by their names."""


def actor(username: str, *, kind: str = "", session: str = "a session") -> Actor:
    """The person in the usual capacity, or in the first of the kind (`establishment`, `position`, `entity`, `self`)."""
    account = Account.objects.get(username=IDS.get(username, username))
    held = next(found for found in capacities(account) if found.code.startswith(kind))
    return actor_for(account, held.code, session=session_digest(session))


def owner(username: str = "salem") -> Actor:
    """A resident acting for an establishment."""
    return actor(username, kind="establishment")


def step_up(who: Actor) -> StepUp:
    """A fresh second factor in the actor's session, as `people.actions` writes it."""
    now = clock.real_now()
    assert who.account_id is not None
    return StepUp.objects.create(
        account_id=who.account_id, session=who.session, at=now, expires_at=now + timedelta(minutes=10)
    )


class Registers:
    """Registers that know everything asked and find it in order; `say` changes what one of them answers."""

    def __init__(self) -> None:
        self.said: dict[str, Answer | Mapping[str, Any]] = {}
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    def say(self, register: str, answer: Answer | Mapping[str, Any]) -> None:
        """Let one register answer so: an `Answer`, or fields that differ from being in order."""
        self.said[register] = answer

    def ask(self, register: str, query: Mapping[str, Any], *, request_id: str, timeout: float) -> Answer:
        """Fill the role of `kit.ports.RegisterClient`."""
        self.asked.append((register, query))
        said = self.said.get(register, {})
        if isinstance(said, Answer):
            return said
        if register == "sanctions" and not said:
            return Answer(status="not_found", asked_at=clock.now(), took_ms=3)
        return Answer(
            status="answered", data={**in_order(register, query), **said}, asked_at=clock.now(), took_ms=3
        )


def in_order(register: str, query: Mapping[str, Any]) -> dict[str, Any]:
    """A record of the register with which every check passes."""
    today = clock.today()
    party = str(query.get("party_id", ""))
    records: dict[str, dict[str, Any]] = {
        "people": {"status": "active", "nationality": "SA"},
        "commercial": {
            "status": "active",
            "owners": [party],
            "managers": [],
            "expires_on": (today + timedelta(days=400)).isoformat(),
        },
        "leases": {
            "status": "active",
            "tenant_id": party,
            "starts_on": (today - timedelta(days=60)).isoformat(),
            "ends_on": (today + timedelta(days=1300)).isoformat(),
            "unit": {"area_m2": 60},
        },
        "deeds": {"status": "active", "owners": [party]},
        "civil_defence": {"status": "valid", "expires_on": (today + timedelta(days=300)).isoformat()},
        "building_permits": {"status": "valid", "use": "commercial"},
        "sanctions": {},
    }
    return records[register]


def answers(service_slug: str = WITH_APPROVALS, **changed: Any) -> dict[str, Any]:
    """Answers to a shop licence as a partner would send them: a small restaurant in the first municipality."""
    today = clock.today()
    service = compiled_service(service_slug, today)
    assert service is not None
    declared = {field.key: True for field in service.form.fields() if field.kind == "declaration"}
    given = {
        "activities": ["561012"], "cr_number": "4030000001", "trade_name_ar": "مطعم الاختبار",
        "trade_name_en": "Test Restaurant", "place": place_in("101"), "premises_type": "street_shop", "area_m2": "60",
        "openings": "2", "floor": "الأرضي", "unit_no": "7", "right": "lease", "lease_number": "10203040506",
        "lease_start": (today - timedelta(days=60)).isoformat(),
        "lease_end": (today + timedelta(days=1300)).isoformat(),
        "has_sign": False, "safety_mechanism": "permit", "safety_reference": "CD-1000001", "cleaning": "fee",
        "workers": "4", "years": "1", "wants_card": False, **declared,
    }  # fmt: skip
    known = {field.key for field in service.form.fields()}
    return {key: value for key, value in {**given, **changed}.items() if key in known}


def place_in(code: str) -> dict[str, Any]:
    """A pin inside the municipality with this code, as the form takes it."""
    shape = (
        DistrictShape.objects.filter(municipality__code=code, valid_to__isnull=True)
        .order_by("district__code")
        .first()
    )
    assert shape is not None
    point = shapely.from_wkb(bytes(shape.shape)).representative_point()
    return {"lat": f"{point.y:.6f}", "lng": f"{point.x:.6f}", "how": "map"}


def picture(colour: tuple[int, int, int] = (20, 120, 80)) -> io.BytesIO:
    """A small photo as a phone would send it."""
    content = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(content, "JPEG")
    content.seek(0)
    return content


def fill_draft(who: Actor, slug: str = WITH_APPROVALS, *, papers: bool = True, **changed: Any) -> Draft:
    """A complete draft of the actor, as the pages would have saved it."""
    today = clock.today()
    service = compiled_service(slug, today)
    assert service is not None
    draft = start_draft(version_id=service.version_id, days=30, by=who)
    applicant = snapshot_of(draft.account, draft.establishment)
    context = form_context(service, applicant=applicant)
    changed.setdefault("cr_number", applicant.get("cr_number", "4990000002"))
    read = read_json(service.form, answers(slug, **changed), context)
    assert not read.problems, read.problems
    draft = save_draft(draft_id=draft.pk, values=read.values, typed={}, page="declarations", by=who)
    for slot in visible_slots(service.form, read.values, context) if papers else ():
        if slot.required:
            receive_upload(
                stream=picture(), filename=f"{slot.key}.jpg", slot=slot.key, rules=SlotRules(kinds=slot.kinds),
                owner=f"draft:{draft.pk}", by=who,
            )  # fmt: skip
    return draft


def submit(who: Actor, slug: str = WITH_APPROVALS, **changed: Any) -> Case:
    """A submitted application of the actor."""
    opened = submit_draft(draft_id=fill_draft(who, slug, **changed).pk, by=who)
    return Case.objects.get(pk=opened.case_id)


def run_machine(case: Case) -> Case:
    """What the worker would do for the case now: its automatic acts."""
    for task in OpenTask.objects.filter(case=case, kind=OpenTask.Kind.AUTOMATIC):
        result = act_of(task.data["act"])(case, task)
        complete_act(case_id=case.pk, token=task.token, result=result)
    return Case.objects.get(pk=case.pk)


def waiting(case: Case, step: str) -> OpenTask:
    """The open task of the case at a step."""
    return OpenTask.objects.get(case=case, step=step)


def act(case: Case, step: str, outcome: str, *, by: Actor, **more: Any) -> Case:
    """Act on the step at the revision of now."""
    revision = Case.objects.values_list("revision", flat=True).get(pk=case.pk)
    return take_step(
        case_id=case.pk, task_id=waiting(case, step).pk, revision=revision, outcome=outcome, by=by, **more
    )


def member_of(entity: str) -> Actor:
    """A user of an outside body."""
    member = EntityMember.objects.select_related("account").filter(entity__code=entity).first()
    assert member is not None, f"nobody answers for {entity}"
    return actor_for(member.account, f"entity:{member.entity_id}", session=session_digest("a session"))


ANONYMOUS_CLIENT = Actor(account_id=None, capacity="client:1", name_ar="شريك", name_en="Partner", client_id=1)
