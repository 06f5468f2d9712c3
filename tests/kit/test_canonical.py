"""Canonical bytes and their digests."""

import json
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwan.kit.canonical import NotCanonical, canonical_json, digest, joined
from diwan.kit.keyed import derived_key, keyed_digest, same_digest

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_the_bytes() -> None:
    value = {"ب": [1, True, None], "a": {"y": 'é\n"', "x": -3}, "A": ()}
    assert canonical_json(value).decode() == '{"A":[],"a":{"x":-3,"y":"é\\n\\""},"ب":[1,true,null]}'
    assert canonical_json(MappingProxyType({"b": 1, "a": 2})) == b'{"a":2,"b":1}'


@given(VALUES)
def test_reading_back_gives_the_same_value_and_digest(value: Any) -> None:
    raw = canonical_json(value)
    assert json.loads(raw) == value
    assert digest(json.loads(raw)) == digest(value)


def test_the_digest_is_that_of_the_bytes() -> None:
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}) != digest({"a": "1", "b": 2})


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"fee": [1, 1.5]}, "$.fee[1]"),
        ({"fee": Decimal("1.5")}, "$.fee"),
        ([date(2026, 1, 1)], "$[0]"),
        ({1: "x"}, "$"),
        ({"x": {"y": b"z"}}, "$.x.y"),
        ({"x": "\ud800"}, "surrogate"),
    ],
)
def test_what_has_several_spellings_is_refused(value: Any, where: str) -> None:
    with pytest.raises(NotCanonical) as caught:
        canonical_json(value)
    assert where in str(caught.value)


def test_keyed_digests_depend_on_secret_and_purpose() -> None:
    one = keyed_digest(secret="s" * 40, purpose="audit", value=b'{"a":1}')
    assert len(one) == 64
    assert same_digest(one, keyed_digest(secret="s" * 40, purpose="audit", value='{"a":1}'))
    assert not same_digest(one, keyed_digest(secret="s" * 40, purpose="links", value='{"a":1}'))
    assert not same_digest(one, keyed_digest(secret="t" * 40, purpose="audit", value='{"a":1}'))
    assert len(derived_key(secret="s", purpose="x")) == 32


def test_parts_that_are_canonical_join_to_the_canonical_whole() -> None:
    whole = {"ب": [1, None], "data": {"z": "ي", "a": True}, "account": 7}
    assert joined({key: canonical_json(value) for key, value in whole.items()}) == canonical_json(whole)
    assert joined({}) == canonical_json({})
