from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from server.settings import BadSettings, Settings, document, load
from server.values import Ports

ROOT = Path(__file__).parents[1]


def test_every_setting_is_documented() -> None:
    assert all(field.description for field in Settings.model_fields.values())
    assert (ROOT / "docs/settings.md").read_text("utf-8") == document(), (
        "run `python -m server.settings > docs/settings.md`"
    )


def test_nothing_given_is_enough_to_start() -> None:
    settings = load({})
    assert settings.origin == "http://127.0.0.1:8000"
    assert settings.database == f"sqlite:///{Path('data').absolute()}/heyi.sqlite3"
    assert settings.media_ports is None


def test_command_line_wins_over_environment_over_secret_file_over_settings_file(
    tmp_path: Path,
) -> None:
    toml = tmp_path / "heyi.toml"
    toml.write_text('port = 1\nhost = "toml"\nhelp_phone = "toml"\nice_servers = ["stun:a"]')
    secret = tmp_path / "secret"
    secret.write_text("from-a-file\n")
    environ = {
        "HEYI_SETTINGS": str(toml),
        "HEYI_HOST_FILE": str(secret),
        "HEYI_HELP_PHONE_FILE": str(secret),
        "HEYI_HELP_PHONE": "environment",
        "HEYI_PORT": "2",
        "PATH": "/bin",
    }
    settings = load(environ, port=3, host=None)
    assert (settings.port, settings.host, settings.help_phone) == (3, "from-a-file", "environment")
    assert settings.ice_servers == ("stun:a",)


def test_lists_and_ranges_come_from_plain_text() -> None:
    settings = load(
        {
            "HEYI_MEDIA_PORTS": "50000-50199",
            "HEYI_TRUSTED_PROXIES": "10.0.0.0/8, ::1/128",
            "HEYI_DATABASE_URL": "postgresql://heyi:secret@db/heyi",
            "HEYI_PUBLIC_URL": "https://heyi.example.org/",
            "HEYI_TURN_URLS": "turn:t.example:3478?transport=udp, turns:t.example",
            "HEYI_TURN_SECRET": "secret",
        }
    )
    assert settings.media_ports == Ports(50000, 50199)
    assert [str(network) for network in settings.trusted_proxies] == ["10.0.0.0/8", "::1/128"]
    assert settings.database == "postgresql://heyi:secret@db/heyi"
    assert settings.origin == "https://heyi.example.org"
    assert settings.turn_urls == ("turn:t.example:3478?transport=udp", "turns:t.example")
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("port", "much", "integer"),
        ("port", "70000", "65535"),
        ("host_grace_s", "0", "greater than 0"),
        ("media_ports", "50199-50000", "the lower first"),
        ("media_ports", "any", "like 50000-50199"),
        ("media_address", "here", "IPv4 or IPv6"),
        ("public_url", "heyi.example.org", "https://"),
        ("trusted_proxies", "10.0.0.0/40", "valid IPv4 network"),
        ("sign_in_limit", "often", "like 10/minute"),
        ("default_language", "fr", "'zh' or 'en'"),
        ("prot", "8000", "no such setting"),
        ("ice_servers", "turn:a.example", "turn_urls"),
        ("ice_servers", "a.example", "stun:host"),
        ("turn_urls", "turn:a.example", "turn_secret"),
        ("turn_urls", "turn:a.example?transport=sctp", "transport=udp"),
    ],
)
def test_a_bad_value_names_its_setting_and_what_was_expected(
    name: str, value: str, expected: str
) -> None:
    with pytest.raises(BadSettings) as raised:
        load({f"HEYI_{name.upper()}": value})
    assert any(
        line.startswith(f"{name}: ") and expected in line for line in str(raised.value).splitlines()
    ), str(raised.value)


def test_a_bad_value_is_not_repeated_as_it_may_be_a_secret() -> None:
    with pytest.raises(BadSettings) as raised:
        load({"HEYI_SIGN_IN_LIMIT": "hunter2", "HEYI_PORT": "hunter2"})
    assert "hunter2" not in str(raised.value)


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("port =")
    for environ, expected in [
        ({"HEYI_SETTINGS": str(broken)}, "is not TOML"),
        ({"HEYI_SETTINGS": str(tmp_path / "none")}, "cannot be read"),
        ({"HEYI_DATABASE_URL_FILE": str(tmp_path / "none")}, "HEYI_DATABASE_URL_FILE"),
    ]:
        with pytest.raises(BadSettings, match=expected):
            load(environ)


def test_settings_cannot_change() -> None:
    with pytest.raises(ValidationError):
        load({}).port = 1
