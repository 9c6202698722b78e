"""What the columns of a query's answer mean: which hold keys, which are personal, how both are masked."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import StringConstraints, model_validator

from graph.contract import QueryResult, Ref
from graph.parameters import PARAMETER_NAME, Strict, Text
from graph.schema.catalog import NODE_TYPES, RELATION_TYPES
from graph.schema.kinds import Mask, Privacy
from graph.schema.masks import mask_key, mask_value
from graph.schema.types import Property

ColumnName = Annotated[str, StringConstraints(pattern=PARAMETER_NAME)]
ColumnKind = Literal["text", "count", "real", "share", "money_fen", "instant", "day", "duration", "flag"]


class Column(Strict):
    """What a returned column means, so that tables have headings, keys are masked and rows become a network.

    Exactly one of: `node`, the values are keys of that node type; `node_from`, keys of the type that another
    column names; `property`, values of a catalog property such as `Account.holder_name`, with its mask;
    `kind`, values that are not personal. `many`: each cell is a list of such values.
    """

    zh: Text
    en: Text
    node: str | None = None
    node_from: ColumnName | None = None
    property: str | None = None
    kind: ColumnKind | None = None
    many: bool = False

    @model_validator(mode="after")
    def _one_meaning(self) -> "Column":
        if sum(x is not None for x in (self.node, self.node_from, self.property, self.kind)) != 1:
            raise ValueError("a column has exactly one of node, node_from, property, kind")
        if self.node is not None and self.node not in NODE_TYPES:
            raise ValueError(f"the catalog has no node type {self.node}")
        if self.property is not None and catalog_property(self.property) is None:
            raise ValueError(f"the catalog has no property {self.property}")
        return self


Columns = Mapping[str, Column]


def catalog_property(path: str) -> Property | None:
    """The catalog's property `Type.name` (a node's or a relation's), None when there is none."""
    type_name, _, name = path.partition(".")
    declared = NODE_TYPES.get(type_name) or RELATION_TYPES.get(type_name)
    if declared is None:
        return None
    return next((p for p in declared.properties if p.name == name), None)


def answer_refs(columns: Columns, answer: QueryResult) -> tuple[Ref, ...]:
    """The nodes that an answer's declared columns name, each once, in order of first sight."""
    found: dict[Ref, None] = {}
    for values in answer.rows:
        row = dict(zip(answer.columns, values, strict=True))
        for name, column in columns.items():
            for type_name, key in _keys(column, row.get(name), row):
                if type_name in NODE_TYPES and key is not None:
                    found[Ref(type_name, str(key))] = None
    return tuple(found)


def masked_answer(columns: Columns, answer: QueryResult) -> QueryResult:
    """The same answer with keys and personal values masked; undeclared text may be a key, so it is too."""
    rows = []
    for values in answer.rows:
        row = dict(zip(answer.columns, values, strict=True))
        rows.append(tuple(_masked(columns.get(name), row[name], row) for name in answer.columns))
    return QueryResult(answer.columns, tuple(rows), answer.truncated, answer.seconds)


def _keys(column: Column, value: Any, row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """(node type, key) of each key in a cell; none for a column that holds no keys."""
    types: Any = column.node if column.node is not None else row.get(column.node_from or "")
    keys = list(value or ()) if column.many else [value]
    for place, key in enumerate(keys):
        # With `node_from` a list of keys has a list of types beside it, or one type for all.
        of_key = types[place] if isinstance(types, list | tuple) and place < len(types) else types
        if isinstance(of_key, str):
            yield of_key, key


def _masked(column: Column | None, value: Any, row: Mapping[str, Any]) -> Any:
    if value is None:
        return None
    if column is None:
        return _hidden(value)
    if column.kind is not None:
        return value
    if column.property is not None:
        declared = catalog_property(column.property)
        if declared is None or declared.privacy is Privacy.PERSONAL:
            mask = declared.mask if declared is not None else Mask.HANDLE
            return (
                [mask_value(str(one), mask) for one in value] if column.many else mask_value(str(value), mask)
            )
        return value
    cells = [
        mask_key(type_name, str(key)) if type_name in NODE_TYPES else mask_value(str(key), Mask.HANDLE)
        for type_name, key in _keys(column, value, row)
    ]
    if column.many:
        return cells if len(cells) == len(value) else _hidden(value)
    return cells[0] if cells else _hidden(value)


def _hidden(value: Any) -> Any:
    """A value of unknown meaning: text masked, also inside lists and maps; numbers and times as they are."""
    if isinstance(value, str):
        return mask_value(value, Mask.HANDLE)
    if isinstance(value, list | tuple):
        return [_hidden(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _hidden(one) for name, one in value.items()}
    return value
