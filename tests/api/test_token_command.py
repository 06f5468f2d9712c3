"""`diwan token make | list | revoke`."""

import io

import pytest
from django.core.management import CommandError, call_command

from diwan.audit.models import AuditRow
from tests import cast
from tests.api.test_tokens import asked


@pytest.mark.usefixtures("city")
def test_the_command_makes_lists_and_revokes() -> None:
    def told(*words: str) -> str:
        out = io.StringIO()
        call_command("token", *words, stdout=out)
        return out.getvalue().strip()

    text = told(
        "make", "مكتب", cast.INSTANT, "--scope", "cases:read", "--municipality", "101", "--days", "30"
    )
    client = asked(text)
    assert (set(client.scopes), len(client.municipalities or ())) == ({"cases:read"}, 1)
    prefix = text.split("_")[1]
    assert text.split("_", 2)[2] not in told("list")
    for part in (prefix, "مكتب", cast.INSTANT, "101", "cases:read", "until", "used 20"):
        assert part in told("list")
    assert told("revoke", prefix) == f"Revoked: {prefix}"
    assert "revoked" in told("list")
    for wrong in (
        ("make",), ("make", "x", "no-such-service"), ("make", "x", "--municipality", "999"),
        ("make", "x", "--days", "0"), ("revoke", prefix),
    ):  # fmt: skip
        with pytest.raises(CommandError):
            told(*wrong)
    made = AuditRow.objects.filter(action="api.token.made").latest("id")
    assert made.fields == ["municipalities", "name", "scopes", "services"]
    assert AuditRow.objects.filter(action="api.token.revoked", object_id=made.object_id).count() == 1
