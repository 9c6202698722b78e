"""Opens an XLSX package only as far as it is safe, and reads its parts with limits (GUARANTEES 3.3)."""

import re
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from ingest.limits import MEGABYTE, Limits
from ingest.readers.grid import refuse
from ingest.readers.zip_directory import open_zip
from ingest.reasons import Reason

_PIECE = 8 * MEGABYTE
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_ACTIVE = ("vbaProject", "/externalLinks/", "/embeddings/", "/activeX/", "/ddeLinks/", "/macrosheets/")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet of the package: its name, its part, and whether it is hidden."""

    name: str
    part: str
    hidden: bool


@dataclass(slots=True)
class Package:
    """An opened workbook; `expanded` counts the bytes streamed out of it so far."""

    name: str
    archive: zipfile.ZipFile
    limits: Limits
    expanded: int = 0
    sheets: tuple[SheetPart, ...] = ()
    flags: set[Reason] = field(default_factory=set)

    def stream(self, part: str) -> Iterator[bytes]:
        """The part's bytes in pieces; ARCHIVE_UNSAFE beyond the limits, XML_UNSAFE on a declaration."""
        info = self.archive.getinfo(part)
        out, tail = 0, b""
        try:
            with self.archive.open(info) as handle:
                while piece := handle.read(_PIECE):
                    out += len(piece)
                    self.expanded += len(piece)
                    self._check_expansion(out, info.compress_size)
                    if _FORBIDDEN.search(tail + piece):
                        raise refuse(Reason.XML_UNSAFE, self.name)
                    tail = piece[-16:]
                    yield piece
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
            OSError,
        ) as error:
            raise refuse(Reason.ARCHIVE_UNSAFE, self.name) from error

    def read(self, part: str) -> bytes:
        """A whole part."""
        return b"".join(self.stream(part))

    def _check_expansion(self, out: int, packed: int) -> None:
        too_much = self.expanded > self.limits.expanded_bytes
        if too_much or (out > MEGABYTE and out > self.limits.expansion * max(packed, 1)):
            raise refuse(Reason.ARCHIVE_UNSAFE, self.name, "it unpacks to too much")


def open_package(data: bytes, name: str, limits: Limits) -> Package:
    """Check the archive's directory, then read the list of sheets; nothing is unpacked to disk."""
    archive = open_zip(BytesIO(data), name, limits)
    package = Package(name, archive, limits)
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names:
        raise refuse(Reason.UNKNOWN_FORMAT, name, "a zip package without a workbook")
    if any(mark in entry for entry in names for mark in _ACTIVE):
        package.flags.add(Reason.ACTIVE_CONTENT)
    package.sheets = _sheets(package, names)
    if len(package.sheets) > limits.sheets:
        raise refuse(Reason.SHEET_BOUNDS, name, f"{len(package.sheets)} sheets")
    if any(sheet.hidden for sheet in package.sheets):
        package.flags.add(Reason.HIDDEN_PART)
    return package


def uses_1904(package: Package) -> bool:
    """Whether day numbers of the workbook start in 1904."""
    head = package.read("xl/workbook.xml")
    return re.search(rb'<(?:\w+:)?workbookPr\b[^>]*\bdate1904="(?:1|true)"', head) is not None


def parse_xml(data: bytes, name: str) -> ET.Element:
    """A part as an element tree; XML_UNSAFE when it is not well formed. Declarations were refused before."""
    try:
        return ET.fromstring(data)  # noqa: S314  DOCTYPE and ENTITY are refused while streaming
    except ET.ParseError as error:
        raise refuse(Reason.XML_UNSAFE, name) from error


def _sheets(package: Package, names: set[str]) -> tuple[SheetPart, ...]:
    relations = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for relation in parse_xml(package.read("xl/_rels/workbook.xml.rels"), package.name):
            target = relation.get("Target", "").lstrip("/")
            relations[relation.get("Id")] = target if target.startswith("xl/") else f"xl/{target}"
    found = []
    for element in parse_xml(package.read("xl/workbook.xml"), package.name).iter():
        if element.tag.rpartition("}")[2] != "sheet":
            continue
        part = relations.get(element.get(_RELATION), "")
        if part.startswith("xl/worksheets/"):
            if part not in names:
                raise refuse(Reason.ARCHIVE_UNSAFE, package.name, "a sheet is missing")
            hidden = element.get("state", "visible") != "visible"
            found.append(SheetPart(element.get("name", ""), part, hidden))
    return tuple(found)
