"""An event as it goes out: CloudEvents 1.0 in structured JSON, with ids and codes and nothing about a person.

A case is named by its public number, never by the id that we use inside; what else goes out is what the declaration
of the event calls `outward`.
"""

import json
from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings

from diwan.kit.numbers import case_number
from diwan.outbox.events import EventKind, declared, kind_of
from diwan.webhooks.models import Delivery

CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"
_CASE: Final = "case:"


def offered() -> list[EventKind]:
    """The events that partners may subscribe to, by name; a test is sent on request and not subscribed to."""
    return [kind for kind in declared().values() if kind.outward and not kind.name.startswith("webhooks.")]


def identity_of(delivery: Delivery) -> str:
    """The id of the event in `webhook-id` and in the envelope, the same at every attempt and replay."""
    return f"ev-{delivery.event_id}"


def keys_of(kind: EventKind) -> tuple[str, ...]:
    """The keys of the data as it goes out: what is outward, and for what belongs to a case its service and place."""
    of_case = ("case", "service", "municipality") if "case" in kind.keys else ()
    return tuple(dict.fromkeys((*of_case, *kind.outward)))


def data_of(delivery: Delivery) -> dict[str, Any]:
    """The data as it goes out."""
    shown = {key: delivery.data[key] for key in kind_of(delivery.name).outward if key in delivery.data}
    if delivery.subject.startswith(_CASE):
        number = case_number(int(delivery.subject.removeprefix(_CASE)))
        shown |= {"case": number, "service": delivery.service, "municipality": delivery.municipality}
    return shown


def subject_of(delivery: Delivery) -> str:
    """What the event is about: `case:<number>`, `service:<slug>`, ..."""
    if delivery.subject.startswith(_CASE):
        return _CASE + case_number(int(delivery.subject.removeprefix(_CASE)))
    return delivery.subject


def envelope(delivery: Delivery) -> bytes:
    """The body of a delivery. `sequence` grows with the events, so that a receiver can put them in order."""
    config = settings.DIWAN
    return json.dumps(
        {
            "specversion": "1.0",
            "id": identity_of(delivery),
            "source": config.public_url,
            "type": f"{config.webhooks_type_prefix}.{delivery.name}",
            "subject": subject_of(delivery),
            "time": _time(delivery.at),
            "datacontenttype": "application/json",
            "dataschema": f"{config.public_url}/events/{delivery.name}/{delivery.version}.json",
            "dataversion": str(delivery.version),
            "sequence": f"{delivery.event_id:019d}",
            "data": data_of(delivery),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def schema_of(kind: EventKind) -> dict[str, Any]:
    """The JSON schema of an event's data, which the attribute `dataschema` of the envelope names."""
    config = settings.DIWAN
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{config.public_url}/events/{kind.name}/{kind.version}.json",
        "title": f"{config.webhooks_type_prefix}.{kind.name}",
        "description": kind.about,
        "type": "object",
        "properties": {key: {"type": ["string", "integer", "null"]} for key in keys_of(kind)},
        "additionalProperties": False,
    }


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
