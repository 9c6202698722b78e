"""Entry 30: texts made to end a query load as text; tests/graph holds the gate and the sync to it."""

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import sheet
from tests.ingest.build import sheet_row

TEXTS = ["甲'}) DETACH DELETE n //", "a`b", "\\u0060", "${x}", "{{7*7}}"]
CASES = (
    Case(
        "texts that end a query stay text",
        sheet("q.csv", *(sheet_row(memo=text, serial=f"S{i}") for i, text in enumerate(TEXTS))),
        loaded=len(TEXTS),
        values={"memo": TEXTS},
    ),
)
