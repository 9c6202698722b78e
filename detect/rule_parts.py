"""The parts of a rule file below its top fields: needs and examples."""

from typing import Annotated, Any, TypeVar

from pydantic import Field, model_validator

from graph.contract import Promise
from graph.parameters import Plain, Strict, Text
from graph.schema.catalog import STORED_NODES, STORED_RELATIONS, table_columns

T = TypeVar("T")
Many = Annotated[tuple[T, ...], Field(strict=False)]


class Needs(Strict):
    """What must be in the lake for the rule to say anything; an empty column never counts as a sign."""

    relations: Many[str] = ()
    types: Many[str] = ()
    properties: Many[str] = ()
    promises: Many[str] = ()

    @model_validator(mode="after")
    def _in_catalog(self) -> "Needs":
        for relation in self.relations:
            if relation not in STORED_RELATIONS:
                raise ValueError(f"the catalog stores no relation {relation}")
        for node in self.types:
            if node not in STORED_NODES:
                raise ValueError(f"the catalog stores no node type {node}")
        for path in self.properties:
            type_name, _, name = path.partition(".")
            if type_name not in (*STORED_NODES, *STORED_RELATIONS) or name not in table_columns(type_name):
                raise ValueError(f"the catalog has no property {path}")
        for promise in self.promises:
            if promise not in list(Promise):
                raise ValueError(f"there is no promise {promise}")
        return self


def _as_line(line: Any) -> Any:
    """YAML reads an unquoted `K1 : Account opened_at=...` as a mapping; both mean the same line."""
    if isinstance(line, dict) and len(line) == 1:
        ((name, rest),) = line.items()
        return f"{name} : {rest}"
    return line


class Silent(Strict):
    """A world in which the rule says nothing, and why."""

    why: Text
    given: Annotated[Many[str], Field(min_length=1)]
    parameters: dict[str, Plain] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _lines(cls, raw: Any) -> Any:
        if isinstance(raw, dict) and isinstance(raw.get("given"), list):
            return raw | {"given": [_as_line(line) for line in raw["given"]]}
        return raw


class Fires(Silent):
    """A world in which the rule fires; `expect` lists its rows, best first, by the columns that matter.

    Text that is a name of the world stands for that node's key.
    """

    why: Text | None = None  # type: ignore[assignment] # firing needs no reason, staying silent does
    expect: Many[dict[str, Any]] = ()


class Examples(Strict):
    """The rule's own tests: at least one world it fires in and one it stays silent in."""

    fires: Annotated[Many[Fires], Field(min_length=1)]
    stays_silent: Annotated[Many[Silent], Field(min_length=1)]
