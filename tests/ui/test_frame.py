"""The page frame: it stands without any screen behind it, remembers choices, and keeps to its budget."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from diwan.ui import context, views
from diwan.ui.preferences import read_preferences

pytestmark = pytest.mark.urls("tests.ui.urls")

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "diwan" / "ui" / "static" / "ui" / "build"
ROOMS = ("portal", "counter", "desk", "wall")


def posted(**values: str) -> HttpRequest:
    """A post of choices."""
    return RequestFactory().post("/ui/preferences", values)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_stands_without_any_other_address(room: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "URL_NAMES", {})
    html = render_to_string(f"ui/room_{room}.html", request=RequestFactory().get("/"))
    assert '<main id="main"' in html and 'href="#main"' in html
    assert html.index('class="stamp"') < html.index("<main")


def test_no_template_has_an_inline_script_style_or_handler() -> None:
    for path in sorted((ROOT / "diwan").rglob("templates/**/*.html")):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=\"|hx-on", source), path


def test_every_named_icon_exists() -> None:
    known = set(re.findall(r'id="([a-z0-9-]+)"', (BUILD / "icons.svg").read_text(encoding="utf-8")))
    for path in sorted((ROOT / "diwan").rglob("templates/**/*.html")):
        for name in re.findall(r"\{%\s*icon \"([a-z0-9-]+)\"", path.read_text(encoding="utf-8")):
            assert name in known, f"{path}: no icon {name}"


def test_the_first_load_keeps_to_its_budget() -> None:
    told = json.loads((BUILD / "budget.json").read_text(encoding="utf-8"))
    assert told["total"] <= told["budget"] == 300_000


def test_choices_are_kept_and_applied() -> None:
    answer = views.preferences(posted(text="2", contrast="high", next="/x"))
    assert answer.status_code == 302 and answer["Location"] == "/x"
    kept = {name: morsel.value for name, morsel in answer.cookies.items()}
    assert read_preferences(kept).root_class == "text-2 contrast-high"
    assert all(morsel["httponly"] and morsel["samesite"] == "Lax" for morsel in answer.cookies.values())


def test_a_switch_returns_to_the_page_that_sent_a_form() -> None:
    page = RequestFactory().post("/act", headers={"referer": "http://testserver/case?of=mine"})
    assert context.Page(page, read_preferences({})).next == "/case?of=mine"
    foreign = RequestFactory().post("/act", headers={"referer": "https://elsewhere.example/x"})
    assert context.Page(foreign, read_preferences({})).next == "/act"
    assert context.Page(RequestFactory().get("/case?of=unit"), read_preferences({})).next == "/case?of=unit"


def test_an_unknown_choice_is_left_out_and_a_foreign_address_not_followed() -> None:
    answer = views.preferences(posted(text="9", next="https://elsewhere.example/"))
    assert answer["Location"] == "/" and not answer.cookies


def test_only_what_is_needed_is_forgotten_with_the_visit() -> None:
    answer = views.preferences(posted(cookies="necessary", text="1"))
    assert answer.cookies["ui_text"]["max-age"] == ""
    assert answer.cookies["ui_cookies"]["max-age"] > 0


def test_choices_are_posted_only() -> None:
    assert views.preferences(RequestFactory().get("/ui/preferences")).status_code == 405


@pytest.mark.parametrize(("lang", "direction"), [("ar", "rtl"), ("en", "ltr"), ("ur", "rtl")])
def test_the_direction_follows_the_language(lang: str, direction: str) -> None:
    with translation.override(lang):
        made = context.page(RequestFactory().get("/"))["ui"]
        assert (made.lang, made.dir, made.css) == (lang, direction, f"ui/build/app.{direction}.css")


def test_texts_of_the_banner_come_from_the_settings_alone(settings: object) -> None:
    setattr(settings, "UI_BANNER", [{"ar": "تنبيه", "en": "Note"}])  # noqa: B010 - pytest-django's wrapper is untyped
    assert context.banner_texts("en")[0] == "Note"


def test_who_reads_is_told_by_the_layer_above() -> None:
    request = RequestFactory().get("/")
    request.ui_frame = lambda: context.Frame(viewer=context.Viewer(name="سارة", capacity="مالكة"))  # type: ignore[attr-defined]
    html = render_to_string("ui/room_portal.html", request=request)
    assert "<bdi>سارة</bdi>" in html and "مالكة" in html
