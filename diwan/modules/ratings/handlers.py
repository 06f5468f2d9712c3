"""What the module does when it hears that a case ended."""

from diwan.cases.events import ENDED
from diwan.modules.ratings.actions import invite, tell_what_was_done
from diwan.outbox.registry import Delivered, handles


@handles(ENDED, name="ratings.case_ended")
def on_case_ended(event: Delivered) -> None:
    """People are asked about the case; when it looked into a low score, whoever gave it is told what was done."""
    case_id = int(event.data["case"])
    invite(case_id=case_id)
    tell_what_was_done(case_id=case_id)
