"""Entry 5: zeros from the 16th digit on are what a spreadsheet leaves of a long number."""

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import luhn, sheet
from tests.ingest.build import sheet_row


def _passing() -> str:
    """A card of 15 digits and four zeros whose check digit happens to be right."""
    stems = (f"62220212345{i:04d}" for i in range(10))
    return next(f"{stem}0000" for stem in stems if luhn(f"{stem}000") == f"{stem}0000")


PASSING = _passing()
FAILING = str(int(PASSING[:15]) + 1) + "0000"

CASES = (
    Case(
        "a card with a zero tail and a wrong check digit waits",
        sheet("bad.csv", sheet_row(card=FAILING)),
        rejects={"SUSPECT_15_DIGIT": 1},
    ),
    Case(
        "a card with a zero tail and a right check digit loads with a flag",
        sheet("good.csv", sheet_row(card=PASSING)),
        loaded=1,
        flags={"SUSPECT_15_DIGIT@own_card": 1},
        values={"own_card": [PASSING]},
    ),
)
