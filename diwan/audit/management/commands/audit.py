"""`diwan audit verify` and `diwan audit seal`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from diwan.audit.actions import seal_committed
from diwan.audit.verify import Report, verify


class Command(BaseCommand):
    """Check or extend the chain over the audit log."""

    help = "verify: recompute the chain over the audit log and report what does not hold. seal: seal what is committed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One word: what to do."""
        parser.add_argument("what", choices=["verify", "seal"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; `verify` ends with status 1 when something was found."""
        if options["what"] == "seal":
            self.stdout.write(f"{seal_committed()} rows sealed.")
            return
        report = verify()
        self._print(report)
        if not report.sound:
            raise CommandError(f"The audit log does not hold: {len(report.faults)} faults.")

    def _print(self, report: Report) -> None:
        for fault in report.faults:
            self.stdout.write(f"{fault.code}: {fault.text}")
        self.stdout.write(f"{report.rows} rows under {report.seals} seals, {report.anchors} anchors.")
        if report.tail_rows:
            self.stdout.write(
                f"Not sealed yet: {report.tail_rows} rows, ids {report.tail_first} to {report.tail_last}."
            )
        else:
            self.stdout.write("Not sealed yet: none.")
        if report.unanchored:
            self.stdout.write(f"Not anchored yet: {report.unanchored} seals.")
