"""Which applications make up the product, in the order of the layers, and what each adds to every request.

An application is part of the product when its package is there; a package names its own middleware and context
processors in `wiring.py` (`MIDDLEWARE`, `CONTEXT_PROCESSORS`, `AUTHENTICATION_BACKENDS`: dotted paths), so that this
file knows no module of any package.
"""

import importlib.util
from importlib import import_module
from typing import Final

from diwan.project.config import ROOT

LOWER: Final = (
    "ui",
    "health",
    "outbox",
    "audit",
    "people",
    "files",
    "places",
    "notify",
    "documents",
    "payments",
    "forms",
)
ENGINE: Final = ("catalogue", "sandbox", "cases", "registers", "webhooks", "mining")
FAMILIES: Final = ("modules", "integrations", "web", "api")
DOORS: Final = ("gate", "jobs", "demo")

FRAMEWORK: Final = (
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
)


def _is_app(dotted: str) -> bool:
    return (ROOT / dotted.replace(".", "/") / "apps.py").is_file()


def product() -> list[str]:
    """Dotted names of the product's own applications that are present, lower layers first."""
    names = [f"diwan.{name}" for name in (*LOWER, *ENGINE)]
    for family in FAMILIES:
        folder = ROOT / "diwan" / family
        names.append(f"diwan.{family}")
        names += [f"diwan.{family}.{child.name}" for child in sorted(folder.glob("*")) if child.is_dir()]
    names += [f"diwan.{name}" for name in DOORS]
    return [name for name in names if _is_app(name)]


def installed() -> list[str]:
    """The value of INSTALLED_APPS."""
    return [*FRAMEWORK, *product()]


def _wired(attribute: str) -> list[str]:
    found: list[str] = []
    for name in product():
        if importlib.util.find_spec(f"{name}.wiring") is not None:
            found += getattr(import_module(f"{name}.wiring"), attribute, [])
    return found


def middleware() -> list[str]:
    """Middleware that the product's packages add after Django's own."""
    return _wired("MIDDLEWARE")


def context_processors() -> list[str]:
    """Template context processors that the product's packages add."""
    return _wired("CONTEXT_PROCESSORS")


def authentication_backends() -> list[str]:
    """Sign-in backends of the product; Django's own when no package brings one."""
    return _wired("AUTHENTICATION_BACKENDS") or ["django.contrib.auth.backends.ModelBackend"]
