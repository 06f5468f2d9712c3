"""The product's addresses, and behind the same middleware a view that does nothing. It stands last, like the API's."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path

from diwan.project import urls as product

EMPTY = "/bench/empty"


def empty(request: HttpRequest) -> HttpResponse:
    """No statement, no template, two bytes of JSON."""
    return HttpResponse("{}", content_type="application/json")


urlpatterns: list[URLPattern | URLResolver] = [*product.urlpatterns, path(EMPTY[1:], empty)]
