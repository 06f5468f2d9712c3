"""One-time codes of the demo people: computed for employees, looked up in the catcher for residents."""

import re
from dataclasses import dataclass
from typing import Final

import httpx
from django.conf import settings

from diwan.demo.plan.people import society
from diwan.kit.digits import compact
from diwan.people.actions import totp_code
from diwan.people.models import Account

_CODE: Final = re.compile(r"(?<![\d-])\d{6}(?![\d-])")


class NoCode(Exception):
    """There is no code to show; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Found:
    """A code and a sentence about it."""

    code: str
    note: str


def code_of(name: str) -> Found:
    """The code that a person would be asked for now. Raises NoCode."""
    word = compact(name)
    human = next(
        (
            row
            for row in society().humans.values()
            if word in (row.key, row.national_id) or name.strip() == row.email
        ),
        None,
    )
    if human is not None:
        return _caught([human.mobile, human.email])
    account = Account.objects.filter(username=name.strip()).exclude(kind=Account.Kind.RESIDENT).first()
    if account is None:
        raise NoCode(f"Nobody in the demo is called {name}. The names are listed by: diwan demo people")
    code = totp_code(account=account)
    if not code:
        raise NoCode(f"{name} has no code generator. Those who have one are listed by: diwan demo people")
    return Found(code, f"Code of {account.username} for the next 30 seconds; a code is accepted once.")


def _caught(addresses: list[str]) -> Found:
    """The newest message with a code that the catcher holds for one of the addresses."""
    base = settings.DIWAN.sms_url.removesuffix("/sms")
    if not base:
        raise NoCode("No catcher is configured, so the code went to the person's own telephone.")
    found: list[tuple[str, str]] = []
    for address in filter(None, addresses):
        try:
            answer = httpx.get(
                f"{base}/api/messages", params={"to": address, "limit": 20}, timeout=5, trust_env=False
            )
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise NoCode(f"The catcher at {base}/ does not answer; is Diwan running?") from error
        for message in answer.json()["messages"]:
            codes = _CODE.findall(compact_digits(message["text"]))
            found += [(message["received_at"], codes[0])] if codes else []
    if not found:
        raise NoCode(
            f"No message with a code has arrived yet. Ask for one on the sign-in page; messages: {base}/"
        )
    return Found(max(found)[1], f"From the newest message; all messages: {base}/")


def compact_digits(text: str) -> str:
    """The text with Arabic-Indic digits as ASCII ones."""
    return text.translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789"))
