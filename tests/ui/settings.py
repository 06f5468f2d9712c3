"""Settings of the gallery server: the interface without a database."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.ui.catalog import compiled_locale

BASE = Path(__file__).resolve().parents[2]
SECRET_KEY = "gallery"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
ROOT_URLCONF = "tests.ui.urls"
INSTALLED_APPS = ["django.contrib.staticfiles", "diwan.ui"]
MIDDLEWARE = [
    "diwan.ui.policy.PolicyMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "tests.ui.urls.FrameMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "diwan.ui.context.page"]
        },
    }
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
}
LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", "العربية"), ("en", "English")]
LOCALE_PATHS = [compiled_locale()]
USE_TZ = True
TIME_ZONE = "Asia/Riyadh"
STATIC_URL = "/static/"
UI_SITE_NAME = {"ar": "ديوان", "en": "Diwan"}
UI_BANNER = [{"ar": "بيانات تجريبية: لا شيء هنا حقيقي.", "en": "Demo data: nothing here is real."}]
UI_RELEASED = date(2026, 11, 21)
