"""Root addresses: each package that serves pages brings its own `routes.py`, mounted here.

A package's `routes.py` holds `urlpatterns` and, where its addresses do not start at the root, `PREFIX`. Those with a
prefix come first: a request leaves one after one comparison, and need not try every address at the root before.
"""

import importlib.util
from importlib import import_module

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from diwan.project.health import alive, live, ready
from diwan.project.metering import metrics

handler400 = "diwan.project.faults.unreadable"
handler500 = "diwan.project.faults.broken"


def _mounted() -> list[URLResolver]:
    prefixed: list[URLResolver] = []
    at_root: list[URLResolver] = []
    for name in settings.INSTALLED_APPS:
        if name.startswith("diwan.") and importlib.util.find_spec(f"{name}.routes") is not None:
            module = import_module(f"{name}.routes")
            prefix = getattr(module, "PREFIX", "")
            (prefixed if prefix else at_root).append(path(prefix, include(f"{name}.routes")))
    return prefixed + at_root


#: For machines: no page, no session.
MACHINES = [
    path("healthz", alive, name="healthz"),
    path("health/live", live, name="health_live"),
    path("health/ready", ready, name="health_ready"),
    path("metrics", metrics, name="metrics"),
]
urlpatterns: list[URLPattern | URLResolver] = [*MACHINES, *_mounted()]
