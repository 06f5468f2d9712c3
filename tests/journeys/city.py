"""The running installation as a person finds it: addresses, the demo people, the catcher, the bank, the registers."""

import base64
import hmac
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.journeys.browser import Browser, squeeze
from tests.journeys.steps import Broken, expect

ROOT = Path(__file__).resolve().parents[2]
ADDRESSES = ("BASE", "REGISTERS", "PAYMENTS", "CATCHER", "AUTHORITY")
#: The code last used by each person, in whichever walk of this run.
_used: dict[str, str] = {}
_CODE = re.compile(r"(?<![\d-])\d{6}(?![\d-])")


def _outside() -> dict[str, str]:
    """The environment of another terminal: settings of the tests do not reach the installation."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("DIWAN_", "DJANGO_"))}


@dataclass(frozen=True)
class City:
    """Addresses of one installation."""

    base: str
    registers: str
    payments: str
    catcher: str
    authority: str
    people: Path
    files: Path

    @classmethod
    def from_environment(cls) -> "City":
        """As the launcher gives them (JOURNEY_*)."""
        if any(f"JOURNEY_{name}" not in os.environ for name in (*ADDRESSES, "PEOPLE", "FILES")):
            raise SystemExit("Start this by: ./run journey NAME")
        return cls(
            **{name.lower(): os.environ[f"JOURNEY_{name}"] for name in ADDRESSES},
            people=Path(os.environ["JOURNEY_PEOPLE"]),
            files=Path(os.environ["JOURNEY_FILES"]),
        )

    def person(self, name: str) -> dict[str, Any]:
        """What the launcher prints of a demo person: login, password, title."""
        listed = json.loads(self.people.read_text(encoding="utf-8"))
        found: dict[str, Any] = next(one for one in listed if one["name"] == name)
        return found

    def run(self, *words: str) -> str:
        """A command of the launcher on this installation, as typed in another terminal; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "diwan.project.launch", "--data", str(self.people.parent), *words],
            cwd=ROOT, env=_outside(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        expect(
            done.returncode == 0,
            f"./run {' '.join(words)} ended with {done.returncode}: {done.stdout}{done.stderr}",
        )
        return done.stdout

    def code(self, name: str) -> str:
        """What the person's generator shows now; of whoever has none what `./run code NAME` says."""
        seed = self.person(name).get("totp_seed")
        if seed:
            return _shown_by_generator(seed, time.time())
        said = self.run("code", name)
        found = _CODE.search(said)
        if found is None:
            raise Broken(f"./run code {name} showed no code: {said}")
        return found.group()


def _shown_by_generator(seed: str, now: float) -> str:
    """Six digits for the half minute (RFC 6238), as an application on the person's telephone computes them."""
    mac = hmac.digest(base64.b32decode(seed), int(now // 30).to_bytes(8), "sha1")
    start = mac[-1] & 15
    return f"{(int.from_bytes(mac[start : start + 4]) & 0x7FFF_FFFF) % 1_000_000:06}"


class Catcher:
    """The mail and short messages that left the product."""

    def __init__(self, city: City) -> None:
        self._client = httpx.Client(base_url=city.catcher, trust_env=False, timeout=20)

    def last(self) -> int:
        """The number of the newest message."""
        return max((one["id"] for one in self.messages(limit=1)), default=0)

    def messages(self, **query: Any) -> list[dict[str, Any]]:
        """The catcher's own list, newest first; `to`, `kind`, `q`, `after`, `limit`."""
        found: list[dict[str, Any]] = (
            self._client.get("/api/messages", params=query).raise_for_status().json()["messages"]
        )
        return found

    def wait(
        self, matching: Callable[[dict[str, Any]], bool], *, after: int, what: str, seconds: float = 90
    ) -> dict[str, Any]:
        """The first message after a number that matches."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for message in reversed(self.messages(after=after, limit=1000)):
                if matching(message):
                    found: dict[str, Any] = message
                    return found
            time.sleep(0.1)
        raise Broken(f"no message came: {what}")

    def code(self, *, after: int, to: str = "") -> tuple[str, dict[str, Any]]:
        """The one-time code of the newest short message, as a person copies it, and the message."""

        def has_code(one: dict[str, Any]) -> bool:
            return (
                one["kind"] == "sms"
                and (not to or one["recipient"] == to)
                and bool(_CODE.search(one["text"]))
            )

        message = self.wait(has_code, after=after, what="a one-time code by short message")
        found = _CODE.search(message["text"])
        assert found is not None
        return found.group(), message


class Bank:
    """The page of the payer's bank."""

    def __init__(self, city: City) -> None:
        self._city = city
        self.client = httpx.Client(base_url=city.payments, trust_env=False, timeout=20)

    def pay(self, biller: str, number: str) -> None:
        """Find the bill by its two numbers (it reaches the bank a moment after it is made) and press "pay"."""
        browser = Browser(self._city.payments)
        deadline = time.monotonic() + 20
        while True:
            status, page = browser.look(f"/bank?biller_code={biller}&bill_number={number}")
            if status == 200:
                break
            expect(time.monotonic() < deadline, "the bill does not reach the bank", page=page)
            time.sleep(0.25)
        page.form("/bank/pay").submit()

    def faults(self, *names: str) -> None:
        """Switch standing faults of the gateway; without names none."""
        self.client.put("/control/payments", json={"faults": list(names)}).raise_for_status()


class Registers:
    """The switches of the registers."""

    def __init__(self, city: City) -> None:
        self.client = httpx.Client(base_url=city.registers, trust_env=False, timeout=20)

    def switch(self, name: str, state: str, **options: Any) -> None:
        """`up`, `down`, `slow`, `no`, `wrong`."""
        self.client.put(f"/control/switches/{name}", json={"state": state, **options}).raise_for_status()

    def answer(self, body: str, number: str, state: str, *, seconds: float = 90) -> None:
        """What a body's own system answers about a case: `approved` or `rejected`, as soon as it was asked."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for asked in self.client.get("/control/requests").raise_for_status().json()["requests"]:
                if (
                    asked["body"] == body
                    and asked["reference"].startswith(number[:10])
                    and asked["status"] == "pending"
                ):
                    path = f"/control/requests/{asked['id']}"
                    self.client.put(path, json={"state": state}).raise_for_status()
                    return
            time.sleep(0.25)
        raise Broken(f"{body} was not asked about {number}")

    def reset(self) -> None:
        """Everything as it should be."""
        self.client.post("/control/reset").raise_for_status()


class Person:
    """A demo person with a browser."""

    def __init__(self, city: City, name: str) -> None:
        self.city = city
        self.name = name
        self.known = city.person(name)
        self.browser = Browser(city.base)
        self._is_in = False

    def sign_in(self, catcher: Catcher, *, login: str = "", next_path: str = "") -> None:
        """Sign in as this kind of person does; who is signed in already stays so."""
        if self._is_in:
            return
        if self.known.get("password"):
            self._by_password(next_path)
        else:
            self._by_code(catcher, login or self.known["login"], next_path)
        self._is_in = True

    def fresh_code(self) -> str:
        """The code of the next thirty seconds: one that was used is accepted no second time."""
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            code = self.city.code(self.name)
            if code != _used.get(self.name):
                _used[self.name] = code
                return code
            time.sleep(1)
        raise Broken(f"no fresh code for {self.name}")

    def _by_code(self, catcher: Catcher, login: str, next_path: str) -> None:
        """A code is sent at most every half minute; who asks sooner is told how long to wait, and waits."""
        page = self.browser.open("/sign-in/" + (f"?next={next_path}" if next_path else ""))
        for _ in range(2):
            after = catcher.last()
            answer = page.form(having="login").fill(login=login).submit(status=None)
            if answer.status == 200:
                break
            seconds = re.search(r"\d+", answer.errors()[0] if answer.errors() else "")
            expect(seconds and int(seconds.group()) <= 30, f"no code is sent: {answer.errors()}", page=answer)
            time.sleep(int(seconds.group()) + 1 if seconds else 0)
        code, _ = catcher.code(after=after)
        page = answer.form(having="code").fill(code=code).submit()
        signed_in = "/sign-in/" not in page.path or "capacity" in page.path
        expect(signed_in, f"{self.name} is not signed in: {page.errors()}", page=page)

    def _by_password(self, next_path: str) -> None:
        page = self.browser.open("/sign-in/staff" + (f"?next={next_path}" if next_path else ""))
        page = (
            page.form(having="username")
            .fill(username=self.known["login"], password=self.known["password"])
            .submit()
        )
        page = page.form(having="code").fill(code=self.fresh_code()).submit()
        expect("/sign-in/" not in page.path, f"{self.name} is not signed in: {page.errors()}", page=page)


class Cast:
    """The people of one walk, each with one browser for all of it."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.catcher = Catcher(city)
        self._people: dict[str, Person] = {}

    def person(self, name: str) -> Person:
        """Somebody at the first page."""
        if name not in self._people:
            self._people[name] = Person(self.city, name)
        return self._people[name]

    def signed_in(self, name: str) -> Person:
        """Somebody who has signed in."""
        found = self.person(name)
        found.sign_in(self.catcher)
        return found


__all__ = ["Bank", "Cast", "Catcher", "City", "Person", "Registers", "squeeze"]
