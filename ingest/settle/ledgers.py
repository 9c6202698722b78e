"""Orders each account's rows, checks its running balance, decides unclear directions, grades (DOMAIN 3.1)."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from ingest.settle.cards import CardBook
from ingest.settle.chain import chain
from ingest.settle.sources import flagged

# Least share of balances that follow, by grade; below all of them or without balances: D (DOMAIN 3.1).
BOUNDS = ((0.95, "C"), (0.99, "B"), (0.999, "A"))
_FLIP_LINKS = 5


@dataclass(frozen=True, slots=True)
class Ledgers:
    """Successful rows in ledger order, and what the check found.

    rows: the sheet's columns, and ledger, peer (both resolved), direction, signed_fen, day_only, position (in
    ledger order), holds (whether the link to the row before holds; null without two balances).
    grades: ledger, grade, links, broken. gaps: ledger, from_at, to_at, missing_fen, one row a broken link.
    """

    rows: pl.DataFrame
    grades: pl.DataFrame
    gaps: pl.DataFrame
    failed: int
    unclear: int


def order_ledgers(sheet: pl.DataFrame, book: CardBook) -> Ledgers:
    """The ledgers of all `bank_sheet` rows (different rows only). No rows give empty tables."""
    own = book.resolve(pl.select(pl.coalesce(sheet["own_account"], sheet["own_card"])).to_series())
    rows = sheet.with_columns(
        ledger=own,
        peer=book.resolve(sheet["peer_account"]),
        day_only=flagged("DAY_ONLY", "time"),
    )
    events = _one_row_an_event(rows)
    done = events & rows["success"].fill_null(False)
    # Rows are wide: they are put into their order, and the others left out, in one go.
    ordered = rows[_ledger_order(rows.select("ledger", "time", "serial", "row_key"), done)]
    ordered = _with_directions(ordered.with_columns(position=pl.int_range(pl.len(), dtype=pl.Int64)))
    unclear = ordered["direction"].null_count()
    ordered = _unswapped(_linked(_reordered(_linked(ordered))))
    grades = _grades(ordered)
    return Ledgers(ordered, grades, _gaps(ordered), (events & ~done).arg_true().len(), unclear)


def _one_row_an_event(rows: pl.DataFrame) -> pl.Series:
    """Which rows stay: of overlapping exports' rows, equal in serial, time, amount, balance, the fullest."""
    identity = ["ledger", "serial", "time", "direction", "amount", "balance"]
    # A cheap look at the serials first: without overlapping exports none comes twice.
    twice = rows["serial"].is_not_null() & rows["serial"].is_duplicated()
    if not twice.any():
        return ~twice
    index = twice.arg_true()
    named = rows.filter(twice)
    fields = [c for c in named.columns if c not in ("source", "row", "line", "sheet", "flags", "row_key")]
    filled = pl.sum_horizontal(pl.col(c).is_not_null().cast(pl.Int32) for c in fields)
    kept = (
        named.select(*identity, "row_key", filled=filled, index=index)
        .sort("filled", "row_key", descending=[True, False])
        .unique(identity, keep="first", maintain_order=True)
    )
    return (~twice).scatter(kept["index"], True)


def _ledger_order(rows: pl.DataFrame, wanted: pl.Series) -> pl.Series:
    """Indices of the wanted rows by ledger, time, serial, row_key (nulls last).

    Two integers settle nearly all of it; only rows of one ledger and instant are compared as texts, which
    costs a tenth of sorting all rows by all four.
    """
    index = wanted.arg_true()
    some = rows[index]
    ledgers = pl.Enum(some["ledger"].drop_nulls().unique().sort())
    last = pl.lit(np.iinfo(np.int64).max)
    coded = some.select(
        ledger=pl.col("ledger").cast(ledgers).to_physical().cast(pl.Int64).fill_null(last),
        time=pl.col("time").to_physical().fill_null(last),
    )
    ledger, time = coded["ledger"].to_numpy(), coded["time"].to_numpy()
    order = np.lexsort((time, ledger))
    same = (np.diff(ledger[order]) == 0) & (np.diff(time[order]) == 0)
    spots = np.flatnonzero(np.r_[False, same] | np.r_[same, False])
    tied = some[order[spots]].select(
        "serial",
        "row_key",
        at=pl.Series(order[spots]),
        instant=pl.Series(np.cumsum(np.r_[True, ~same])[spots]),
    )
    order[spots] = tied.sort("instant", "serial", "row_key", nulls_last=True)["at"].to_numpy()
    return index.gather(order)


def _with_directions(rows: pl.DataFrame) -> pl.DataFrame:
    """An unclear direction is what the balance says, if it says anything."""
    delta = pl.col("balance") - _before("balance")
    decided = (
        pl.when(pl.col("amount") == 0)
        .then(None)
        .when(delta == pl.col("amount"))
        .then(pl.lit("in"))
        .when(delta == -pl.col("amount"))
        .then(pl.lit("out"))
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
    marked = rows.select(
        "holds", "position", "before", "balance", "previous", instant=fresh.fill_null(True).cum_sum()
    )
    marked = marked.with_columns(size=pl.len().over("instant"))
    broken = marked.filter(~pl.col("holds"))["instant"]
    near = pl.concat([broken, broken - 1]).unique()
    todo = marked.filter((pl.col("size") > 1) & pl.col("instant").is_in(near.implode()))
    if todo.is_empty():
        return rows
    found: list[int] = []
    wanted: list[int] = []
    for part in todo.select("instant", "position", "before", "balance", "previous").partition_by("instant"):
        order = chain(part["before"].to_list(), part["balance"].to_list(), part["previous"][0])
        found += [part["position"][index] for index in order]
        wanted += part["position"].to_list()
    moved = np.arange(rows.height)
    moved[np.array(wanted)] = found
    return rows[moved].with_columns(position=rows["position"])


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
    other = pl.when(pl.col("direction") == "in").then(pl.lit("out")).otherwise(pl.lit("in"))
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
            "ledger",
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
        .select("ledger", "from_at", to_at="time", missing_fen=pl.col("before") - pl.col("previous"))
        .sort("ledger", "to_at", "missing_fen")
    )
