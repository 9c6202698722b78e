"""Entry 28: texts that a spreadsheet would run load as text; tests/export holds the writers to it."""

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import sheet
from tests.ingest.build import sheet_row

TEXTS = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "＝1+1", '=HYPERLINK("x")']
CASES = (
    Case(
        "formula texts stay text",
        sheet(
            "f.csv",
            *(
                sheet_row(memo=f'"{text.replace(chr(34), chr(34) * 2)}"', serial=f"S{i}")
                for i, text in enumerate(TEXTS)
            ),
        ),
        loaded=len(TEXTS),
        values={"memo": TEXTS},
    ),
)
