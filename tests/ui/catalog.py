"""Compiles locale/src/*.yaml into a catalogue of messages in a folder, for the gallery alone."""

from __future__ import annotations

import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from ruamel.yaml import YAML

SOURCES = Path(__file__).resolve().parents[2] / "locale" / "src"
_FORMS = ("zero", "one", "two", "few", "many", "other")


def compiled_locale() -> Path:
    """A folder with ar/LC_MESSAGES/django.mo made from the YAML sources of the interface."""
    catalog = Catalog(locale="ar", charset="utf-8")
    for source in sorted(SOURCES.glob("*.yaml")):
        for key, value in (YAML(typ="safe").load(source) or {}).items():
            context, _, message = key.rpartition("\x04") if "\x04" in key else (None, "", key)
            if isinstance(value, dict) and "plural" in value:
                catalog.add((message, value["plural"]), tuple(value.get(form, value["other"]) for form in _FORMS))
            elif isinstance(value, str):
                catalog.add(message, value, context=context)
    target = Path(tempfile.mkdtemp(prefix="diwan-ui-")) / "ar" / "LC_MESSAGES"
    target.mkdir(parents=True)
    with (target / "django.mo").open("wb") as out:
        write_mo(out, catalog)
    return target.parents[1]
