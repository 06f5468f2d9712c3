"""Root addresses: each package that serves pages brings its own `routes.py`, mounted here in order.

A package's `routes.py` holds `urlpatterns` and, where its addresses do not start at the root, `PREFIX`.
"""

import importlib.util
from importlib import import_module

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from diwan.project.health import alive


def _mounted() -> list[URLResolver]:
    routes = []
    for name in settings.INSTALLED_APPS:
        if name.startswith("diwan.") and importlib.util.find_spec(f"{name}.routes") is not None:
            module = import_module(f"{name}.routes")
            routes.append(path(getattr(module, "PREFIX", ""), include(f"{name}.routes")))
    return routes


urlpatterns: list[URLPattern | URLResolver] = [path("healthz", alive, name="healthz"), *_mounted()]
