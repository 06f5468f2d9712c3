"""`diwan webhook make | list | pause | resume | rotate | end | test | dead | replay ...`: subscriptions to events."""

from argparse import ArgumentParser
from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from diwan.catalogue.models import Service
from diwan.kit import clock
from diwan.kit.errors import DiwanError
from diwan.people.actor import system
from diwan.webhooks import actions, queries

BY = system("webhook")
ALL = "all"


class Command(BaseCommand):
    """Subscriptions of partners to events."""

    help = (
        "make NAME URL: subscribe a partner, its secret is shown this once; list; events: what can be subscribed to; "
        "pause ID; resume ID; rotate ID: a new secret, shown this once; end ID; test ID; dead ID: what was given up; "
        "replay ID: send again what --since or --delivery says."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do and with what."""
        known = ("make", "list", "events", "pause", "resume", "rotate", "end", "test", "dead", "replay")
        parser.add_argument("what", choices=known)
        parser.add_argument("words", nargs="*", help="NAME URL, or ID")
        parser.add_argument("--events", nargs="+", default=[], help="names of events (make)")
        parser.add_argument("--services", nargs="+", default=[], help="slugs, or all (make)")
        parser.add_argument("--municipalities", nargs="+", default=[], help="codes, or all (make)")
        parser.add_argument(
            "--missed", action="store_true", help="send what happened during the pause (resume)"
        )
        parser.add_argument("--leaked", action="store_true", help="the old secret ends at once (rotate)")
        parser.add_argument("--since", type=date.fromisoformat, help="a day, YYYY-MM-DD (replay)")
        parser.add_argument("--only-dead", action="store_true", help="only what was given up (replay)")
        parser.add_argument("--delivery", type=int, help="one delivery (replay)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; refusals become one line."""
        try:
            getattr(self, f"_{options['what']}")(options)
        except DiwanError as error:
            raise CommandError(str(error)) from error

    def _make(self, options: dict[str, Any]) -> None:
        if len(options["words"]) != 2:
            raise CommandError("Say the partner's name and address: webhook make NAME URL --events ...")
        name, url = options["words"]
        made = actions.make_subscription(
            name=name,
            url=url,
            coverage=actions.Coverage(
                events=tuple(options["events"]),
                services=tuple(options["services"]),
                municipalities=tuple(options["municipalities"]),
                all_services=options["services"] == [ALL],
                all_municipalities=options["municipalities"] == [ALL],
            ),
            services=Service.objects.values_list("slug", flat=True),
            by=BY,
        )
        self.stdout.write(f"{made.pk}  {queries.shown_secret(made.pk, BY)}")

    def _list(self, options: dict[str, Any]) -> None:
        stands = queries.standings(BY)
        for row in queries.subscriptions(BY):
            state = f"paused ({row.paused_why})" if row.paused_at else "active"
            stand = stands[row.pk]
            self.stdout.write(
                f"{row.pk}  {row.name}  {row.url}  {state}  waiting {stand.waiting}  dead {stand.dead}  "
                f"{', '.join(row.events)}"
            )

    def _events(self, options: dict[str, Any]) -> None:
        for kind in queries.offered_events():
            self.stdout.write(f"{kind.name}  {', '.join(queries.outward_keys(kind))}  {kind.about}")

    def _pause(self, options: dict[str, Any]) -> None:
        actions.pause_subscription(subscription_id=_identity(options), by=BY)
        self.stdout.write("Paused.")

    def _resume(self, options: dict[str, Any]) -> None:
        count = actions.resume_subscription(
            subscription_id=_identity(options), missed=options["missed"], by=BY
        )
        self.stdout.write(f"Resumed; {count} missed events will be sent.")

    def _rotate(self, options: dict[str, Any]) -> None:
        pk = _identity(options)
        if options["leaked"]:
            actions.rotate_secret(subscription_id=pk, overlap=actions.NO_OVERLAP, by=BY)
        else:
            actions.rotate_secret(subscription_id=pk, by=BY)
        self.stdout.write(queries.shown_secret(pk, BY))

    def _end(self, options: dict[str, Any]) -> None:
        actions.end_subscription(subscription_id=_identity(options), by=BY)
        self.stdout.write("Ended.")

    def _test(self, options: dict[str, Any]) -> None:
        event_id = actions.send_test(subscription_id=_identity(options), by=BY)
        self.stdout.write(f"ev-{event_id} will be sent.")

    def _dead(self, options: dict[str, Any]) -> None:
        for row in queries.deliveries(_identity(options), BY, state="dead")[:200]:
            self.stdout.write(
                f"{row.pk}  {queries.identity_shown(row)}  {row.name}  {queries.subject_shown(row)}  "
                f"{row.attempts} attempts  {row.status or ''} {row.error}"
            )

    def _replay(self, options: dict[str, Any]) -> None:
        pk = _identity(options)
        if options["delivery"]:
            actions.replay_delivery(subscription_id=pk, delivery_id=options["delivery"], by=BY)
            self.stdout.write("1 event will be sent again.")
        elif options["since"]:
            since = datetime.combine(options["since"], time(), clock.RIYADH)
            count = actions.replay_since(
                subscription_id=pk, since=since, only_dead=options["only_dead"], by=BY
            )
            self.stdout.write(f"{count} events will be sent again.")
        else:
            raise CommandError("Say --since DAY or --delivery ID.")


def _identity(options: dict[str, Any]) -> int:
    words = options["words"]
    if len(words) != 1 or not words[0].isdecimal():
        raise CommandError(f"Say which subscription: webhook {options['what']} ID")
    return int(words[0])
