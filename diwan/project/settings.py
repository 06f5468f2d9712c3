"""Django's settings, derived from the one configuration object. Nothing here reads the environment but that object.

Lower layers read `django.conf.settings.DIWAN` (a `Config`); they never import this package.
"""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from diwan.project import apps, database, logs
from diwan.project.config import ROOT, read_config

DIWAN = read_config(os.environ)
BASE_DIR = ROOT

DEBUG = False
SECRET_KEY = DIWAN.secret or "unsafe-and-only-for-checks-that-serve-nobody-" + "0" * 20
ALLOWED_HOSTS = sorted(
    {DIWAN.host, "127.0.0.1", "localhost", *DIWAN.allowed_hosts, database.host_of(DIWAN.public_url)}
)
CSRF_TRUSTED_ORIGINS = [DIWAN.public_url]
ROOT_URLCONF = "diwan.project.urls"
WSGI_APPLICATION = "diwan.project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Account"

INSTALLED_APPS = apps.installed()

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "diwan.project.requests.RequestMiddleware",
    "diwan.ui.policy.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "diwan.ui.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    *apps.middleware(),
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                *apps.context_processors(),
            ],
        },
    },
]

# The database: one server, the role chosen by the process (architecture page, "Database roles").
DATABASES = {"default": database.django_settings(DIWAN)}

# Language and time
LANGUAGE_CODE = DIWAN.language
LANGUAGES = [("ar", _("Arabic")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
LANGUAGE_COOKIE_NAME = "diwan_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Riyadh"
USE_THOUSAND_SEPARATOR = False

# Sign-in. Argon2id within the second recommendation of RFC 9106 scaled to 19 MiB (OWASP), since PBKDF2 costs too much.
PASSWORD_HASHERS = ["diwan.project.hashers.TunedArgon2"]
AUTHENTICATION_BACKENDS = apps.authentication_backends()
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SECURE_SITE = DIWAN.public_url.startswith("https://")
SESSION_ENGINE = "diwan.web.signin.keeping"
SESSION_COOKIE_NAME = "diwan_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SECURE_SITE
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_NAME = "diwan_csrf"
CSRF_COOKIE_SECURE = SECURE_SITE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SECURE_SITE

# Transport and browser rules
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SITE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_SITE else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "media-src": [SELF, "blob:"],
        # Our own papers are shown beside the case; nobody else may frame us.
        "frame-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Uploads: the limits of a single file belong to the catalogue; these are the outer bounds of a request.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
MEDIA_ROOT: Path = DIWAN.data / "files"
FILE_UPLOAD_PERMISSIONS = 0o600

# Static files: hashed and compressed once by `diwan collectstatic`; the test suites read them from the sources.
STATIC_URL = "/static/"
STATIC_ROOT: Path = DIWAN.data / "static"
WHITENOISE_USE_FINDERS = DIWAN.profile == "test"
# A client of the tests looks for a file when one is asked for; to list them all first costs each of them 30 ms.
WHITENOISE_AUTOREFRESH = DIWAN.profile == "test"
WHITENOISE_MAX_AGE = 3600
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DIWAN.profile == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Outgoing mail
EMAIL_HOST = DIWAN.mail_host
EMAIL_PORT = DIWAN.mail_port
EMAIL_HOST_USER = DIWAN.mail_user
EMAIL_HOST_PASSWORD = DIWAN.mail_password
EMAIL_USE_TLS = DIWAN.mail_tls
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = DIWAN.mail_from

# Outside systems: the adapters that fill the protocols of the lower layers, by dotted path.
MESSAGE_TRANSPORTS = {
    "sms": "diwan.integrations.sms.transport.open_sms",
    "email": "diwan.integrations.mail.transport.open_mail",
}
REGISTER_CLIENT = "diwan.integrations.registers.client.HttpRegisters"
REQUEST_CLIENT = "diwan.integrations.registers.requests.HttpRequests"
PAYMENT_GATEWAY = "diwan.integrations.payments.gateway.HttpGateway"
WEBHOOK_SENDER = "diwan.integrations.webhooks.sender.HttpSender"
PICTURE_FETCHER = "diwan.integrations.webhooks.fetcher.HttpFetcher"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LOGGING = logs.django_settings(DIWAN.profile)
SILENCED_SYSTEM_CHECKS: list[str] = []
TEST_RUNNER = "django.test.runner.DiscoverRunner"
