"""Opens a zip's directory within bounds and streams its entries, believing no declared size."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

from ingest.limits import MEGABYTE, Limits
from ingest.readers.grid import refuse
from ingest.reasons import Reason

_TAIL = 65_557
_END = b"PK\x05\x06"
_LOCAL = struct.Struct("<4s5H3L2H")
_PIECE = MEGABYTE
_DIRECTORY_BYTES = 8 * MEGABYTE
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1


class DamagedEntry(Exception):
    """One entry's bytes are not those its directory speaks of; the others may be whole."""


def open_zip(handle: IO[bytes], name: str, limits: Limits) -> zipfile.ZipFile:
    """The archive behind `handle` once its directory is seen to be harmless; nothing is unpacked.

    ARCHIVE_UNSAFE: incomplete, too many entries, two of one name, a name that leads outside, a link;
    ENCRYPTED: an entry has a password.
    """
    _check_end(handle, name, limits)
    try:
        archive = zipfile.ZipFile(handle)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise refuse(Reason.ARCHIVE_UNSAFE, name, "the package is not complete") from error
    entries = archive.infolist()
    if len(entries) > limits.zip_entries:
        raise refuse(Reason.ARCHIVE_UNSAFE, name, f"{len(entries)} entries")
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        link = (entry.external_attr >> 16) & 0o170000 == 0o120000
        odd = ":" in entry.filename or "\0" in entry.orig_filename
        if path.is_absolute() or ".." in path.parts or link or odd:
            raise refuse(Reason.ARCHIVE_UNSAFE, name, "an entry leads outside the package")
        if entry.flag_bits & _ENCRYPTED:
            raise refuse(Reason.ENCRYPTED, name)
    names = [entry_name(entry) for entry in entries]
    if len(set(names)) != len(names):
        raise refuse(Reason.ARCHIVE_UNSAFE, name, "two entries of one name")
    return archive


def entry_name(entry: zipfile.ZipInfo) -> str:
    """The entry's name: UTF-8 where it says so, else UTF-8 or GB18030 if its bytes are exactly that."""
    if entry.flag_bits & _UTF8_NAME or entry.filename.isascii():
        return entry.filename
    try:
        data = entry.filename.encode("cp437")  # how zipfile reads names without the flag
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def stream_entry(handle: IO[bytes], entry: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """An entry's bytes in pieces of at most a megabyte.

    More bytes than declared: ARCHIVE_UNSAFE. Fewer, a wrong checksum, a broken stream or a method other than
    stored and deflate: DamagedEntry.
    """
    if entry.header_offset < 0:  # a directory that says it begins later than it does
        raise DamagedEntry
    handle.seek(entry.header_offset)
    head = handle.read(_LOCAL.size)
    if len(head) < _LOCAL.size or not head.startswith(b"PK\x03\x04"):
        raise DamagedEntry
    handle.seek(sum(_LOCAL.unpack(head)[-2:]), 1)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DamagedEntry
    out = checksum = 0
    for piece in _unpacked(handle, entry):
        out += len(piece)
        if out > entry.file_size:
            raise refuse(Reason.ARCHIVE_UNSAFE, name, "an entry is larger than it says")
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if out != entry.file_size or checksum != entry.CRC:
        raise DamagedEntry


def _unpacked(handle: IO[bytes], entry: zipfile.ZipInfo) -> Iterator[bytes]:
    left = entry.compress_size
    inflater = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    try:
        while left > 0 and (packed := handle.read(min(_PIECE, left))):
            left -= len(packed)
            if inflater is None:
                yield packed
                continue
            while packed:
                yield inflater.decompress(packed, _PIECE)
                packed = inflater.unconsumed_tail
        while inflater is not None and not inflater.eof:
            rest = inflater.decompress(b"", _PIECE)
            if not rest:
                raise DamagedEntry
            yield rest
    except zlib.error as error:
        raise DamagedEntry from error


def _check_end(handle: IO[bytes], name: str, limits: Limits) -> None:
    """Refuse a huge directory before anybody reads it into memory."""
    size = handle.seek(0, 2)
    handle.seek(max(size - _TAIL, 0))
    tail = handle.read(_TAIL)
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise refuse(Reason.ARCHIVE_UNSAFE, name, "the package is not complete")
    entries, directory = struct.unpack("<HL", tail[at + 10 : at + 16])
    if entries > limits.zip_entries or directory > _DIRECTORY_BYTES:
        raise refuse(Reason.ARCHIVE_UNSAFE, name, f"{entries} entries")
    handle.seek(0)
