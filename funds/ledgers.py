"""All accounts' ledgers as integer arrays in one order, made once; every trace reads them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from funds.balances import UNSTATED, better_places, run_balances, undo_gaps
from funds.book import AMOUNT, EVENT, Book
from funds.events import FOLLOWED, Movements, movements
from funds.notices import Notice
from funds.order import fit_instants, over_all
from graph.contract import Ints
from graph.errors import InputError
from graph.lake.tables import LakeTables

Flags = npt.NDArray[np.bool_]
_TOLD_WITHIN = 120 * 1_000_000
"""Two sheets' times of one transfer differ by at most this (DOMAIN 3.1, mirror rows)."""
_MOST = 2**61
_MARK = "\x1f"


@dataclass(frozen=True)
class Ledgers:
    """accounts, currencies: of each ledger, sorted. rows: as of `Movements`, with payer_ledger, payee_ledger.

    Ledgers from `followed` bool arrays have entries; others are accounts without a sheet of their own.
    closing: last balance; blind: no stated balance; undone: gaps taken back, by ledger. event_keys: sorted
    by at, then key; an event's number is its place.
    """

    book: Book
    rows: pl.DataFrame
    accounts: pl.Series
    currencies: pl.Series
    followed: Flags
    closing: Ints
    blind: Flags
    undone: Ints
    notices: tuple[Notice, ...]

    @cached_property
    def first_entry(self) -> Ints:
        """Of each event, the place of its debit entry, of its credit entry where it has no other."""
        out = np.flatnonzero(self.book.entry[:, AMOUNT] < 0)
        first = self.book.arrival.copy()
        first[self.book.entry[out, EVENT]] = out
        return first

    def numbers_of(self, account: str) -> list[int]:
        """The ledgers of an account key, one a currency; none when no row names it."""
        return (self.accounts == account).arg_true().to_list()


@dataclass(frozen=True, slots=True)
class _Entries:
    """Entries by ledger and in its order; see Book. told: only the other side's sheet has the row."""

    ledger: Ints
    event: Ints
    at: Ints
    amount: Ints
    balance: Ints
    told: Flags

    def at_places(self, places: Ints) -> "_Entries":
        return _Entries(
            self.ledger[places],
            self.event[places],
            self.at[places],
            self.amount[places],
            self.balance[places],
            self.told[places],
        )

    def starts(self, count: int) -> Ints:
        return np.searchsorted(self.ledger, np.arange(count + 1)).astype(np.int64)


def load_ledgers(tables: LakeTables) -> Ledgers:
    """The ledgers of a lake; an empty lake gives empty arrays."""
    return ledgers_of(movements(tables))


def ledgers_of(moved: Movements) -> Ledgers:
    """The ledgers of these movements, the same for any order of their rows.

    An entry's place: its own side's time, then serial, then whatever order makes balances hold, else in
    before out, then event. InputError when sums leave the range in which fen are exact.
    """
    rows, accounts, currencies = _numbered(moved.rows.sort("at", "event_key"))
    followed = accounts.is_in(moved.sheets.implode()).to_numpy().astype(np.bool_)
    entries = _ordered(_entries(rows, followed), rows)
    entries, before, gap, closing, undone = _balanced(entries, len(followed))
    _in_range(entries, before)
    order, crossed = _over_all(entries, len(followed), rows.height)
    has = [np.zeros(rows.height, dtype=np.int64) for _ in range(2)]
    for side, flags in zip((entries.amount < 0, entries.amount > 0), has, strict=True):
        flags[entries.event[side]] = 1
    payee = rows["payee_ledger"].to_numpy()
    sink = np.where((payee >= 0) & followed[np.maximum(payee, 0)], FOLLOWED, rows["sink"].to_numpy())
    stated = np.bincount(entries.ledger[entries.balance != UNSTATED], minlength=len(followed))
    columns = (entries.ledger, entries.event, entries.at, entries.amount, before, gap)
    entry = np.stack(columns, axis=1)[order]
    end = np.stack([sink, *has, crossed.astype(np.int64)], axis=1)
    book = Book(entry, end, *_links(entries, order, rows.height))
    return Ledgers(book, rows, accounts, currencies, followed, closing, stated == 0, undone, moved.notices)


def _numbered(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series, pl.Series]:
    """Rows with the numbers of both ledgers (-1: none); a ledger is an account and a currency."""
    ends = [
        pl.when(pl.col("currency") == "CNY").then(pl.col(end)).otherwise(
            pl.col(end) + _MARK + pl.col("currency")
        ).alias(f"{end}_ledger")
        for end in ("payer", "payee")
    ]  # fmt: skip
    rows = rows.with_columns(ends)
    names = pl.concat([rows["payer_ledger"], rows["payee_ledger"].alias("payer_ledger")])
    names = names.drop_nulls().unique().sort()
    code = pl.Enum(names)
    rows = rows.with_columns(
        pl.col(f"{end}_ledger").cast(code).to_physical().cast(pl.Int64).fill_null(-1)
        for end in ("payer", "payee")
    )
    parts = names.str.splitn(_MARK, 2)
    return rows, parts.struct.field("field_0"), parts.struct.field("field_1").fill_null("CNY")


def _entries(rows: pl.DataFrame, followed: Flags) -> _Entries:
    """Debit and credit entries of followed ledgers, in no order yet."""
    event = np.arange(rows.height, dtype=np.int64)
    parts = []
    for end, way, sign in (("payer", "out", -1), ("payee", "in", 1)):
        ledger = rows[f"{end}_ledger"].to_numpy()
        kept = (ledger >= 0) & followed[np.maximum(ledger, 0)] if len(followed) else ledger >= 0
        own_at = rows[f"{way}_at"]
        parts.append(
            (
                ledger[kept],
                event[kept],
                own_at.fill_null(rows["at"]).to_numpy()[kept],
                sign * rows["fen"].to_numpy()[kept],
                rows[f"{way}_balance"].fill_null(UNSTATED).to_numpy()[kept],
                own_at.is_null().to_numpy()[kept],
            )
        )
    return _Entries(*(np.concatenate(pair) for pair in zip(*parts, strict=True)))


def _ordered(entries: _Entries, rows: pl.DataFrame) -> _Entries:
    """By ledger, own time, serial, in before out, event; then inside instants by balances."""
    into = (entries.amount < 0).astype(np.int8)
    order = np.lexsort((entries.event, into, entries.at, entries.ledger))
    entries = entries.at_places(order)
    same = (np.diff(entries.ledger) == 0) & (np.diff(entries.at) == 0)
    tied = np.flatnonzero(np.r_[False, same] | np.r_[same, False]) if len(order) else order
    if len(tied):
        out = entries.amount[tied] < 0
        serial = pl.select(
            pl.when(pl.Series(out))
            .then(rows["out_serial"].gather(entries.event[tied]))
            .otherwise(rows["in_serial"].gather(entries.event[tied]))
        ).to_series()
        keys = pl.DataFrame(
            {"ledger": entries.ledger[tied], "at": entries.at[tied], "serial": serial, "place": tied}
        )
        places = np.arange(len(order), dtype=np.int64)
        places[tied] = keys.sort("ledger", "at", "serial", "place", nulls_last=True)["place"].to_numpy()
        entries = entries.at_places(places)
    return entries.at_places(fit_instants(entries.ledger, entries.at, entries.amount, entries.balance))


def _balanced(entries: _Entries, ledgers: int) -> tuple[_Entries, Ints, Ints, Ints, Ints]:
    """The entries, told ones where balances want them; before, gap of each; closing, undone of ledgers."""
    count = len(entries.ledger)
    before, gap, place, undone = (np.zeros(count, dtype=np.int64) for _ in range(4))
    closing = np.zeros(ledgers, dtype=np.int64)
    start = entries.starts(ledgers)
    run_balances(start, entries.amount, entries.balance, before, gap, closing)
    better_places(start, entries.at, entries.amount, entries.balance, entries.told, gap, _TOLD_WITHIN, place)
    moved = np.flatnonzero(place >= 0)
    if len(moved):
        entries = _moved(entries, moved, place[moved])
        run_balances(start, entries.amount, entries.balance, before, gap, closing)
    undo_gaps(start, entries.at, before, gap, undone)
    return entries, before, gap, closing, np.bincount(entries.ledger, undone, ledgers).astype(np.int64)


def _moved(entries: _Entries, moved: Ints, place: Ints) -> _Entries:
    """Put entries in front of others; a credit takes the time before its place, a debit that behind it."""
    key = 2 * np.arange(len(entries.ledger), dtype=np.int64)
    key[moved] = 2 * place - 1
    at = entries.at.copy()
    at[moved] = np.where(entries.amount[moved] > 0, entries.at[place - 1], entries.at[place])
    timed = _Entries(entries.ledger, entries.event, at, entries.amount, entries.balance, entries.told)
    return timed.at_places(np.argsort(key, kind="stable"))


def _in_range(entries: _Entries, before: Ints) -> None:
    """Sums of fen stay exact in 64 bits."""
    stated = entries.balance[entries.balance != UNSTATED]
    tops = [np.abs(part).max(initial=0) for part in (stated, before)]
    if max(tops) >= _MOST or np.abs(entries.amount).astype(np.float64).sum() >= _MOST:
        raise InputError(
            "Amounts or balances add up to more than 2^61 fen, where sums are no longer exact; "
            "run `python -m ingest doctor` and look for damaged amounts."
        )


def _links(entries: _Entries, order: Ints, events: int) -> tuple[Ints, Ints]:
    """`Book.following` and `Book.arrival` of entries that lie in `order`."""
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    following = np.full(len(order), -1, dtype=np.int64)
    same = np.flatnonzero(np.diff(entries.ledger) == 0)
    following[place[same]] = place[same + 1]
    arrival = np.full(events, -1, dtype=np.int64)
    into = entries.amount > 0
    arrival[entries.event[into]] = place[into]
    return following, arrival


def _over_all(entries: _Entries, ledgers: int, events: int) -> tuple[Ints, Flags]:
    debit, credit = (np.full(events, -1, dtype=np.int64) for _ in range(2))
    places = np.arange(len(entries.ledger), dtype=np.int64)
    out = entries.amount < 0
    debit[entries.event[out]], credit[entries.event[~out]] = places[out], places[~out]
    order, crossed = np.zeros(len(places), dtype=np.int64), np.zeros(events, dtype=np.bool_)
    start = entries.starts(ledgers)
    over_all(start, entries.ledger, entries.at, entries.event, entries.amount, debit, credit, order, crossed)
    return order, crossed
