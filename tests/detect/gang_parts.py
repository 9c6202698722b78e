"""Builds a small evidence graph out of named ties, for tests of what a gang hangs by."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from detect.evidence import EvidenceGraph
from graph.contract import Ints

Tie = tuple[str, str, str, float]


def evidence(ties: Sequence[Tie], held: Mapping[str, str]) -> EvidenceGraph:
    """Ties (kind, actor, thing, weight) over nodes written as `Type key`; one claim a tie, source "s".

    held: account or SIM -> key of its holder. The row of a tie is its place in the list.
    """
    names = sorted({name for _, a, b, _ in ties for name in (a, b)}, key=lambda name: tuple(name.split(" ")))
    place = {name: number for number, name in enumerate(names)}
    split = [name.split(" ") for name in names]
    nodes = pl.DataFrame(
        {"id": range(len(names)), "type": [t for t, _ in split], "key": [k for _, k in split], "part": ""},
        schema={"id": pl.Int64(), "type": pl.String(), "key": pl.String(), "part": pl.String()},
    )
    rows = [
        {"kind": k, "a": place[a], "b": place[b], "rows": 1, "weight": w, "source": "s", "row": n}
        for n, (k, a, b, w) in enumerate(ties)
    ]
    schema = {
        "kind": pl.String(),
        "a": pl.Int64(),
        "b": pl.Int64(),
        "rows": pl.Int64(),
        "weight": pl.Float64(),
        "source": pl.String(),
        "row": pl.Int64(),
    }
    frame = pl.DataFrame(rows, schema=schema).sort("kind", "a", "b")
    holders = pl.DataFrame(
        [(name.split(" ")[0], name.split(" ")[1], holder) for name, holder in sorted(held.items())],
        schema={"type": pl.String(), "key": pl.String(), "holder": pl.String()},
        orient="row",
    )
    return EvidenceGraph(
        nodes,
        frame.select("kind", "a", "b", "rows", popularity=pl.lit(2.0), weight="weight", carries=pl.lit(1.0)),
        frame.select("kind", "a", "b", "source", "row"),
        holders,
        pl.DataFrame(),
    )


def group(found: EvidenceGraph) -> Ints:
    """All nodes."""
    return np.arange(found.nodes.height, dtype=np.int64)
