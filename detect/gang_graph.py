"""The evidence graph of one gang: its nodes, the ties between them, who its holders are."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from detect.evidence import EvidenceGraph
from detect.evidence.families import FAMILIES
from detect.results import Row
from graph.contract import Floats, Ints, Mask, Ref

MOST_ROWS = 50


@dataclass(frozen=True, slots=True)
class GangGraph:
    """Nodes and ties inside one group, with node numbers 0 to n - 1 in the order of the group.

    refs, parts: of each node. unit: the node that stands for each node's holder (itself for persons, things
    and what nobody in the gang holds). head: nodes that count as a holder of the gang. actor: nodes that
    are persons, organisations, accounts or SIMs. kind, a, b, weight: one entry a tie. counted: ties that are
    evidence between holders; register entries, and what one holder's own things have in common, are not.
    rows: tie, source, row of every claim.
    """

    refs: tuple[Ref, ...]
    parts: tuple[str, ...]
    unit: Ints
    head: Mask
    actor: Mask
    kind: tuple[str, ...]
    a: Ints
    b: Ints
    weight: Floats
    counted: Mask
    rows: pl.DataFrame

    @classmethod
    def of(cls, evidence: EvidenceGraph, group: Ints) -> "GangGraph":
        """The part of an evidence graph whose nodes are `group` (ascending ids); ties in stored order."""
        inside = np.zeros(evidence.nodes.height, dtype=np.bool_)
        inside[group] = True
        ties, claims = (
            f.filter(pl.Series(inside[f["a"].to_numpy()] & inside[f["b"].to_numpy()]))
            for f in (evidence.ties, evidence.claims)
        )
        ties = ties.with_row_index("tie")
        nodes = evidence.nodes[group.tolist()]
        refs = tuple(Ref(t, k) for t, k in nodes.select("type", "key").iter_rows())
        unit = _units(nodes, evidence.holder_of)
        actor = nodes["type"].is_in(["Person", "Organization", "Account", "Sim"]).to_numpy()
        a, b = (np.searchsorted(group, ties[end].to_numpy()) for end in ("a", "b"))
        return cls(
            refs,
            tuple(nodes["part"].to_list()),
            unit,
            actor & (unit == np.arange(len(unit))),
            actor,
            tuple(ties["kind"].to_list()),
            a,
            b,
            ties["weight"].to_numpy(),
            ties["kind"].is_in(list(FAMILIES)).to_numpy() & _between(unit, actor, a, b),
            claims.join(ties.select("tie", "kind", "a", "b"), on=["kind", "a", "b"]).select(
                "tie", "source", "row"
            ),
        )

    @property
    def total(self) -> float:
        """Summed weight of the ties that are evidence."""
        return float(self.weight[self.counted].sum())

    def share(self, ties: Mask) -> float:
        """Share (0 to 1) of the evidence weight that these ties carry; 0 when there is none."""
        total = self.total
        return round(float(self.weight[ties & self.counted].sum()) / total, 6) if total else 0.0

    def rows_of(self, worth: Floats) -> tuple[Row, ...]:
        """Source rows of the ties of positive worth, of the worthiest tie first, at most MOST_ROWS."""
        of_tie = worth[self.rows["tie"].to_numpy()]
        ranked = (
            self.rows.with_columns(pl.Series("worth", np.round(of_tie, 9)))
            .filter(pl.col("worth") > 0)
            .group_by("source", "row")
            .agg(pl.col("worth").max())
            .sort(["worth", "source", "row"], descending=[True, False, False])
        )
        return tuple(ranked.select("source", "row").head(MOST_ROWS).iter_rows())


def _between(unit: Ints, actor: Mask, a: Ints, b: Ints) -> Mask:
    """Ties that connect holders: two actors' of different ones, or a thing's that several of them use."""
    holders = pl.DataFrame({"b": b, "unit": unit[a]}).select(pl.col("unit").n_unique().over("b")).to_series()
    connects: Mask = np.where(actor[b], unit[a] != unit[b], holders.to_numpy() > 1)
    return connects


def _units(nodes: pl.DataFrame, holder_of: pl.DataFrame) -> Ints:
    """For each node the place of its registered holder in the group, its own where there is none."""
    placed = nodes.select("type", "key", "part").with_row_index("place")
    holders = placed.filter(pl.col("type").is_in(["Person", "Organization"])).select(
        holder="key", unit="place"
    )
    return (
        placed.join(holder_of, on=["type", "key"], how="left")
        .join(holders, on="holder", how="left")
        .sort("place")
        .select(pl.coalesce("unit", "place").cast(pl.Int64))
        .to_series()
        .to_numpy()
    )
