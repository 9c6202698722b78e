"""Tells a file's format from its bytes; the extension is only compared, never believed."""

from enum import StrEnum
from pathlib import PurePath

from ingest.readers.grid import refuse
from ingest.readers.html import looks_like_html
from ingest.readers.xml_book import looks_like_xml_book
from ingest.reasons import Reason


class Format(StrEnum):
    """The formats ingest reads."""

    DELIMITED = "delimited"
    XLSX = "xlsx"
    XLS = "xls"
    HTML = "html"
    XML_BOOK = "xml_book"


_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BIFF = (bytes.fromhex("09081000"), bytes.fromhex("09040600"), bytes.fromhex("09020600"))
_SUFFIXES = {
    Format.DELIMITED: {".csv", ".txt", ".tsv", ".tab"},
    Format.XLSX: {".xlsx", ".xlsm"},
    Format.XLS: {".xls"},
    Format.HTML: {".htm", ".html"},
    Format.XML_BOOK: {".xml"},
}
_FOREIGN = (
    b"%PDF",
    b"\x7fELF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"SQLite format 3",
    b"PAR1",
)


def sniff(data: bytes, name: str) -> tuple[Format, frozenset[Reason]]:
    """The format of `data`, with TYPE_MISMATCH when the name claims another one.

    UnreadableSource with ENCRYPTED or UNKNOWN_FORMAT; text that can't be decoded is found out later.
    """
    found = _format(data, name)
    suffix = PurePath(name).suffix.lower()
    claimed = {kind for kind, suffixes in _SUFFIXES.items() if suffix in suffixes}
    mismatch = bool(claimed) and found not in claimed
    return found, frozenset({Reason.TYPE_MISMATCH} if mismatch else ())


def _format(data: bytes, name: str) -> Format:
    if data[:4] == b"PK\x03\x04":
        return Format.XLSX
    if data[:8] == _OLE:
        if _ENCRYPTED in data:
            raise refuse(Reason.ENCRYPTED, name)
        return Format.XLS
    if data[:4] in _BIFF:
        return Format.XLS
    if data.startswith(_FOREIGN) or not _may_be_text(data):
        raise refuse(Reason.UNKNOWN_FORMAT, name)
    head = _beginning(data)
    if looks_like_xml_book(head):
        return Format.XML_BOOK
    return Format.HTML if looks_like_html(head) else Format.DELIMITED


def _beginning(data: bytes) -> str:
    """The first characters as text, good enough to tell a web page from a table."""
    codec = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(data[:2], "latin-1")
    return data[:4096].decode(codec, errors="ignore").lstrip("\ufeff\xef\xbb\xbf")


def _may_be_text(data: bytes) -> bool:
    """Text has a UTF-16 mark, or hardly any control characters in its first 64 KiB."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    head = data[: 1 << 16]
    if head.count(b"\0") * 100 > len(head):
        return True  # UTF-16 without its mark, or binary: the decoder says UNDECODABLE
    control = sum(head.count(bytes([code])) for code in range(1, 32) if code not in (9, 10, 13))
    return control * 20 <= len(head)
