"""Changes a few rows of the canonical tables at the cost of those rows: layers over the whole tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from graph.errors import SchemaError
from graph.lake.digest import TypeSums, digest_of, table_sums
from graph.lake.folders import PartWriter, new_folder
from graph.lake.home import LakeHome
from graph.lake.parts import FRESH, GONE, WHOLE, Layer, Part, Stored, file_name, file_names
from graph.lake.shape import checked, identity, in_order, only_stored, orders, sort_columns
from graph.lake.tables import LakeTables, open_tables, put_in_force, state_name, tables_of
from graph.schema.catalog import table_columns

_LAYER = "layer-"
_REBUILD = "settle anew with `python -m ingest rebuild`"


@dataclass(frozen=True, slots=True)
class Change:
    """Whole rows of one table with the catalog's columns: rows that leave, as stored now, and rows that come.

    A row that changes is in both.
    """

    gone: pl.DataFrame
    fresh: pl.DataFrame

    @property
    def rows(self) -> int:
        """How many rows it names."""
        return self.gone.height + self.fresh.height

    def undone(self) -> "Change":
        """The change that takes this one back."""
        return Change(self.fresh, self.gone)


@dataclass(frozen=True, slots=True)
class LayerLimits:
    """When layers are put together, so that reading stays cheap.

    layers: the most a table has over its whole file; share: of the rows of that file, the most they name.
    """

    layers: int = 8
    share: float = 0.1


DEFAULT_LIMITS = LayerLimits()


def write_changes(
    home: LakeHome,
    tables: LakeTables,
    changes: Mapping[str, Change],
    made_of: str = "",
    *,
    limits: LayerLimits = DEFAULT_LIMITS,
) -> LakeTables:
    """Put `tables` with these changes in force at once; a reader sees the old state or the new one.

    tables: those in force. changes: table name -> its change; a row that goes and comes back as it was is
    no change. The digest is the one that the changed tables would have if they were written whole. Costs
    what the changes cost, but for a table whose layers come to more than `limits` allow.
    SchemaError when columns differ from the catalog's, a row is named twice, more rows go than there are, or
    `tables` are not those in force; StorageFailed when the disk refuses. Whether `gone` are rows of the table
    is not looked up: it costs reading the table.
    """
    only_stored(list(changes))
    if open_tables(home).parts != tables.parts:
        raise SchemaError("The lake's tables have changed since they were opened; open them again.")
    ready = {name: _checked(name, change) for name, change in changes.items()}
    ready = {name: change for name, change in ready.items() if change.rows}
    sums = {**tables.sums, **{name: _sums(name, tables, change) for name, change in ready.items()}}
    obsolete = {file for name in ready if not sums[name].rows for file in file_names(name)}
    filled = {name: change for name, change in ready.items() if sums[name].rows}
    parts = [part.without(obsolete) for part in tables.parts]
    if filled:
        folder = f"{_LAYER}{_number(parts):06d}-{state_name(digest_of(sums))}"
        with new_folder(home.tables / folder) as writer:
            for name, change in filled.items():
                replaced = _write(writer, tables, name, change, sums[name].rows, limits)
                parts = [part.without(replaced.get(part.folder, ())) for part in parts]
        parts.append(writer.part())
    return put_in_force(home, tables_of(home.tables, sums, parts, made_of))


def compose(name: str, first: Change, then: Change) -> Change:
    """The change of a table that `first`, and then `then`, come to together."""
    columns = identity(name)
    gone = then.gone.join(first.fresh, on=columns, how="anti", nulls_equal=True)
    fresh = first.fresh.join(then.gone, on=columns, how="anti", nulls_equal=True)
    return Change(pl.concat([first.gone, gone]), pl.concat([fresh, then.fresh]))


def net(name: str, change: Change) -> Change:
    """The change without rows that go and come back as they were."""
    columns = change.gone.columns
    return Change(
        change.gone.join(change.fresh, on=columns, how="anti", nulls_equal=True),
        change.fresh.join(change.gone, on=columns, how="anti", nulls_equal=True),
    )


def no_change(name: str) -> Change:
    """The change of a table by no rows."""
    nothing = pl.DataFrame(schema=table_columns(name))
    return Change(nothing, nothing)


def stored_change(tables: LakeTables, name: str, layers: Sequence[Layer]) -> Change:
    """What layers of one table, oldest first, come to together; UnreadableSource when a file is damaged."""

    def read(folder: str, kind: str, stored: Stored | None) -> pl.DataFrame:
        if stored is None:
            return no_change(name).gone
        return pl.read_parquet(tables.file(folder, file_name(name, kind)))

    whole = no_change(name)
    for layer in layers:
        gone, fresh = read(layer.folder, GONE, layer.gone), read(layer.folder, FRESH, layer.fresh)
        whole = compose(name, whole, Change(gone, fresh))
    return whole


def _checked(name: str, change: Change) -> Change:
    """The change with the catalog's columns and without what comes back as it was."""
    ready = Change(checked(name, change.gone), checked(name, change.fresh))
    for rows in (ready.gone, ready.fresh):
        if rows.select(identity(name)).is_duplicated().any():
            raise SchemaError(f"A change names a row of {name} twice; {_REBUILD}.")
    return net(name, ready)


def _sums(name: str, tables: LakeTables, change: Change) -> TypeSums:
    """What the changed table counts for."""
    before = tables.sums.get(name, TypeSums())
    after = before - table_sums(name, change.gone) + table_sums(name, change.fresh)
    if after.rows < 0 or (after.rows == 0 and after != TypeSums()):
        raise SchemaError(f"A change takes rows out of {name} that are not in it; {_REBUILD}.")
    return after


def _number(parts: Sequence[Part]) -> int:
    """The number of the next layer's folder; folders in force have lower ones."""
    names = [part.folder for part in parts if part.folder.startswith(_LAYER)]
    return 1 + max((int(name.split("-")[1]) for name in names), default=0)


def _write(
    writer: PartWriter, tables: LakeTables, name: str, change: Change, count: int, limits: LayerLimits
) -> dict[str, list[str]]:
    """Write one table's change with the layers it takes in; folder -> files that count no more.

    count: the rows of the table afterwards.
    """
    stack = tables.stack(name)
    if stack.whole is None or stack.layered + change.rows > limits.share * stack.whole.rows:
        together = compose(name, stored_change(tables, name, stack.layers), change)
        _write_whole(writer, tables, name, together, count)
        return {part.folder: file_names(name) for part in tables.parts}
    taken_in = _taken_in(stack.layers, change.rows, limits.layers)
    together = net(name, compose(name, stored_change(tables, name, taken_in), change))
    writer.write(name, together.gone, GONE)
    writer.write(name, together.fresh, FRESH)
    return {layer.folder: file_names(name, [FRESH, GONE]) for layer in taken_in}


def _taken_in(layers: Sequence[Layer], rows: int, most: int) -> Sequence[Layer]:
    """The newest layers that a new one of `rows` rows takes in, none while there are few enough.

    At least one, then each that is no larger than all after it together: so a row is written again seldom.
    """
    if len(layers) < most:
        return ()
    count = 0
    for layer in reversed(layers):
        if count and layer.rows > rows:
            break
        rows += layer.rows
        count += 1
    return layers[len(layers) - count :]


def _write_whole(writer: PartWriter, tables: LakeTables, name: str, change: Change, count: int) -> None:
    """Write the whole table of `count` rows: its whole file, in whose order it goes, and all changes."""
    whole = tables.stack(name).folder
    if whole is None:
        writer.write(name, change.fresh)
        return
    for by_to in orders(name):
        file = file_name(name, WHOLE, by_to)
        rows = pl.scan_parquet(tables.file(whole, file))
        if change.gone.height:
            gone = change.gone.lazy().select(identity(name))
            rows = rows.join(gone, on=identity(name), how="anti", nulls_equal=True, maintain_order="left")
        written = writer.stream(file, _merged(name, rows, in_order(name, change.fresh, by_to).lazy(), by_to))
        if written != count:
            raise SchemaError(f"The changes of {name} do not fit its rows; {_REBUILD}.")


def _merged(name: str, rows: pl.LazyFrame, more: pl.LazyFrame, by_to: bool) -> pl.LazyFrame:
    """Two sorted tables as one, a piece at a time; nulls come last, as the merge would not have it."""
    keys = sort_columns(name, by_to)
    if "valid_from_at" not in keys:
        return rows.merge_sorted(more, keys)
    unknown = pl.col("valid_from_at").is_null().alias("_unknown")
    first, second = (piece.with_columns(unknown) for piece in (rows, more))
    return first.merge_sorted(second, [*keys[:-1], "_unknown", keys[-1]]).drop("_unknown")
