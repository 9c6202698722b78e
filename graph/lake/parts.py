"""Which folders hold the tables in force: whole tables, and layers of changes over them (plain values)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.lake.shape import BOTH_ENDS, orders

WHOLE, FRESH, GONE = "", ".fresh", ".gone"


def file_name(name: str, kind: str = WHOLE, by_to: bool = False) -> str:
    """The file of a table in a folder: all its rows, those that came, or those that went."""
    far = ".by_to" if by_to and name in BOTH_ENDS and kind != GONE else ""
    return f"{name}{kind}{far}.parquet"


def file_names(name: str, kinds: Iterable[str] = (WHOLE, FRESH, GONE)) -> list[str]:
    """Every file that a folder can hold of a table."""
    return [file_name(name, kind, by_to) for kind in kinds for by_to in orders(name)]


@dataclass(frozen=True, slots=True)
class Stored:
    """A Parquet file as it was put in force."""

    checksum: str
    rows: int


@dataclass(frozen=True, slots=True)
class Part:
    """A folder and its files that count. A later folder's whole table stands for all before it."""

    folder: str
    files: Mapping[str, Stored]

    def without(self, files: Iterable[str]) -> "Part":
        """The same folder when these files count no more."""
        gone = frozenset(files)
        return Part(self.folder, {name: said for name, said in self.files.items() if name not in gone})


@dataclass(frozen=True, slots=True)
class Layer:
    """What one folder changes in one table; a row that changed is in both, no rows are None."""

    folder: str
    fresh: Stored | None
    gone: Stored | None

    @property
    def rows(self) -> int:
        """How many rows it names."""
        return sum(stored.rows for stored in (self.fresh, self.gone) if stored)


@dataclass(frozen=True, slots=True)
class Stack:
    """What one table is made of: the folder of its last whole file (None: none) and the layers over it."""

    folder: str | None
    whole: Stored | None
    layers: tuple[Layer, ...]

    @property
    def layered(self) -> int:
        """How many rows the layers name."""
        return sum(layer.rows for layer in self.layers)


def stack_of(parts: Sequence[Part], name: str) -> Stack:
    """What the table `name` is made of, layers oldest first."""
    layers: list[Layer] = []
    for part in reversed(parts):
        whole = part.files.get(file_name(name))
        if whole is not None:
            return Stack(part.folder, whole, tuple(reversed(layers)))
        fresh, gone = (part.files.get(file_name(name, kind)) for kind in (FRESH, GONE))
        if fresh or gone:
            layers.append(Layer(part.folder, fresh, gone))
    return Stack(None, None, tuple(reversed(layers)))


def as_json(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """Plain values for JSON."""
    return [
        {"folder": part.folder, "files": {n: [f.checksum, f.rows] for n, f in sorted(part.files.items())}}
        for part in parts
    ]


def from_json(raw: Iterable[Mapping[str, Any]]) -> tuple[Part, ...]:
    """The inverse of `as_json`; ValueError, KeyError or TypeError when it is not of that form."""
    return tuple(
        Part(
            str(part["folder"]),
            {name: Stored(said, int(rows)) for name, (said, rows) in part["files"].items()},
        )
        for part in raw
    )
