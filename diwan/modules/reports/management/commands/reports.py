"""`diwan reports sample NUMBER`: draw the independent sample of a report again, for whoever doubts it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from diwan.kit.errors import InvalidValue
from diwan.kit.numbers import parse_case_number, show_case_number
from diwan.modules.reports.work_queries import Draw, draws


class Command(BaseCommand):
    """Prints for each closing what is drawn now, the rate, and what was drawn and done when it was closed."""

    help = "Draw the independent sample of a report again: the draw, the rate, and what was done then."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which report."""
        parser.add_argument("what", choices=("sample",))
        parser.add_argument("number", help="number of the report")

    def handle(self, *args: Any, **options: Any) -> None:
        """A line a closing; an error for a number without closings, or for a draw that differs from the history."""
        try:
            case_id = parse_case_number(options["number"])
        except InvalidValue as error:
            raise CommandError("This is no number of a report.") from error
        found = draws(case_id)
        if not found:
            raise CommandError("No work was closed on this report.")
        self.stdout.write(f"Report {show_case_number(case_id)}")
        for draw in found:
            self.stdout.write(_line(draw))
        differing = [str(one.closing.number) for one in found if _then(one) not in (None, one.drawn)]
        if differing:
            raise CommandError(f"Drawn otherwise than the history says: closing {', '.join(differing)}.")


def _line(draw: Draw) -> str:
    """Closing, draw now, rate now, and the history of it."""
    closing, inputs = draw.closing, draw.why.get("inputs", {})
    said = f"closing {closing.number} at {closing.at:%Y-%m-%d %H:%M}Z: draw {draw.drawn:04d} of 10000, "
    said += f"in the sample below {draw.limit:04d}: {'yes' if draw.in_sample else 'no'}; "
    if not inputs:
        return said + "not drawn yet"
    judged = "judged" if draw.why.get("result", {}).get("judged") else "not judged"
    then = f"then: draw {inputs['draw']:04d}, rate {inputs['percent']} %, proof {inputs['proof']}, {judged}"
    return f"{said}{then}; verdict {closing.verdict}{f' ({closing.means})' if closing.means else ''}"


def _then(draw: Draw) -> int | None:
    found = draw.why.get("inputs", {}).get("draw")
    return int(found) if found is not None else None
