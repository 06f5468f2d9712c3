"""The automatic acts that the workflow of reports names: where a report is sent, and whether a closing is judged."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from diwan.cases.models import Case, OpenTask
from diwan.cases.registry import ActResult, act
from diwan.catalogue.registry import Kind, declare
from diwan.flow.table import Text
from diwan.modules.reports import sampling
from diwan.modules.reports.actions.place_report import place_report
from diwan.modules.reports.models import Closing
from diwan.people.actor import system

declare(
    Kind(
        "act",
        "reports.route",
        Text("توجيه البلاغ", "Send a report"),
        "By what was decided by hand, the body that owns the type, the contract that covers type, place and hour, or "
        "the unit of the department. Establishes `contractor` and `body`.",
        outcomes=frozenset({"contractor", "unit", "outside", "desk"}),
        says={
            "contractor": Text("يقع ضمن عقد تنفيذ قائم.", "A contract covers it."),
            "unit": Text("من عمل إدارة في الأمانة.", "It is the work of a department of the amanah."),
            "outside": Text("من عمل جهة أخرى.", "It is the work of another body."),
            "desk": Text("يحدد موظف 940 وجهته.", "An agent of 940 says where it goes."),
        },
    )
)
declare(
    Kind(
        "act",
        "reports.sample",
        Text("سحب عينة التحقق", "Draw the sample"),
        "Judged: drawn, without proof of place and time, or back after a dispute. Whoever has the key draws it again.",
        outcomes=frozenset({"judged", "passed"}),
        says={
            "judged": Text("يتحقق موظف مستقل من العمل.", "An independent officer looks at the work."),
            "passed": Text("لم يقع البلاغ في العينة.", "The report is not in the sample."),
        },
    )
)


@act("reports.route")
def route(case: Case, task: OpenTask) -> ActResult:
    """Send the report; the rule that fired stands in the history."""
    sent = place_report(case_id=case.pk, by=system("reports.route"))
    established = {"contractor": "", "body": ""}
    if sent.to == "contractor":
        established["contractor"] = sent.code
    elif sent.to == "outside":
        established["body"] = sent.code
    derived = {**case.facts.get("derived", {}), **established}
    why = _why(f"reports.route.{sent.rule}", sent.inputs, {"to": sent.to, "code": sent.code}, sent.text)
    return ActResult(outcome=sent.to, facts={"derived": derived}, why=why)


@act("reports.sample")
def sample(case: Case, task: OpenTask) -> ActResult:
    """Decide whether somebody looks at the work before the reporter is asked."""
    closing = Closing.objects.filter(report_id=case.pk).order_by("-id").first()
    if closing is None:
        return ActResult(
            outcome="passed", facts={}, why=_why("reports.sample.none", {}, {"judged": False}, _NOTHING)
        )
    percent = settings.DIWAN.report_sample_percent
    drawn = sampling.is_drawn(sampling.WORK, case.pk, closing.number, percent=percent)
    outcomes = case.facts.get("outcomes", {})
    back = "not_fixed" in (outcomes.get("recheck"), outcomes.get("second_look"), outcomes.get("verify"))
    doubtful = closing.proof in (Closing.Proof.UNPROVEN, Closing.Proof.FAR)
    judged = drawn or back or doubtful
    if judged:
        Closing.objects.filter(pk=closing.pk).update(sampled=True)
    text = _BACK if back else _DOUBTFUL if doubtful else _DRAWN if drawn else _NOT_DRAWN
    inputs = {
        "draw": sampling.draw(sampling.WORK, case.pk, closing.number), "percent": percent, "proof": closing.proof,
        "back": back,
    }  # fmt: skip
    why = _why("reports.sample", inputs, {"judged": judged}, text)
    return ActResult(outcome="judged" if judged else "passed", facts={}, why=why)


_NOTHING = Text("لا عمل للتحقق منه.", "There is no work to look at.")
_BACK = Text(
    "سبق أن وجد العمل غير مكتمل، فيتحقق منه قبل سؤال المبلّغ.",
    "It was found not fixed before, so somebody looks.",
)
_DOUBTFUL = Text(
    "الصور لا تثبت المكان أو الوقت، فيتحقق منه موظف مستقل.",
    "The photos do not prove place or time, so somebody looks.",
)
_DRAWN = Text("وقع البلاغ في العينة المستقلة.", "The report is in the independent sample.")
_NOT_DRAWN = Text("لم يقع البلاغ في العينة.", "The report is not in the sample.")


def _why(rule: str, inputs: Mapping[str, Any], result: Mapping[str, Any], text: Text) -> dict[str, Any]:
    return {
        "rule": rule, "rule_version": 1, "inputs": dict(inputs), "result": dict(result),
        "text": {"ar": text.ar, "en": text.en},
    }  # fmt: skip
