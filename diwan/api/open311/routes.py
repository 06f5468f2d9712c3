"""Addresses of GeoReport v2, as the protocol names them; whatever else is asked below is told that nothing is there."""

from django.urls import re_path

from diwan.api.open311 import filing, reading, services, updates
from diwan.api.open311.door import nowhere, spoken

app_name = "open311"
PREFIX = "open311/"
_FORM = r"\.(?P<form>json|xml)$"
_PART = "[^/]{1,80}?"

urlpatterns = [
    re_path(rf"^v2/discovery{_FORM}", spoken(GET=services.discovery), name="discovery"),
    re_path(rf"^v2/services{_FORM}", spoken(GET=services.services), name="services"),
    re_path(rf"^v2/services/(?P<code>{_PART}){_FORM}", spoken(GET=services.definition), name="definition"),
    re_path(rf"^v2/requests{_FORM}", spoken(GET=reading.requests, POST=filing.file), name="requests"),
    re_path(rf"^v2/requests/(?P<number>{_PART}){_FORM}", spoken(GET=reading.request), name="request"),
    re_path(rf"^v2/tokens/(?P<token>{_PART}){_FORM}", spoken(GET=filing.token), name="token"),
    re_path(
        rf"^v2/servicerequestupdates{_FORM}", spoken(GET=updates.updates, POST=updates.update), name="updates"
    ),
    re_path(r"^.*$", nowhere, name="nowhere"),
]
