"""Says values to people: money in yuan, local times, durations in words, personal values masked."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from graph.answer_columns import Column, catalog_property
from graph.contract import Ref
from graph.durations import say_duration
from graph.parameters import CHINA, Parameter, ParameterType
from graph.schema.catalog import NODE_TYPES
from graph.schema.kinds import Kind, Mask, Privacy
from graph.schema.masks import mask_key, mask_value

_NAME = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_NOTHING = "—"
_MOST_LISTED = 20


def fill(
    text: str,
    values: Mapping[str, Any],
    columns: Mapping[str, Column],
    parameters: Mapping[str, Parameter],
    language: str,
    *,
    show_keys: bool = False,
) -> str:
    """`text` with each `{name}` replaced by its value as said; nothing in a value is replaced again."""

    def said(found: re.Match[str]) -> str:
        name = found[1]
        value = values.get(name)
        if name in columns:
            return say_cell(columns[name], value, values, language, show_keys=show_keys)
        if name in parameters:
            return say_parameter(parameters[name], value, language, show_keys=show_keys)
        return _undeclared(value, language, show_keys=show_keys)

    return _NAME.sub(said, text)


def say_cell(
    column: Column, value: Any, row: Mapping[str, Any], language: str, *, show_keys: bool = False
) -> str:
    """One cell of a declared column. row: the other cells, for `node_from`. No value is a dash."""
    if value is None:
        return _NOTHING
    if column.many and isinstance(value, list | tuple):
        types = row.get(column.node_from) if column.node_from else None
        said = [
            _one(column, item, _nth(types, n), language, show_keys=show_keys)
            for n, item in enumerate(value[:_MOST_LISTED])
        ]
        more = ["…"] if len(value) > _MOST_LISTED else []
        return ("、" if language == "zh" else ", ").join([*said, *more])
    return _one(column, value, row.get(column.node_from or ""), language, show_keys=show_keys)


def _nth(types: Any, n: int) -> Any:
    return types[n] if isinstance(types, list | tuple) and n < len(types) else types


def _one(column: Column, value: Any, type_name: Any, language: str, *, show_keys: bool) -> str:
    if isinstance(value, Ref):
        return value.key if show_keys else mask_key(value.type, value.key)
    if column.node is not None or column.node_from is not None:
        node = column.node or str(type_name)
        if show_keys:
            return str(value)
        return mask_key(node, str(value)) if node in NODE_TYPES else str(mask_value(str(value), Mask.HANDLE))
    if column.property is not None:
        declared = catalog_property(column.property)
        if declared is not None and declared.privacy is not Privacy.PERSONAL:
            return say_value(_kind_of(declared.kind), value, language)
        mask = declared.mask if declared is not None else Mask.HANDLE
        return str(value) if show_keys else str(mask_value(str(value), mask))
    return say_value(column.kind or "text", value, language)


def _kind_of(kind: Kind) -> str:
    return "text" if kind is Kind.IDENTIFIER else kind.value


def say_parameter(parameter: Parameter, value: Any, language: str, *, show_keys: bool = False) -> str:
    """A parameter's value in words; an identifier is masked unless `show_keys`."""
    if value is None:
        return _NOTHING
    if parameter.type is ParameterType.IDENTIFIER:
        return str(value) if show_keys else str(mask_value(str(value), Mask.HANDLE))
    return say_value(parameter.type.value, value, language)


def _undeclared(value: Any, language: str, *, show_keys: bool) -> str:
    """A value whose meaning no column declares: text may be a key, so it is masked."""
    if value is None:
        return _NOTHING
    if isinstance(value, Ref):
        return value.key if show_keys else mask_key(value.type, value.key)
    if isinstance(value, str) and not show_keys:
        return str(mask_value(value, Mask.HANDLE))
    return say_value("text", value, language)


def say_value(kind: str, value: Any, language: str) -> str:
    """A value of a kind that is not personal; instants in UTC+8, money in yuan, shares in per cent."""
    zh = language == "zh"
    if isinstance(value, bool):
        return ("是" if value else "否") if zh else ("yes" if value else "no")
    if isinstance(value, timedelta):
        return say_duration(timedelta(seconds=round(value.total_seconds())), language)
    if isinstance(value, datetime):
        return f"{value.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    if kind == "duration" and isinstance(value, int | float):
        return say_duration(timedelta(seconds=round(value)), language)
    if kind == "money_fen" and isinstance(value, int):
        return f"{Decimal(value) / 100:,.2f}{'元' if zh else ' yuan'}"
    if kind == "share" and isinstance(value, int | float):
        return f"{value * 100:.3g}%" if value < 1 else f"{value * 100:.0f}%"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, int) and kind != "text":
        return f"{value:,}"
    if isinstance(value, list | tuple):
        return ("、" if zh else ", ").join(say_value(kind, item, language) for item in value)
    return str(value)
