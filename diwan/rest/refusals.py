"""Refusals that belong to the protocol; those of the product are its own errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """A refusal of the protocol: `status`, a stable `code`, an English message id with its `{named}` parameters."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None, **params: Any
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})
        self.params = params
