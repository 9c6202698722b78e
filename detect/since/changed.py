"""Which tables, and which accounts' rows, changed between the tables of an earlier run and those in force."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from graph.lake.layers import Change, net, stored_change
from graph.lake.parts import Part, stack_of
from graph.lake.tables import LakeTables
from graph.schema.catalog import stored_tables

MONEY = ("TRANSFER", "CASH_IN", "CASH_OUT")
"""The tables whose rows an account's own findings stand on."""

OF_ACCOUNTS = frozenset((*MONEY, "Account"))
"""Of whose rows each concerns the accounts it names; a bank sheet changes these and little else."""

# Columns that a new sheet moves and that no rule reads: the newest balance and the grade of the sheets.
UNREAD = {"Account": ("balance_fen", "balance_at", "grade")}


@dataclass(frozen=True, slots=True)
class Changed:
    """tables: names of those whose rows changed. accounts: in changed rows of OF_ACCOUNTS, sorted, each once.

    An account is in it too when only its register row changed.
    """

    tables: frozenset[str]
    accounts: pl.Series


def changed_since(before: Sequence[Part], tables: LakeTables) -> Changed | None:
    """What layers over the tables of `before` changed; None when they are no layers over these.

    UnreadableSource when a file of a layer is damaged.
    """
    names: set[str] = set()
    accounts = [pl.Series("account", [], dtype=pl.String())]
    for name in stored_tables():
        was, now = stack_of(before, name), tables.stack(name)
        if was == now:
            continue
        over = now.layers[len(was.layers) :]
        if (was.folder, was.whole, was.layers) != (now.folder, now.whole, now.layers[: len(was.layers)]):
            return None
        change = _that_counts(name, stored_change(tables, name, over))
        if not change.rows:
            continue
        names.add(name)
        if name in OF_ACCOUNTS:
            accounts += [_accounts(rows) for rows in (change.gone, change.fresh)]
    return Changed(frozenset(names), pl.concat(accounts).unique().sort())


def _that_counts(name: str, change: Change) -> Change:
    """The change without rows that differ in unread columns only."""
    unread = UNREAD.get(name, ())
    return net(name, Change(change.gone.drop(unread), change.fresh.drop(unread)))


def _accounts(rows: pl.DataFrame) -> pl.Series:
    if "key" in rows.columns:
        return rows["key"].alias("account")
    ends = [
        rows.filter(pl.col(f"{end}_type") == "Account")[f"{end}_key"].alias("account")
        for end in ("from", "to")
    ]
    return pl.concat(ends)
