"""Pages of the peers in Arabic (first) and English, rendered by Jinja2 with escaping on."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

BASE = Path(__file__).parent
RIYADH = ZoneInfo("Asia/Riyadh")
CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-src 'self'; base-uri 'none'; frame-ancestors 'self'"
)


def environment(*folders: Path) -> Environment:
    """A Jinja2 environment over `folders` and the shared base templates."""
    loader = FileSystemLoader([str(folder) for folder in (*folders, BASE / "templates")])
    env = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    env.filters["local_time"] = local_time
    return env


def local_time(moment: str | float) -> str:
    """A moment (ISO 8601 or unix seconds) as the clock on the wall in Riyadh shows it."""
    if isinstance(moment, str):
        there = datetime.fromisoformat(moment)
    else:
        there = datetime.fromtimestamp(moment, RIYADH)
    return there.astimezone(RIYADH).strftime("%Y/%m/%d %H:%M:%S")


def language(request: web.Request) -> str:
    """`ar` unless the page was asked for with `?lang=en`."""
    return "en" if request.query.get("lang") == "en" else "ar"


def chooser(lang: str) -> Callable[[str, str], str]:
    """The function `t(arabic, english)` of a template."""
    return lambda ar, en: en if lang == "en" else ar


def page(
    request: web.Request, env: Environment, template: str, *, status: int = 200, **context: Any
) -> web.Response:
    """Render `template` in the asked language with the peers' content security policy."""
    lang = language(request)
    html = env.get_template(template).render(
        lang=lang, dir="ltr" if lang == "en" else "rtl", t=chooser(lang), path=request.path, **context
    )
    return web.Response(
        text=html,
        content_type="text/html",
        status=status,
        headers={
            "Content-Security-Policy": CSP,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
