"""Tables that tell which of them are read, and that may hold some in memory in place of their files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace

import polars as pl

from graph.lake.tables import LakeTables, Relation


@dataclass(frozen=True, slots=True)
class Watched(LakeTables):
    """The tables of a lake; `told` hears the name of each that is read.

    in_memory: tables that stand for the files of the same name.
    """

    told: Callable[[str], None] = lambda name: None
    in_memory: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    def relation(self, name: str, by_to: bool = False) -> Relation:
        """As in LakeTables."""
        self.told(name)
        return LakeTables.relation(self, name, by_to)

    def scan(self, name: str, by_to: bool = False) -> pl.LazyFrame:
        """As in LakeTables; of a table in memory its rows there, in whatever order."""
        if name in self.in_memory:
            self.told(name)
            return self.in_memory[name].lazy()
        return LakeTables.scan(self, name, by_to)


def watched(tables: LakeTables, told: Callable[[str], None]) -> Watched:
    """`tables`, told of as they are read."""
    if isinstance(tables, Watched):
        return replace(tables, told=told)
    return Watched(**{one.name: getattr(tables, one.name) for one in fields(LakeTables)}, told=told)


def with_tables(tables: LakeTables, in_memory: Mapping[str, pl.DataFrame]) -> Watched:
    """`tables` with some in memory in place of their files; counts and digest stay those of the whole."""
    return replace(watched(tables, lambda name: None), in_memory=dict(in_memory))
