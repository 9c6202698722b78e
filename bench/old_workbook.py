"""Writes the old binary XLS workbook (BIFF8 in an OLE container), text cells only: nothing installed does."""

import struct
from collections.abc import Sequence

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_MOST_FAT_SECTORS = 109


def old_workbook(rows: Sequence[Sequence[str]], sheet: str = "明细") -> bytes:
    """The bytes of a workbook with one sheet; empty cells are left out.

    ValueError beyond 65,536 rows, 256 columns or what one table of sectors holds (7 MB).
    """
    if len(rows) > 65_536 or any(len(row) > 256 for row in rows):
        raise ValueError("An XLS sheet holds 65,536 rows of 256 columns; write fewer.")
    name = sheet.encode("utf-16-le")
    bound = struct.pack("<LBBBB", 0, 0, 0, len(sheet), 1) + name
    start = len(_record(0x0809, _bof(5)) + _record(0x0042, struct.pack("<H", 1200)))
    globals_length = start + len(_record(0x0085, bound)) + 4
    bound = struct.pack("<LBBBB", globals_length, 0, 0, len(sheet), 1) + name
    parts = [
        _record(0x0809, _bof(5)),
        _record(0x0042, struct.pack("<H", 1200)),
        _record(0x0085, bound),
        _record(0x000A, b""),
        _record(0x0809, _bof(0x10)),
        _record(0x0200, struct.pack("<LLHHH", 0, len(rows), 0, max(map(len, rows), default=0), 0)),
    ]
    for line, row in enumerate(rows):
        for column, text in enumerate(row):
            if text:
                said = text.encode("utf-16-le")
                head = struct.pack("<HHHHB", line, column, 0, len(said) // 2, 1)
                parts.append(_record(0x0204, head + said))
    parts.append(_record(0x000A, b""))
    return _container(b"".join(parts))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _bof(kind: int) -> bytes:
    return struct.pack("<HHHHLL", 0x0600, kind, 0x0DBB, 1996, 0x41, 6)


def _container(stream: bytes) -> bytes:
    """One stream called Workbook; a stream of at least 4,096 bytes needs no table of short sectors."""
    stream = stream.ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % _SECTOR)
    sectors = len(stream) // _SECTOR
    fats = 1
    while fats * _SECTOR // 4 < sectors + 1 + fats:
        fats += 1
    if fats > _MOST_FAT_SECTORS:
        raise ValueError("The sheet is larger than this writer's container; write fewer rows.")
    table = [*range(1, sectors), _END, _END, *[_FAT] * fats]
    table += [_FREE] * (fats * _SECTOR // 4 - len(table))
    places = [*range(sectors + 1, sectors + 1 + fats)] + [_FREE] * (_MOST_FAT_SECTORS - fats)
    header = (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
        + struct.pack("<LLLLLLLLL", 0, fats, sectors, 0, 4096, _END, 0, _END, 0)
        + struct.pack(f"<{_MOST_FAT_SECTORS}L", *places)
    )
    folder = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 0, len(stream))
    folder += _entry("", 0, _FREE, 0, 0) * 2
    return header + stream + folder + struct.pack(f"<{len(table)}L", *table)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    said = (name + "\0").encode("utf-16-le") if name else b""
    return (
        said.ljust(64, b"\0")
        + struct.pack("<HBB", len(said), kind, 1)
        + struct.pack("<LLL", _FREE, _FREE, child)
        + bytes(36)
        + struct.pack("<LQ", start, size)
    )
