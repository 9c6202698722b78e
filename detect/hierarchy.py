"""A gang from above: its cells (den, laundry house, card collection) and what joins it to other gangs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from detect.evidence import EvidenceGraph
from detect.evidence.families import FAMILIES
from detect.gang_links import MOST_ROWS
from detect.results import Cell, Chain, Gang, Hierarchy, Row
from graph.contract import Ints, Ref

# So many different holders make a cell (D).
CELL_HOLDERS = 3
# So many holders of a gang must deal with a hub of another (D): one contact may be a friend's.
CHAIN_HOLDERS = 2
_COLLECTS = ("phone", "parcel", "agent")
_DEN = ("den_cell", "cell")
# What two gangs may share without knowing each other: a district's cell, a carrier's address, a busy counter.
_NO_CHAIN = ("cell", "ip_slot", "opening", "report")


@dataclass(frozen=True, slots=True)
class _View:
    """Ties of some evidence: tie (their number), kind, a, b, family; what holds them and where they stand.

    unit: the holder's node of each node. gang: its gang, -1 for a node outside. claims: source and row,
    sorted by tie; those of tie n begin at start[n].
    """

    ties: pl.DataFrame
    claims: pl.DataFrame
    start: Ints
    types: Sequence[str]
    keys: Sequence[str]
    unit: Ints
    gang: Ints

    def ref(self, node: int) -> Ref:
        """The node of that number."""
        return Ref(self.types[node], self.keys[node])

    def rows(self, chosen: pl.DataFrame) -> tuple[Row, ...]:
        """Source rows of ties (tie), in order, at most MOST_ROWS."""
        ties = np.unique(chosen["tie"].to_numpy())
        count = self.start[ties + 1] - self.start[ties]
        before = np.cumsum(count) - count
        taken = np.arange(count.sum()) + np.repeat(self.start[ties] - before, count)
        found = self.claims[taken]
        return tuple(found.unique().sort("source", "row").head(MOST_ROWS).iter_rows())

    def named(self, nodes: Ints) -> tuple[Ref, ...]:
        """The nodes and the holders they belong to, each once, by type and key."""
        whole = np.unique(np.concatenate([nodes, self.unit[nodes]]))
        return tuple(sorted({self.ref(node) for node in whole.tolist()}))


def with_hierarchy(evidence: EvidenceGraph, gangs: Sequence[Gang]) -> tuple[Gang, ...]:
    """The gangs with their cells and chains; each cell and chain has its rows. No gangs give none.

    Method: docs/gangs.md, section 10. The same gangs and evidence give the same answer.
    """
    if not gangs:
        return ()
    view = _view(evidence, gangs)
    chains = _chains(view, gangs)
    placed = view.ties.with_columns(gang=pl.Series(view.gang[view.ties["a"].to_numpy()]))
    mine = placed.partition_by("gang", as_dict=True, include_key=False, maintain_order=True)
    none = view.ties.clear()
    return tuple(
        replace(gang, hierarchy=Hierarchy(_cells(view, mine.get((n,), none)), tuple(chains.get(n, ()))))
        for n, gang in enumerate(gangs)
    )


def _view(evidence: EvidenceGraph, gangs: Sequence[Gang]) -> _View:
    nodes = evidence.nodes
    holders = nodes.filter(pl.col("type").is_in(["Person", "Organization"]))
    unit = (
        nodes.join(evidence.holder_of, on=["type", "key"], how="left")
        .join(holders.select(holder="key", unit="id"), on="holder", how="left")
        .sort("id")
        .select(pl.coalesce("unit", "id"))
        .to_series()
        .to_numpy()
    )
    members = pl.DataFrame(
        [(n, m.ref.type, m.ref.key) for n, gang in enumerate(gangs) for m in gang.members],
        schema={"gang": pl.Int64(), "type": pl.String(), "key": pl.String()},
        orient="row",
    ).unique(["type", "key"], keep="first", maintain_order=True)
    placed = nodes.filter(pl.col("part") == "").join(members, on=["type", "key"])
    gang = np.full(nodes.height, -1, dtype=np.int64)
    gang[placed["id"].to_numpy()] = placed["gang"].to_numpy()
    # An account outside belongs to the gang of its holder: what it does, that person does.
    gang = np.where(gang >= 0, gang, gang[unit])
    family = pl.col("kind").replace_strict(FAMILIES, default=None, return_dtype=pl.String)
    ties = evidence.ties.with_columns(family=family).filter(pl.col("family").is_not_null())
    near = (gang[ties["a"].to_numpy()] >= 0) | (gang[ties["b"].to_numpy()] >= 0)
    ties = ties.filter(pl.Series(near)).select("kind", "family", "a", "b").with_row_index("tie")
    ties = ties.with_columns(pl.col("tie").cast(pl.Int64))
    claims = evidence.claims.join(ties.select("kind", "a", "b", "tie"), on=["kind", "a", "b"]).sort("tie")
    start = np.searchsorted(claims["tie"].to_numpy(), np.arange(ties.height + 1))
    named = nodes["type"].to_list(), nodes["key"].to_list()
    return _View(ties, claims.select("source", "row"), start, *named, unit, gang)


def _cells(view: _View, mine: pl.DataFrame) -> tuple[Cell, ...]:
    """Dens, laundry houses and card collections of one gang's ties, most members first; they may overlap."""
    dialled = mine.filter(pl.col("kind") == "den_cell").get_column("b").unique().implode()
    dens = mine.filter(pl.col("kind").is_in(_DEN) & pl.col("b").is_in(dialled))
    to, by = view.unit[mine["b"].to_numpy()], view.unit[mine["a"].to_numpy()]
    inside = view.gang[mine["b"].to_numpy()] >= 0
    taken = mine.filter(pl.col("kind").is_in(_COLLECTS) & pl.Series((to != by) & inside))
    found = [
        *_of_kind(view, "den", dens.with_columns(cell=pl.col("b"))),
        *_of_kind(view, "laundry_house", _houses(view, mine)),
        *_of_kind(
            view, "card_collection", taken.with_columns(cell=pl.Series(view.unit[taken["b"].to_numpy()]))
        ),
    ]
    return tuple(sorted(found, key=lambda cell: (-len(cell.members), cell.kind, cell.anchors)))


def _houses(view: _View, mine: pl.DataFrame) -> pl.DataFrame:
    """Uses of devices that several holders' accounts log in from; devices with a holder in common are one.

    `cell`: the first device of each house. The SIMs that ran in such a device come along.
    """
    logins = mine.filter(pl.col("kind") == "device")
    logins = logins.with_columns(unit=pl.Series(view.unit[logins["a"].to_numpy()]))
    logins = logins.filter(pl.col("unit").n_unique().over("b") >= CELL_HOLDERS)
    if not logins.height:
        return mine.clear().with_columns(cell=pl.lit(0, dtype=pl.Int64))
    devices, place = np.unique(logins["b"].to_numpy(), return_inverse=True)
    units, user = np.unique(logins["unit"].to_numpy(), return_inverse=True)
    count = len(devices) + len(units)
    joins = coo_matrix((np.ones(len(place)), (place, user + len(devices))), shape=(count, count))
    _, label = connected_components(joins, directed=False)
    first = pl.DataFrame({"b": devices, "cell": label[: len(devices)].astype(np.int64)})
    first = first.with_columns(pl.col("b").min().over("cell").alias("cell"))
    uses = mine.filter(pl.col("kind").is_in(["device", "sim_device"]))
    return uses.join(first, on="b", maintain_order="left")


def _of_kind(view: _View, kind: str, uses: pl.DataFrame) -> list[Cell]:
    """One cell for each value of `cell` that at least CELL_HOLDERS holders use."""
    cells = []
    for _, of in uses.sort("cell", "kind", "a", "b").group_by("cell", maintain_order=True):
        a, b = of["a"].to_numpy(), of["b"].to_numpy()
        if len(np.unique(view.unit[a])) < CELL_HOLDERS:
            continue
        anchors = np.unique(view.unit[b])
        names = tuple(sorted({view.ref(node) for node in anchors.tolist()}))
        cells.append(Cell(kind, names, view.named(a), view.rows(of)))
    return cells


def _chains(view: _View, gangs: Sequence[Gang]) -> Mapping[int, Sequence[Chain]]:
    """What joins two gangs, said at both: a hub of one that several holders of the other deal with.

    A thing or payee outside all gangs is a hub when several holders of each gang use it.
    """
    touched = _touches(view)
    dealt = touched.group_by("hub", "gang").agg(pl.col("unit").n_unique())
    touched = touched.join(dealt.filter(pl.col("unit") >= CHAIN_HOLDERS), on="hub", how="semi")
    chains: dict[int, list[Chain]] = {}
    for (hub,), of in touched.sort("hub", "gang", "kind", "a", "b").group_by("hub", maintain_order=True):
        holders = of.group_by("gang").agg(pl.col("unit").n_unique()).filter(pl.col("unit") >= CHAIN_HOLDERS)
        own, others = int(view.gang[hub]), sorted(holders["gang"].to_list())
        pairs = (
            [(own, other) for other in others if other != own]
            if own >= 0
            else [(one, other) for n, one in enumerate(others) for other in others[n + 1 :]]
        )
        for pair in pairs:
            said = of.filter(pl.col("gang").is_in([g for g in pair if g != own]))
            for here, there in (pair, pair[::-1]):
                chains.setdefault(here, []).append(
                    _chain(view, said, hub, gangs[there].gang_id, gangs[own].gang_id if own >= 0 else "")
                )
    order = {n: sorted(of, key=lambda c: (c.gang_id, -len(c.partners), c.via)) for n, of in chains.items()}
    return order


def _chain(view: _View, said: pl.DataFrame, hub: int, other: str, owner: str) -> Chain:
    families = tuple(sorted(set(said["family"].to_list())))
    partners = tuple(sorted({view.ref(unit) for unit in said["unit"].to_list()}))
    return Chain(other, view.ref(hub), owner, families, partners, view.rows(said))


def _touches(view: _View) -> pl.DataFrame:
    """hub, gang, unit of each tie (kind, family, a, b) between a gang's node and a hub outside that gang."""
    ties = view.ties.filter(~pl.col("kind").is_in(_NO_CHAIN))
    a, b = ties["a"].to_numpy(), ties["b"].to_numpy()
    ends = []
    for near, far, way in ((a, b, True), (b, a, False)):
        one = ties.with_columns(
            hub=pl.Series(view.unit[far]), gang=pl.Series(view.gang[near]), unit=pl.Series(view.unit[near])
        )
        between = (view.gang[near] >= 0) & (view.gang[near] != view.gang[far])
        outside = view.gang[far] < 0
        # An outsider who only talks with two gangs, or whom both robbed, serves neither.
        serves = ~outside | (way & (ties["family"] != "call").to_numpy())
        ends.append(one.filter(pl.Series(between & serves & (view.unit[near] != view.unit[far]))))
    return pl.concat(ends)
