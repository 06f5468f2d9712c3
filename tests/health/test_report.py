"""The report, its command and its figures: what is told of queues, systems outside, certificates, disk, schedules."""

import io
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client

from diwan.health import queries
from diwan.health.actions import beat, say_farewell
from diwan.health.calls import note_call, write_calls
from diwan.health.models import Beat, Connector
from diwan.health.registry import Finding, probe, report, worst
from diwan.health.version import version
from diwan.integrations.payments.gateway import HttpGateway
from diwan.jobs.models import ScheduleRun
from diwan.kit import clock
from diwan.notify.models import Message
from diwan.payments.ports import GatewayDown
from tests.integrations.conftest import configure
from tests.integrations.test_payments import bill
from tests.peers.running import Peer

pytestmark = pytest.mark.django_db


def found(key: str) -> Finding:
    """The line of the report with this key."""
    return next(one for findings in report().values() for one in findings if one.key == key)


def test_every_group_is_told_of(tmp_path: Path, settings: LazySettings) -> None:
    configure(settings, data=tmp_path)
    told = report()
    keys = {one.key for findings in told.values() for one in findings}
    assert {
        "web", "database", "worker", "signer", "acts", "documents", "messages.sms", "messages.email", "events",
        "events.cases.index_words", "bills", "audit.seal", "disk", "backup", "drill", "version",
    } <= keys  # fmt: skip
    assert {f"schedule.{name}" for name in ("partitions", "reconciliation", "status_lists")} <= keys
    assert not [
        one for findings in told.values() for one in findings if one.state != "good" and not one.advice
    ]
    assert found("disk").count


def test_the_worker_tells_by_signs_of_life() -> None:
    assert found("worker").state == "bad"
    began = clock.real_now()
    beat(part="worker", began_at=began, facts={"acts": began.isoformat()})
    assert found("worker").state == "good"
    beat(part="worker", began_at=began, facts={"acts": (began - timedelta(hours=1)).isoformat()})
    line = found("worker")
    assert line.state == "watch" and line.params == {"sweeps": "acts"}
    Beat.objects.update(at=began - timedelta(minutes=10))
    assert found("worker").state == "bad"
    beat(part="worker", began_at=began, facts={})
    say_farewell(part="worker")
    assert not Beat.objects.exists()


def test_a_queue_is_graded_by_its_oldest() -> None:
    now = clock.now()
    for minutes in (1, 90):
        Message.objects.create(
            created_at=now - timedelta(minutes=minutes), not_before=now - timedelta(minutes=minutes), channel="sms",
            municipality_id=0, address="+966500000001", language="ar", template="OTP",
        )  # fmt: skip
    line = found("messages.sms")
    assert (line.count, line.state) == (2, "bad")
    assert line.age is not None and 5_300 < line.age < 5_600
    Message.objects.update(not_before=now + timedelta(hours=1))
    assert found("messages.sms").state == "good"


def test_a_system_that_falls_silent_and_comes_back(payments: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = HttpGateway()
    gateway.present(bill("1000000401"))
    assert write_calls() == 1
    assert Connector.objects.get(name="payments").last_success_at is not None
    payments.switch("gateway", "down")
    for _ in range(3):
        with pytest.raises(GatewayDown):
            gateway.present(bill("1000000402"))
    assert write_calls() == 1
    row = Connector.objects.get(name="payments")
    assert row.failing_since is not None and row.failures == 3 and row.error
    assert found("payments").state == "bad"
    assert [one.name for one in queries.outages()] == ["payments"]
    assert write_calls() == 0
    payments.reset()
    gateway.present(bill("1000000402"))
    assert write_calls() == 1
    queries.forget()
    assert queries.outages() == ()
    assert found("payments").state == "good"


def test_one_lost_call_is_no_outage() -> None:
    note_call("sms", ok=False, error="ConnectError")
    write_calls()
    assert found("sms").state == "watch"
    assert queries.outages() == ()


def test_schedules_backups_and_drills(tmp_path: Path, settings: LazySettings) -> None:
    configure(settings, data=tmp_path)
    now = clock.real_now()
    ScheduleRun.objects.create(name="garbage", next_at=now + timedelta(minutes=30), last_at=now)
    ScheduleRun.objects.create(name="keys", next_at=now - timedelta(hours=1))
    ScheduleRun.objects.create(
        name="drafts", next_at=now + timedelta(minutes=9), last_at=now, error="OSError"
    )
    states = {name: found(f"schedule.{name}").state for name in ("garbage", "keys", "drafts")}
    assert states == {"garbage": "good", "keys": "bad", "drafts": "watch"}
    assert (found("backup").state, found("drill").state) == ("watch", "watch")
    (tmp_path / queries.OPERATIONS).write_text(
        json.dumps(
            {
                "backup": {"at": now.isoformat(), "seconds": 1.5, "ok": True},
                "drill": {"at": now.isoformat(), "ok": False, "why": "audit"},
            }
        )
    )
    assert (found("backup").state, found("drill").state) == ("good", "bad")


def test_a_probe_that_fails_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from diwan.health import registry

    monkeypatch.setattr(registry, "_probes", dict(registry._probes))

    @probe("queues", "tests.broken")
    def broken() -> Any:
        raise RuntimeError("nothing to read")

    line = found("tests.broken")
    assert line.state == "bad"
    assert found("acts").state == "good"
    assert worst(report()["queues"]) == "bad"
    with pytest.raises(ValueError, match="no group"):
        probe("nowhere", "tests.lost")


def test_the_command_tells_the_same_and_ends_with_the_gravest() -> None:
    for language, word in (("en", "Needs action"), ("ar", "يحتاج تدخلًا")):
        out = io.StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("health", "--lang", language, stdout=out)
        assert ended.value.code == 2
        assert word in out.getvalue()
    quiet = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("health", "--quiet", stdout=quiet)
    assert "Web server" not in quiet.getvalue()
    assert "Worker" in quiet.getvalue()


def test_machines_ask_whether_it_lives_and_serves(client: Client) -> None:
    assert client.get("/health/live").content == b"ok"
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "database": True, "files": True})
    assert client.get("/health/ready", HTTP_X_FORWARDED_FOR="8.8.8.8").status_code == 200


def test_figures_are_for_this_machine_or_for_the_holder_of_the_token(
    client: Client, settings: LazySettings
) -> None:
    client.get("/")
    page = client.get("/metrics")
    text = page.content.decode()
    assert page.status_code == 200
    assert 'diwan_request_seconds_count{method="GET",route="portal",status="2xx"}' in text
    assert 'diwan_waiting{group="queues",part="acts"} 0.0' in text
    assert f'diwan_build_info{{version="{version()}"}} 1.0' in text
    assert client.get("/metrics", HTTP_X_FORWARDED_FOR="1.2.3.4").status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.7").status_code == 404
    configure(settings, metrics_token="a-token-of-the-tests")
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    good = {"Authorization": "Bearer a-token-of-the-tests"}
    assert client.get("/metrics", headers=good, REMOTE_ADDR="10.0.0.7").status_code == 200


def test_processes_are_added_up_and_ended_ones_forgotten(tmp_path: Path) -> None:
    import subprocess

    count = (
        "import sys; from diwan.kit.metering import JOBS_DONE, POOL; JOBS_DONE.labels('acts').inc(2); "
        "POOL.labels('pool_size').set(3)"
    )
    from diwan.project.metering import forget_ended

    for _ in range(2):
        subprocess.run(
            [sys.executable, "-c", count],
            check=True,
            env={"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": "."},
        )
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    forget_ended(tmp_path)
    shared = CollectorRegistry()
    MultiProcessCollector(shared, path=str(tmp_path))  # type: ignore[no-untyped-call]
    text = generate_latest(shared).decode()
    assert 'diwan_sweep_done_total{sweep="acts"} 4.0' in text
    assert "diwan_database_pool" not in text
