"""The subscription of the demo's partner, and the file from which his receiver takes its secret."""

from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction

from diwan.demo.load.keys import write_private
from diwan.people.actor import system
from diwan.webhooks.actions import Coverage, change_address, make_subscription
from diwan.webhooks.queries import offered_events, shown_secret, subscriptions

BY: Final = system("demo")
PARTNER: Final = "الشريك التجريبي · Demo partner"


def receiver_file() -> Path:
    """Where the demo's receiver finds its secret."""
    place: Path = settings.DIWAN.data / "receiver-secrets.json"
    return place


@transaction.atomic
def load_receiver() -> str:
    """Subscribe the demo's partner to everything, or lead his subscription to where his receiver is now."""
    url = f"{settings.DIWAN.demo_receiver_url}/events"
    found = subscriptions(BY).filter(name=PARTNER).first()
    if found is None:
        found = make_subscription(
            name=PARTNER,
            url=url,
            coverage=Coverage(
                events=tuple(kind.name for kind in offered_events()),
                all_services=True,
                all_municipalities=True,
            ),
            services=(),
            by=BY,
        )
    elif found.url != url:
        change_address(subscription_id=found.pk, url=url, by=BY)
    write_private(receiver_file(), {"secrets": [shown_secret(found.pk, BY)]})
    return f"events go to {url}"
