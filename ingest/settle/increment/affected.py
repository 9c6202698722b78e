"""Which accounts new sheets change, and all rows about these."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from graph.lake.home import LakeHome
from ingest.batch import read_batches
from ingest.kept.keyed import Keyed
from ingest.ledger import BatchRecord
from ingest.settle.cards import stated_pairs
from ingest.settle.increment.books import Books, books
from ingest.settle.increment.named import named_rows
from ingest.settle.sources import COLUMNS_OF_SHEETS, one_a_key

_NUMBERS = ("own_card", "own_account", "peer_account")


@dataclass(frozen=True, slots=True)
class Affected:
    """books: for all numbers below. before, after: all sheet rows about the accounts, each once.

    registers: the `account_register` rows that name them. accounts: those with rows in the new sheets, after.
    renamed: numbers that stood for themselves and are now known as cards. fresh: the rows of the new sheets.
    recited: keys of earlier rows that another file now tells of.
    """

    books: Books
    before: pl.DataFrame
    after: pl.DataFrame
    registers: pl.DataFrame
    accounts: pl.Series
    renamed: pl.Series
    fresh: pl.DataFrame
    recited: pl.Series

    @property
    def changing(self) -> pl.Series:
        """The accounts, and the numbers that stood for one of them."""
        return pl.concat([self.accounts, self.renamed]).unique()


def affected(
    home: LakeHome, old: Sequence[BatchRecord], new: Sequence[BatchRecord], kept: Keyed, most: int
) -> Affected | None:
    """What the new sheets (`bank_sheet` batches) change; None when it is more than `most` rows.

    None also when a card that was tied to an account no longer is, or to another: rows all over the lake may
    then be about other accounts than before.
    """
    fresh = one_a_key(read_batches(home, new, "bank_sheet", COLUMNS_OF_SHEETS))
    stated = stated_pairs(_no_registers(home), fresh)
    first = books(kept, stated, _numbers(fresh))
    renamed = _renamed(first, pl.concat([stated["card"], stated["account"].alias("card")]).unique())
    if renamed is None:
        return None
    own = pl.concat([fresh.select(pl.coalesce("own_account", "own_card")).to_series().alias("n"), renamed])
    accounts = first.after.resolve(own).drop_nulls().unique().alias("account")
    aliases = _aliases(first, kept, accounts, renamed)
    earlier = named_rows(home, old, "bank_sheet", aliases).select(fresh.columns)
    if earlier.height + fresh.height > most:
        return None
    after = one_a_key(pl.concat([earlier, fresh]))
    recited = after.join(earlier, on="row_key", how="semi").join(
        earlier, on=["row_key", "source", "row"], how="anti"
    )
    registers = named_rows(home, old, "account_register", aliases)
    numbers = pl.concat([_numbers(after), registers["account"].alias("n"), registers["card"].alias("n")])
    return Affected(
        books(kept, stated, pl.concat([numbers, aliases.alias("n")])),
        earlier, after, registers, accounts, renamed.alias("account"), fresh,
        recited["row_key"],
    )  # fmt: skip


def _renamed(found: Books, numbers: pl.Series) -> pl.Series | None:
    """Numbers that are cards of an account now and were none before; None if one was tied otherwise."""
    before, after = found.before.resolve(numbers), found.after.resolve(numbers)
    changed = before != after
    if (changed & (before != numbers)).any():
        return None
    return numbers.filter(changed).alias("n")


def _aliases(found: Books, kept: Keyed, accounts: pl.Series, renamed: pl.Series) -> pl.Series:
    """All numbers that resolve to one of the accounts, before or after."""
    cards = pl.concat([kept.keys_where("account", accounts), found.after.pairs["card"]]).unique()
    tied = books(kept, found.pairs.filter(pl.col("rank") == 1), cards).after.pairs
    own = tied.filter(pl.col("account").is_in(accounts.implode()))["card"]
    return pl.concat([some.alias("n") for some in (accounts, renamed, own)]).unique()


def _no_registers(home: LakeHome) -> pl.DataFrame:
    return read_batches(home, [], "account_register")


def _numbers(rows: pl.DataFrame) -> pl.Series:
    return pl.concat([rows[name].drop_nulls().alias("n") for name in _NUMBERS]).unique()
