"""A network too large for the detailed chart: its nodes, its summed lines and their places."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from cases.places import Place, place_hints
from graph.contract import Node, Ref, View
from graph.schema.catalog import STORED_RELATIONS

OVERVIEW_ABOVE = 2000
"""Nodes of a chart above which the overview takes its place."""
MOST_NODES = 20_000
MOST_LINES = 60_000


@dataclass(frozen=True, slots=True)
class NetworkOverview:
    """Nodes with a place each; lines as (start, end, relation, rows), numbers of nodes, most rows first.

    left_out: lines beyond MOST_LINES.
    """

    nodes: tuple[Node, ...]
    places: tuple[Place, ...]
    lines: tuple[tuple[int, int, str, int], ...]
    left_out: int = 0


def network_overview_of(
    engine: View, refs: Sequence[Ref], relations: frozenset[str] = frozenset()
) -> NetworkOverview:
    """The given nodes (those the lake no longer has are left out) with every line between two of them.

    relations: only these, all when empty. No refs give an empty overview.
    """
    # No row of a relation is fetched here: a limit of 0 asks for the nodes.
    nodes = engine.subgraph(refs, limit=0).nodes if refs else ()
    number = {node.ref: at for at, node in enumerate(nodes)}
    known = pl.DataFrame(
        {"type": [r.type for r in number], "key": [r.key for r in number], "number": list(number.values())},
        schema={"type": pl.String, "key": pl.String, "number": pl.Int64},
    )
    wanted = [name for name in STORED_RELATIONS if not relations or name in relations]
    counts = engine.counts()
    frames = [_lines(engine, name, known) for name in wanted if counts.get(name)] if nodes else []
    lines = (
        pl.concat(frames).sort(["rows", "start", "end", "relation"], descending=[True, False, False, False])
        if frames
        else None
    )
    rows = [] if lines is None else list(lines.head(MOST_LINES).iter_rows())
    refs_in_order = list(number)
    hints = place_hints(refs_in_order, ((refs_in_order[a], refs_in_order[b]) for a, b, _, _ in rows))
    left_out = 0 if lines is None else lines.height - len(rows)
    return NetworkOverview(nodes, tuple(hints[ref] for ref in refs_in_order), tuple(rows), left_out)


def _lines(engine: View, relation: str, known: pl.DataFrame) -> pl.DataFrame:
    """Rows a pair of ends, both known: start, end (numbers), relation, rows."""
    ends = engine.edges(relation).select("from_type", "from_key", "to_type", "to_key")
    for side, name in (("from", "start"), ("to", "end")):
        ends = ends.join(
            known.rename({"type": f"{side}_type", "key": f"{side}_key", "number": name}),
            on=[f"{side}_type", f"{side}_key"],
            how="inner",
        )
    return ends.group_by("start", "end").agg(pl.len().cast(pl.Int64).alias("rows")).select(
        "start", "end", pl.lit(relation).alias("relation"), "rows"
    )  # fmt: skip


def busiest_accounts(engine: View, most: int = MOST_NODES) -> tuple[Ref, ...]:
    """The accounts with the most transfers, in or out, at most `most`; order: transfers desc, key."""
    if not engine.counts().get("TRANSFER"):
        return ()
    rows = engine.edges("TRANSFER")
    ends = pl.concat(
        [
            rows.select(pl.col(f"{s}_type").alias("type"), pl.col(f"{s}_key").alias("key"))
            for s in ("from", "to")
        ]
    )
    counted = ends.filter(pl.col("type") == "Account").group_by("key").len()
    return tuple(
        Ref("Account", key)
        for key in counted.sort(["len", "key"], descending=[True, False])["key"].head(most)
    )
