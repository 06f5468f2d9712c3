"""The flow and the rules stay pure, and every message can be translated."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from ruamel.yaml import YAML

from diwan.flow.errors import MESSAGES
from diwan.flow.reader import FAULTS
from diwan.rules import RuleError, TableError

ROOT = Path(__file__).parents[2]


def test_neither_loads_a_framework_or_a_database() -> None:
    code = "import sys, diwan.flow, diwan.rules; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    for name in ("django", "psycopg", "socket"):
        assert name not in loaded.split()
    own = {name for name in loaded.split() if name.startswith("diwan.")}
    assert {name.split(".")[1] for name in own} == {"flow", "rules", "kit"}


def test_every_message_has_its_arabic_with_the_same_parameters() -> None:
    for package, messages in (
        ("flow", [*MESSAGES.values(), *FAULTS.values()]),
        ("rules", [RuleError.message, TableError.message]),
    ):
        arabic = YAML(typ="safe").load(
            (ROOT / "locale" / "src" / f"{package}.yaml").read_text(encoding="utf-8")
        )
        for message in messages:
            assert message in arabic, message
            assert set(re.findall(r"{\w+}", arabic[message])) == set(re.findall(r"{\w+}", message))


def test_every_code_used_is_declared() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "diwan" / "flow").glob("*.py"))
    used = set(re.findall(r'(?:fault|FlowError|_unknown)\(\s*"(flow\.\w+)"', text))
    assert used and used <= set(FAULTS) | set(MESSAGES)
