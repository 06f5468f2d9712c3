"""U1: the power goes while an applicant is at step 4 and an officer writes a note; nothing is lost, nothing doubled."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from diwan.project.launch.cluster import Cluster
from tests.journeys import applying
from tests.journeys.applying import Answers, Found
from tests.walks import filling
from tests.walks.stage import DESK, Actor, Stage
from tools.installation import Shared

pytestmark = [pytest.mark.browser, pytest.mark.full]

PORT = 8700
SHOP = "مشغل غرزة مريم"
VICTIMS = ("web", "worker", "database")
#: What is typed this long before the cut is there afterwards.
SECONDS = 5
WIDTH = "3.25"
LATER = " من الشارع"
NOTE = "العقد سليم، وبقيت صورة الواجهة"


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """An installation of the walk's own, which may be cut off."""
    with Shared(data=tmp_path_factory.mktemp("power") / "data", port=PORT) as shared:
        yield shared


def test_a_power_cut(stage: Stage, installation: Shared) -> None:
    """Both texts are there after kill -9 of web, worker and database."""
    applicant, officer = _at_step_four(stage), _in_a_note(stage)
    applicant.page.wait_for_timeout(SECONDS * 1000)
    began = time.monotonic()
    _cut(installation)
    officer.page.locator("#id_note").press_sequentially(LATER)
    _wait_healthy(installation)
    print(f"{time.monotonic() - began:.1f} s from the cut until everything answers again")
    officer.until(
        lambda: "حُفظ" in officer.text("[data-autosave-note]"), "what was typed in the dark", seconds=60
    )
    for actor, field, text in ((applicant, "[name=sign_width]", WIDTH), (officer, "#id_note", NOTE + LATER)):
        actor.until(lambda a=actor: _reloads(a), "the page after the cut", seconds=60)  # type: ignore[misc]
        assert text in actor.page.input_value(field), (
            f"{actor.name} has lost the text: {actor.page.input_value(field)}"
        )
    applicant.pair("applicant")
    officer.pair("officer")
    _submits_three_times(applicant)


def test_nothing_is_left_after_ctrl_c(installation: Shared) -> None:
    """The launcher ends by SIGINT as in a terminal, and with it every process of the installation."""
    process = installation._process
    assert process is not None
    assert _processes(installation.data)
    process.send_signal(signal.SIGINT)
    process.wait(timeout=60)
    left = _processes(installation.data)
    assert not left, "\n".join(left)


def _at_step_four(stage: Stage) -> Actor:
    maryam = stage.actor("maryam").sign_in()
    filling.begin(maryam, "shop-licence-instant", name=SHOP)
    filling.fill(maryam, _answers(), stop_before="sign")
    assert maryam.page.locator("ol.stepper li[aria-current]").count() == 1
    maryam.page.check("[name=has_sign][value=yes]")
    maryam.page.locator("[name=sign_width]").press_sequentially(WIDTH)
    return maryam


def _answers() -> Answers:
    fields = applying.shop(activities=Found("خياطة", "952902"))
    return Answers(fields, {"facade": [applying.photo("الواجهة")]})


def _in_a_note(stage: Stage) -> Actor:
    wafa = stage.actor("wafa", window=DESK).sign_in(next_path="/desk/?of=mine")
    wafa.click("main tbody tr a[href^='/desk/case/']")
    wafa.page.locator("#id_note").press_sequentially(NOTE)
    return wafa


def _cut(installation: Shared) -> None:
    """Kill -9 of the three, by the ids that the installation wrote down."""
    children = json.loads((installation.data / "running.json").read_text())["children"]
    database = Cluster(home=installation.data / "database", durable=True).running()
    assert database is not None
    for process in (children["web"]["pid"], children["worker"]["pid"], database):
        os.kill(int(process), signal.SIGKILL)


def _wait_healthy(installation: Shared, *, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while installation.run("status").returncode != 0:
        assert time.monotonic() < deadline, installation.run("status").stdout
        time.sleep(1)


def _reloads(actor: Actor) -> bool:
    """The page as somebody sees it who opens it again; a page that does not answer yet is no page."""
    with contextlib.suppress(Exception):
        answer = actor.page.reload(wait_until="load")
        return answer is not None and answer.ok
    return False


def _submits_three_times(applicant: Actor) -> None:
    """Twice at once, then Back, then again: one case more, the same receipt."""
    before = _requests(applicant)
    answers = _answers()
    answers.fields = {**answers.fields, "has_sign": "no"}
    filling.fill(applicant, answers)
    review = applicant.page.url
    send = "main form[action$='/review'] button[type=submit]"
    applicant.page.locator(send).evaluate("b => { b.click(); b.click() }")
    receipt = _receipt(applicant)
    applicant.page.go_back()
    applicant.page.wait_for_load_state("load")
    if applicant.page.locator(send).count():
        applicant.page.click(send)
    assert _receipt(applicant) == receipt, "Back and submit again made another case"
    applicant.open(review)
    assert _receipt(applicant) == receipt
    applicant.pair("receipt")
    assert _requests(applicant) == before + 1


def _receipt(applicant: Actor) -> list[str]:
    applicant.sees("تم استلام طلبكم")
    return [re.sub(r"\D", "", one) for one in applicant.page.locator(".big-number bdi").all_inner_texts()]


def _requests(applicant: Actor) -> int:
    """How many requests her list has."""
    there = applicant.page.url
    applicant.open("/my/requests")
    links = {str(one.get_attribute("href")) for one in applicant.page.locator("main a[href^='/case/']").all()}
    applicant.open(there)
    return len(links)


def _processes(data: Path) -> list[str]:
    told = subprocess.run(["ps", "-ewwo", "pid,args"], capture_output=True, text=True, check=True).stdout
    return [line for line in told.splitlines() if str(data) in line]
