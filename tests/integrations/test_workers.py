"""Several workers at once send every message once."""

import threading

from django.db import connection

from diwan.kit import clock
from diwan.notify.actions import send_due
from diwan.notify.models import Message
from diwan.notify.queries import Notice, Recipient, rows_for
from tests.peers.running import Peer


def test_three_workers_share_the_queue(committed_database: str, catcher: Peer) -> None:
    notices = [
        Notice(
            "SECRET",
            Recipient("en", mobile=f"+9665000{number:05}"),
            municipality_id=1,
            params={"number": "1", "secret": "2", "url": "http://127.0.0.1/"},
        )
        for number in range(40)
    ]
    Message.objects.bulk_create(Message(**row) for row in rows_for(notices, at=clock.now()))
    sent: list[int] = []

    def work() -> None:
        try:
            while count := send_due(limit=5):
                sent.append(count)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 40
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}
    messages = catcher.http.get("/api/messages", params={"limit": 1000}).json()["messages"]
    assert len(messages) == 40
    assert not any(message["duplicate"] for message in messages)
