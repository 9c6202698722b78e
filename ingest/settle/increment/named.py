"""What registers, logins, cases, orders, lists and tips tell of a few numbers, with either book of cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from graph.lake.home import LakeHome
from graph.lake.tables import LakeTables
from ingest.batch import read_batches
from ingest.kept.lookup import FIELDS, NUMBERS, number_hashes, rows_with
from ingest.ledger import BatchRecord
from ingest.picked import picked_rows
from ingest.rows import batch_columns
from ingest.settle.accounts import add_accounts
from ingest.settle.cards import CardBook
from ingest.settle.collect import Collector
from ingest.settle.holdings import Holdings, find_holdings
from ingest.settle.logins import add_logins
from ingest.settle.reports import add_cases, add_controls, add_lists, add_tips
from ingest.settle.sources import one_a_key
from ingest.template import template

_PHONES = ("reserved_phone", "caller", "phone", "account", "subject")


@dataclass(frozen=True, slots=True)
class Named:
    """Rows by template that name some numbers, and who held the phones in them."""

    rows: Mapping[str, pl.DataFrame]
    sims: Holdings

    def tell(self, book: CardBook, accounts: pl.Series) -> Collector:
        """What the rows say. accounts: of the numbers they name, those known as account or card."""
        found, rows = Collector(), self.rows
        add_accounts(rows["account_register"], book, self.sims, found)
        add_logins(rows["login_log"], accounts, book, self.sims, found)
        add_cases(rows["cases"], book, self.sims, found)
        add_controls(rows["controls"], book, found)
        add_lists(rows["lists"], accounts, book, self.sims, found)
        add_tips(rows["tips"], accounts, book, self.sims, found)
        return found

    def numbers(self) -> pl.Series:
        """Every number that the rows name."""
        named = [self.rows[name][field] for name in FIELDS for field in FIELDS[name]]
        whole = pl.concat([some.drop_nulls().alias("number") for some in named])
        return pl.concat([whole, whole.str.split(" ").explode()]).unique()


def named_rows(home: LakeHome, records: Sequence[BatchRecord], name: str, numbers: pl.Series) -> pl.DataFrame:
    """The different rows of a template that name one of these numbers (bank sheets: that are about one)."""
    hashes = number_hashes(numbers.drop_nulls().unique())
    mine = [record for record in records if record.template == name]
    places = {record: rows_with(home, record, NUMBERS, hashes) for record in mine}
    return one_a_key(picked_rows(home, name, places))


def all_named(home: LakeHome, records: Sequence[BatchRecord], numbers: pl.Series) -> Named:
    """The rows of all other templates that name one of these numbers."""
    rows = {name: named_rows(home, records, name, numbers) for name in FIELDS}
    phones = [rows[name][field] for name in FIELDS for field in _PHONES if field in rows[name].columns]
    asked = pl.concat([some.cast(pl.String()).alias("number") for some in phones]).drop_nulls()
    asked = pl.concat([asked, asked.str.split(" ").explode()]).unique()
    fields = ["row", "row_key", "flags", "number", "opened", "closed", "holder_id"]
    if asked.is_empty():
        known = pl.DataFrame(schema={name: batch_columns(template("sim_register"))[name] for name in fields})
    else:
        register = read_batches(home, records, "sim_register", fields)
        known = register.filter(pl.col("number").is_in(asked.implode()))
    return Named(rows, find_holdings(known))


def known_accounts(
    tables: LakeTables, home: LakeHome, records: Sequence[BatchRecord], numbers: pl.Series
) -> pl.Series:
    """Of these numbers those that registers and sheets in force know as an account or a card.

    An account with a sheet has a grade; the pairs of cards and accounts are in CARD_OF.
    """
    asked = numbers.drop_nulls().unique()
    some = asked.implode()
    graded = tables.scan("Account").filter(pl.col("key").is_in(some) & pl.col("grade").is_not_null())
    cards = tables.scan("CARD_OF").filter(pl.col("from_key").is_in(some) | pl.col("to_key").is_in(some))
    register = named_rows(home, records, "account_register", asked)
    ends = cards.select("from_key", "to_key").collect()
    found = pl.concat(
        [
            graded.select("key").collect().to_series().alias("number"),
            ends["from_key"].alias("number"),
            ends["to_key"].alias("number"),
            register["account"].drop_nulls().alias("number"),
            register["card"].drop_nulls().alias("number"),
        ]
    ).unique()
    return found.filter(found.is_in(some))
