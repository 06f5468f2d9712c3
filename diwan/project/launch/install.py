"""One installation on this machine: its data directory, its random secrets, its ports, the environment of its parts."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from diwan.project.launch import cluster as embedded
from diwan.project.launch import private

ROOT: Final = Path(__file__).resolve().parents[3]
FIRST_PORT: Final = 8000
PORT_NAMES: Final = ("web", "registers", "payments", "catcher", "smtp", "authority", "receiver")
SECRET_NAMES: Final = (
    "secret",
    "signer_key",
    "registers_key",
    "payments_key",
    "payments_notice_key",
    "sms_key",
    "authority_key",
)
PAYMENT_NOTICE: Final = "/payments/notice"
REGISTER_NOTICE: Final = "/registers/notice"
SMS_RECEIPT: Final = "/notify/sms/receipt"


@dataclass(frozen=True, kw_only=True)
class Install:
    """What the launcher knows of an installation; `given` are the DIWAN_* variables a person has set."""

    data: Path
    profile: str
    port: int
    language: str
    secrets: Mapping[str, str]
    given: Mapping[str, str]

    @property
    def cluster(self) -> embedded.Cluster:
        """The embedded database of this installation."""
        return embedded.Cluster(home=self.data / "database", durable=True)

    @property
    def has_own_database(self) -> bool:
        """Whether the embedded database is used: no outside one was named."""
        return "DIWAN_DATABASE_URL" not in self.given

    @property
    def has_peers(self) -> bool:
        """Whether the outside systems are the demo's own."""
        return self.profile == "demo"

    @property
    def base_url(self) -> str:
        """Address of the product as people type it."""
        return self.given.get("DIWAN_BASE_URL", f"http://127.0.0.1:{self.port}")

    def port_of(self, name: str) -> int:
        """The port of a part: the web server's, and those after it for the peers."""
        return self.port + PORT_NAMES.index(name)

    def peer_url(self, name: str) -> str:
        """Address of a peer."""
        return f"http://127.0.0.1:{self.port_of(name)}"

    def runtime(self) -> Path:
        """A private directory with a short path, for the signer's socket."""
        return private.short_folder(self.data / "runtime")

    def settings(self) -> dict[str, str]:
        """The DIWAN_* variables of this installation, those of its own database apart."""
        made = {
            "DIWAN_PROFILE": self.profile,
            "DIWAN_DATA": str(self.data),
            "DIWAN_HOST": "127.0.0.1",
            "DIWAN_PORT": str(self.port),
            "DIWAN_LANGUAGE": self.language,
            "DIWAN_SIGNER_SOCKET": str(self.runtime() / "signer.sock"),
        }
        # Outside the demo the operator gives every secret; only the signer's key stays between our own processes.
        names = SECRET_NAMES if self.has_peers else ("signer_key",)
        made |= {f"DIWAN_{name.upper()}": self.secrets[name] for name in names}
        if self.has_peers:
            made |= self._peer_settings()
        return made | dict(self.given)

    def environment(self, *, owner: bool = False) -> dict[str, str]:
        """The environment of a process of the product; the owner's database address only where it is needed."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("DIWAN_")}
        made = self.settings()
        if self.has_own_database:
            made["DIWAN_DATABASE_URL"] = self.cluster.url(embedded.APP)
            made["DIWAN_DATABASE_READ_URL"] = self.cluster.url(embedded.READ)
            made["DIWAN_DATABASE_OWNER_URL"] = self.cluster.url(embedded.OWNER)
        if not owner:
            made.pop("DIWAN_DATABASE_OWNER_URL", None)
        return {**kept, **made, "PYTHONPATH": python_path(), "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}

    def _peer_settings(self) -> dict[str, str]:
        authority = self.peer_url("authority")
        return {
            "DIWAN_MAIL_HOST": "127.0.0.1",
            "DIWAN_MAIL_PORT": str(self.port_of("smtp")),
            "DIWAN_MAIL_TLS": "0",
            "DIWAN_SMS_URL": f"{self.peer_url('catcher')}/sms",
            "DIWAN_REGISTERS_URL": self.peer_url("registers"),
            "DIWAN_PAYMENTS_URL": self.peer_url("payments"),
            "DIWAN_AUTHORITY_URL": authority,
            "DIWAN_DEMO_RECEIVER_URL": self.peer_url("receiver"),
            "DIWAN_WEBHOOKS_LOOPBACK": "1",
            "DIWAN_DEMO_PEOPLE": "1",
            "DIWAN_DEMO_AUTHORITY": "1",
            "DIWAN_DEMO_CATCHER": "1",
            "DIWAN_MARK_DEMO_DATA": "1",
        }

    def peer_environment(self, name: str) -> dict[str, str]:
        """The environment of a peer: its own keys and nothing else of the product."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("DIWAN_")}
        keys: dict[str, str] = {
            "registers": {"PEERS_REGISTERS_KEY": "registers_key"},
            "payments": {"PEERS_PAYMENTS_KEY": "payments_key", "PEERS_NOTICE_KEY": "payments_notice_key"},
            "catcher": {"PEERS_SMS_KEY": "sms_key"},
            "authority": {"PEERS_AUTHORITY_KEY": "authority_key"},
            "receiver": {},
        }[name]
        return {
            **kept,
            "DIWAN_PROFILE": self.profile,
            **{variable: self.secrets[secret] for variable, secret in keys.items()},
            "PYTHONPATH": python_path(),
            "PYTHONUNBUFFERED": "1",
            "PYTHONUTF8": "1",
        }


def python_path() -> str:
    """Where our processes find the packages of this clone, before anything the caller has named."""
    others = [
        part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part and part != str(ROOT)
    ]
    return os.pathsep.join([str(ROOT), *others])


def given_settings() -> dict[str, str]:
    """The DIWAN_* variables in the environment of the person who typed the command."""
    return {key: value for key, value in os.environ.items() if key.startswith("DIWAN_")}


def default_data(profile: str) -> Path:
    """Where an installation keeps its data unless told otherwise."""
    return ROOT / "var" / profile


def open_install(*, data: Path | None, port: int | None, language: str | None) -> Install:
    """The installation in a data directory, made on first use; what is not said is what was said before."""
    given = given_settings()
    profile = given.get("DIWAN_PROFILE", "demo")
    where = (data or Path(given.get("DIWAN_DATA", default_data(profile)))).expanduser().resolve()
    where.mkdir(parents=True, exist_ok=True)
    where.chmod(0o700)
    path = where / "install.json"
    known: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    kept = known.get("secrets", {})
    made = {name: kept.get(name) or secrets.token_urlsafe(36) for name in SECRET_NAMES}
    chosen = {
        "port": port or int(given.get("DIWAN_PORT", 0)) or known.get("port") or FIRST_PORT,
        "language": language or given.get("DIWAN_LANGUAGE") or known.get("language") or "ar",
    }
    record = {**chosen, "secrets": made}
    if record != known:
        private.write(path, json.dumps(record, indent=1))
    return Install(
        data=where,
        profile=profile,
        port=int(chosen["port"]),
        language=str(chosen["language"]),
        secrets=made,
        given={
            key: value
            for key, value in given.items()
            if key not in ("DIWAN_PORT", "DIWAN_DATA", "DIWAN_LANGUAGE")
        },
    )
