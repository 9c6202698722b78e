"""Proves that a stored file still is, byte for byte, the one that was put in force."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32

from graph.durable import replace_bytes

_SEAL = "seal"
_CRC = "crc32:"
_PIECE = 1 << 20


def seal(path: Path) -> str:
    """The SHA-256 of a file's bytes, hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def checksum(path: Path) -> str:
    """`crc32:` and eight digits: finds damage at a seventh of a seal's cost, which counts for big tables."""
    found = 0
    with path.open("rb") as handle:
        while piece := handle.read(_PIECE):
            found = crc32(piece, found)
    return f"{_CRC}{found:08x}"


def unbroken(path: Path, expected: str) -> bool:
    """Whether the file is there with this seal or checksum; read once a process while it is not written."""
    try:
        status = path.stat()
        identity = (path, status.st_ino, status.st_size, status.st_mtime_ns)
        return (_checksum_of if expected.startswith(_CRC) else _seal_of)(*identity) == expected
    except OSError:
        return False


def write_sealed(place: Path, body: Mapping[str, Any]) -> None:
    """Put a JSON object in place with a seal over its content."""
    sealed = {**body, _SEAL: _seal_of_body(body)}
    replace_bytes(place, json.dumps(sealed, indent=1, sort_keys=True, ensure_ascii=False).encode())


def read_sealed(place: Path) -> dict[str, Any] | None:
    """The object at `place`, None when there is none; ValueError when it is not what was written.

    One without a seal, from before there were seals, is believed.
    """
    try:
        body = json.loads(place.read_bytes())
    except FileNotFoundError:
        return None
    if not isinstance(body, dict):
        raise ValueError("no object")
    said = body.pop(_SEAL, None)
    if said is not None and said != _seal_of_body(body):
        raise ValueError("the seal is broken")
    return body


def _seal_of_body(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


@lru_cache(maxsize=4096)
def _checksum_of(path: Path, *_: int) -> str:
    return checksum(path)


@lru_cache(maxsize=4096)
def _seal_of(path: Path, *_: int) -> str:
    return seal(path)
