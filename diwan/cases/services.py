"""Compiled services by version id, remembered in the process: a published version changes only by wording patches."""

import time
from typing import Final

from diwan.catalogue.compiled import CompiledService, load_definition
from diwan.catalogue.models import ServiceVersion

_KEEP_SECONDS: Final = 30.0
_kept: dict[int, tuple[float, CompiledService]] = {}


def service_of(version_id: int) -> CompiledService:
    """The compiled service of a version; asked of the database again after half a minute for patched wording."""
    now = time.monotonic()
    kept = _kept.get(version_id)
    if kept is not None and kept[0] > now:
        return kept[1]
    service = load_definition(ServiceVersion.objects.select_related("service").get(pk=version_id))
    _kept[version_id] = (now + _KEEP_SECONDS, service)
    return service


def forget() -> None:
    """Forget what is remembered (tests)."""
    _kept.clear()
