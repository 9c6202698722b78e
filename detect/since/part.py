"""The part of a lake that decides what is found about a few accounts, for rules whose reach is an account."""

from functools import cached_property

import polars as pl

from detect.facts import Facts
from detect.since.changed import MONEY
from graph.lake.watched import with_tables


class Part:
    """Facts of a lake with only the money rows of some accounts and of their holders' other accounts.

    accounts: these accounts, sorted; keys: the same as a set. Their ledgers are whole in `facts`, those of
    others are not.
    """

    def __init__(self, facts: Facts, changed: pl.Series) -> None:
        """facts: of the whole lake. Rows are read when they are first asked for."""
        self._whole, self._changed = facts, changed

    @cached_property
    def accounts(self) -> pl.Series:
        """Moves between a holder's accounts are read together, so none of them goes without the others."""
        held = self._whole.holder_of
        holders = held.filter(pl.col("account").is_in(self._changed.implode()))["holder"]
        others = held.filter(pl.col("holder").is_in(holders.implode()))["account"]
        return pl.concat([self._changed, others.alias(self._changed.name)]).unique().sort()

    @cached_property
    def keys(self) -> frozenset[str]:
        """The accounts' keys."""
        return frozenset(self.accounts)

    @cached_property
    def facts(self) -> Facts:
        """Facts of the part."""
        tables = self._whole.tables
        ends = [pl.col(f"{end}_key").is_in(self.accounts.implode()) for end in ("from", "to")]
        rows = {name: tables.scan(name).filter(ends[0] | ends[1]).collect() for name in MONEY}
        return Facts(with_tables(tables, rows))
