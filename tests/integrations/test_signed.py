"""Signed notices: signature over time and body, five minutes, an id."""

import time
from datetime import UTC, datetime

import pytest

from diwan.kit.signed import BadSignature, notice_signature, verify_notice
from peers.base import signing

KEY = "the-key-of-the-notices"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
AT = int(NOW.timestamp())


def check(headers: dict[str, str], body: bytes = b"{}", key: str = KEY, now: datetime = NOW) -> str:
    return verify_notice(body=body, headers=headers, key=key, now=now).id


def signed(body: bytes = b"{}", key: str = KEY, sent_at: int = AT) -> dict[str, str]:
    return signing.headers(key=key, notice_id="notice-0001", body=body, sent_at=sent_at)


def test_both_sides_agree_on_the_signature() -> None:
    assert check(signed()) == "notice-0001"
    assert signing.signature(key=KEY, sent_at=AT, body=b"x") == notice_signature(
        key=KEY, sent_at=str(AT), body=b"x"
    )


@pytest.mark.parametrize("seconds", [-299, 299])
def test_within_the_window(seconds: int) -> None:
    assert check(signed(sent_at=AT + seconds))


@pytest.mark.parametrize("seconds", [-301, 301])
def test_outside_the_window(seconds: int) -> None:
    with pytest.raises(BadSignature, match="window"):
        check(signed(sent_at=AT + seconds))


@pytest.mark.parametrize(
    "change",
    [
        {"X-Notice-Time": str(AT + 1)},
        {"X-Notice-Signature": "0" * 64},
        {"X-Notice-Signature": ""},
        {"X-Notice-Signature": "é"},
        {"X-Notice-Time": "soon"},
        {"X-Notice-Time": ""},
        {"X-Notice-Time": "٠"},
        {"X-Notice-Id": ""},
        {"X-Notice-Id": "a b c d e f g"},
        {"X-Notice-Id": "x" * 81},
    ],
)
def test_any_change_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        check({**signed(), **change})


def test_another_body_or_key_or_no_key() -> None:
    for more in ({"body": b"{ }"}, {"key": "another-key"}, {"key": ""}):
        with pytest.raises(BadSignature):
            check(signed(), **more)
    with pytest.raises(BadSignature):
        check(signed(key=""), key="")


def test_the_present_is_real_time() -> None:
    assert abs(int(signing.headers(key=KEY, notice_id="n" * 8, body=b"")["X-Notice-Time"]) - time.time()) < 5
