"""Every setting of a server, in one frozen object.

A value comes from, first found: the command line, the environment (`HEYI_PORT=8000`), a file named
by the environment (`HEYI_DATABASE_URL_FILE=/run/secrets/database`, for secrets), the TOML file
named by `HEYI_SETTINGS`, the default.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from server.values import (
    Address,
    Hours,
    Limit,
    Mail,
    Networks,
    Origin,
    PortRange,
    Smtp,
    StunServers,
    TurnServers,
    Workers,
)

PREFIX = "HEYI_"
SELF_SIGNED = "self-signed"
"""The value of `tls` with which a certificate is made, not read."""


class BadSettings(Exception):
    """A value that cannot be used; says which setting and what was expected, never the value."""


class Settings(BaseModel):
    """Read it with `load`; every field's description is its documentation."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    data_dir: Path = Field(
        default=Path("data"),
        description="Folder of everything the server keeps: database, files, keys.",
    )
    database_url: str = Field(
        default="",
        repr=False,
        description="PostgreSQL to use, `postgresql://user:password@host/name`; "
        "empty: SQLite in `data_dir`.",
    )
    public_url: Origin = Field(
        default="",
        description="The address people open, `https://…`; links and the check of origins are made "
        "of it. Empty: `host:port`.",
    )
    host: str = Field(default="127.0.0.1", description="Address the web server listens on.")
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port of the web server; 0: any that is free."
    )
    tls: str = Field(
        default="",
        description="Serve HTTPS without a proxy: file of the certificate and its chain (PEM), or "
        "`self-signed` for a local network. Empty: plain HTTP, behind a proxy that does it.",
    )
    tls_key: Path | None = Field(
        default=None, description="File of the certificate's key (PEM); not with `self-signed`."
    )
    trusted_proxies: Networks = Field(
        default=(),
        description="Networks of the proxies in front, `10.0.0.0/8,…`; only from them is "
        "`X-Forwarded-For` believed.",
    )
    media_ports: PortRange = Field(
        default=None,
        description="UDP ports for voice and picture, `50000-50199`; empty: any that are free.",
    )
    media_workers: Workers = Field(
        default=1,
        ge=1,
        le=64,
        description="Processes that carry voice and picture, at most one a processor; each meeting "
        "is on one of them, and `media_ports` are divided among them.",
    )
    media_drain_min: int = Field(
        default=240,
        ge=0,
        description="Minutes that meetings may stay on a media worker that is being replaced; then "
        "they are moved, which takes a second.",
    )
    media_address: Address = Field(
        default="",
        description="Public IP address for voice and picture, for a server behind address "
        "translation; empty: the machine's own.",
    )
    media_loopback: bool = Field(
        default=False,
        description="Offer 127.0.0.1 for voice and picture too: for browsers on the same machine.",
    )
    ice_servers: StunServers = Field(
        default=(),
        description="STUN servers told to browsers, `stun:host:port,…`; none by default, "
        "so that nothing goes to an outsider.",
    )
    turn_secret: str = Field(
        default="",
        repr=False,
        description="The secret shared with the TURN server (coturn: `static-auth-secret`); each "
        "arrival's own password is made of it.",
    )
    turn_urls: TurnServers = Field(
        default=(),
        description="TURN servers for those whose network lets no UDP pass, "
        "`turn:host:3478?transport=udp,turn:host:3478?transport=tcp,turns:host:5349`.",
    )
    host_silence_s: float = Field(
        default=5,
        gt=0,
        description="Seconds after a host's connection is found lost until opposing sides no "
        "longer hear each other.",
    )
    host_grace_s: float = Field(
        default=30,
        gt=0,
        description="Seconds a lost host has to come back before people go to their side rooms.",
    )
    seat_grace_s: float = Field(
        default=30,
        gt=0,
        description="Seconds a lost connection keeps its seat: until then another device "
        "with the same link has to wait for the mediator's decision.",
    )
    link_ttl_days: int = Field(
        default=30, ge=1, description="Days after a session's booked time that its links work."
    )
    staff_session_idle_min: int = Field(
        default=60, ge=1, description="Minutes without use after which staff sign in again."
    )
    staff_session_max_h: int = Field(
        default=12, ge=1, description="Hours after which staff sign in again in any case."
    )
    sign_in_limit: Limit = Field(
        default="10/minute",
        description="Sign-in attempts from one address, and failed ones for one login.",
    )
    join_limit: Limit = Field(
        default="60/minute", description="Uses of session links from one address."
    )
    apply_limit: Limit = Field(
        default="30/hour", description="Applications begun from one address."
    )
    status_limit: Limit = Field(
        default="10/minute",
        description="Matter codes tried from one address, and tries of one code.",
    )
    chat_limit: Limit = Field(
        default="30/minute;8/10 second", description="Messages of one person in a meeting."
    )
    upload_limit: Limit = Field(
        default="40/hour", description="Papers that one person adds in a meeting."
    )
    ping_interval_s: float = Field(
        default=5, gt=0, description="Seconds between two signs of life on a live connection."
    )
    ping_timeout_s: float = Field(
        default=5, gt=0, description="Seconds without an answer after which a connection is lost."
    )
    max_queued_messages: int = Field(
        default=500,
        ge=10,
        description="Messages that may wait for a browser that does not read; one more and it is "
        "disconnected.",
    )
    decide_workdays: int = Field(
        default=3,
        ge=1,
        le=60,
        description="Working days within which a matter that came in is accepted or refused.",
    )
    recording_days: int = Field(
        default=1095,
        ge=1,
        le=36500,
        description="Days for which what was recorded in a meeting is kept, as it is told to those "
        "who are asked; then its key is destroyed, unless somebody holds it.",
    )
    default_language: Literal["zh", "en"] = Field(
        default="zh", description="Language for a browser that asks for neither."
    )
    help_phone: str = Field(
        default="", description="Telephone number shown wherever someone may need help."
    )
    smtp_url: Smtp = Field(
        default="",
        repr=False,
        description="Mail server for notices, `smtp://user:password@host:587` (made secret by "
        "STARTTLS) or `smtps://…:465`; empty: no mail is sent.",
    )
    mail_from: Mail = Field(
        default="", description="Address from which mail is sent; without it no mail is sent."
    )
    sms_provider: Literal["", "aliyun", "tencent"] = Field(
        default="", description="Who sends SMS: `aliyun` or `tencent`; empty: nobody."
    )
    sms_key_id: str = Field(
        default="", repr=False, description="AccessKey ID (Aliyun) or SecretId (Tencent)."
    )
    sms_key_secret: str = Field(
        default="", repr=False, description="AccessKey secret (Aliyun) or SecretKey (Tencent)."
    )
    sms_sign: str = Field(
        default="", description="The signature that the provider has approved, without brackets."
    )
    sms_app: str = Field(default="", description="SmsSdkAppId; Tencent only.")
    sms_url: Origin = Field(
        default="", description="Another address of the SMS provider; empty: its public one."
    )
    quiet_hours: Hours = Field(
        default="21:00-08:00",
        description="When parties get no notices, in their organisation's time zone; what is "
        "urgent goes anyway. Empty: never quiet.",
    )
    metrics_token: str = Field(
        default="",
        repr=False,
        description="Secret with which `/metrics` can be read from anywhere, as a bearer token; "
        "empty: only from this machine, not through a proxy.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least that is logged."
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="One JSON object a line, or text for reading in a terminal."
    )

    @property
    def database(self) -> str:
        """The database's address; the file of SQLite where none is given."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'heyi.sqlite3'}"

    @property
    def origin(self) -> str:
        """What a browser sends as `Origin`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http{'s' if self.tls else ''}://{host}:{self.port}"


def load(environ: Mapping[str, str] = os.environ, /, **given: object) -> Settings:
    """Settings from everywhere; `given` (the command line) wins, its None counts as not given.

    Raises BadSettings with one line for each setting that is wrong.
    """
    file = environ.get(f"{PREFIX}SETTINGS")
    values: dict[str, object] = _read_toml(Path(file)) if file else {}
    named = {
        variable.removeprefix(PREFIX).lower(): (variable, value)
        for variable, value in environ.items()
        if variable.startswith(PREFIX) and variable != f"{PREFIX}SETTINGS"
    }
    for name, (variable, value) in sorted(named.items()):
        secret = name.removesuffix("_file")
        if name != secret and secret in Settings.model_fields:
            values[secret] = _read_secret(variable, Path(value))
    values |= {name: value for name, (_, value) in named.items() if not name.endswith("_file")}
    values |= {name: value for name, value in given.items() if value is not None}
    try:
        return Settings.model_validate(values)
    except ValidationError as wrong:
        raise BadSettings("\n".join(_sentence(error) for error in wrong.errors())) from None


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as wrong:
        raise BadSettings(f"{PREFIX}SETTINGS: {file} cannot be read: {wrong.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise BadSettings(f"{PREFIX}SETTINGS: {file} is not TOML: {wrong}") from None


def _read_secret(variable: str, file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except OSError as wrong:
        raise BadSettings(f"{variable}: {file} cannot be read: {wrong.strerror}") from None


def _sentence(error: Mapping[str, Any]) -> str:
    name = str(error["loc"][0])
    if error["type"] == "extra_forbidden":
        return f"{name}: there is no such setting"
    return f"{name}: {str(error['msg']).removeprefix('Value error, ')}"


def document() -> str:
    """docs/settings.md, made of the settings themselves."""
    lines = [
        "# Settings",
        "",
        (__doc__ or "").partition("\n\n")[2],
        "Made by `python -m server.settings`; a test fails when it is out of date.",
        "",
        "| setting | environment | default | |",
        "|---|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = "" if default in ("", (), None) else f"`{str(default).lower()}`"
        lines.append(f"| `{name}` | `{PREFIX}{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
