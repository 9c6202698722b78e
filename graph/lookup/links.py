"""Who is linked to whom, summed a pair, as compact arrays: counting and walking without opening any rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from graph.contract import Direction, Expansion, Ref
from graph.errors import SchemaError
from graph.lake.tables import LakeTables
from graph.lookup.folder import kept_folder
from graph.lookup.texts import SortedTexts
from graph.schema.catalog import STORED_NODES, STORED_RELATIONS, relation_type

NAME = "links-1"
NO_MONEY = np.iinfo(np.int64).min
_ARRAYS = ("starts", "way", "other", "rows", "fen", "first")
KINDS = tuple(sorted(STORED_NODES))
"""Node types in the order of refs, so that the order of numbers is the order of refs."""
_DIRECTIONS = (Direction.OUT, Direction.IN)


@dataclass(frozen=True, slots=True)
class Links:
    """Nodes are numbers in the order of their refs; `first` is where each of KINDS begins.

    starts: where each node's links begin, by way, then other; way: twice the relation's place in the catalog,
    one more for IN; other: the far node; rows: how many; fen: their sum, NO_MONEY without one.
    """

    keys: SortedTexts
    first: Any
    starts: Any
    way: Any
    other: Any
    rows: Any
    fen: Any

    def number(self, ref: Ref) -> int | None:
        """The number of a node, None for one that the lake does not hold."""
        if ref.type not in KINDS:
            return None
        kind = KINDS.index(ref.type)
        place, behind = self.keys.equal(ref.key, int(self.first[kind]), int(self.first[kind + 1]))
        return place if place < behind else None

    def ref(self, number: int) -> Ref:
        """The node of a number."""
        return Ref(KINDS[self.kind(number)], self.keys.at(number))

    def kind(self, number: int) -> int:
        """The place of a node's type in KINDS."""
        return int(np.searchsorted(self.first, number, side="right")) - 1

    def of(self, number: int) -> slice:
        """Where the links of a node lie."""
        return slice(int(self.starts[number]), int(self.starts[number + 1]))

    def between(self, refs: Sequence[Ref]) -> frozenset[str]:
        """The relations that link any two of `refs`, or one with itself."""
        numbers = [number for ref in refs if (number := self.number(ref)) is not None]
        wanted = np.zeros(len(self.keys), np.bool_)
        wanted[numbers] = True
        ways = [np.unique(self.way[own][wanted[self.other[own]]]) for own in map(self.of, numbers)]
        return frozenset(relation_of(int(way)) for way in (np.unique(np.concatenate(ways)) if ways else ()))

    def expansions(self, ref: Ref) -> tuple[Expansion, ...]:
        """See `graph.contract.View.expansions`."""
        number = self.number(ref)
        return tuple(self._counted(number)) if number is not None else ()

    def _counted(self, number: int) -> Iterator[Expansion]:
        own = self.of(number)
        kinds = np.searchsorted(self.first, self.other[own], side="right") - 1
        groups = self.way[own].astype(np.int64) * len(KINDS) + kinds
        rows, fen = self.rows[own], self.fen[own]
        counted = []
        for group in np.unique(groups):
            inside = groups == group
            way, kind = divmod(int(group), len(KINDS))
            paid = fen[inside]
            paid = paid[paid != NO_MONEY]
            counted.append(
                Expansion(
                    relation_of(way),
                    direction_of(way),
                    KINDS[kind],
                    int(rows[inside].sum()),
                    int(inside.sum()),
                    int(paid.sum()) if len(paid) else None,
                )
            )
        yield from sorted(
            counted,
            key=lambda e: (STORED_RELATIONS.index(e.relation), e.direction is Direction.IN, e.other_type),
        )


def relation_of(way: int) -> str:
    """The relation of a way."""
    return STORED_RELATIONS[way // 2]


def direction_of(way: int) -> Direction:
    """The direction of a way, seen from the near node."""
    return _DIRECTIONS[way % 2]


def kept_links(folder: Path | None, tables: LakeTables) -> Links | None:
    """The links of the lake where their files have been made, None where not."""
    if folder is None or not (folder / f"{NAME}-{tables.state}").is_dir():
        return None
    return links_in(folder, tables)


def links_in(folder: Path | None, tables: LakeTables) -> Links:
    """The links of the lake: mapped from files below `folder`, made when first needed; None: in memory."""
    if folder is None:
        keys, arrays = _made(tables)
        return Links(keys=SortedTexts.of(keys.to_list()), **arrays)
    kept = kept_folder(folder, NAME, tables.state, lambda place: _write(place, tables))
    arrays = {name: np.asarray(np.load(kept / f"{name}.npy", mmap_mode="r")) for name in _ARRAYS}
    return Links(keys=SortedTexts.open(kept, "keys"), **arrays)


def _write(place: Path, tables: LakeTables) -> None:
    keys, arrays = _made(tables)
    SortedTexts.write(place, "keys", keys)
    for name, array in arrays.items():
        np.save(place / f"{name}.npy", array)


def _made(tables: LakeTables) -> tuple[pl.Series, dict[str, Any]]:
    keys, first = _numbered(tables)
    near, way, other, rows, fen = [], [], [], [], []
    for place, relation in enumerate(STORED_RELATIONS):
        if not tables.rows.get(relation):
            continue
        pairs = _pairs(tables, relation, keys, first)
        for into, (a, b) in enumerate((("from", "to"), ("to", "from"))):
            near.append(pairs[a].to_numpy())
            other.append(pairs[b].to_numpy())
            rows.append(pairs["rows"].to_numpy())
            fen.append(pairs["fen"].to_numpy())
            way.append(np.full(pairs.height, 2 * place + into, np.uint8))
    joined = [np.concatenate(parts) if parts else np.zeros(0, np.int64) for parts in (near, way, other)]
    order = np.lexsort((joined[2], joined[1], joined[0]))
    starts = np.searchsorted(joined[0][order], np.arange(first[-1] + 1)).astype(np.int64)
    return keys_joined(keys), {
        "first": np.array(first, np.int64),
        "starts": starts,
        "way": joined[1][order].astype(np.uint8),
        "other": joined[2][order].astype(np.int32),
        "rows": (np.concatenate(rows) if rows else np.zeros(0, np.int64))[order].astype(np.int32),
        "fen": (np.concatenate(fen) if fen else np.zeros(0, np.int64))[order].astype(np.int64),
    }


def keys_joined(keys: Sequence[pl.Series]) -> pl.Series:
    """The keys of all types, one type behind the other."""
    held = [one for one in keys if len(one)]
    return pl.concat(held) if held else pl.Series([], dtype=pl.String)


def _numbered(tables: LakeTables) -> tuple[list[pl.Series], list[int]]:
    keys, first = [], [0]
    for kind in KINDS:
        own = tables.scan(kind).select("key").collect()["key"].sort()
        keys.append(own)
        first.append(first[-1] + len(own))
    return keys, first


def _pairs(
    tables: LakeTables, relation: str, keys: Sequence[pl.Series], first: Sequence[int]
) -> pl.DataFrame:
    """One row a pair of ends: from, to (int32 numbers), rows, fen."""
    amount = "amount_fen" if "amount_fen" in relation_type(relation).fields else None
    wanted = ["from_type", "from_key", "to_type", "to_key", *([amount] if amount else [])]
    rows = tables.scan(relation).select(wanted).collect()
    parts = []
    for (start, end), part in rows.partition_by("from_type", "to_type", as_dict=True).items():
        ends = []
        for name, kind in (("from", start), ("to", end)):
            place = KINDS.index(str(kind))
            # The keys are sorted, so a key's code among them is its place.
            coded = part[f"{name}_key"].cast(pl.Enum(keys[place]), strict=False).to_physical().cast(pl.Int32)
            if coded.null_count():
                raise SchemaError(f"A {relation} names a {kind} that has no row; load the files again.")
            ends.append((coded + first[place]).alias(name))
        money = part[amount] if amount else pl.Series([None], dtype=pl.Int64).new_from_index(0, part.height)
        parts.append(pl.DataFrame([*ends, money.alias("fen")]))
    pairs = (
        pl.concat(parts)
        .group_by("from", "to")
        .agg(
            pl.len().cast(pl.Int32).alias("rows"),
            pl.when(pl.col("fen").count() > 0).then(pl.col("fen").sum()).otherwise(NO_MONEY).alias("fen"),
        )
    )
    return pairs
