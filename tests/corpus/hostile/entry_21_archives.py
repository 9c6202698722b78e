"""Entry 21: zip archives that lie about their size, nest, repeat a name or lead out of their folder."""

import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.corpus.hostile.case import Case

TABLE = "姓名,证件号码\n拟名甲,\n".encode()


def archive(name: str, fill: Callable[[zipfile.ZipFile], object]) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr("a.csv", TABLE)
            fill(made)
        return folder / name

    return write


def lying(folder: Path) -> Path:
    """Says it unpacks to 1 KB and unpacks to 300 MB."""
    path = archive("lying.zip", lambda z: z.writestr("b.csv", b"0" * 300_000_000))(folder)
    data = bytearray(path.read_bytes())
    size = struct.pack("<I", 300_000_000)
    assert data.count(size) >= 2
    path.write_bytes(bytes(data).replace(size, struct.pack("<I", 1024)))
    return path


def link(made: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo("b.csv")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    made.writestr(entry, "/etc/passwd")


def many(made: zipfile.ZipFile) -> None:
    for number in range(2_001):
        made.writestr(f"{number}.csv", b"")


def twins(folder: Path) -> Path:
    path = archive("twins.zip", lambda z: z.writestr("b.csv", TABLE))(folder)
    path.write_bytes(path.read_bytes().replace(b"b.csv", b"a.csv"))
    return path


CASES = (
    Case("an archive that lies about its size", lying, code="ARCHIVE_UNSAFE"),
    Case(
        "an archive in an archive",
        archive("nested.zip", lambda z: z.writestr("b.zip", b"PK")),
        code="ARCHIVE_UNSAFE",
    ),
    Case("an archive of too many entries", archive("many.zip", many), code="ARCHIVE_UNSAFE"),
    Case("an archive with two entries of one name", twins, code="ARCHIVE_UNSAFE"),
    Case(
        "an entry that leads up",
        archive("up.zip", lambda z: z.writestr("../../x.csv", TABLE)),
        code="ARCHIVE_UNSAFE",
    ),
    Case(
        "an absolute entry", archive("abs.zip", lambda z: z.writestr("/x.csv", TABLE)), code="ARCHIVE_UNSAFE"
    ),
    Case("an entry that is a link", archive("link.zip", link), code="ARCHIVE_UNSAFE"),
)
