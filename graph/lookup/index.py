"""Every identifier and name of the lake as sorted texts on disk: what the finder looks into."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from graph.contract import Ref
from graph.lake.tables import LakeTables
from graph.lookup.folder import kept_folder
from graph.lookup.names import LONGEST, Sounds, reordered, shortened
from graph.lookup.texts import SortedTexts
from graph.lookup.typed import plain_values
from graph.schema.catalog import NODE_TYPES, STORED_NODES
from graph.schema.kinds import Kind

NAME = "finder-1"
MOST_NAMES = 3_000_000
"""Different names that have forms (sound, order, one sign off); those behind are found as written only."""
_NAMES = frozenset({"name", "holder_name", "nick", "legal_rep"})
_FORMS = ("sounds", "initials", "orders", "holes")


@dataclass(frozen=True, slots=True)
class Form:
    """Texts that stand for names; `of` gives the name's number of each."""

    texts: SortedTexts
    of: Any


@dataclass(frozen=True, slots=True)
class Index:
    """fields: (node type, property or "key") by number; first: where each type's nodes begin in keys.

    values: with the node and field of each; tails: values backwards, with the value's number of each.
    names: different names, `name_first` where each one's nodes and fields begin. formless: names that have
    no forms.
    """

    fields: tuple[tuple[str, str], ...]
    first: tuple[int, ...]
    keys: SortedTexts
    values: SortedTexts
    node: Any
    field: Any
    tails: SortedTexts
    tail_of: Any
    names: SortedTexts
    name_first: Any
    name_node: Any
    name_field: Any
    forms: dict[str, Form]
    formless: int

    def ref(self, node: int) -> Ref:
        """The node of a number."""
        place = int(np.searchsorted(self.first, node, side="right")) - 1
        return Ref(STORED_NODES[place], self.keys.at(node))


def index_made(root: Path, tables: LakeTables) -> bool:
    """Whether the files of `open_index` are there already."""
    return (root / f"{NAME}-{tables.state}").is_dir()


def open_index(root: Path, tables: LakeTables) -> Index:
    """The index of the tables, mapped from files below `root`, which are made when first needed."""
    kept = kept_folder(root, NAME, tables.state, lambda place: _write(place, tables))
    said = json.loads((kept / "about.json").read_bytes())

    def array(name: str) -> Any:
        return np.load(kept / f"{name}.npy", mmap_mode="r")

    forms = {name: Form(SortedTexts.open(kept, name), array(f"{name}_of")) for name in _FORMS}
    return Index(
        tuple((kind, prop) for kind, prop in said["fields"]),
        tuple(said["first"]),
        SortedTexts.open(kept, "keys"),
        SortedTexts.open(kept, "values"),
        array("node"),
        array("field"),
        SortedTexts.open(kept, "tails"),
        array("tail_of"),
        SortedTexts.open(kept, "names"),
        array("name_first"),
        array("name_node"),
        array("name_field"),
        forms,
        said["formless"],
    )


def _write(place: Path, tables: LakeTables) -> None:
    fields: list[tuple[str, str]] = []
    keys: list[pl.Series] = []
    values: list[pl.DataFrame] = []
    names: list[pl.DataFrame] = []
    first, count = [], 0
    for kind in STORED_NODES:
        first.append(count)
        rows = _nodes(tables, kind, count)
        if rows.height:
            keys.append(rows["key"])
            for prop, texts in _texts(kind):
                part = rows.select(
                    texts.alias("value"), "node", pl.lit(len(fields), pl.UInt8).alias("field")
                ).filter(pl.col("value").str.len_bytes() > 0)
                fields.append((kind, prop))
                (names if _is_name(kind, prop) else values).append(part)
            count += rows.height
    SortedTexts.write(place, "keys", pl.concat(keys) if keys else pl.Series([], dtype=pl.String))
    _write_values(place, _joined(values))
    formless = _write_names(place, _joined(names))
    about = {"fields": fields, "first": first, "formless": formless}
    (place / "about.json").write_text(json.dumps(about), encoding="utf-8")


def _nodes(tables: LakeTables, kind: str, begin: int) -> pl.DataFrame:
    wanted = ["key", *(p.name for p in NODE_TYPES[kind].properties if p.kind in (Kind.IDENTIFIER, Kind.TEXT))]
    rows = tables.scan(kind).select(wanted).sort("key").collect()
    return rows.with_row_index("node", offset=begin).with_columns(pl.col("node").cast(pl.Int32))


def _texts(kind: str) -> list[tuple[str, pl.Expr]]:
    """(property, its plain texts): the key, what people type of it, identifiers and names."""
    key = plain_values(pl.col("key"))
    declared = NODE_TYPES[kind].properties
    own = [p.name for p in declared if p.kind is Kind.IDENTIFIER or p.name in _NAMES]
    # A key may carry a prefix (`imei:`, `courier:`) or the day of a holding: people type what lies between.
    bare = plain_values(pl.col("key").str.replace(r"^[^:]*:", "").str.replace(r"@[0-9-]*$", ""))
    shorter = pl.when(bare != key).then(bare)
    return [("key", key), ("key", shorter), *((name, plain_values(pl.col(name))) for name in own)]


def _is_name(kind: str, prop: str) -> bool:
    return prop in _NAMES or (kind == "Address" and prop == "key")


def _joined(parts: list[pl.DataFrame]) -> pl.DataFrame:
    schema = {"value": pl.String, "node": pl.Int32, "field": pl.UInt8}
    return pl.concat([pl.DataFrame(schema=schema), *parts]).unique().sort("value", "node", "field")


def _write_values(place: Path, rows: pl.DataFrame) -> None:
    # A value that two fields of a node hold counts once, by the first of them.
    rows = rows.unique(["value", "node"], keep="first", maintain_order=True)
    SortedTexts.write(place, "values", rows["value"])
    np.save(place / "node.npy", rows["node"].to_numpy())
    np.save(place / "field.npy", rows["field"].to_numpy())
    tails = (
        rows.select(pl.col("value").str.reverse(), pl.int_range(pl.len(), dtype=pl.Int32).alias("of"))
    ).sort("value", "of")
    SortedTexts.write(place, "tails", tails["value"])
    np.save(place / "tail_of.npy", tails["of"].to_numpy())


def _write_names(place: Path, rows: pl.DataFrame) -> int:
    """Keep names, who bears them and their forms; how many names have no forms."""
    names = rows["value"].unique(maintain_order=True)
    SortedTexts.write(place, "names", names)
    first = rows["value"].search_sorted(names, side="left") if len(names) else pl.Series([], dtype=pl.UInt32)
    np.save(place / "name_first.npy", np.append(first.to_numpy(), rows.height).astype(np.int64))
    np.save(place / "name_node.npy", rows["node"].to_numpy())
    np.save(place / "name_field.npy", rows["field"].to_numpy())
    forms: dict[str, list[tuple[str, int]]] = {name: [] for name in _FORMS}
    sounds = Sounds()
    formed = 0
    for number, name in enumerate(names.head(MOST_NAMES).to_list()):
        formed += 1
        if len(name) > LONGEST:
            continue
        forms["sounds"] += [(form, number) for form in sounds.of(name)]
        forms["initials"] += [(form, number) for form in sounds.initials(name)]
        forms["holes"] += [(form, number) for form in shortened(name)]
        forms["orders"].append((reordered(name), number))
    for form, held in forms.items():
        frame = pl.DataFrame(held, schema={"text": pl.String, "of": pl.Int32}, orient="row")
        frame = frame.unique().sort("text", "of")
        SortedTexts.write(place, form, frame["text"])
        np.save(place / f"{form}_of.npy", frame["of"].to_numpy())
    return len(names) - formed
