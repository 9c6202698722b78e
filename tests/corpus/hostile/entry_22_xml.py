"""Entry 22: declarations in a workbook's XML, links, macros; nothing of it is followed."""

from collections.abc import Callable
from pathlib import Path

from tests.corpus.hostile.case import Case
from tests.ingest.build import SHEET, sheet_row, sheet_xml, write_package

XML = sheet_xml([SHEET, sheet_row()])
BOMB = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "ha"}">' for i in range(10))


def declared(name: str, declaration: str) -> Callable[[Path], Path]:
    xml = XML.replace("<worksheet", f"{declaration}<worksheet", 1)
    return lambda folder: write_package(folder / name, {"s": xml})


def extra(name: str, *parts: str) -> Callable[[Path], Path]:
    return lambda folder: write_package(folder / name, {"s": XML}, dict.fromkeys(parts, b"x"))


ACTIVE = {"loaded": 1, "file_flags": ["ACTIVE_CONTENT"]}
CASES = (
    Case("a DOCTYPE", declared("d.xlsx", "<!DOCTYPE x>"), code="XML_UNSAFE"),
    Case("an entity bomb", declared("b.xlsx", f"<!DOCTYPE x [{BOMB}]>"), code="XML_UNSAFE"),
    Case(
        "a system entity",
        declared("s.xlsx", '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'),
        code="XML_UNSAFE",
    ),
    Case("a macro is flagged", extra("m.xlsm", "xl/vbaProject.bin"), **ACTIVE),  # type: ignore[arg-type]  # fields out of one dict
    Case("an external link is flagged", extra("l.xlsx", "xl/externalLinks/externalLink1.xml"), **ACTIVE),  # type: ignore[arg-type]  # fields out of one dict
    Case("a DDE link is flagged", extra("e.xlsx", "xl/ddeLinks/dde1.xml"), **ACTIVE),  # type: ignore[arg-type]  # fields out of one dict
)
