"""Entry 6: leading zeros, service numbers and masked counterparties."""

from pathlib import Path

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import persons, sheet
from tests.ingest.build import SHEET, sheet_row, write_text


def branch(folder: Path) -> Path:
    return write_text(folder / "zeros.csv", [*SHEET, "交易网点代码"], [[*sheet_row(own="00123"), "010000"]])


CASES = (
    Case(
        "zeros in front are kept in accounts and codes",
        branch,
        loaded=1,
        values={"own_account": ["00123"], "branch_code": ["010000"]},
    ),
    Case(
        "zeros in front are kept in phones, and a short service number is one",
        persons("phones.csv", ("拟名甲", "", "013800138000", ""), ("拟名乙", "", "95588", "")),
        loaded=2,
        values={"phone": ["013800138000", "95588"]},
    ),
    Case(
        "a masked counterparty is kept as written and never matches",
        sheet("masked.csv", sheet_row(peer="6222****1234")),
        loaded=1,
        flags={"MASKED@peer_account": 1},
        values={"peer_account": [None], "peer_account_text": ["6222****1234"]},
    ),
)
