"""Entry 9: names that a careless reader takes for missing values, truth or numbers."""

from pathlib import Path

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import PERSONS, persons
from tests.ingest.build import sheet_xml, write_package

NAMES = ["NA", "None", "nan", "TRUE", "1e5", "#N/A", "null", "N/A", "inf"]
ROWS = [(name, f"P{i:07d}", "", f"样街{i}号") for i, name in enumerate(NAMES)]
EMPTY = [(name, f"Q{i:07d}", "", f"样街{i}号") for i, name in enumerate(("-", "无", "NULL"))]


def workbook(folder: Path) -> Path:
    return write_package(folder / "names.xlsx", {"人员": sheet_xml([PERSONS, *ROWS])})


FLAGS = {"UNKNOWN_SHAPE@id": len(NAMES)}  # papers other than an id card
CASES = (
    Case(
        "such names stay text in CSV",
        persons("names.csv", *ROWS),
        loaded=len(NAMES),
        flags=FLAGS,
        values={"name": NAMES},
    ),
    Case(
        "such names stay text in a workbook", workbook, loaded=len(NAMES), flags=FLAGS, values={"name": NAMES}
    ),
    Case(
        "only -, 无 and NULL are empty",
        persons("empty.csv", *EMPTY),
        rejects={"MISSING_KEY": 3},
    ),
)
