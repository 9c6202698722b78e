"""Entry 8: one id in several spellings, with a wrong check digit, and of the old length."""

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import persons


def check_sign(stem: str) -> str:
    """The 18th sign of an id (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(s) * w for s, w in zip(stem, weights, strict=True)) % 11]


# Region 990000 does not exist. The serial number is chosen so that the check sign is X.
STEM = next(f"99000019900307{i:03d}" for i in range(100, 200) if check_sign(f"99000019900307{i:03d}") == "X")
RIGHT = STEM + "X"
WRONG = STEM + "1"
OLD = "990000700307123"
LENGTHENED = "99000019700307123"

CASES = (
    Case(
        "x, full-width X and X are one id",
        persons(
            "x.csv",
            ("拟名甲", STEM + "x", "", "街一"),
            ("拟名甲", STEM + "Ｘ", "", "街二"),
            ("拟名甲", RIGHT, "", "街三"),
        ),
        loaded=3,
        flags={"NORMALISED@id": 2},
        values={"id": [RIGHT] * 3},
    ),
    Case(
        "a wrong check digit is flagged and kept",
        persons("wrong.csv", ("拟名乙", WRONG, "", "")),
        loaded=1,
        flags={"CHECK_DIGIT@id": 1},
        values={"id": [WRONG]},
    ),
    Case(
        "an id of 15 digits is made one of 18",
        persons("old.csv", ("拟名丙", OLD, "", "")),
        loaded=1,
        flags={"OLD_ID@id": 1},
        values={"id": [LENGTHENED + check_sign(LENGTHENED)]},
    ),
)
