"""What a child process gives up before it looks at a foreign file. It can't take it back.

A file made to break its reader then breaks a process that sees no network, none of the server's
data and keys, and no other process; which has little memory and time, and writes at most into one
folder. What the system can't do is left out: Landlock needs Linux 5.13, a network of its own needs
namespaces, both may be missing in a container. The limits on memory and time hold everywhere.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

NOBODY = 65534

# From linux/sched.h, linux/prctl.h and linux/landlock.h; the numbers of the system calls are the
# same on every processor.
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_DIE_WITH_PARENT, _NO_NEW_RIGHTS = 1, 38
_RULESET, _RULE, _RESTRICT = 444, 445, 446
_EXECUTE, _WRITE, _READ, _LIST = 1, 2, 4, 8
_OF_FILES = _EXECUTE | _WRITE | _READ
_MAKE_SOCKET = 1 << 9
_RIGHTS = (0, (1 << 13) - 1, (1 << 14) - 1, (1 << 15) - 1)
"""All rights to files that a version of Landlock knows, by version; the last for all newer ones."""

_PROGRAMS = (
    *("/usr", "/lib", "/lib64", "/bin", "/etc/fonts", "/etc/libreoffice", "/var/cache/fontconfig"),
    *("/etc/ld.so.cache", "/etc/passwd", "/etc/nsswitch.conf", "/etc/localtime"),
    *("/etc/locale.alias", "/var/lib/libreoffice", "/var/spool/libreoffice"),
)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of memory and of one written file, seconds of processor time."""

    memory: int
    seconds: int
    file: int = 0


def give_up(limits: Limits, folder: Path | None = None, readable: Iterable[str] = ()) -> None:
    """`folder`: the only place to write to. `readable`: more places to read programs from."""
    for what, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_FSIZE, limits.file),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
    ):
        _, already = resource.getrlimit(what)
        if already != resource.RLIM_INFINITY:
            most = min(most, already)
        resource.setrlimit(what, (most, most))
    os.umask(0o077)
    os.nice(5)  # behind calls, before what can wait till tomorrow
    if sys.platform != "linux":
        return
    system = ctypes.CDLL(None, use_errno=True)
    # Root may leave the network as it is; everyone else needs to be a user of one's own for it.
    left = system.unshare(_NEW_NETWORK) == 0
    _become_nobody()
    if not left:
        system.unshare(_NEW_USER | _NEW_NETWORK)
    # After the change of user, which would undo it.
    system.prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    system.prctl(_NO_NEW_RIGHTS, 1, 0, 0, 0)
    _leave_files(system, folder, (*_PROGRAMS, *readable))


def _become_nobody() -> None:
    if os.geteuid() == 0:
        with suppress(OSError):  # root of a container may not have this right
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)


def _leave_files(system: ctypes.CDLL, folder: Path | None, readable: Iterable[str]) -> None:
    """Landlock: nothing but these folders can be opened from now on, and no TCP port either."""
    version = system.syscall(_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return
    all_rights = _RIGHTS[min(version, len(_RIGHTS) - 1)]
    # Files; then TCP (version 4); then signals and sockets to those outside (version 6).
    known = 1 if version < 4 else 2 if version < 6 else 3
    wanted = struct.pack("=QQQ", all_rights, 3, 3)[: 8 * known]
    rules = system.syscall(_RULESET, wanted, ctypes.c_size_t(len(wanted)), 0)
    if rules < 0:
        return
    for place in readable:
        _allow(system, rules, place, _EXECUTE | _READ | _LIST)
    for place in _DEVICES:
        _allow(system, rules, place, _READ | _WRITE)
    if folder is not None:
        _allow(system, rules, str(folder), all_rights & ~_EXECUTE)
        # LibreOffice does not start without a socket in there, whatever TMPDIR says.
        _allow(system, rules, "/tmp", _MAKE_SOCKET)
    system.syscall(_RESTRICT, rules, 0)
    os.close(rules)


def _allow(system: ctypes.CDLL, rules: int, place: str, rights: int) -> None:
    try:
        opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not on this system
    if not Path(place).is_dir():
        rights &= _OF_FILES
    rule = struct.pack("=Qi", rights, opened)
    system.syscall(_RULE, rules, 1, rule, 0)
    os.close(opened)
