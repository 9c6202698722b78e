"""A small lake for request sheets: three banks, stops, freezes, a gap, an account without a sheet."""

import polars as pl

from detect.worlds import build_world
from tests.funds.refund.lakes import paid

LINES = [
    "A : Account bank=样例银行 grade=A holder_name=虚甲",
    "B : Account bank=虚拟银行 holder_name=虚乙",
    "N : Account holder_name=虚无",
    "P : Person name=虚甲",
    "P HOLDS A",
    "C : Case key=A0001",
    *paid("R1", "V1", "A", "10000", "09:00", to_balance_fen=1_100_000),
    "R1 FILED C",
    "A TRANSFER B at=2024-03-01T09:20 amount=8000 from_balance_fen=300000 to_balance_fen=800000",
    "B TRANSFER X at=2024-03-01T09:30 amount=100 from_balance_fen=780000",
    "A TRANSFER N at=2024-03-01T09:40 amount=1000 from_balance_fen=200000",
    "K1 : ControlOrder kind=止付 document=DK1 started_at=2024-03-01T10:00",
    "K1 CONTROL A at=2024-03-01T10:00 state=executed",
    "K2 : ControlOrder kind=止付 document=DK2 started_at=2024-03-03T10:00",
    "K2 CONTROL A at=2024-03-03T10:00 state=executed",
    "K3 : ControlOrder kind=冻结 mode=receive_only document=DK3 executed_fen=780000",
    "K3 : ControlOrder started_at=2024-03-02T10:00",
    "K3 CONTROL B at=2024-03-02T10:00 state=executed",
]
WORLD = build_world(LINES)
A, B, N, X = (WORLD.names[name].key for name in "ABNX")
FRAMES = {
    **WORLD.frames,
    "TRANSFER": WORLD.frames["TRANSFER"].with_columns(
        to_at=pl.when(pl.col("to_key").is_in([N, X])).then(None).otherwise(pl.col("to_at"))
    ),
}
"""N and X have no sheet of their own: only the payers' sheets tell of what came."""
HOLDER = WORLD.names["P"].key
NOW = "2024-03-04T09:00"
