"""A run of the sandbox in words: who acts, what came of each move."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.errors import NoRate
from diwan.catalogue.queries import service_in_force, shelf
from diwan.catalogue.registry import kind
from diwan.flow import effects as fx
from diwan.flow.table import LATE_ACTS, Deadline, Step, Text
from diwan.forms.plan import in_language
from diwan.kit import clock
from diwan.kit.money import Halalas, plain_amount
from diwan.notify.queries import sample_text
from diwan.people.queries import entity_name
from diwan.sandbox.people import employees
from diwan.sandbox.playing import Line, Play


class Words:
    """The words of one run in a language. `lanes` are the names of roles and of those who hold none."""

    def __init__(self, play: Play, language: str, lanes: dict[str, str]) -> None:
        """Everything is read from the run."""
        self.play, self.language, self.lanes = play, language, lanes
        self.service: CompiledService = play.service

    def text(self, text: Text | None) -> str:
        """A text in the reader's language."""
        return "" if text is None else in_language(text, self.language)

    def title(self, step: str) -> str:
        """What a step is called."""
        return self.service.title(step, self.language)

    def actor(self, code: str) -> str:
        """Who did something."""
        if code in employees():
            return self.text(employees()[code])
        return {
            "applicant": self.text(self.play.setting.person.name), "party": self.lanes["party"],
            "outside": self.lanes["outside"], "time": _("Time"),
        }.get(code, self.lanes["system"])  # fmt: skip

    def whom(self, step: Step) -> str:
        """Whom a step waits for."""
        if step.role is not None:
            return self.lanes.get(step.role, step.role)
        if step.kind == "outside":
            return self.lanes["outside"] if step.entity is None else entity_name(step.entity, self.language)
        if step.kind in ("applicant", "choice", "payment"):
            return self.lanes["applicant"]
        return self.lanes["party"] if step.kind == "party" else self.lanes["system"]

    def outcome(self, step: str, outcome: str) -> str:
        """What an exit is called: by the service, else by its meaning."""
        known = {
            "resubmitted": _("Completed and sent again"), "paid": _("Paid"), "expired": _("Not paid in time"),
            "issued": _("Issued"), "no_quorum": _("Too few members came"), "reached": _("The day has come"),
            "late": _("Too late"), "signed": _("Signed, and on to the next"), "otherwise": _("Any other end"),
        }  # fmt: skip
        found = self.service.outcome(step, outcome, self.language)
        if found != outcome:
            return found
        declared = self.service.flow.steps.get(step)
        says = kind("act", declared.act).says if declared is not None and declared.act else {}
        return self.text(says[outcome]) if outcome in says else known.get(outcome, outcome)

    def reason(self, code: str) -> str:
        """A reason by its code."""
        row = shelf(clock.today()).row("reasons", code) if code else None
        return code if row is None else self.text(row.name)

    def ladder(self, deadline: Deadline | None) -> list[tuple[int, str]]:
        """What lateness does: per cent of the time, and the act in words."""
        words = (_("reminds"), _("escalates"), _("gives it back to the unit"), _("silence counts"))
        says = dict(zip(LATE_ACTS, words, strict=True))
        return [] if deadline is None else [(late.at, says[late.act]) for late in deadline.late]

    # What happened
    def line(self, line: Line) -> dict[str, Any]:
        """One line of the log."""
        what = {
            "send": _("Application sent"), "wait": _("Time passes"), "withdraw": _("Withdrawn by the applicant"),
            "cancel": _("Cancelled"), "reopen": _("Opened again"), "message": _("The awaited message has come"),
            "sign": _("Signed, and on to the next"), "intervene": self.ruling(line.outcome),
        }.get(line.do) or self.outcome(line.step, line.outcome)  # fmt: skip
        if line.do == "wait" and line.step:
            what = _("The time is over") + (
                f": {self.outcome(line.step, line.outcome)}" if line.outcome else ""
            )
        return {
            "row": line, "what": what, "by": self.actor(line.by), "title": self.title(line.step) if line.step else "",
            "reason": self.reason(line.reason),
            "came": [
                *self._received(line), *self._checked(line),
                *(found for effect in line.effects for found in self._came(effect)),
            ],
        }  # fmt: skip

    def _received(self, line: Line) -> Iterator[dict[str, str]]:
        """The message that says that an application has come."""
        code = self.service.notices.get("submitted", "") if line.do == "send" else ""
        if code:
            yield {"kind": "notice", "text": sample_text(code, self.language, self._named())}

    def _checked(self, line: Line) -> Iterator[dict[str, str]]:
        """What the checks found."""
        says = {"failed": _("Not in order"), "silent": _("No answer"), "manual": _("Checked by hand")}
        for check in self.service.checks:
            state = line.checks.get(check.code, "passed")
            if state != "passed":
                text = f" — {self.text(check.text)}" if state == "failed" else ""
                yield {"kind": "check", "text": f"{self.text(check.name)}: {says[state]}{text}"}

    def ruling(self, name: str) -> str:
        """What a ruling over the whole is called."""
        found = self.service.flow.interventions.get(name)
        return name if found is None or found.label is None else self.text(found.label)

    def _came(self, effect: fx.Effect) -> Iterator[dict[str, str]]:
        """What an effect is in words; `kind` says how it is shown."""
        if isinstance(effect, fx.OpenTask):
            step = self.service.flow.steps[effect.step]
            yield {"kind": "open", "text": f"{self.title(effect.step)} · {self.whom(step)}"}
        elif isinstance(effect, fx.CloseTask) and effect.outcome is None:
            yield {"kind": "closed", "text": self.title(effect.step)}
        elif isinstance(effect, fx.Decided):
            yield self._decided(effect)
        elif isinstance(effect, fx.Notify):
            yield {"kind": "notice", "text": sample_text(effect.template, self.language, self._named())}
        elif isinstance(effect, fx.RequestBill):
            yield {"kind": "bill", "text": self.total()}
        elif isinstance(effect, fx.SetState):
            yield {"kind": "reads", "text": self.service.public(effect.step, self.language)}
        elif isinstance(effect, fx.PauseClock | fx.ResumeClock):
            rests = isinstance(effect, fx.PauseClock)
            yield {
                "kind": "clock",
                "text": _("The clock of the whole rests.") if rests else _("The clock of the whole runs."),
            }
        elif isinstance(effect, fx.OpenChild):
            child = service_in_force(effect.service, clock.today())
            yield {"kind": "child", "text": effect.service if child is None else child.name(self.language)}
        elif isinstance(effect, fx.End):
            yield {"kind": "end", "text": self.service.public(effect.step, self.language) or effect.step}

    def _decided(self, effect: fx.Decided) -> dict[str, str]:
        read = ", ".join(f"{name} = {value}" for name, value in effect.inputs.items())
        return {
            "kind": "rule", "text": self.text(effect.why) or f"{self.title(effect.step)} ← {self.title(effect.to)}",
            "rule": effect.rule or "", "read": read, "fired": ", ".join(effect.fired),
        }  # fmt: skip

    def _named(self) -> dict[str, str]:
        return {"service": self.service.name(self.language), "amount": self.total(missing="")}

    def total(self, missing: str | None = None) -> str:
        """The whole fee of the answers; where there is no price, `missing` or a sentence that says so."""
        try:
            _lines, totals = self.play.setting.price(self.play.known.data, self.play.known.derived)
        except NoRate:
            return _("There is no price for this day.") if missing is None else missing
        return plain_amount(Halalas(totals.total))
