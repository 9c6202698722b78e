"""Entry 3: an 18-digit id stored as a number and shown whole by its cell format has lost its last digits."""

from pathlib import Path

from tests.corpus.hostile.case import Case
from tests.ingest.build import sheet_xml, write_package

HEADER = ("姓名", "证件号码", "住址")


def formatted(folder: Path) -> Path:
    rows = [HEADER, *([f"拟名{i}", ("4.3010219900307803E+17", "n"), "样街1号"] for i in range(3))]
    xml = sheet_xml(rows).replace('"><v>4.', '" s="1"><v>4.')  # style 1: number format 0
    assert xml.count('s="1"') == 3
    return write_package(folder / "ids.xlsx", {"人员": xml})


CASES = (Case("an id in a number cell with format 0 waits", formatted, rejects={"PRECISION_LOST": 3}),)
