"""The declaration of every kind that a service definition may name: what it is called, its options, its texts.

Declared here, executed elsewhere: field and fact kinds in `diwan.forms`, step kinds in `diwan.flow`, acts,
contents and results
in `diwan.cases.registry` (which refuses what is not declared). A module declares its own kinds at start with `declare`.
`docs/kinds.md` is made from these declarations (`python -m tools.reference`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from diwan.flow.table import Text
from diwan.forms import facts
from diwan.forms.lookups import Row
from diwan.forms.options import Option
from diwan.forms.registry import kinds as field_kinds

GROUPS = ("field", "fact", "step", "act", "guard", "check", "fee", "template", "follow_up", "consequence")
"""Groups of kinds, in the order of the reference."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A declared kind. `outcomes` are what an automatic act can answer, `says` what each means in plain words: what
    the applicant reads under "Why?" where the act gives no words of its own."""

    group: str
    name: str
    title: Text
    about: str
    options: tuple[Option, ...] = ()
    outcomes: frozenset[str] = frozenset()
    says: Mapping[str, Text] = field(default_factory=dict)


Living = Callable[[Mapping[str, Any]], Sequence[Row]]
"""(the applicant's snapshot) -> the rows of the moment."""
_living: dict[str, Living] = {}


def living_lookup(name: str) -> Callable[[Living], Living]:
    """Register a lookup whose rows are no data of the catalogue but follow from who applies (the colleagues of an
    employee)."""

    def register(rows: Living) -> Living:
        _living[name] = rows
        return rows

    return register


def living_lookups() -> Mapping[str, Living]:
    """The lookups that follow from who applies, by name."""
    return _living


class UnknownKind(LookupError):
    """A kind that nobody declared."""


_declared: dict[tuple[str, str], Kind] = {}


def declare(found: Kind) -> Kind:
    """Declare a kind. A second one of the same group and name is refused."""
    if found.group not in GROUPS:
        raise ValueError(f"unknown group {found.group}")
    key = (found.group, found.name)
    if key in _declared:
        raise ValueError(f"{found.group} kind {found.name} is declared twice")
    _declared[key] = found
    return found


def kinds(group: str) -> Iterable[Kind]:
    """The kinds of a group, by name."""
    _declare_lower()
    return [_declared[key] for key in sorted(_declared) if key[0] == group]


def names(group: str) -> frozenset[str]:
    """The names of a group."""
    return frozenset(found.name for found in kinds(group))


def kind(group: str, name: str) -> Kind:
    """A declared kind; UnknownKind when nobody declared it."""
    _declare_lower()
    try:
        return _declared[(group, name)]
    except KeyError:
        raise UnknownKind(f"{group} kind {name} is not declared in diwan.catalogue.registry") from None


def _declare_lower() -> None:
    """Field and fact kinds are declared where they are executed; take them over once."""
    for field_kind in field_kinds():
        if ("field", field_kind.name) not in _declared:
            declare(Kind("field", field_kind.name, field_kind.title, field_kind.about, field_kind.options))
    for fact_kind in facts.fact_kinds():
        if ("fact", fact_kind.name) not in _declared:
            declare(Kind("fact", fact_kind.name, fact_kind.title, fact_kind.about, fact_kind.options))


for _name, _ar, _en, _about in (
    (
        "task",
        "مهمة موظف",
        "Task of a post",
        "Somebody with a role acts: continue, approve, return or reject.",
    ),
    ("visit", "زيارة ميدانية", "Visit", "A task with a weighted checklist, done on site."),
    (
        "applicant",
        "مطلوب من مقدم الطلب",
        "Asked of the applicant",
        "The clock rests while the applicant completes.",
    ),
    (
        "choice",
        "اختيار مقدم الطلب",
        "Choice of the applicant",
        "The applicant says which way it goes; when the period passes, the case goes the late way.",
    ),
    ("outside", "جهة خارجية", "Outside entity", "Another body answers; silence has a rule."),
    ("automatic", "إجراء آلي", "Automatic act", "A declared act runs and answers with an outcome."),
    ("decision", "قرار بقاعدة", "Decision by rule", "The first branch whose rule holds is taken."),
    ("split", "تفرع متوازٍ", "Parallel split", "Every branch whose rule holds is opened."),
    ("join", "التقاء", "Join", "Waits for all branches of its split."),
    ("payment", "سداد", "Payment", "A bill is made; the notice of the payment moves on."),
    ("document", "إصدار وثيقة", "Document", "A numbered document is sealed under an authority."),
    (
        "wait",
        "انتظار رسالة أو تاريخ",
        "Wait for a message or a day",
        "Goes on by a named message, on a day, or by whichever comes first.",
    ),
    (
        "party",
        "طرف آخر",
        "Another party",
        "A person or establishment that the application names signs in and confirms, or refuses; silence has a rule.",
    ),
    (
        "vote",
        "تصويت لجنة",
        "Vote of a committee",
        "Members with a role vote, abstain or are excused; quorum, majority and what stands otherwise are data.",
    ),
    (
        "chain",
        "سلسلة توقيع",
        "Chain of signatures",
        "The desk signs, then the posts above it one by one, up to the role that a rule or decision table names.",
    ),
    (
        "each",
        "تعدد",
        "One for each",
        "Opens a token for each of a list (departments, bodies); rules inside read which as `item`; a join gathers.",
    ),
    (
        "child",
        "طلب فرعي",
        "Case inside",
        "Opens a case of an internal service and goes on by the end that it comes to; withdrawn with its parent.",
    ),
    ("end", "نهاية", "End", "The case ends in a public state."),
):
    declare(Kind("step", _name, Text(_ar, _en), _about))

RUN_CHECKS = declare(
    Kind(
        "act",
        "checks.registers",
        Text("التحقق الآلي", "Automatic checks"),
        "Runs the checks of the service. The gravest finding gives the outcome: blocked, returned, manual (a register"
        " was silent or the check asks for a person), referred (a finding for the officer), clear.",
        outcomes=frozenset({"clear", "referred", "manual", "returned", "blocked"}),
        says={
            "clear": Text("كل ما جرى التحقق منه سليم.", "Everything that was checked is in order."),
            "referred": Text(
                "في التحقق ملاحظة ينظر فيها موظف.", "One of the checks needs an officer's judgement."
            ),
            "manual": Text(
                "جهة لم ترد آليا، أو يحتاج التحقق إلى موظف.",
                "A register did not answer, or a check needs a person: an officer looks.",
            ),
            "returned": Text(
                "في الطلب ما يلزم استكماله أو تصحيحه.", "Something has to be completed or corrected."
            ),
            "blocked": Text("في التحقق مانع يحول دون القبول.", "A check found something that forbids it."),
        },
    )
)

declare(
    Kind(
        "act",
        "objections.apply",
        Text("تنفيذ قرار اللجنة", "Apply the committee's decision"),
        "Brings about what the committee decided on the contested decision: a case that it ended is opened again."
        " Answers by_hand when the decision cannot be taken back by itself.",
        outcomes=frozenset({"applied", "by_hand"}),
        says={
            "applied": Text(
                "نُفذ قرار اللجنة على الطلب الأصلي.", "The committee's decision took effect on the case."
            ),
            "by_hand": Text("ينفذ موظف قرار اللجنة.", "An officer carries out the committee's decision."),
        },
    )
)

declare(
    Kind(
        "act",
        "entries.stay",
        Text("وقف أثر القرار", "Stay the decision"),
        "Puts the entry back as it stood before the decision that the objection is about, until the committee has"
        " decided. Answers nothing when the decision has no effect any more.",
        outcomes=frozenset({"stayed", "nothing"}),
        says={
            "stayed": Text(
                "أوقف أثر القرار حتى تبت اللجنة.", "The decision rests until the committee has decided."
            ),
            "nothing": Text(
                "لم يعد للقرار أثر يوقف.", "The decision has no effect any more that could rest."
            ),
        },
    )
)
declare(
    Kind(
        "act",
        "entries.take_back",
        Text("إلغاء القرار على القيد", "Take back the decision on an entry"),
        "Undoes the suspension or revocation that the objection is about, with the permits that fell with it. Accepted"
        " in part (the exit partial of a vote or task), a revocation becomes a suspension. Answers by_hand when the"
        " entry stands under something else by now.",
        outcomes=frozenset({"applied", "by_hand"}),
        says={
            "applied": Text(
                "ألغي القرار على القيد وعاد كما كان.", "The decision on the entry was taken back."
            ),
            "by_hand": Text(
                "تغير وضع القيد، فينفذ موظف قرار اللجنة.", "The entry has changed: an officer does it."
            ),
        },
    )
)

declare(
    Kind("check", "register", Text("سؤال سجل خارجي", "Ask a register"), "Asks an outside register over HTTP.")
)
declare(Kind("check", "rule", Text("قاعدة", "Rule"), "A rule over the answers; nobody is asked."))
declare(
    Kind(
        "check",
        "internal",
        Text("بيانات الأمانة", "Our own data"),
        "Asks our own registers: `register` names the question (unpaid_bills, suspension, duplicate_licence, entry, "
        "linked_permit, land_use, distances, quota).",
    )
)
declare(
    Kind(
        "fee",
        "rate",
        Text("سعر في كمية", "Rate by quantity"),
        "Rate of the day and city class, times the quantities, times the years; rounded half-up once.",
    )
)
declare(Kind("fee", "fixed", Text("مبلغ مقطوع", "Fixed amount"), "The rate alone, once."))
declare(
    Kind(
        "fee",
        "daily",
        Text("سعر سنوي بالأيام", "Yearly rate by days"),
        "Rate of a year times the quantities, for the share of `days` in 365; rounded half-up once.",
    )
)
declare(
    Kind(
        "template",
        "certificate",
        Text("تصريح أو إفادة", "Permit or certificate"),
        "One bilingual A4 page: a permit with its dates, or what was decided, for good (a cancellation).",
    )
)
declare(
    Kind(
        "template",
        "licence",
        Text("رخصة", "Licence"),
        "Bilingual A4 licence with a wallet card, conditions and the reasons of the decision.",
    )
)
declare(
    Kind(
        "follow_up",
        "visit",
        Text("زيارة لاحقة", "Visit afterwards"),
        "A case of the internal `service`, opened when the licence enters the register.",
    )
)

declare(
    Kind(
        "consequence",
        "close_entry",
        Text("إنهاء القيد", "End the entry"),
        "The register entry that the case is about ends, with the permits that hang on it and their documents.",
        options=(Option("to", "text", "How it ends", required=True, among=("cancelled", "revoked")),),
    )
)
declare(
    Kind(
        "consequence",
        "suspend_entry",
        Text("إيقاف القيد", "Suspend the entry"),
        "The register entry that the case is about is suspended, and its permits with it.",
    )
)
declare(
    Kind(
        "consequence",
        "lift_suspension",
        Text("رفع الإيقاف", "Lift the suspension"),
        "The suspension of the entry that the case is about is lifted; permits return that rested only because of it.",
    )
)
declare(
    Kind(
        "consequence",
        "resume_decision",
        Text("عودة أثر القرار", "Let the decision have its effect again"),
        "A stay that the objection was granted ends: the decision on the entry has its effect again.",
    )
)
declare(
    Kind(
        "consequence",
        "replace_entry",
        Text("إحلال قيد محل قيد", "Let a new entry take the place"),
        "The entry that the case has just made takes the place of the one it is about, which is closed at once. Only "
        "on a document step of a service with `entry`.",
        options=(
            Option("permits", "text", "Permits move to the new entry or end (move)", among=("move", "end")),
            Option("cause", "text", "Why (transferred)", among=("transferred", "corrected")),
        ),
    )
)


Executed = Callable[[], Mapping[str, frozenset[str]]]
_executed: list[Executed] = []


def executes(found: Executed) -> Executed:
    """Register who knows what is executed above: names by group (`act`, `guard`, `template`, `follow_up`,
    `consequence`)."""
    _executed.append(found)
    return found


def unmatched() -> list[str]:
    """What is declared without anybody to execute it, or executed undeclared; empty when nobody registered."""
    if not _executed:
        return []
    done = {
        group: frozenset(name for found in _executed for name in found().get(group, frozenset()))
        for group in ("act", "guard", "template", "follow_up", "consequence")
    }
    faults = [
        f"{group} {name} is declared but nobody executes it"
        for group in ("act", "guard", "follow_up", "consequence")
        for name in sorted(names(group) - done[group])
    ]
    for group, found in done.items():
        faults += [f"{group} {name} is executed but not declared" for name in sorted(found - names(group))]
    return faults
