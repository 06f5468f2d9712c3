"""Connection settings for the role of this process, and the assertions made before anything is served.

The product works as a role that owns nothing, on a server that keeps what it has acknowledged.
"""

from typing import Any, Final
from urllib.parse import urlsplit

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.conninfo import conninfo_to_dict

from diwan.project.config import Config

DURABLE: Final = ("fsync", "synchronous_commit", "full_page_writes")
OLDEST_SERVER: Final = 150_000


class UnsafeDatabaseError(Exception):
    """The database or the role would break a promise of the product; the message says which, one fault a line."""


def host_of(url: str) -> str:
    """The host name of an address."""
    return urlsplit(url).hostname or "localhost"


def django_settings(config: Config) -> dict[str, Any]:
    """The `DATABASES["default"]` value for the role that this process works as.

    Statements are bound by the server and prepared at their third use. Everything but the owner takes connections
    from a pool; migrations keep one.
    """
    parts = {
        key: value for key, value in conninfo_to_dict(config.active_database_url).items() if value is not None
    }
    options: dict[str, Any] = {
        "application_name": f"diwan-{config.database_role}",
        "prepare_threshold": 3,
        "server_side_binding": True,
        "connect_timeout": 10,
    }
    pooled = config.database_pool_max > 0 and config.database_role == "app" and config.profile != "test"
    if pooled:
        options["pool"] = {"min_size": 1, "max_size": config.database_pool_max, "timeout": 10}
    known = {name: str(parts.pop(key, "")) for name, key in _NAMES.items()}
    return {
        "ENGINE": "diwan.project.postgresql",
        **known,
        "CONN_MAX_AGE": 0 if pooled else 60,
        "CONN_HEALTH_CHECKS": not pooled,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {**options, **parts},
    }


_NAMES: Final = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}


def assert_safe(connection: BaseDatabaseWrapper, *, durable: bool) -> None:
    """Refuse a superuser, an owner of tables, an old server and, when `durable`, a server that may lose commits.

    Raises UnsafeDatabaseError with every fault found.
    """
    faults = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_user")
        version, user = cursor.fetchone()
        if version < OLDEST_SERVER:
            faults.append(f"PostgreSQL 15 or newer is needed; this server says {version}.")
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        if cursor.fetchone()[0]:
            faults.append(f"The role {user} is a superuser or may create databases; connect as the app role.")
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND pg_has_role(current_user, c.relowner, 'MEMBER')"
        )
        if cursor.fetchone()[0]:
            faults.append(
                f"The role {user} owns tables of the product; the owner role is for migrations only."
            )
        for name in DURABLE if durable else ():
            cursor.execute("SELECT current_setting(%s)", [name])
            value = cursor.fetchone()[0]
            if value in ("off", "local" if name == "fsync" else "off"):
                faults.append(f"{name} is {value}: an acknowledged submission could be lost; switch it on.")
    if faults:
        raise UnsafeDatabaseError("\n".join(faults))
