"""
What a process that parses somebody's file gives up before it reads the first byte.

Limits of memory, processor time and files hold everywhere; on Linux the kernel also refuses
sockets, new processes (seccomp) and every file but the program's own (Landlock). Where a kernel
has neither, Python's audit hook refuses the same of Python code. None of it can be taken back.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import sys
from pathlib import Path

MEMORY = 1_500_000_000  # bytes of address space; a PDF of 300 pages takes 250 MB
PROCESSOR_SECONDS = 120  # of one process, whatever it reads
OPEN_FILES = 64

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2  # of prctl
_EPERM = 1
# Numbers of the calls that are refused: sockets, other programs and processes, other ways into
# the kernel. First the architecture as the kernel names it.
_REFUSED_CALLS = {
    # socket connect socketpair clone fork vfork execve ptrace execveat bpf io_uring×3 clone3
    "x86_64": (0xC000003E, (41, 42, 53, 56, 57, 58, 59, 101, 322, 321, 425, 426, 427, 435)),
    # socket connect socketpair clone execve ptrace execveat bpf io_uring×3 clone3
    "aarch64": (0xC00000B7, (198, 203, 199, 220, 221, 117, 281, 280, 425, 426, 427, 435)),
}
_FOREIGN_CALLS = 0x40000000  # from here on: those of x86-64's other ABI
_REFUSED_EVENTS = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446  # the same everywhere
_LANDLOCK_ALL = 0x1FFF  # every right that its first version knows
_LANDLOCK_READ = 0b1100  # files and folders
_SYSTEM_FOLDERS = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/share/zoneinfo")
_DEVICES = ("/dev/null", "/dev/urandom")


class _Instruction(ctypes.Structure):
    """One instruction of a packet filter."""

    _fields_ = (
        ("code", ctypes.c_uint16),
        ("true", ctypes.c_uint8),
        ("false", ctypes.c_uint8),
        ("operand", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    """A packet filter, as the kernel takes it."""

    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction)))


def confine() -> None:
    """Give up network, other programs and files, for good; call it before anything is parsed."""
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _lower(limit, value)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0:
            _restrict_files(libc)
            _refuse_calls(libc)
    sys.addaudithook(_refuse)


def _lower(limit: int, value: int) -> None:
    """Set a limit, unless a lower one holds already."""
    _, hard = resource.getrlimit(limit)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(limit, (value, value))
    except (ValueError, OSError):  # macOS knows no limit of address space
        if sys.platform == "linux":
            raise


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse, of what Python code is about to do, what it may not."""
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if writes or event.startswith(_REFUSED_EVENTS):
        raise PermissionError(f"{event} is not allowed here")


def _readable_paths() -> set[str]:
    """The folders that Python, its packages and this one are in."""
    packages = [path for path in sys.path if Path(path).name in {"site-packages", "dist-packages"}]
    own = str(Path(__file__).parents[1])
    paths = {sys.prefix, sys.base_prefix, own, *packages, *_SYSTEM_FOLDERS, *_DEVICES}
    return {path for path in paths if Path(path).exists()}


def _restrict_files(libc: ctypes.CDLL) -> None:
    """Let the kernel refuse every path but those of the program; nothing where it cannot."""
    handled = ctypes.c_uint64(_LANDLOCK_ALL)
    rules = libc.syscall(_LANDLOCK_CREATE, ctypes.byref(handled), ctypes.sizeof(handled), 0)
    if rules < 0:
        return
    for path in _readable_paths():
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
        rights = _LANDLOCK_READ if Path(path).is_dir() else _LANDLOCK_READ & ~0b1000
        rule = rights.to_bytes(8, sys.byteorder) + folder.to_bytes(4, sys.byteorder)
        libc.syscall(_LANDLOCK_ADD, rules, 1, rule, 0)
        os.close(folder)
    libc.syscall(_LANDLOCK_RESTRICT, rules, 0)
    os.close(rules)


def _refuse_calls(libc: ctypes.CDLL) -> None:
    """Let the kernel refuse the calls that a parser has no use for; nothing where it cannot."""
    known = _REFUSED_CALLS.get(platform.machine())
    if known is None or sys.maxsize < 2**32:
        return
    architecture, numbers = known
    load, equal, at_least, give = 0x20, 0x15, 0x35, 0x06
    refuse = len(numbers) + 1  # instructions from the first comparison to the refusal
    code = [
        (load, 0, 0, 4),  # the architecture
        (equal, 0, refuse + 2, architecture),
        (load, 0, 0, 0),  # the number of the call
        (at_least, refuse, 0, _FOREIGN_CALLS),
        *((equal, len(numbers) - at, 0, number) for at, number in enumerate(numbers)),
        (give, 0, 0, 0x7FFF0000),  # allow
        (give, 0, 0, 0x00050000 | _EPERM),
    ]
    instructions = (_Instruction * len(code))(*(_Instruction(*line) for line in code))
    program = _Program(len(code), instructions)
    libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)
