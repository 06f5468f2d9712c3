"""The steps of a service taken from a diagram: they replace its own, and every other line stays as it was written."""

from __future__ import annotations

import pytest

from diwan.bpmn import DiagramError, from_bpmn
from diwan.catalogue.drawn import take_diagram
from diwan.catalogue.source import CatalogueError, read_text
from tests.bpmn.files import APPROVAL, WAITING, diagram

BEFORE = """\
slug: night  # a note
notices: {submitted: RECEIVED}
"""
OWN = """\
workflow:
  key: night
  start: wait
  steps:
    wait: {kind: message}
"""
AFTER = """\

# Why the result is a letter.
result: {kind: letter}
"""


@pytest.mark.parametrize("after", ["", AFTER])
def test_the_rest_stays_letter_for_letter(after: str) -> None:
    drawn = diagram(APPROVAL)
    made = take_diagram(BEFORE + OWN + after, drawn)
    assert made.startswith(BEFORE + "workflow:\n") and made.endswith(after)
    assert read_text(made).data["workflow"] == from_bpmn(drawn)
    assert take_diagram(made, diagram(WAITING)) == take_diagram(BEFORE + OWN + after, diagram(WAITING))


@pytest.mark.parametrize("text", ["", BEFORE, BEFORE.rstrip()])
def test_a_text_without_steps_gets_them_at_its_end(text: str) -> None:
    made = take_diagram(text, diagram(WAITING))
    assert made.startswith(text)
    assert read_text(made).data["workflow"] == from_bpmn(diagram(WAITING))


@pytest.mark.parametrize(
    "text",
    [
        "{slug: night, workflow: {key: night}}",
        "  slug: night\n  workflow: {key: night}\n",
        "slug: night\n...\n",
        "workflow: {key: &named night}\nslug: *named\n",
    ],
)
def test_a_text_whose_lines_do_not_stand_for_themselves_is_written_anew(text: str) -> None:
    made = take_diagram(text, diagram(WAITING))
    assert read_text(made).data == {"slug": "night", "workflow": from_bpmn(diagram(WAITING))}


def test_keys_that_are_merged_in_have_no_line() -> None:
    text = "more: &more {code: NP-1}\n<<: *more\n"
    made = take_diagram(text, diagram(WAITING))
    assert read_text(made).data == {**read_text(text).data, "workflow": from_bpmn(diagram(WAITING))}


def test_what_is_no_text_of_a_service_or_no_diagram_is_refused() -> None:
    for text in ("slug: [", "- a list", "slug: a\nslug: b\n"):
        with pytest.raises(CatalogueError):
            take_diagram(text, diagram(WAITING))
    with pytest.raises(DiagramError):
        take_diagram(BEFORE, b"<a/>")
