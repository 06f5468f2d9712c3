"""After a restore into a fresh cluster the transaction counter stands beyond every stored id."""

from pathlib import Path

import psycopg

from diwan.project.launch import transactions
from diwan.project.launch.cluster import SUPERUSER, Cluster

BEYOND = (7 << 32) + 12345


def test_the_counter_is_moved_beyond_what_is_stored(tmp_path: Path) -> None:
    cluster = Cluster(home=tmp_path / "c", durable=False)
    cluster.start()
    try:
        url = cluster.url(SUPERUSER, "diwan")
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE seen (xid bigint) PARTITION BY RANGE (xid)")
            connection.execute("CREATE TABLE seen_all PARTITION OF seen DEFAULT")
            connection.execute("CREATE TABLE chained (xid_to bigint)")
            connection.execute("INSERT INTO seen VALUES (%s)", [BEYOND])
            connection.execute("INSERT INTO chained VALUES (%s)", [BEYOND - 1])
        assert transactions.highest_stored(url) == BEYOND
        assert transactions.current(cluster, "diwan") < BEYOND
        cluster.stop()
        transactions.move_beyond(cluster, BEYOND)
        cluster.start()
        assert transactions.current(cluster, "diwan") > BEYOND
        with psycopg.connect(cluster.url(SUPERUSER, "diwan")) as connection:
            row = connection.execute("SELECT count(*) FROM seen").fetchone()
        assert row == (1,), "rows from before stay readable"
    finally:
        cluster.stop()
