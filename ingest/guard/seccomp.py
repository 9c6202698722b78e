"""Seccomp: a filter in the kernel that refuses a process every new socket, of whatever kind.

Landlock closes TCP only; this closes the rest (UDP, raw, netlink, local). Numbers and structures are those of
the kernel's interface, documented with `seccomp(2)`. To be put up before a library starts threads.
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_ACTION_AVAILABLE = 2
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4
_X32 = 0x40000000
"""Calls of the 32-bit interface on x86-64 carry this bit: the same calls under other numbers."""


@dataclass(frozen=True, slots=True)
class _Machine:
    """An architecture: its audit number, the number of seccomp(2), and the calls that are refused."""

    audit: int
    seccomp: int
    refused: tuple[int, ...]


# socket, socketpair, and io_uring_setup, whose rings open sockets without these calls.
_MACHINES = {
    "x86_64": _Machine(0xC000003E, 317, (41, 53, 425)),
    "aarch64": _Machine(0xC00000B7, 277, (198, 199, 425)),
}


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def seccomp_usable() -> bool:
    """Whether this kernel can refuse calls by a filter, on an architecture whose numbers are known here."""
    machine = _MACHINES.get(platform.machine())
    if machine is None or not sys.platform.startswith("linux"):
        return False
    action = ctypes.c_uint32(_ERRNO)
    found = ctypes.CDLL(None).syscall(machine.seccomp, _ACTION_AVAILABLE, 0, ctypes.byref(action))
    return int(found) == 0


def refuse_sockets() -> None:
    """From now on this process and what it starts open no socket (PermissionError); open ones stay open.

    OSError when the kernel refuses the filter.
    """
    library = ctypes.CDLL(None, use_errno=True)
    code = b"".join(struct.pack("=HBBI", *one) for one in _filter(_MACHINES[platform.machine()]))
    program = _Program(len(code) // 8, code)
    if (
        library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0
        or library.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) != 0
    ):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _filter(machine: _Machine) -> Sequence[tuple[int, int, int, int]]:
    """The program: operation, steps to jump if true, if false, value. Other architectures' calls fail."""
    tests = [(_AT_LEAST, _X32), *((_EQUAL, number) for number in machine.refused)]
    jumps = [(test, len(tests) - at, 0, value) for at, (test, value) in enumerate(tests)]
    return [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_EQUAL, 0, len(tests) + 2, machine.audit),
        (_LOAD, 0, 0, _NUMBER_AT),
        *jumps,
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ERRNO | errno.EPERM),
    ]
