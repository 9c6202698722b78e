"""Collects nodes and relations that files speak of, and makes one canonical row of each."""

from collections.abc import Mapping, Sequence

import polars as pl

from graph.schema.catalog import (
    RELATION_TYPES,
    STORED_NODES,
    STORED_RELATIONS,
    node_columns,
    relation_columns,
)

UNKNOWN_REGION = "000000"
_ORDER = ["rank", "as_of", "row_key", "source", "row"]
_ORDER_TYPES: dict[str, pl.DataType] = {
    "rank": pl.Int32(),
    "as_of": pl.Datetime("us", "UTC"),
    "row_key": pl.String(),
    "source": pl.String(),
    "row": pl.Int64(),
}


class Collector:
    """Gathers frames by type; `tables` merges them so that no order of files or rows can show."""

    def __init__(self) -> None:
        self._nodes: dict[str, list[pl.DataFrame]] = {}
        self._relations: dict[str, list[pl.DataFrame]] = {}

    def add_nodes(self, name: str, frame: pl.DataFrame, rank: int) -> None:
        """Rows about nodes of a type: key, any of its properties, row_key, source, row, perhaps as_of.

        rank: 0 is the most trusted kind of source. Rows without a key are left out.
        """
        if "as_of" not in frame.columns:
            frame = frame.with_columns(as_of=pl.lit(None, dtype=_ORDER_TYPES["as_of"]))
        columns = node_columns(name)
        known = [c for c in frame.columns if c in columns or c in _ORDER_TYPES]
        ready = frame.select(known).filter(pl.col("key").is_not_null())
        if ready.height:
            self._nodes.setdefault(name, []).append(ready.with_columns(rank=pl.lit(rank, dtype=pl.Int32)))

    def add_relations(self, name: str, frame: pl.DataFrame) -> None:
        """Rows of a relation type with both ends; columns of the type that the frame lacks are null.

        An event needs event_key and at; an edge has row_key to settle which of equal ones is kept.
        """
        ready = frame.filter(pl.col("from_key").is_not_null() & pl.col("to_key").is_not_null())
        if ready.height:
            self._relations.setdefault(name, []).append(_conform_relation(name, ready))

    def relations(self) -> dict[str, pl.DataFrame]:
        """The canonical relations with the catalog's columns; types nobody spoke of are left out."""
        return {n: _merge_relation(n, f) for n, f in self._relations.items() if n in STORED_RELATIONS}

    def nodes(self, name: str) -> pl.DataFrame:
        """The canonical nodes of a type that were spoken of, without those that only relations name."""
        said = self._nodes.get(name)
        return merge_nodes(name, said) if said else pl.DataFrame(schema=node_columns(name))

    def statements(self, name: str) -> pl.DataFrame:
        """All that was said about nodes of a type: its columns, and as_of, row_key, rank (0 is best)."""
        columns = {
            **node_columns(name),
            "as_of": _ORDER_TYPES["as_of"],
            "row_key": pl.String(),
            "rank": pl.Int32(),
        }
        said = [
            frame.with_columns(
                pl.col(c).cast(dtype) if c in frame.columns else pl.lit(None, dtype=dtype).alias(c)
                for c, dtype in columns.items()
            ).select(list(columns))
            for frame in self._nodes.get(name, ())
        ]
        return pl.concat(said) if said else pl.DataFrame(schema=columns)

    def tables(self) -> dict[str, pl.DataFrame]:
        """The canonical tables with the catalog's columns; types nobody spoke of are left out."""
        relations = self.relations()
        nodes = {n: merge_nodes(n, f) for n, f in self._nodes.items()}
        for name, bare in _bare_ends(relations, nodes).items():
            missing = [
                pl.lit(None, dtype=dtype).alias(column)
                for column, dtype in node_columns(name).items()
                if column not in bare.columns
            ]
            full = bare.with_columns(missing).select(list(node_columns(name)))
            nodes[name] = pl.concat([nodes[name], full]) if name in nodes else full
        return {**{n: nodes[n].sort("key") for n in STORED_NODES if n in nodes}, **relations}


def merge_nodes(name: str, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """One row a key; each property is the first one known, best rank and latest statement first."""
    columns = node_columns(name)
    joined = pl.concat(frames, how="diagonal_relaxed")
    missing = [pl.lit(None, dtype=dtype).alias(c) for c, dtype in columns.items() if c not in joined.columns]
    ordered = joined.with_columns(missing).sort(
        ["key", *_ORDER], descending=[False, False, True, False, False, False], nulls_last=True
    )
    values = [
        pl.col(c).drop_nulls().first().cast(columns[c]) for c in columns if c not in ("key", "source", "row")
    ]
    merged = ordered.group_by("key", maintain_order=True).agg(
        *values, pl.col("source").first(), pl.col("row").first()
    )
    return merged.select(list(columns))


def _conform_relation(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    columns = relation_columns(name)
    extra = {} if RELATION_TYPES[name].event else {"row_key": pl.String()}
    ends = RELATION_TYPES[name].ends
    fixed = []
    for column, dtype in {**columns, **extra}.items():
        if column in frame.columns:
            fixed.append(pl.col(column).cast(dtype))
        elif column == "from_type" and len({e[0] for e in ends}) == 1:
            fixed.append(pl.lit(ends[0][0]).alias(column))
        elif column == "to_type" and len({e[1] for e in ends}) == 1:
            fixed.append(pl.lit(ends[0][1]).alias(column))
        elif column == "confidence":
            fixed.append(pl.lit(1.0).alias(column))
        elif column == "region":
            fixed.append(pl.lit(UNKNOWN_REGION).alias(column))
        else:
            fixed.append(pl.lit(None, dtype=dtype).alias(column))
    ready = frame.select(fixed)
    return ready.with_columns(pl.col("region").fill_null(UNKNOWN_REGION)) if "region" in columns else ready


def _merge_relation(name: str, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    joined = pl.concat(frames)
    columns = list(relation_columns(name))
    if RELATION_TYPES[name].event:
        # Different rows have different keys: only an event told twice needs an order, the lake has its own.
        # Hashes tell at a tenth of the cost whether there is one at all.
        if joined["event_key"].hash().n_unique() == joined.height:
            return joined
        told = joined["event_key"].is_duplicated()
        again = joined.filter(told).sort("event_key", "source", "row")
        return pl.concat([joined.filter(~told), again.unique("event_key", keep="first", maintain_order=True)])
    identity = ["from_type", "from_key", "to_type", "to_key", "valid_from_at"]
    ordered = joined.sort([*identity, "row_key", "source", "row"], nulls_last=True)
    rest = [pl.col(c).drop_nulls().first() for c in columns if c not in (*identity, "source", "row")]
    merged = ordered.group_by(identity, maintain_order=True).agg(
        *rest, pl.col("source").first(), pl.col("row").first()
    )
    return merged.select(columns)


def _bare_ends(
    relations: Mapping[str, pl.DataFrame], nodes: Mapping[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """The nodes that only relations name: key, source, row of the first mention, by type."""
    mentions: dict[str, list[pl.DataFrame]] = {}
    for name, frame in relations.items():
        for side, place in (("from", 0), ("to", 1)):
            types = sorted({pair[place] for pair in RELATION_TYPES[name].ends})
            for kind in types:
                ends = frame if len(types) == 1 else frame.filter(pl.col(f"{side}_type") == kind)
                rows = ends.select("source", "row", key=f"{side}_key")
                if kind in nodes:
                    rows = rows.join(nodes[kind].select("key"), on="key", how="anti")
                if rows.height:
                    mentions.setdefault(kind, []).append(rows)
    return {
        kind: pl.concat(mentions[kind]).sort("source", "row").unique("key", keep="first", maintain_order=True)
        for kind in STORED_NODES
        if kind in mentions
    }
