"""The interface's texts: `locale/src/*.yaml` joined into the Arabic catalogue, and checked against the sources.

`python -m tools.messages build` writes django.po and django.mo; `check` also fails on an English text without an
Arabic one, on an Arabic text that nothing uses, and on placeholders that differ.

A YAML file maps English message ids to Arabic. A message with a context is written `CONTEXT :: MESSAGE`. A plural is
written under its singular id as a mapping with `plural` (the English plural id) and the Arabic forms `zero`, `one`,
`two`, `few`, `many`, `other`; a missing form is taken from `other`.
"""

import ast
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po
from django.utils.translation.template import templatize
from ruamel.yaml import YAML

ROOT: Final = Path(__file__).resolve().parents[1]
SOURCES: Final = ROOT / "locale" / "src"
TARGET: Final = ROOT / "locale" / "ar" / "LC_MESSAGES"
FORMS: Final = ("zero", "one", "two", "few", "many", "other")
FEW: Final = "n%100>=3 && n%100<=10"
MANY: Final = "n%100>=11 && n%100<=99"
PLURALS: Final = f"nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : {FEW} ? 3 : {MANY} ? 4 : 5;"
"""The rule of CLDR in the order of FORMS, character for character that of Django's own Arabic catalogue."""
CONTEXT_MARK: Final = " :: "

# name of the function: positions of (context, singular, plural) among its arguments
CALLS: Final[Mapping[str, tuple[int | None, int, int | None]]] = {
    "_": (None, 0, None),
    "N_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "plural_message": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
LITERAL: Final = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
IN_TEMPLATE: Final = re.compile(rf" (n?p?gettext|_)\(({LITERAL}(?:, {LITERAL})*)")
PLACEHOLDER: Final = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


@dataclass(frozen=True, order=True)
class Message:
    """What the code asks for: context (empty when none), English singular, English plural (empty when none)."""

    context: str
    singular: str
    plural: str

    @property
    def key(self) -> str:
        """How a YAML file names it."""
        return f"{self.context}{CONTEXT_MARK}{self.singular}" if self.context else self.singular


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _pick(name: str, values: list[str | None]) -> Message | None:
    context_at, singular_at, plural_at = CALLS[name]
    wanted = [at for at in (context_at, singular_at, plural_at) if at is not None]
    if any(at >= len(values) or values[at] is None for at in wanted):
        return None
    context = values[context_at] if context_at is not None else ""
    plural = values[plural_at] if plural_at is not None else ""
    return Message(context or "", values[singular_at] or "", plural or "")


def in_python(source: str) -> Iterator[tuple[int, Message]]:
    """Messages of a Python file, with their lines: marked calls, and the `message` of an error class."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            message = _pick(name, [_text(each) for each in node.args]) if name in CALLS else None
            if message is not None and message.singular:
                yield node.lineno, message
        elif isinstance(node, ast.ClassDef):
            for statement in node.body:
                if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
                    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                    text = _text(statement.value)
                    if text and any(isinstance(each, ast.Name) and each.id == "message" for each in targets):
                        yield statement.lineno, Message("", text, "")


def in_template(source: str) -> Iterator[tuple[int, Message]]:
    """Messages of a Django template, with their lines."""
    made = templatize(source)
    for found in IN_TEMPLATE.finditer(made):
        arguments = ast.literal_eval(f"({found[2]},)")
        message = _pick(found[1], list(arguments))
        if message is not None and message.singular:
            yield made.count("\n", 0, found.start()) + 1, message


def used() -> dict[Message, str]:
    """Every message of the product, with one place that uses it."""
    places: dict[Message, str] = {}
    for path in sorted((ROOT / "diwan").rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            found = in_python(path.read_text(encoding="utf-8"))
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            found = in_template(path.read_text(encoding="utf-8"))
        else:
            continue
        for line, message in found:
            places.setdefault(message, f"{path.relative_to(ROOT)}:{line}")
    return places


def translations() -> tuple[dict[str, Any], list[str]]:
    """Key to Arabic (text or forms) from all files, and the faults found while reading."""
    joined: dict[str, Any] = {}
    origin: dict[str, str] = {}
    faults: list[str] = []
    for path in sorted(SOURCES.glob("*.yaml")):
        for key, value in (YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}).items():
            name = str(key)
            if name in joined and joined[name] != value:
                faults.append(f"{path.name} and {origin[name]} translate {name!r} differently")
            if not isinstance(value, str | dict):
                faults.append(f"{path.name}: {name!r} is neither a text nor plural forms")
                continue
            joined.setdefault(name, value)
            origin.setdefault(name, path.name)
    return joined, faults


def _arabic(message: Message, value: Any) -> str | tuple[str, ...]:
    """What the catalogue holds for a message."""
    if not message.plural:
        return str(value)
    other = str(value.get("other", ""))
    return tuple(str(value.get(form, other)) for form in FORMS)


def compare(places: Mapping[Message, str], known: Mapping[str, Any]) -> list[str]:
    """Texts without Arabic, Arabic without a use, differing plural ids and placeholders."""
    faults = []
    for message, place in sorted(places.items()):
        value = known.get(message.key)
        if value is None:
            faults.append(f"{place}: no Arabic for {message.key!r}")
        elif isinstance(value, dict) != bool(message.plural):
            faults.append(
                f"{place}: {message.key!r} needs {'plural forms' if message.plural else 'one text'}"
            )
        elif isinstance(value, dict) and (value.get("plural") != message.plural or not value.get("other")):
            faults.append(
                f"{place}: {message.key!r} needs plural {message.plural!r} and at least the form `other`"
            )
        else:
            faults += [f"{place}: {message.key!r}: {fault}" for fault in _placeholder_faults(message, value)]
    keys = {message.key for message in places}
    faults += [f"nothing uses {key!r}" for key in sorted(set(known) - keys)]
    return faults


def _placeholder_faults(message: Message, value: Any) -> list[str]:
    allowed = set(PLACEHOLDER.findall(message.singular)) | set(PLACEHOLDER.findall(message.plural))
    texts = (
        [value] if isinstance(value, str) else [str(text) for form, text in value.items() if form != "plural"]
    )
    faults = [
        f"{each} is not in the English" for text in texts for each in set(PLACEHOLDER.findall(text)) - allowed
    ]
    if isinstance(value, str):
        faults += [f"{each} is missing in the Arabic" for each in allowed - set(PLACEHOLDER.findall(value))]
    return faults


def build(places: Mapping[Message, str], known: Mapping[str, Any]) -> int:
    """Write django.po and django.mo; returns the number of messages."""
    catalogue = Catalog(locale="ar", project="Diwan", charset="utf-8", fuzzy=False)
    catalogue.mime_headers = [*catalogue.mime_headers, ("Plural-Forms", PLURALS)]
    count = 0
    for message in sorted(places):
        value = known.get(message.key)
        if value is None or isinstance(value, dict) != bool(message.plural):
            continue
        catalogue.add(
            (message.singular, message.plural) if message.plural else message.singular,
            _arabic(message, value),
            context=message.context or None,
        )
        count += 1
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, writer in (("django.po", write_po), ("django.mo", write_mo)):
        making = TARGET / f"{name}.{os.getpid()}"  # two may build at once
        with making.open("wb") as out:
            writer(out, catalogue)
        making.replace(TARGET / name)
    return count


def main(words: list[str]) -> int:
    """`build` or `check`; the exit status."""
    if words not in (["build"], ["check"]):
        print("usage: python -m tools.messages build|check", file=sys.stderr)
        return 2
    known, faults = translations()
    places = used()
    count = build(places, known)
    if words == ["check"]:
        faults += compare(places, known)
    for fault in faults:
        print(fault)
    print(f"{count} of {len(places)} messages have Arabic" + (f"; {len(faults)} faults" if faults else ""))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
