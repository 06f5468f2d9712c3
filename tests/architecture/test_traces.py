"""Every action leaves a row in the audit log, itself or through the action that it calls, or says why it has none."""

import ast
from pathlib import Path
from typing import Final

import pytest

from tests.architecture.tree import ROOT

RECORDERS: Final = frozenset(
    {
        "audit_row",
        "audit_digest_of",
        "write_act",
        "move",
        "open_cases",
        "open_case",
        "tell",
        "put_into_force",
        "record_notice",
        "change_entry",
        "take_step",
        "intervene",
        "submit_application",
        "start_draft",
        "file_report",
        "add_words",
        "enter_days",
        "enter_stock",
        "note_change",
    }
)
"""Functions that write the row, or end in one that does."""

WITHOUT: Final = {
    "audit.access": "writes the access log, which is the trace of a read",
    "audit.anchor": "writes down the seal of the log itself",
    "audit.seal": "seals the log itself",
    "cases.index_words": "derived from the case, whose write has its row",
    "cases.keep_accounts": "derived from the history of cases that have ended; their end has its row",
    "cases.prune": "removes what nobody submitted; the start of each draft was written",
    "cases.save_note": "keeps what is being typed; the act that uses it is written",
    "documents.status_lists": "fetches public lists beside the roots",
    "files.attach_uploads": "part of the action that opens or completes the case",
    "files.collect_garbage": "removes content that nothing refers to",
    "files.keep_content": "part of the action that receives the upload",
    "notify.record_receipt": "the provider's word on a message, kept with its row",
    "notify.send_code": "counted by the windows of attempts; the sign-in is written",
    "notify.send_new_code": "counted by the windows of attempts; the act that the code proves is written",
    "reports.answer_report": "chooses for the reporter by an action of the case, which is written",
    "cases.notify_applicant": "queues a message for an action that is written",
    "notify.send_due": "sends rows that an audited action has written",
    "notify.send_secret": "the act that the secret is for is written: a code asked for, a reset confirmed",
    "notify.send_now": "sends rows that an audited action has written",
    "outbox.deliver": "machinery of events",
    "outbox.emit": "machinery of events",
    "outbox.pass_over": "machinery of events",
    "outbox.prune": "machinery of events",
    "outbox.revive": "machinery of events",
    "payments.present_bill": "tells the payment system of a bill whose issue was written",
    "people.codes": "one-time codes; the sign-in is written",
    "people.count_attempt": "a counter against guessing",
    "webhooks.fan_out": "machinery of events",
    "webhooks.prune": "removes what was delivered long ago",
    "webhooks.send_due": "sends rows that events have made; what a receiver turned off is written by the pause",
}
"""Action modules without a row of their own, and why."""


def named(source: str) -> set[str]:
    """Names of the functions that a module calls."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            function = node.func
            found.add(function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", ""))
    return found


def leaves_a_row(source: str) -> bool:
    """Whether the module calls something that writes the log."""
    return bool(named(source) & RECORDERS)


def actions() -> dict[str, Path]:
    """`package.module` of every action, with its file."""
    return {
        f"{path.parents[1].name}.{path.stem}": path
        for folder in ("*/actions/*.py", "modules/*/actions/*.py")
        for path in sorted((ROOT / "diwan").glob(folder))
        if path.stem != "__init__"
    }


def silent() -> list[str]:
    """Action modules that write no row and give no reason."""
    return [
        name for name, path in actions().items() if name not in WITHOUT and not leaves_a_row(path.read_text())
    ]


def test_every_action_leaves_a_row() -> None:
    assert silent() == []


def test_reasons_are_given_only_where_they_are_needed() -> None:
    found = actions()
    assert sorted(set(WITHOUT) - set(found)) == [], "there is no such action any more"
    assert [name for name in WITHOUT if name != "audit.seal" and leaves_a_row(found[name].read_text())] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def pay(*, bill, by):\n    bill.save()\n", False),
        ("def pay(*, bill, by):\n    bill.save()\n    audit_row(by=by)\n", True),
        ("def pay(*, bill, by):\n    moving.move(bill, by=by)\n", True),
    ],
)
def test_a_planted_silent_action_is_found(source: str, found: bool) -> None:
    assert leaves_a_row(source) is found
