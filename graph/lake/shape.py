"""In which columns and order a canonical table is stored, and what tells one of its rows from the others."""

import polars as pl

from graph.errors import SchemaError
from graph.schema.catalog import NODE_TYPES, RELATION_TYPES, stored_tables, table_columns

# Relations that are also kept sorted by their far end, so that both directions are looked up fast.
BOTH_ENDS: tuple[str, ...] = ("TRANSFER", "CALLED", "LOGGED_IN", "LOGGED_IN_FROM")


def sort_columns(name: str, by_to: bool = False) -> list[str]:
    """The columns a table is stored in order of; total, so that equal content gives equal bytes."""
    if name in NODE_TYPES:
        return ["key"]
    ends = ["to_type", "to_key"] if by_to else ["from_type", "from_key"]
    rest = ["from_type", "from_key"] if by_to else ["to_type", "to_key"]
    if RELATION_TYPES[name].event:
        return [*ends, "at", "event_key"]
    return [*ends, *rest, "valid_from_at"]


def identity(name: str) -> list[str]:
    """The columns that no two rows of a table have alike; nulls count as equal."""
    if name in NODE_TYPES:
        return ["key"]
    if RELATION_TYPES[name].event:
        return ["event_key"]
    return ["from_type", "from_key", "to_type", "to_key", "valid_from_at"]


def orders(name: str) -> tuple[bool, ...]:
    """The orders a table is stored in, as values of `by_to`."""
    return (False, True) if name in BOTH_ENDS else (False,)


def in_order(name: str, frame: pl.DataFrame, by_to: bool = False) -> pl.DataFrame:
    """`frame` in the order it is stored in."""
    return frame.sort(sort_columns(name, by_to), nulls_last=True)


def checked(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` in the catalog's column order; SchemaError names the first column that differs."""
    wanted = table_columns(name)
    for column, dtype in wanted.items():
        if column not in frame.columns:
            raise SchemaError(f"Table {name} lacks the column {column}; see docs/schema.md.")
        if frame.schema[column] != dtype:
            raise SchemaError(f"Column {name}.{column} is {frame.schema[column]}, the catalog says {dtype}.")
    extra = [c for c in frame.columns if c not in wanted]
    if extra:
        raise SchemaError(f"Table {name} has a column {extra[0]} that the catalog does not know.")
    return frame.select(list(wanted))


def only_stored(names: list[str]) -> None:
    """SchemaError when a name is no stored table of the catalog."""
    unknown = [name for name in names if name not in stored_tables()]
    if unknown:
        raise SchemaError(f"{unknown[0]} is no stored table of the catalog; see docs/schema.md.")
