"""What each who has a report does with it: the room, crews and units, verifiers, the teller when asked."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, Final

from diwan.cases import secrets
from diwan.cases.actions.cancel import cancel
from diwan.cases.actions.choose import choose
from diwan.cases.actions.complete_act import complete_act
from diwan.cases.actions.expire_task import act_on_lateness
from diwan.cases.actions.intervene import intervene
from diwan.cases.actions.take_step import take_step
from diwan.cases.actions.withdraw import withdraw
from diwan.cases.models import Case, OpenTask
from diwan.cases.registry import act_of
from diwan.demo.plan.source import read
from diwan.demo.walks.reports.people import AGENT, CARE, HEAD_OFFICE, SUPERVISOR, Cast
from diwan.demo.walks.reports.photos import Album
from diwan.demo.walks.reports.scripts import KindTraits
from diwan.demo.walks.reports.walk import ReportWalk
from diwan.files.models import Upload
from diwan.kit import clock
from diwan.modules.reports.actions import Device, arrive, finish_work, merge_reports, send_report
from diwan.modules.reports.errors import SameReport
from diwan.modules.reports.models import Report
from diwan.people.actor import ANONYMOUS
from diwan.people.models import Unit

#: Steps of the work, and the slots into which its photos are sent ahead.
WORK: Final = ("own_work", "contractor_work")
BEFORE, AFTER = "_before", "_after"
#: A metre in degrees, near enough for a crew that stands beside what it mended.
_METRE: Final = 1 / 111_320
_FAR_WHY: Final = "نقل العمل إلى الطرف الآخر من الشارع لأن المدخل مغلق"
_DISPUTED: Final = (("RSN-71", "لم يتغير شيء"), ("RSN-72", "عولج بعضه فقط"), ("RSN-73", ""))


@dataclass(slots=True)
class Doer:
    """Lets the one in charge act on the open task of a report, at the clock's moment."""

    cast: Cast
    album: Album
    kinds: dict[str, KindTraits]

    def do(self, walk: ReportWalk, case: Case, task: OpenTask) -> Case | None:
        """Act; the case as it stands then, or None where the act does not give it back."""
        if task.kind == OpenTask.Kind.AUTOMATIC:
            return complete_act(
                case_id=case.pk, token=task.token, result=act_of(task.data["act"])(case, task)
            )
        if task.step in WORK:
            return self._work(walk, case, task)
        if task.step in ("verify", "recheck", "second_look"):
            return self._judge(walk, case, task)
        act = {
            "dispatch": self._dispatch, "outside_body": self._body, "on_hold": self._resume,
            "confirmation": self._answer, "look": self._look,
        }[task.step]  # fmt: skip
        return act(walk, case, task)

    def _work(self, walk: ReportWalk, case: Case, task: OpenTask) -> Case | None:
        """What happens to a few before the work, and the work itself with its photos."""
        fate, walk.told = (
            walk.script.fate if walk.script.fate not in walk.told else "",
            {*walk.told, walk.script.fate},
        )
        worker = self.cast.worker(task, walk.script.number)
        if fate == "junk":
            return cancel(case_id=case.pk, reasons=["RSN-63"], note="", by=self.cast.of_room(SUPERVISOR))
        if fate == "withdrawn" and case.account_id is not None:
            return withdraw(case_id=case.pk, by=self.cast.teller(walk.script.teller))
        if fate == "hold":
            return intervene(
                case_id=case.pk, name="hold", reasons=["RSN-65"], by=self.cast.of_room(SUPERVISOR)
            )
        if fate == "bounce":
            return take_step(
                case_id=case.pk, task_id=task.pk, revision=case.revision, outcome="bounce", reasons=["RSN-70"],
                note="المعاينة تظهر نوعا آخر", by=worker,
            )  # fmt: skip
        if walk.rng.random() < 0.4:
            with clock.moved(max(task.entered_at, clock.now() - timedelta(minutes=walk.rng.randint(12, 45)))):
                arrive(case_id=case.pk, device=_device(walk, walk.rng), by=worker)
        return self._finish(walk, case, task)

    def _finish(self, walk: ReportWalk, case: Case, task: OpenTask) -> Case:
        rng, trait = walk.rng, self.kinds[walk.script.kind]
        worker = self.cast.worker(task, walk.script.number)
        walk.closings += 1
        walk.is_false = self._fails(walk, task)
        far = walk.closings == 1 and rng.random() < 0.03 and walk.script.lat is not None
        told = walk.script.stand != "verify" and rng.random() < 0.93
        if trait.photo:
            self._photograph(walk, case, by=worker.account_id, tells=told, far=far)
        words = rng.choice(read("reports")["done"][trait.category])
        return finish_work(
            case_id=case.pk, task_id=task.pk, revision=case.revision, words=words, by=worker,
            device=_device(walk, rng) if told and not far else None, far_why=_FAR_WHY if far else "",
        )  # fmt: skip

    def _fails(self, walk: ReportWalk, task: OpenTask) -> bool:
        """Whether this closing is a false one: by the share of whoever closes, once more far more seldom."""
        if walk.closings == 1 and walk.script.stand in ("recheck", "second_look"):
            return True
        contractor = Report.objects.values_list("contractor__code", flat=True).get(pk=walk.case_id)
        shares = read("reports")["unfixed"]
        share = float(shares.get(contractor, shares["units"])) / 100
        return walk.script.luck < share if walk.closings == 1 else walk.rng.random() < share / 3

    def _photograph(self, walk: ReportWalk, case: Case, *, by: int | None, tells: bool, far: bool) -> None:
        """Photos before and after, sent ahead; most tell where and when they were taken."""
        now, rng = clock.now(), walk.rng
        for slot, minutes in ((BEFORE, 25), (AFTER, 3)):
            taken = now - timedelta(minutes=minutes)
            done = slot == AFTER and not walk.is_false
            private: dict[str, Any] = {"camera": "Telephone"}
            if tells:
                private |= {
                    "gps": _near(walk, rng, far=far),
                    "taken_at": (now - timedelta(minutes=2)).isoformat(),
                }
            self.album.upload(
                owner=f"work:{case.pk}", slot=slot, category=walk.script.category, done=done,
                turn=walk.script.number, at=taken, by=by, private=private,
            ).save(force_insert=True)  # fmt: skip

    def _judge(self, walk: ReportWalk, case: Case, task: OpenTask) -> Case:
        """What the judge finds: a false closing nearly always, a good one always.

        What is to stand with the supervisor was disputed twice.
        """
        twice = walk.script.stand == "second_look" and task.step == "recheck"
        found = twice or (walk.is_false and (bool(walk.script.stand) or walk.rng.random() < 0.95))
        reasons = ["RSN-75" if task.step != "verify" or walk.rng.random() < 0.3 else "RSN-74"]
        return take_step(
            case_id=case.pk, task_id=task.pk, revision=case.revision, outcome="not_fixed" if found else "fixed",
            reasons=reasons if found or task.step != "verify" else [], by=self.cast.judge(case, task.step, walk.rng),
        )  # fmt: skip

    def _dispatch(self, walk: ReportWalk, case: Case, task: OpenTask) -> Case:
        """The room sends it to the body or the unit that it finds in charge."""
        trait, row = self.kinds[walk.script.kind], Report.objects.get(pk=case.pk)
        by = self.cast.of_room(AGENT, walk.script.number, besides=case.filed_by_account)
        to, code = "outside", trait.body
        if not trait.body:
            town = walk.script.quarter[:3]
            codes = (f"{town}-{row.department}", f"{HEAD_OFFICE}-{row.department}")
            units = {unit.code: unit.pk for unit in Unit.objects.filter(code__in=codes)}
            to, code = "unit", next(one for one in codes if units.get(one) in self.cast.units)
        return send_report(case_id=case.pk, task_id=task.pk, revision=case.revision, to=to, code=code, by=by)

    def _body(self, walk: ReportWalk, case: Case, task: OpenTask) -> Case | None:
        """The outside body answers; or it stays silent until its period has passed."""
        if task.due_at is not None and clock.now() > task.due_at:
            _climb(task)
            return None
        return take_step(
            case_id=case.pk, task_id=task.pk, revision=case.revision, outcome="done", note="عولجت من قبلنا.",
            by=self.cast.worker(task, 0),
        )  # fmt: skip

    def _resume(self, walk: ReportWalk, case: Case, task: OpenTask) -> Case:
        return take_step(
            case_id=case.pk, task_id=task.pk, revision=case.revision, outcome="resume",
            by=self.cast.of_room(SUPERVISOR),
        )  # fmt: skip

    def _answer(self, walk: ReportWalk, case: Case, task: OpenTask) -> Case | None:
        """Confirmed, disputed, or left to close by itself."""
        says = answer_of(walk)
        if not says:
            _climb(task)
            return None
        secret = secrets.link_of(case.pk, case.secret_generation)
        if says == "confirm":
            return choose(case_id=case.pk, outcome="confirm", secret=secret, by=ANONYMOUS)
        reason, note = walk.rng.choice(_DISPUTED)
        return choose(
            case_id=case.pk, outcome="dispute", secret=secret, reasons=[reason], note=note, by=ANONYMOUS
        )

    def _look(self, walk: ReportWalk, case: Case, task: OpenTask) -> Case:
        """Somebody looks into a low score."""
        return take_step(
            case_id=case.pk, task_id=task.pk, revision=case.revision, outcome="done", reasons=["RSN-56"],
            by=self.cast.of_room(CARE, walk.script.number),
        )  # fmt: skip

    def joined(self, walk: ReportWalk, into: int) -> bool:
        """An agent joins the report with the one it tells again; False when that one is over."""
        try:
            merge_reports(into=into, case_ids=[walk.case_id], by=self.cast.of_room(AGENT, walk.script.number))
        except SameReport:
            return False
        return True

    def photo_of(self, walk: ReportWalk, case: Case) -> Upload:
        """The photo that came with the report."""
        return self.album.upload(
            owner=f"case:{case.pk}", slot="photos", category=walk.script.category, done=False,
            turn=walk.script.number, at=case.opened_at, by=case.account_id, private={"camera": "Telephone"},
        )  # fmt: skip


def answer_of(walk: ReportWalk) -> str:
    """What the teller says now: `confirm`, `object`, or nothing. Drawn once for each closing."""
    key = f"asked {walk.closings}"
    for said in ("confirm", "object", ""):
        if f"{key} {said}" in walk.told:
            return said
    said = walk.script.says
    if walk.is_false:
        said = "object" if walk.script.stand or walk.rng.random() < 0.7 else ""
    elif said == "object" and walk.closings > 1 and not walk.script.stand:
        said = "confirm"
    walk.told.add(f"{key} {said}")
    return said


def _climb(task: OpenTask) -> None:
    """The period has passed: what the workflow says of silence."""
    while OpenTask.objects.filter(pk=task.pk).exists():
        if not act_on_lateness(case_id=task.case_id, task_id=task.pk):
            return


def _near(walk: ReportWalk, rng: Random, *, far: bool = False) -> dict[str, float] | None:
    """Where a photo was taken: some metres from the place, or in another street; nowhere where there is no place."""
    if walk.script.lat is None or walk.script.lng is None:
        return None
    metres = rng.uniform(260, 700) if far else rng.uniform(3, 40)
    return {"lat": round(walk.script.lat + metres * _METRE, 6), "lng": walk.script.lng}


def _device(walk: ReportWalk, rng: Random) -> Device | None:
    found = _near(walk, rng)
    return None if found is None else Device(found["lat"], found["lng"], rng.choice((6.0, 9.0, 14.0)))
