"""The links that hold a gang together, each with its kind, the thing it goes through and the proving rows."""

from itertools import pairwise

import numpy as np
import polars as pl

from detect.evidence import EvidenceGraph
from detect.evidence.graph import DIRECT
from detect.results import Link, Row
from graph.contract import Ints, Mask, Ref

# A link cites at most this many rows; the lake holds the rest under the same pair.
MOST_ROWS = 50
# Things that are members themselves; other things are named as what a link goes through.
MEMBER_THINGS = ("Device", "Sim")


def links_of(evidence: EvidenceGraph, group: Ints) -> tuple[Link, ...]:
    """Links inside a group, ordered by kind, ends, thing.

    A direct tie and a tie to a device or SIM is one link. Users of any other shared thing are linked one to
    the next in order of key, through that thing; the weight is then that of the weaker tie.
    """
    inside = np.zeros(evidence.nodes.height, dtype=np.bool_)
    inside[group] = True
    nodes = evidence.nodes[group.tolist()]
    held = _between(evidence.ties, inside)
    refs = {n: (Ref(t, k), part) for n, t, k, part in nodes.select("id", "type", "key", "part").iter_rows()}
    rows = _rows(_between(evidence.claims, inside))
    links: list[Link] = []
    shared: dict[tuple[str, int], list[tuple[int, float]]] = {}
    for kind, a, b, weight in held.select("kind", "a", "b", "weight").iter_rows():
        end, part = refs[b]
        if kind in DIRECT or (end.type in MEMBER_THINGS and not part):
            links.append(Link(refs[a][0], end, kind, _rounded(weight), None, rows[kind, a, b]))
        else:
            shared.setdefault((kind, b), []).append((a, weight))
    for (kind, thing), users in shared.items():
        for (a, w), (b, other) in pairwise(users):
            proof = tuple(dict.fromkeys(rows[kind, a, thing] + rows[kind, b, thing]))
            via = refs[thing][0]
            links.append(Link(refs[a][0], refs[b][0], kind, _rounded(min(w, other)), via, proof))
    return tuple(sorted(links, key=_order))


def _rounded(weight: float) -> float:
    return round(weight, 6)


def _order(link: Link) -> tuple[str, Ref, Ref, Ref, tuple[Row, ...]]:
    return (link.kind, link.a, link.b, link.via or Ref("", ""), link.rows)


def _between(frame: pl.DataFrame, inside: Mask) -> pl.DataFrame:
    """Rows of ties or claims with both ends inside."""
    return frame.filter(pl.Series(inside[frame["a"].to_numpy()] & inside[frame["b"].to_numpy()]))


def _rows(claims: pl.DataFrame) -> dict[tuple[str, int, int], tuple[Row, ...]]:
    proof = claims.group_by("kind", "a", "b", maintain_order=True).agg(
        pl.col("source").head(MOST_ROWS), pl.col("row").head(MOST_ROWS)
    )
    return {
        (kind, a, b): tuple(zip(sources, rows, strict=True))
        for kind, a, b, sources, rows in proof.iter_rows()
    }
