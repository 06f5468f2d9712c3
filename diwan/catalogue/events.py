"""Events of the catalogue that upward layers may hear."""

from diwan.outbox.events import declare

PUBLISHED = declare(
    "catalogue.version.published",
    about="A version of a service was published, or its wording was patched.",
    keys=("service", "version", "number", "patch"),
    outward=("service", "number", "patch"),
)
