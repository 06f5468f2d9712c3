"""Opens a case and moves it to its bill in a process of its own: `python -m tests.project.one_case` says how it stands.

Works on the database that the environment names, which holds the demo city without cases.
"""

import json

import django

django.setup()

# Imported here since models may be read only after the line above.
from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from diwan.cases.models import History  # noqa: E402
from diwan.cases.services import service_of  # noqa: E402
from tests import cast  # noqa: E402
from tests.cases.conftest import Client  # noqa: E402


def main() -> None:
    """A restaurant from its owner to the bill: both bodies, the visit, three desks, a fresh second factor."""
    Client.held = cast.Registers()
    settings.REGISTER_CLIENT = "tests.cases.conftest.Client"
    case = cast.run_machine(cast.submit(cast.owner()))
    case = cast.act(case, "civil_defence", "approve", by=cast.actor("cd.yousef"))
    case = cast.act(case, "supervising_body", "approve", by=cast.member_of("food_drug"))
    met = {item.code: "met" for item in service_of(case.version_id).checklist("CHK-FOOD")}
    case = cast.act(case, "visit_food", "passed", by=cast.actor("khalid"), answers=met)
    case = cast.act(case, "review", "recommend", by=cast.actor("fahad"))
    case = cast.act(case, "section_review", "recommend", by=cast.actor("nora"))
    head = cast.actor("abdulaziz")
    cast.step_up(head)
    with transaction.atomic():
        case = cast.act(case, "head_approval", "approve", by=head)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000, current_user")
        version, user = cursor.fetchone()
    print(
        json.dumps(
            {
                "server": version,
                "user": user,
                "state": case.state,
                "history": History.objects.filter(case=case).count(),
            }
        )
    )


if __name__ == "__main__":
    main()
