"""What the data of an event looks like, for whoever receives it; open to everybody."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from diwan.webhooks.queries import schema_of


@require_GET
def schema(request: HttpRequest, name: str, version: int) -> JsonResponse:
    """The JSON schema of the data of an event that goes out; 404 for any other."""
    found = schema_of(name, version)
    if found is None:
        return JsonResponse({"error": "no_such_event"}, status=404)
    return JsonResponse(found, content_type="application/schema+json")
