"""The recipe for receivers in docs/webhooks.md, run as it stands there."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from diwan.kit import clock
from diwan.webhooks.models import Subscription
from diwan.webhooks.signing import secret_text, signed_headers, signing_keys

PAGE = Path(__file__).resolve().parents[2] / "docs" / "webhooks.md"
BODY = '{"id": "ev-1", "ع": "ث"}'.encode()


def test_the_recipe_of_the_page_takes_what_we_sign_and_nothing_else() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.S)
    assert len(blocks) == 1
    names: dict[str, Any] = {}
    exec(blocks[0], names)
    now = clock.real_now()
    subscription = Subscription(key="k" * 22, secret=2, overlap_until=now + timedelta(hours=1))
    before = Subscription(key="k" * 22, secret=1)
    keys = signing_keys(subscription, now=now)
    headers = dict(signed_headers(identity="ev-1", body=BODY, keys=keys, at=now))
    assert len(headers["webhook-signature"].split()) == 2
    for known in (subscription, before):
        assert names["check"](BODY, headers, secret_text(known)) == "ev-1"
    stranger = Subscription(key="s" * 22, secret=1)
    old = signed_headers(identity="ev-1", body=BODY, keys=keys, at=now - timedelta(minutes=6))
    for body, given, secret in (
        (BODY + b" ", headers, secret_text(subscription)),
        (BODY, {**headers, "webhook-id": "ev-2"}, secret_text(subscription)),
        (BODY, headers, secret_text(stranger)),
        (BODY, dict(old), secret_text(subscription)),
    ):
        with pytest.raises(ValueError):
            names["check"](body, given, secret)
    assert len(signing_keys(subscription, now=now + timedelta(hours=2))) == 1
