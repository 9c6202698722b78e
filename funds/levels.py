"""Follows victims' money first in, first out in time order, and gives accounts their card level."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from graph.lake.tables import LakeTables

OWN = -1
"""Owner of money that no victim claims, unknown money included."""

_DAY = 24 * 3600 * 1_000_000

LEVEL_COLUMNS: dict[str, pl.DataType] = {
    "case": pl.String(),
    "event_key": pl.String(),
    "payer": pl.String(),
    "account": pl.String(),
    "level": pl.Int64(),
    "carried_fen": pl.Int64(),
}


_STEP = {"case": pl.Int64(), "place": pl.Int64(), "level": pl.Int64(), "carried_fen": pl.Int64()}


@dataclass(slots=True)
class _Ledger:
    """Layers (fen, owner) on each account that victims' money reached, oldest first; accounts by number."""

    layers: dict[int, deque[tuple[int, int]]] = field(default_factory=dict)
    level: dict[tuple[int, int], int] = field(default_factory=dict)

    def take(self, account: int, fen: int) -> list[tuple[int, int]]:
        """Remove up to `fen`, oldest first; what the layers lack is the account's own."""
        resting = self.layers[account]
        taken: list[tuple[int, int]] = []
        while resting and fen > 0:
            amount, owner = resting[0]
            part = min(amount, fen)
            taken.append((part, owner))
            fen -= part
            if part == amount:
                resting.popleft()
            else:
                resting[0] = (amount - part, owner)
        if fen > 0:
            taken.append((fen, OWN))
        return taken

    def put(self, account: int, before: int, parts: Iterable[tuple[int, int]]) -> None:
        """Add parts to an account that held `before` fen of its own when victims' money first came."""
        if account not in self.layers:
            self.layers[account] = deque([(before, OWN)] if before > 0 else [])
        self.layers[account].extend(parts)

    def reached(self, case: int, account: int, level: int) -> None:
        """Note a counting transfer; an account's level is its least incoming one."""
        self.level[case, account] = min(level, self.level.get((case, account), level))


def counting_transfers(tables: LakeTables, share: float = 0.01) -> pl.DataFrame:
    """Transfers that carry at least `share` of a case's victim money, with the case, level and fen carried.

    Columns of LEVEL_COLUMNS, one row a transfer and case, in time order. A case is a report's case, or the
    report where it has none. Victims' payments have level 1; another counting transfer out of an account has
    one more than the least level of those into it before. Parts below the share are followed no further and
    become the payee's own. Money on an account before is its own and leaves first; its sum is the balance the
    sheet states, zero where none does. Rows are ordered by the payer's time, then by key. Rows known only by
    day are left out. No reports give no rows. Source: DOMAIN.md 7.1 (`fifo`) and 7.2.
    """
    rows = _rows(tables)
    payments = _payments(tables, rows)
    if not payments.height:
        return pl.DataFrame(schema=LEVEL_COLUMNS)
    cases = payments["case"].unique().sort()
    number = {case: n for n, case in enumerate(cases)}
    lost: dict[int, int] = dict.fromkeys(range(len(cases)), 0)
    paid: dict[str, int] = {}
    for case, key, fen in payments.select("case", "event_key", "amount_fen").iter_rows():
        paid[key] = number[case]
        lost[number[case]] += fen
    least = {case: max(1, -(-int(fen * round(share * 1_000_000)) // 1_000_000)) for case, fen in lost.items()}
    found = pl.DataFrame(_follow(rows, paid, least), schema=_STEP, orient="row")
    moved = rows.select("event_key", "payer", "account")[found["place"]]
    case = cases.gather(found["case"]).alias("case")
    return found.select("level", "carried_fen").with_columns(case, *moved).select(list(LEVEL_COLUMNS))


def card_levels(tables: LakeTables, share: float = 0.01) -> pl.DataFrame:
    """Level of each account in each case: case, account, level, received_fen, event_key of the first.

    No reports give no rows. Source: DOMAIN.md 7.2.
    """
    return (
        counting_transfers(tables, share)
        .group_by("case", "account", maintain_order=True)
        .agg(
            pl.col("level").min(),
            pl.col("carried_fen").sum().alias("received_fen"),
            pl.col("event_key").first(),
        )
        .sort("case", "level", "account")
    )


def _rows(tables: LakeTables) -> pl.DataFrame:
    """Transfers and withdrawals by time: event_key, payer, account (null: cash), fen, balance before, at."""
    ordered = pl.col("precision").ne_missing("day")
    before = pl.col("to_balance_fen") - pl.col("amount_fen")
    transfers = tables.scan("TRANSFER").filter(ordered, pl.col("from_key") != pl.col("to_key"))
    withdrawals = tables.scan("CASH_OUT").filter(ordered)
    columns = [pl.col("event_key"), pl.col("from_key").alias("payer")]
    return (
        pl.concat(
            [
                transfers.select(
                    *columns, pl.col("to_key").alias("account"), "amount_fen", before.alias("before"), "at"
                ),
                withdrawals.select(
                    *columns,
                    pl.lit(None, dtype=pl.String).alias("account"),
                    "amount_fen",
                    pl.lit(None, dtype=pl.Int64).alias("before"),
                    "at",
                ),
            ]
        )
        .sort("at", "event_key")
        .collect()
    )


def _payments(tables: LakeTables, rows: pl.DataFrame) -> pl.DataFrame:
    """The transfer that is each reported payment: case, event_key, amount_fen; one to one, nearest in time.

    A report's time is vague: the same payee and amount, the same payer where named, within a day.
    """
    case = (
        tables.scan("FILED")
        .group_by(pl.col("from_key").alias("report"))
        .agg(pl.col("to_key").min().alias("case"))
    )
    payer = tables.scan("PAID_FROM").select(
        pl.col("from_key").alias("report"), "row", pl.col("to_key").alias("named")
    )
    reported = (
        tables.scan("PAID_TO")
        .select(
            pl.col("from_key").alias("report"),
            pl.col("to_key").alias("account"),
            "amount_fen",
            "at",
            "source",
            "row",
        )
        .join(payer, on=["report", "row"], how="left")
        .join(case, on="report", how="left")
        .with_columns(pl.coalesce("case", "report").alias("case"))
        .collect()
    )
    off = (pl.col("at").dt.timestamp("us") - pl.col("at_right").dt.timestamp("us")).abs()
    near = (
        rows.join(reported, on=["account", "amount_fen"], how="inner")
        .filter(pl.col("named").is_null() | (pl.col("named") == pl.col("payer")))
        .with_columns(off.alias("off"))
        .filter(pl.col("off") <= _DAY)
        .sort("off", "event_key", "source", "row")
    )
    taken: set[str] = set()
    matched: set[tuple[str, int]] = set()
    kept: list[tuple[str, str, int]] = []
    for found, key, fen, source, row in near.select(
        "case", "event_key", "amount_fen", "source", "row"
    ).iter_rows():
        if key not in taken and (source, row) not in matched:
            taken.add(key)
            matched.add((source, row))
            kept.append((found, key, fen))
    schema = {"case": pl.String(), "event_key": pl.String(), "amount_fen": pl.Int64()}
    return pl.DataFrame(kept, schema=schema, orient="row")


def _follow(
    rows: pl.DataFrame, paid: dict[str, int], least: dict[int, int]
) -> list[tuple[int, int, int, int]]:
    """Case, place in `rows`, level and fen of each transfer that counts.

    Nearly all rows touch no victim's money; they cost two look-ups by account number and nothing else.
    """
    ledger = _Ledger()
    found: list[tuple[int, int, int, int]] = []
    keys = pl.concat([rows["payer"], rows["account"].drop_nulls().alias("payer")]).unique()
    payers, accounts = (rows[end].cast(pl.Enum(keys)).to_physical().to_list() for end in ("payer", "account"))
    amounts, befores = rows["amount_fen"].to_list(), rows["before"].to_list()
    cases = rows["event_key"].replace_strict(paid, default=None, return_dtype=pl.Int64).to_list()
    layers = ledger.layers
    for place, (payer, account, case) in enumerate(zip(payers, accounts, cases, strict=True)):
        touched = payer in layers
        if not touched and case is None:
            if account in layers:
                ledger.put(account, 0, [(amounts[place], OWN)])
            continue
        fen = amounts[place]
        parts = ledger.take(payer, fen) if touched else [(fen, OWN)]
        if case is not None:
            parts = [(fen, case)]
        sums: dict[int, int] = {}
        for part, owner in parts:
            sums[owner] = sums.get(owner, 0) + part
        counting = {owner for owner, part in sums.items() if owner != OWN and part >= least[owner]}
        if account is None:
            continue
        kept = [(part, owner if owner in counting else OWN) for part, owner in parts]
        if counting or account in layers:
            ledger.put(account, befores[place] or 0, kept)
        for owner in sorted(counting):
            level = 1 if owner == case else 1 + ledger.level.get((owner, payer), 0)
            ledger.reached(owner, account, level)
            found.append((owner, place, level, sums[owner]))
    return found
