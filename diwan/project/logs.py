"""How lines of the log look: one JSON object a line in production, a line for people in demo and tests.

Each carries what `kit.tracing` knows: the request id, the capacity, the case. Messages hold ids and codes, never
personal values; an exception is written with its stack.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any, Final

from diwan.kit import tracing

PLAIN: Final = "{asctime} {levelname} {name} {message}{trace}"


class JsonLines(logging.Formatter):
    """`time` (UTC), `level`, `logger`, `message`, and where known `request`, `capacity`, `case`, `error`."""

    def format(self, record: logging.LogRecord) -> str:
        """One object on one line."""
        trace = tracing.current()
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request": trace.request_id,
            "capacity": trace.capacity,
            "case": trace.case,
            "process": record.process,
            "thread": record.threadName,
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(
            {key: value for key, value in line.items() if value not in ("", None)}, ensure_ascii=False
        )


class PlainLines(logging.Formatter):
    """For people at a terminal: the trace stands in brackets at the end, where there is one."""

    def __init__(self) -> None:
        super().__init__(PLAIN, style="{")

    def format(self, record: logging.LogRecord) -> str:
        """The line, with the trace of the context."""
        trace = tracing.current()
        known = (("", trace.request_id), ("", trace.capacity), ("case ", trace.case))
        said = " ".join(f"{name}{value}" for name, value in known if value)
        record.trace = f" [{said}]" if said else ""
        return super().format(record)


def django_settings(profile: str) -> dict[str, Any]:
    """The value of LOGGING for a profile."""
    form = "diwan.project.logs.JsonLines" if profile == "production" else "diwan.project.logs.PlainLines"
    quiet = ("httpx", "pyhanko", "pyhanko_certvalidator", "fontTools")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": form}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            **{name: {"level": "WARNING"} for name in quiet},
        },
    }
