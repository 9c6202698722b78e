"""Orders each account's rows, checks its running balance, decides unclear directions, grades (DOMAIN 3.1)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from ingest.settle.cards import CardBook
from ingest.settle.carried import Carried, ties
from ingest.settle.chain import chain
from ingest.settle.sheets import DIRECTION, Sheets, sheets_of
from ingest.settle.sources import SHEET_FIELDS

# Least share of balances that follow, by grade; below all of them or without balances: D (DOMAIN 3.1).
BOUNDS = ((0.95, "C"), (0.99, "B"), (0.999, "A"))
_FLIP_LINKS = 5


@dataclass(frozen=True, slots=True)
class Ledgers:
    """Successful rows in ledger order, and what the check found.

    rows: spot, rank, time, amount, balance, serial, day_only, undoes as of `sheets.Sheets`, and ledger, peer
    (both resolved), direction, signed_fen, holds (whether the link to the row before holds; null without two
    balances); rows of a frame have its columns too. carried: where other columns are, None: in rows.
    grades: ledger, grade, links, broken. gaps: ledger, from_at, to_at, missing_fen, one row a broken link.
    """

    rows: pl.DataFrame
    grades: pl.DataFrame
    gaps: pl.DataFrame
    failed: int
    unclear: int
    carried: Carried | None


def order_ledgers(sheet: pl.DataFrame | Sheets, book: CardBook) -> Ledgers:
    """The ledgers of all `bank_sheet` rows (different rows only). No rows give empty tables."""
    sheets = sheets_of(sheet.lazy()) if isinstance(sheet, pl.DataFrame) else sheet
    rows = _resolved(sheets, book)
    events = _one_row_an_event(rows, sheets.carried)
    done = events & rows["success"].fill_null(False)
    ordered = _with_directions(rows[_ledger_order(rows, done, sheets.carried)])
    unclear = ordered["direction"].null_count()
    ordered = _unswapped(_linked(_reordered(_linked(ordered))))
    grades, gaps = _grades(ordered), _gaps(ordered)
    ordered = ordered.drop("success", "before", "previous")
    failed = (events & ~done).arg_true().len()
    if isinstance(sheet, pl.DataFrame):
        return Ledgers(_beside(sheet, ordered), grades, gaps, failed, unclear, None)
    return Ledgers(ordered, grades, gaps, failed, unclear, sheets.carried)


def _resolved(sheets: Sheets, book: CardBook) -> pl.DataFrame:
    """The rows with ledger and peer, whose codes are in the order of the numbers' texts."""
    rows = sheets.rows
    resolved = book.resolve(sheets.numbers)
    number = pl.Enum(resolved.drop_nulls().unique().sort())
    coded = resolved.cast(number)
    own = rows.select(pl.coalesce("account", "card")).to_series()
    return rows.drop("account", "card").with_columns(
        ledger=coded.gather(own), peer=coded.gather(rows["peer"])
    )


def _beside(sheet: pl.DataFrame, ordered: pl.DataFrame) -> pl.DataFrame:
    """Ordered rows with the columns of the sheet; numbers and directions are texts again."""
    texts = [pl.col(c).cast(pl.String) for c in ("ledger", "peer", "direction")]
    new = ordered.drop("serial").with_columns(texts)
    return sheet[ordered["spot"]].with_columns(new.get_columns())


def _one_row_an_event(rows: pl.DataFrame, carried: Carried) -> pl.Series:
    """Which rows stay: of overlapping exports' rows, equal in serial, time, amount, balance, the fullest."""
    identity = ["ledger", "serial", "time", "direction", "amount", "balance"]
    twice = rows["serial"].is_not_null()
    if not twice.any():
        return ~twice
    index = twice.arg_true()
    named = rows[index].select(*identity, "spot", "rank", index=index)
    named = named.filter(pl.struct(identity).is_duplicated())
    twice = pl.repeat(False, rows.height, eager=True).scatter(named["index"], True)
    (texts,) = carried.take((named["spot"], SHEET_FIELDS))
    # A counterparty counts twice: without one there is no transfer.
    given = pl.all().is_not_null().cast(pl.Int32)
    filled = texts.select(filled=pl.sum_horizontal(given) + pl.col("peer_account").is_not_null())
    kept = (
        named.hstack(filled)
        .sort("filled", "rank", descending=[True, False])
        .unique(identity, keep="first", maintain_order=True)
    )
    return (~twice).scatter(kept["index"], True)


def _ledger_order(rows: pl.DataFrame, wanted: pl.Series, carried: Carried) -> npt.NDArray[np.int64]:
    """Indices of the wanted rows by ledger, time, serial, row key (nulls last).

    Two integers settle nearly all of it; only rows of one ledger and instant are compared by the rest.
    """
    index = wanted.arg_true().to_numpy()
    last = pl.lit(np.iinfo(np.int64).max)
    coded = rows.select(
        ledger=pl.col("ledger").to_physical().cast(pl.Int64).fill_null(last),
        time=pl.col("time").to_physical().fill_null(last),
    )[index]
    ledger, time = coded["ledger"].to_numpy(), coded["time"].to_numpy()
    order = np.lexsort((time, ledger))
    places, group = ties((np.diff(ledger[order]) == 0) & (np.diff(time[order]) == 0))
    tied = rows.select("spot", "rank")[index[order[places]]]
    (texts,) = carried.take((tied["spot"], ["serial"]))
    again = pl.DataFrame(
        {"at": order[places], "group": group, "serial": texts["serial"], "rank": tied["rank"]}
    )
    order[places] = again.sort("group", "serial", "rank", nulls_last=True)["at"].to_numpy()
    return index[order]


def _with_directions(rows: pl.DataFrame) -> pl.DataFrame:
    """An unclear direction is what the balance says, if it says anything."""
    delta = pl.col("balance") - _before("balance")
    decided = (
        pl.when(pl.col("amount") == 0)
        .then(None)
        .when(delta == pl.col("amount"))
        .then(pl.lit("in", dtype=DIRECTION))
        .when(delta == -pl.col("amount"))
        .then(pl.lit("out", dtype=DIRECTION))
    )
    direction = pl.coalesce("direction", decided)
    signed = (
        pl.when(direction == "in").then(pl.col("amount")).when(direction == "out").then(-pl.col("amount"))
    )
    return rows.with_columns(direction=direction, signed_fen=signed)


def _before(column: str) -> pl.Expr:
    """The value in the row before, inside the same ledger (rows lie ledger by ledger)."""
    return pl.when(pl.col("ledger") == pl.col("ledger").shift(1)).then(pl.col(column).shift(1))


def _linked(rows: pl.DataFrame) -> pl.DataFrame:
    before = pl.col("balance") - pl.col("signed_fen")
    previous = _before("balance")
    return rows.with_columns(holds=before == previous, before=before, previous=previous)


def _reordered(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of one instant put into the order that makes their balances follow each other.

    Only instants with several rows and a broken link in them or right behind them are touched.
    """
    fresh = (pl.col("ledger") != pl.col("ledger").shift(1)) | (pl.col("time") != pl.col("time").shift(1))
    starts = rows.select(fresh.fill_null(True)).to_series().arg_true().to_numpy()
    sizes = np.diff(np.r_[starts, rows.height])
    broken = np.searchsorted(starts, (~rows["holds"]).arg_true().to_numpy(), "right") - 1
    near = np.union1d(broken, broken - 1)
    todo = near[(near >= 0) & (sizes[near] > 1)]
    if not todo.size:
        return rows
    moved = np.arange(rows.height)
    for start, size in zip(starts[todo].tolist(), sizes[todo].tolist(), strict=True):
        part = rows[start : start + size]
        order = chain(part["before"].to_list(), part["balance"].to_list(), part["previous"][0])
        moved[start : start + size] = start + np.array(order)
    return rows[moved]


def _unswapped(rows: pl.DataFrame) -> pl.DataFrame:
    """Turn directions round in ledgers whose balances only fit the other reading of debit and credit."""
    swapped = (pl.col("balance") + pl.col("signed_fen")) == pl.col("previous")
    share = rows.group_by("ledger").agg(
        links=pl.col("holds").count(), held=pl.col("holds").mean(), turned=swapped.mean()
    )
    wrong = share.filter(
        (pl.col("links") >= _FLIP_LINKS) & (pl.col("turned") >= 0.99) & (pl.col("held") < 0.5)
    )
    if wrong.is_empty():
        return rows
    flip = pl.col("ledger").is_in(wrong["ledger"].implode())
    other = (
        pl.when(pl.col("direction") == "in")
        .then(pl.lit("out", dtype=DIRECTION))
        .otherwise(pl.lit("in", dtype=DIRECTION))
    )
    turned = rows.with_columns(
        direction=pl.when(flip).then(other).otherwise(pl.col("direction")),
        signed_fen=pl.when(flip).then(-pl.col("signed_fen")).otherwise(pl.col("signed_fen")),
    )
    return _linked(turned)


def _grades(rows: pl.DataFrame) -> pl.DataFrame:
    share = pl.col("held") / pl.col("links")
    grade = pl.lit("D")
    for least, name in BOUNDS:
        grade = pl.when((pl.col("links") > 0) & (share >= least)).then(pl.lit(name)).otherwise(grade)
    return (
        rows.group_by("ledger")
        .agg(links=pl.col("holds").count(), held=pl.col("holds").sum())
        .select(
            pl.col("ledger").cast(pl.String),
            grade=grade,
            links="links",
            broken=pl.col("links") - pl.col("held"),
        )
        .sort("ledger")
    )


def _gaps(rows: pl.DataFrame) -> pl.DataFrame:
    return (
        rows.with_columns(from_at=_before("time"))
        .filter(~pl.col("holds"))
        .select(
            pl.col("ledger").cast(pl.String),
            "from_at",
            to_at="time",
            missing_fen=pl.col("before") - pl.col("previous"),
        )
        .sort("ledger", "to_at", "missing_fen")
    )
