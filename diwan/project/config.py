"""Every setting of Diwan: one frozen object, read once from the `DIWAN_*` environment variables.

A field is declared with its documentation; `docs/settings.md` is checked against these texts. A name that starts with
`DIWAN_` and is not declared here is refused together with the nearest known name, so that a typing mistake can never
leave a default in force unnoticed.
"""

import dataclasses
import difflib
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

PREFIX: Final = "DIWAN_"
ROOT: Final = Path(__file__).resolve().parents[2]
PROFILES: Final = ("demo", "test", "production")
LANGUAGES: Final = ("ar", "en")
ROLES: Final = ("app", "owner", "read")
MIN_SECRET: Final = 40
DEMO_PREFIX: Final = "demo_"


class ConfigError(Exception):
    """The environment does not make a valid configuration; `problems` holds one sentence for each fault."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def _text(raw: str) -> str:
    return raw.strip()


def _number(raw: str) -> int:
    return int(raw)


def _number_from(least: int) -> Callable[[str], int]:
    def parse(raw: str) -> int:
        value = int(raw)
        if value < least:
            raise ValueError(f"write {least} or more")
        return value

    return parse


def _port(raw: str) -> int:
    value = int(raw)
    if not 0 < value < 65536:
        raise ValueError("a port lies between 1 and 65535")
    return value


def _flag(raw: str) -> bool:
    known = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    if raw.strip().lower() not in known:
        raise ValueError("write 1 or 0")
    return known[raw.strip().lower()]


def _path(raw: str) -> Path:
    return Path(raw).expanduser().resolve()


def _ports(raw: str) -> tuple[int, ...]:
    return tuple(_port(part) for part in raw.split(",") if part.strip())


def _prefix(raw: str) -> str:
    value = raw.strip().rstrip(".")
    if not value or not all(part.isidentifier() and part.isascii() for part in value.split(".")):
        raise ValueError("write a reversed name, such as sa.example")
    return value


def _names(raw: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in raw.split(",") if part.strip())


def _one_of(*allowed: str) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        if raw.strip() not in allowed:
            raise ValueError("write one of: " + ", ".join(allowed))
        return raw.strip()

    return parse


def _url(raw: str) -> str:
    value = raw.strip().rstrip("/")
    if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
        raise ValueError("write a whole address that starts with https:// or http://")
    return value


def setting(
    default: object, doc: str, *, parse: Callable[[str], object] = _text, secret: bool = False
) -> Any:  # dataclasses.field() is typed the same way: the annotation of the field gives the type
    """A field of `Config`: its default, its documentation, how text becomes a value, and whether it is never shown."""
    return dataclasses.field(default=default, metadata={"doc": doc, "parse": parse, "secret": secret})


@dataclass(frozen=True, kw_only=True)
class Config:
    """All settings of one installation. Empty text means "not configured"."""

    profile: str = setting(
        "production",
        "What this installation is: `demo` (loopback only, invented people and peers), `test` (the test suites) or "
        "`production`. Left out, the strictest one holds.",
        parse=_one_of(*PROFILES),
    )
    data: Path = setting(
        ROOT / "var" / "data",
        "Directory of everything that this installation keeps outside the database: stored files, built static files, "
        "sockets and, with the embedded database, the cluster itself.",
        parse=_path,
    )
    host: str = setting(
        "127.0.0.1", "Address on which the web server listens. The demo accepts loopback only."
    )
    port: int = setting(8000, "Port on which the web server listens.", parse=_port)
    base_url: str = setting(
        "",
        "Address of the product as people type it, without a closing slash; links in messages and QR codes start "
        "with it. Production requires https. Left empty in demo and test: http:// with host and port.",
        parse=_url,
    )
    allowed_hosts: tuple[str, ...] = setting(
        (), "Further host names under which the product answers, separated by commas.", parse=_names
    )
    secret: str = setting(
        "",
        "Random secret of this installation, at least 40 characters: sessions, keyed digests and link secrets are "
        "derived from it. The launcher makes one for the demo; production has no default.",
        secret=True,
    )
    language: str = setting(
        "ar", "Language of the first page for a person who chose none.", parse=_one_of(*LANGUAGES)
    )
    web_workers: int = setting(
        0, "Number of web server processes. 0 is one for each processor, at most four.", parse=_number
    )
    web_threads: int = setting(4, "Number of threads in each web server process.", parse=_number)
    database_url: str = setting(
        "",
        "Address (postgresql://) of web and worker (PostgreSQL 15 or newer), for a role that owns no table. "
        "Left empty, the launcher starts the embedded database under the data directory and sets it.",
        secret=True,
    )
    database_owner_url: str = setting(
        "",
        "Address (postgresql://) of the owner role; used by migrations only and not needed elsewhere.",
        secret=True,
    )
    database_read_url: str = setting(
        "",
        "Address (postgresql://) of the read role, for measurements and dashboards of the operator.",
        secret=True,
    )
    database_role: str = setting(
        "app",
        "Which of the three addresses this process uses. The command line sets `owner` for migrations by itself.",
        parse=_one_of(*ROLES),
    )
    database_pool_max: int = setting(
        8, "Largest number of database connections kept by one process; 0 opens one a thread.", parse=_number
    )
    mail_host: str = setting("", "SMTP server for outgoing mail. Empty: mail waits in the queue.")
    mail_port: int = setting(587, "Port of the SMTP server.", parse=_port)
    mail_user: str = setting("", "User name at the SMTP server, if it asks for one.")
    mail_password: str = setting("", "Password at the SMTP server.", secret=True)
    mail_tls: bool = setting(
        True, "Whether the connection to the SMTP server must be encrypted (STARTTLS).", parse=_flag
    )
    mail_from: str = setting("diwan@localhost", "Sender address of outgoing mail.")
    sms_url: str = setting(
        "", "Web address to which short messages are posted. Empty: they wait.", parse=_url
    )
    sms_key: str = setting(
        "", "Key shown to the short message gateway; its delivery receipts are signed with it.", secret=True
    )
    sms_sender: str = setting("DIWAN", "Sender name shown on short messages.")
    registers_url: str = setting(
        "",
        "Address of the gateway to the state registers (people, commercial register, leases, deeds).",
        parse=_url,
    )
    registers_key: str = setting(
        "",
        "Key shown to the gateway of the state registers; answers that arrive later are signed with it.",
        secret=True,
    )
    registers_timeout_ms: int = setting(
        4000, "Milliseconds to wait for a register before an officer must check by hand.", parse=_number
    )
    payments_url: str = setting(
        "", "Address of the payment system in which bills are registered.", parse=_url
    )
    payments_key: str = setting("", "Key for the payment system's interface.", secret=True)
    payments_notice_key: str = setting(
        "",
        "Key with which the payment system signs its notices of payment (HMAC over body and time).",
        secret=True,
    )
    payments_biller: str = setting("900", "Biller code of this organisation in the payment system.")
    signer_socket: Path = setting(
        Path("signer.sock"),
        "Unix socket of the signer process, the only one that holds signing keys; relative to the data directory. "
        "A path longer than 100 bytes is refused by the operating system.",
        parse=Path,
    )
    signer_key: str = setting(
        "", "Shared key by which the signer recognises requests of this product.", secret=True
    )
    authority_url: str = setting(
        "",
        "Address of the certification authority from which positions receive their certificates.",
        parse=_url,
    )
    authority_key: str = setting("", "Key for enrolment at the certification authority.", secret=True)
    authority_timestamp_url: str = setting("", "Address of the time-stamping service (RFC 3161).", parse=_url)
    authority_ocsp_url: str = setting("", "Address of the certificate status service (OCSP).", parse=_url)
    authority_roots: Path = setting(
        Path("authority/roots.pem"),
        "PEM file with the root certificates to which signatures must lead; relative to the data directory.",
        parse=Path,
    )
    metrics_token: str = setting(
        "",
        "Token that a collector of figures shows at /metrics (Authorization: Bearer ...). Empty: /metrics answers only "
        "to this machine itself.",
        secret=True,
    )
    webhooks_type_prefix: str = setting(
        "sa.diwan", "What the type of every event that goes to partners begins with.", parse=_prefix
    )
    webhooks_ports: tuple[int, ...] = setting(
        (443, 8443),
        "Ports to which events for partners may go and pictures be fetched from, separated by commas.",
        parse=_ports,
    )
    webhooks_loopback: bool = setting(
        False,
        "Whether events for partners may go to receivers on this very machine, and pictures come from there, by plain "
        "http as well. Refused in production.",
        parse=_flag,
    )
    demo_receiver_url: str = setting(
        "", "Address of the receiver to which the demo city subscribes. Refused in production.", parse=_url
    )
    demo_people: bool = setting(
        False, "Whether invented people exist in this installation. Refused in production.", parse=_flag
    )
    demo_authority: bool = setting(
        False,
        "Whether certificates come from an authority made for show. Refused in production.",
        parse=_flag,
    )
    demo_catcher: bool = setting(
        False,
        "Whether mail and short messages end in a catcher that delivers nothing. Refused in production.",
        parse=_flag,
    )
    city_cases: int = setting(
        1380,
        "How many applications the invented city is given when it is built (1380 make about 2,000 cases); 0: none.",
        parse=_number,
    )
    report_sample_percent: int = setting(
        10,
        "How many of a hundred closed reports somebody independent looks at, drawn so that nobody can tell which.",
        parse=_number,
    )
    report_later_percent: int = setting(
        10,
        "How many of a hundred reporters are asked four weeks later whether it is still fixed.",
        parse=_number,
    )
    report_photo_metres: int = setting(
        100,
        "Metres from the place of a report within which the photos after the work must be taken.",
        parse=_number,
    )
    report_near_metres: int = setting(
        50,
        "Metres within which open reports of the same kind are offered before a new one is filed.",
        parse=_number,
    )
    verify_milliseconds: int = setting(
        2400,
        "Milliseconds that judging one file on the verify page may take, then it is cut off and called uncheckable. "
        "With 600 more for the way there and back this is how long the longest answer takes.",
        parse=_number_from(100),
    )
    verify_memory_mb: int = setting(
        640,
        "Megabytes of memory that judging one file on the verify page may take; below 256 few files can be judged.",
        parse=_number_from(64),
    )
    verify_at_once: int = setting(
        2,
        "How many files each web server process has judged at once; a further one waits 0.3 s and is then told so.",
        parse=_number_from(1),
    )
    mark_demo_data: bool = setting(
        False,
        "Whether every page carries the banner, and every document the watermark, that says demo data.",
        parse=_flag,
    )

    @property
    def public_url(self) -> str:
        """The address people type, without a closing slash."""
        return self.base_url or f"http://{self.host}:{self.port}"

    def under_data(self, path: Path) -> Path:
        """The absolute form of a path that may be relative to the data directory."""
        return path if path.is_absolute() else self.data / path

    @property
    def active_database_url(self) -> str:
        """The address for the role that this process works as; empty when it is not configured."""
        return {"app": self.database_url, "owner": self.database_owner_url, "read": self.database_read_url}[
            self.database_role
        ]

    def __repr__(self) -> str:
        return f"Config(profile={self.profile!r}, data={str(self.data)!r})"


def variable(name: str) -> str:
    """The environment variable of a field: `mail_host` is `DIWAN_MAIL_HOST`."""
    return PREFIX + name.upper()


def documented() -> list[tuple[str, str, str]]:
    """(variable, default as text, documentation) for each setting, in order of declaration."""
    rows = []
    for field in dataclasses.fields(Config):
        default = field.default
        if isinstance(default, Path) and default.is_relative_to(ROOT):
            default = default.relative_to(ROOT)
        shown = {True: "1", False: "0"}[default] if isinstance(default, bool) else str(default or "")
        if isinstance(default, tuple):
            shown = ",".join(map(str, default))
        rows.append((variable(field.name), shown, str(field.metadata["doc"])))
    return rows


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _unknown(environ: Mapping[str, str], known: list[str]) -> list[str]:
    problems = []
    for name in sorted(set(environ) - set(known)):
        if name.startswith(PREFIX):
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
            problems.append(f"{name} is not a setting of Diwan; the nearest one is {near[0]}.")
    return problems


def _faults(config: Config) -> list[str]:
    """What is wrong between fields, one sentence each."""
    faults = []
    if config.profile != "production":
        if not _is_loopback(config.host):
            faults.append(
                f"DIWAN_HOST={config.host}: the {config.profile} profile listens on loopback only (127.0.0.1)."
            )
        return faults
    faults += [
        f"{variable(field.name)} is on: production knows no demo people, demo authority or catcher."
        for field in dataclasses.fields(config)
        if field.name.startswith(DEMO_PREFIX) and getattr(config, field.name)
    ]
    if config.webhooks_loopback:
        faults.append("DIWAN_WEBHOOKS_LOOPBACK is on: in production nothing is sent to this machine itself.")
    if config.mark_demo_data:
        faults.append("DIWAN_MARK_DEMO_DATA is on: production holds no demo data.")
    if len(config.secret) < MIN_SECRET:
        faults.append(f"DIWAN_SECRET is missing or shorter than {MIN_SECRET} characters.")
    if urlsplit(config.base_url).scheme != "https":
        faults.append("DIWAN_BASE_URL must be an https:// address in production.")
    if not config.database_url:
        faults.append("DIWAN_DATABASE_URL is missing: production needs the address of its database.")
    return faults


def read_config(environ: Mapping[str, str]) -> Config:
    """Build the configuration from environment variables.

    Raises ConfigError that lists every fault found: unknown names, unreadable values, and combinations that the
    profile refuses.
    """
    fields = {variable(field.name): field for field in dataclasses.fields(Config)}
    problems = _unknown(environ, list(fields))
    values: dict[str, Any] = {}
    for name, field in fields.items():
        raw = environ.get(name)
        if raw is None:
            continue
        try:
            values[field.name] = field.metadata["parse"](raw)
        except ValueError as error:
            problems.append(f"{name} cannot be read: {error}.")
    if problems:
        raise ConfigError(problems)
    config = Config(**values)
    faults = _faults(config)
    if faults:
        raise ConfigError(faults)
    return config
