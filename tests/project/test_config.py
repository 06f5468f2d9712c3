"""One frozen configuration: it reads, it refuses, it is documented."""

import dataclasses

import pytest

from diwan.project.config import Config, ConfigError, documented, read_config

PRODUCTION = {
    "DIWAN_PROFILE": "production",
    "DIWAN_SECRET": "s" * 40,
    "DIWAN_BASE_URL": "https://services.example.gov.sa",
    "DIWAN_DATABASE_URL": "postgresql://diwan_app:x@db/diwan",
}


def faults(**changed: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read_config({**PRODUCTION, **changed})
    return str(caught.value)


def test_production_settings_are_read_and_frozen() -> None:
    config = read_config(
        {**PRODUCTION, "DIWAN_MAIL_PORT": "465", "DIWAN_ALLOWED_HOSTS": "a.sa, b.sa", "PATH": "/bin"}
    )
    assert (config.mail_port, config.allowed_hosts, config.profile) == (465, ("a.sa", "b.sa"), "production")
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.port = 1  # type: ignore[misc]


def test_the_profile_is_production_unless_said_otherwise() -> None:
    with pytest.raises(ConfigError, match="DIWAN_SECRET is missing"):
        read_config({})


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    assert "DIWAN_MAIL_HOTS is not a setting of Diwan; the nearest one is DIWAN_MAIL_HOST" in faults(
        DIWAN_MAIL_HOTS="x"
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DIWAN_PORT", "eighty", "DIWAN_PORT cannot be read"),
        ("DIWAN_PORT", "70000", "between 1 and 65535"),
        ("DIWAN_PROFILE", "staging", "demo, test, production"),
        ("DIWAN_MAIL_TLS", "perhaps", "1 or 0"),
        ("DIWAN_VERIFY_AT_ONCE", "0", "1 or more"),
        ("DIWAN_VERIFY_MEMORY_MB", "20", "64 or more"),
        ("DIWAN_SMS_URL", "sms.example", "https://"),
    ],
)
def test_unreadable_values_are_refused(name: str, value: str, words: str) -> None:
    assert words in faults(**{name: value})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DIWAN_DEMO_PEOPLE", "1", "demo people"),
        ("DIWAN_DEMO_AUTHORITY", "1", "demo authority"),
        ("DIWAN_DEMO_CATCHER", "1", "catcher"),
        ("DIWAN_MARK_DEMO_DATA", "1", "demo data"),
        ("DIWAN_WEBHOOKS_LOOPBACK", "1", "this machine itself"),
        ("DIWAN_SECRET", "short", "DIWAN_SECRET"),
        ("DIWAN_BASE_URL", "http://services.example.gov.sa", "https"),
        ("DIWAN_DATABASE_URL", "", "DIWAN_DATABASE_URL"),
    ],
)
def test_production_refuses(name: str, value: str, words: str) -> None:
    assert words in faults(**{name: value})


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.5", "::", "services.example.gov.sa"])
@pytest.mark.parametrize("profile", ["demo", "test"])
def test_demo_and_test_listen_on_loopback_only(profile: str, host: str) -> None:
    with pytest.raises(ConfigError, match="loopback only"):
        read_config({"DIWAN_PROFILE": profile, "DIWAN_HOST": host})
    assert read_config({"DIWAN_PROFILE": profile, "DIWAN_HOST": "127.0.0.1"}).host == "127.0.0.1"


def test_every_setting_has_its_documentation() -> None:
    for name, _, text in documented():
        assert len(text) > 20 and text[0].isupper() and text.endswith("."), name


def test_a_configuration_never_shows_its_secrets() -> None:
    config = read_config({**PRODUCTION, "DIWAN_SMS_KEY": "visible-if-wrong"})
    assert "visible-if-wrong" not in repr(config) and "s" * 40 not in repr(config)


def test_the_defaults_are_those_of_the_class() -> None:
    assert {field.name for field in dataclasses.fields(Config)} == {
        name.removeprefix("DIWAN_").lower() for name, _, _ in documented()
    }
