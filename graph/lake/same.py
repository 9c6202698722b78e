"""Which keys count as one: components of judged `same` pairs, blocked where a `different` lies inside."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from graph.lake.tables import LakeTables

Thing = tuple[str, str]
"""A node as (type, key)."""
Pair = tuple[Thing, Thing]

REPRESENTATIVE_SCHEMA: dict[str, pl.DataType] = {
    "type": pl.String(),
    "key": pl.String(),
    "representative": pl.String(),
}


@dataclass(frozen=True, slots=True)
class Components:
    """Groups of two or more things that count as one, and groups that a `different` inside blocks.

    Groups are sorted, their members too.
    """

    joined: tuple[tuple[Thing, ...], ...]
    blocked: tuple[tuple[Thing, ...], ...]


def components(same: Iterable[Pair], different: Iterable[Pair]) -> Components:
    """Components of the `same` pairs; one with both ends of a `different` pair is blocked (DOMAIN 4)."""
    parent: dict[Thing, Thing] = {}

    def root(thing: Thing) -> Thing:
        while parent.setdefault(thing, thing) != thing:
            parent[thing] = parent[parent[thing]]
            thing = parent[thing]
        return thing

    for one, other in same:
        first, second = sorted((root(one), root(other)))
        parent[second] = first
    known = set(parent)
    torn = {root(a) for a, b in different if a in known and b in known and root(a) == root(b)}
    groups: dict[Thing, list[Thing]] = {}
    for thing in known:
        groups.setdefault(root(thing), []).append(thing)
    ordered = sorted((tuple(sorted(group)), top in torn) for top, group in groups.items() if len(group) > 1)
    return Components(
        tuple(group for group, is_torn in ordered if not is_torn),
        tuple(group for group, is_torn in ordered if is_torn),
    )


def canonical_keys(tables: LakeTables) -> pl.DataFrame:
    """One row a node that SAME_AS joins to others: type, key, representative, sorted by type and key.

    The representative is the least key that is no local one, else the least. Nodes that stand alone have no
    row (they represent themselves); without judgements the frame is empty. Only pairs in force are in the
    table, so a blocked component joins nobody.
    """
    pairs = tables.frame("SAME_AS").select("from_type", "from_key", "to_type", "to_key")
    same = [((a, b), (c, d)) for a, b, c, d in pairs.iter_rows()]
    rows = []
    for group in components(same, ()).joined:
        _, head = min(group, key=lambda thing: (thing[1].startswith("local:"), thing[1]))
        rows += [(kind, key, head) for kind, key in group]
    return pl.DataFrame(rows, schema=REPRESENTATIVE_SCHEMA, orient="row").sort("type", "key")


def representatives(tables: LakeTables, type_name: str) -> Mapping[str, str]:
    """Key -> representative of the joined nodes of one type; look up with the key itself as default."""
    frame = canonical_keys(tables).filter(pl.col("type") == type_name)
    return dict(frame.select("key", "representative").iter_rows())


def as_one(tables: LakeTables, column: str) -> pl.Expr:
    """`column` (keys of persons and units) with each joined key replaced by its representative's.

    For whoever counts holders: two records that a person judged to be one are one payer, payee or holder.
    """
    holders = canonical_keys(tables).filter(pl.col("type").is_in(["Person", "Organization"]))
    if holders.is_empty():
        return pl.col(column)
    return pl.col(column).replace(holders["key"], holders["representative"])
