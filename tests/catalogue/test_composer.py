"""YAML 1.2 as values with lines: what becomes of which word, what is refused and where, and two readers that agree."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as some

from diwan.catalogue.composer import Fault, Listed, Mapped, compose
from diwan.catalogue.source import ROOT
from diwan.kit.errors import english


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("5", 5),
        ("-5", -5),
        ("0600", 600),
        ("0o17", 15),
        ("0x1F", 31),
        ("'5'", "5"),
        ("!!str 5", "5"),
        ("!!int '5'", 5),
        ("1_000", "1_000"),
        ("1.50", "1.50"),
        ("!!float 1.50", "1.50"),
        ("2026-02-01", "2026-02-01"),
        ("12:30", "12:30"),
        ("yes", "yes"),
        ("no", "no"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("''", ""),
        ("{a: b:c}", {"a": "b:c"}),
        ("two\twords", "two\twords"),
        ("[1, [2, {a: }]]", [1, [2, {"a": None}]]),
        ("{5: a, no: b, ~: c}", {"5": "a", "no": "b", "~": "c"}),
    ],
)
def test_a_word_becomes_what_yaml_1_2_says(written: str, meant: Any) -> None:
    """Fractions, dates and hours stay text; `yes` and `no` are words; keys are text."""
    assert compose(f"key: {written}\n") == {"key": meant}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "The key a is written twice; it stands on line 1 already."),
        ("a: 1\n b: 2\n", 2, "A colon begins a value"),
        ("a: [1, 2\nb: 3\n", 2, "A comma or the closing bracket"),
        ("a: *none\n", 1, "Nothing before this is named"),
        ("a: &own [1, *own]\n", 1, "Nothing before this is named"),
        ("a: 1\n---\nb: 2\n", 2, "A second text begins here"),
        ("a:\n  ? [1]\n  : 2\n", 2, "A key is a word"),
        ("a: {b: 1, : 2}\n", 1, "A key is missing"),
        ("a: !thing 5\n", 1, "The tag !thing is not known here."),
        ("a: !!bool 5\n", 1, "is not of the tag"),
        ("a: !!set {b, c}\n", 1, "is not known here"),
        ("a:\n\tb: 1\n", 2, "A tab stands here"),
        ("a: 1\n<<: 3\n", 2, "What << takes over"),
        ("- - - - - " * 60_000 + "a", 1, "nested too deep"),
        ("a: " + "[" * 5000, 1, "nested too deep"),
        ("".join(f"a{n}: &a{n} [{f'*a{n - 1}' if n else 1}]\n" for n in range(60)), 40, "nested too deep"),
        (
            "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else '1'] * 9)}]\n" for n in range(9)),
            5,
            "holds too much",
        ),
        ("a: \x00\n", 0, "a sign that can't be used"),
        ("a: \ud800\n", 0, "a sign that can't be used"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_line(text: str, line: int, said: str) -> None:
    """Each with the reason; nothing grows, or nests, beyond its bounds before it is refused."""
    with pytest.raises(Fault) as refused:
        compose(text)
    assert said in english(refused.value.problem)
    assert refused.value.line == line


def test_anchors_and_merged_keys() -> None:
    """Own keys win, then earlier sources; a merged key stands on the line of its mapping."""
    text = "one: &one {a: 1, b: 1}\ntwo: &two {b: 2, c: 2}\nboth:\n  <<: [*one, *two]\n  c: 3\nsame: *one\n"
    found = compose(text)
    assert found["both"] == {"a": 1, "b": 1, "c": 3}
    assert found["both"].lines == {"a": 4, "b": 4, "c": 5}
    assert found["same"] == found["one"]
    assert found.lines == {"one": 1, "two": 2, "both": 3, "same": 6}


def _places(node: Any) -> Any:
    if isinstance(node, Mapped):
        return (node.line, node.lines, {key: _places(value) for key, value in node.items()})
    if isinstance(node, Listed):
        return (node.line, node.lines, [_places(value) for value in node])
    return node


def _slowly(text: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    def refuse(*_: Any, **__: Any) -> Any:
        raise yaml.YAMLError

    with monkeypatch.context() as patched:
        patched.setattr(yaml, "parse", refuse)
        return compose(text)


@pytest.mark.parametrize("folder", ["services", "workflows", "parts"])
def test_both_readers_see_the_same_catalogue(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values and lines of what is packaged, by libyaml and by ruamel.yaml."""
    files = sorted((ROOT / folder).rglob("*.yaml"))[::7]
    assert files
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert _places(compose(text)) == _places(_slowly(text, monkeypatch)), file.name


_texts = some.text(some.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=12)
_values = some.recursive(
    some.none() | some.booleans() | some.integers(-(10**9), 10**9) | _texts,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(_texts.filter(bool), inner, max_size=4),
    max_leaves=15,
)


@given(value=_values, flow=some.booleans())
def test_what_was_written_is_read(value: Any, flow: bool) -> None:
    """Any data, as another library writes it, comes back as it was."""
    assert compose(yaml.safe_dump({"key": value}, default_flow_style=flow, allow_unicode=True)) == {
        "key": value
    }
