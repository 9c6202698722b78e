"""Entry 12: characters beyond the basic plane and private-use ones are kept and never merged."""

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import persons

NAMES = ["拟𠀀", "拟\ue5f1", "拟㐀"]
ROWS = [(name, "", "", f"样街{i}号") for i, name in enumerate(NAMES)]
EXPECTED = {"loaded": 3, "flags": {"PRIVATE_USE@name": 1}, "values": {"name": NAMES}}

CASES = (
    Case("rare characters are kept in UTF-8", persons("u.csv", *ROWS), **EXPECTED),  # type: ignore[arg-type]  # fields out of one dict
    Case(
        "and in GB18030",
        persons("g.csv", *ROWS, encoding="gb18030"),
        **EXPECTED,  # type: ignore[arg-type]  # fields out of one dict
    ),
)
