"""What the records say a node is, beside the gang's opinion of it: so far, who is a victim."""

from collections.abc import Collection

import polars as pl

from graph.contract import Ref
from graph.lake.tables import LakeTables


def victims(tables: LakeTables, refs: Collection[Ref]) -> frozenset[Ref]:
    """Persons that a case names as victim and accounts that a report says were paid from, among `refs`.

    A victim drawn like a suspect would accuse the wrong person, so maps ring them.
    """
    people = _named(tables, "VICTIM_OF", "from", refs)
    accounts = _named(tables, "PAID_FROM", "to", refs)
    return frozenset(people | accounts)


def _named(tables: LakeTables, relation: str, end: str, refs: Collection[Ref]) -> set[Ref]:
    if not tables.rows.get(relation):
        return set()
    wanted = sorted({ref.key for ref in refs})
    rows = tables.scan(relation).select(f"{end}_type", f"{end}_key").unique()
    found = rows.filter(pl.col(f"{end}_key").is_in(wanted)).collect()
    return {Ref(*pair) for pair in found.iter_rows()} & set(refs)
