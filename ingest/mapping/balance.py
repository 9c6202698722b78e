"""Finds which columns a running balance holds together: own account, amount and balance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations, product

import polars as pl

_FEWEST = 5
_HOLDS = 0.8
_SURE = 0.95
_CANDIDATES = 4


@dataclass(frozen=True, slots=True)
class Running:
    """Columns (indexes) whose rows hold as balance = previous ± amount within one account."""

    own: int
    places: Mapping[str, int]
    """balance, and amount or (a sheet with two amount columns) amount_out and amount_in: field -> column."""
    share: float
    links: int
    by_own: Mapping[int, float]
    """For each candidate as own account with enough links, the best share that holds."""
    unlinked: frozenset[int]
    """Candidates whose numbers hardly ever come twice, while those of `own` do."""
    rows: pl.DataFrame
    """line (order of the rows given), rise (fen, balance minus the one before)."""


def running(accounts: Mapping[int, pl.Series], money: Mapping[int, pl.Series]) -> Running | None:
    """The combination whose links hold best, None when none holds on four of five links.

    accounts: cleaned account texts by column; money: fen by column; all of one length, in file order. Rows
    may run up or down in time. Links are of rows next to each other of one account with both values there.
    """
    best: tuple[float, int, int, Mapping[str, int], pl.DataFrame] | None = None
    by_own: dict[int, float] = {}
    amounts = {i: money[i] for i in list(money)[:_CANDIDATES]}
    tried = [
        (one, balance)
        for one, balance in product([*_single(amounts), *_two_sided(amounts)], amounts)
        if balance not in one.places.values()
    ]
    for own, (one, balance) in product(list(accounts)[:_CANDIDATES], tried):
        frame = pl.DataFrame({"own": accounts[own], "amount": one.amount, "balance": money[balance]})
        for step in (1, -1):
            share, links, rows = _held(frame, step, one.signed)
            if links < _FEWEST:
                continue
            by_own[own] = max(by_own.get(own, 0.0), share)
            # One of two sides holds by itself on its own rows: both together hold on more.
            if (
                best is None
                or share > best[0] + 1e-9
                or (one.signed and share == best[0] and links > best[1])
            ):
                best = (share, links, own, {**one.places, "balance": balance}, rows)
    if best is None or best[0] < _HOLDS:
        return None
    share, links, own, places, rows = best
    unlinked = frozenset(accounts) - set(by_own)
    return Running(own, places, share, links, by_own, unlinked, rows)


@dataclass(frozen=True, slots=True)
class _Amount:
    """An amount that may move the balance: fen by row, its columns by field, and whether it is signed."""

    amount: pl.Series
    places: Mapping[str, int]
    signed: bool = False


def _single(money: Mapping[int, pl.Series]) -> list[_Amount]:
    return [_Amount(fen, {"amount": index}) for index, fen in money.items()]


def _two_sided(money: Mapping[int, pl.Series]) -> list[_Amount]:
    """Pairs of columns of which each row fills one: what came in, less what went out."""
    found = []
    for out, into in permutations(money, 2):
        paid, got = (money[index].fill_null(0) for index in (out, into))
        both = (paid != 0) & (got != 0)
        if min((paid != 0).sum(), (got != 0).sum()) >= 2 and not both.any():
            found.append(_Amount(got - paid, {"amount_out": out, "amount_in": into}, signed=True))
    return found


def _held(frame: pl.DataFrame, step: int, signed: bool) -> tuple[float, int, pl.DataFrame]:
    """Share of links that hold, how many links there are, and each linked row's rise."""
    before = pl.col("balance").shift(step).over("own")
    linked = (
        frame.with_row_index("line")
        .with_columns(rise=pl.col("balance") - before)
        .filter(pl.col("rise").is_not_null() & pl.col("amount").is_not_null() & (pl.col("amount") != 0))
    )
    if linked.is_empty():
        return 0.0, 0, linked.select("line", "rise")
    rise, amount = pl.col("rise"), pl.col("amount")
    held = linked.filter(rise == amount if signed else rise.abs() == amount.abs())
    return held.height / linked.height, linked.height, held.select("line", "rise")


def directions(found: Running, codes: Sequence[str | None]) -> dict[str, str]:
    """What each code of a direction column means by the balances: `in` where they rise.

    codes: one text a row. A code whose rows do not agree in 19 of 20, or that stands on fewer than five rows,
    makes the answer empty: nothing is guessed.
    """
    texts = pl.DataFrame({"code": pl.Series(list(codes), dtype=pl.String)}).with_row_index("line")
    rises = found.rows.join(texts, on="line").drop_nulls("code")
    by_code = rises.group_by("code").agg(share=(pl.col("rise") > 0).mean(), rows=pl.len()).sort("code")
    meaning = {}
    for code, share, rows in by_code.iter_rows():
        if rows < _FEWEST or 1 - _SURE < share < _SURE:
            return {}
        meaning[str(code)] = "in" if share >= _SURE else "out"
    return meaning if set(meaning.values()) == {"in", "out"} else {}
