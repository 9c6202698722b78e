"""Landlock: the kernel's own fence around what a process may open, put up before any library is loaded.

Numbers and structures are those of the kernel's interface, documented with `landlock(7)`. A fence put up
after a library has started threads does not hold for those threads (GUARANTEES 3.2).
"""

import ctypes
import os
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446  # the same on every architecture in use
_VERSION, _PATH_BENEATH = 1, 1
_NO_NEW_PRIVILEGES = 38

_WRITE_FILE, _READ_FILE, _READ_DIR, _REMOVE_DIR, _REMOVE_FILE = 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5
_MAKE_DIR, _MAKE_FILE, _TRUNCATE, _IOCTL = 1 << 7, 1 << 8, 1 << 14, 1 << 15
# How many file rights each version of the interface knows; what a version does not know it can't refuse.
_RIGHTS_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15}
_ALL_RIGHTS = 16
_TCP_BIND_AND_CONNECT = 3
_ABSTRACT_SOCKETS_AND_SIGNALS = 3

_READ = _READ_FILE | _READ_DIR
_OWN = _READ | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_FILE | _TRUNCATE
_FOR_FILES = 1 | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL


def landlock_version() -> int:
    """The version of Landlock this kernel offers, 0 where it has none."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(0, int(ctypes.CDLL(None).syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION)))


def fence(readable: Sequence[Path], own: Path, version: int) -> None:
    """From now on this process reads only below `readable` and reads and writes only below `own`.

    It runs no program, and where the version allows it opens no TCP connection and signals nobody. What is
    already open stays open. To be called before threads exist. OSError when the kernel refuses.
    """
    library = ctypes.CDLL(None, use_errno=True)
    rights = (1 << _RIGHTS_BY_VERSION.get(version, _ALL_RIGHTS)) - 1
    fields = [rights]
    if version >= 4:
        fields.append(_TCP_BIND_AND_CONNECT)
    if version >= 6:
        fields.append(_ABSTRACT_SOCKETS_AND_SIGNALS)
    handled = struct.pack(f"={len(fields)}Q", *fields)
    rules = _call(library, _CREATE, handled, ctypes.c_size_t(len(handled)), 0)
    try:
        for path in readable:
            if path.exists():
                _allow(library, rules, path, _READ & rights)
        _allow(library, rules, own, _OWN & rights)
        if library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "the kernel refused to take away privileges")
        _call(library, _RESTRICT, rules, 0)
    finally:
        os.close(rules)


def _allow(library: ctypes.CDLL, rules: int, path: Path, rights: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        allowed = rights if path.is_dir() else rights & _FOR_FILES
        _call(library, _ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", allowed, descriptor), 0)
    finally:
        os.close(descriptor)


def _call(library: ctypes.CDLL, number: int, *arguments: object) -> int:
    result: int = library.syscall(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
