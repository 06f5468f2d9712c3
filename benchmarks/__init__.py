"""The figures of Diwan on one machine: `./bench`, `./bench --quick`, `./bench --json FILE`.

Everything is measured in one run on a durable embedded server of its own (`var/bench`), and compared within that run:
the same machine, the same minute, the same number of connections. Ratios travel between machines; times do not.
"""
