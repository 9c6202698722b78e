"""Writes frozen values as plain JSON and reads them back by their fields; refuses any other shape."""

import json
import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from graph.contract import Ref
from graph.errors import InputError, SchemaError

T = TypeVar("T")
FORMAT = 1
_ABSENT = object()


def written(value: object) -> str:
    """One line of JSON that `read_back` gives the same value for; equal values give equal text.

    SchemaError where a field is declared as something this module has no form for.
    """
    body = _plain(value, type(value), type(value).__name__)
    return json.dumps({"format": FORMAT, "body": body}, ensure_ascii=False, separators=(",", ":"))


def read_back(text: str, kind: type[T], name: str) -> T:
    """The value of a text; a field that the text lacks takes its default. name: what it is, for sentences.

    InputError, without any value of the text, when it is cut, of another format or of another shape.
    """
    try:
        raw = json.loads(text, parse_constant=_no_constant)
        if not isinstance(raw, dict) or raw.get("format") != FORMAT or set(raw) != {"format", "body"}:
            raise _Refused("format")
        return cast(T, _value(raw["body"], kind, name))
    except _Refused as refused:
        raise InputError(
            f"This {name} has a shape that this version does not know ({refused.place}); open it with the "
            "version that saved it, or open an older version of it.",
            place=refused.place,
        ) from refused
    except (ValueError, RecursionError) as error:
        raise InputError(f"This {name} is damaged and can't be read; open another version of it.") from error


class _Refused(Exception):
    """Where a text departs from the declared shape: names of fields only."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


def _no_constant(name: str) -> float:
    raise ValueError(name)


@cache
def _hints(kind: type[Any]) -> dict[str, tuple[Any, Field[Any]]]:
    hints = get_type_hints(kind)
    return {one.name: (hints[one.name], one) for one in fields(kind)}


def _plain(value: Any, hint: Any, place: str) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _plain_of_any(value, inner, place)
    if hint is Ref:
        return [value.type, value.key]
    if is_dataclass(hint) and isinstance(hint, type):
        return {
            name: _plain(getattr(value, name), own, f"{place}.{name}")
            for name, (own, _) in _hints(hint).items()
        }
    if origin is tuple:
        parts = [inner[0]] * len(value) if inner[1:] == (...,) else inner
        return [_plain(one, own, place) for one, own in zip(value, parts, strict=True)]
    if origin is frozenset:
        return sorted((_plain(one, inner[0], place) for one in value), key=json.dumps)
    if _is_mapping(origin):
        pairs = [[_plain(k, inner[0], place), _plain(v, inner[1], place)] for k, v in value.items()]
        return sorted(pairs, key=json.dumps)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return value.value
    if hint in (datetime, date):
        return value.isoformat()
    if origin is Literal or hint in (str, int, float, bool, types.NoneType):
        return value
    raise SchemaError(f"{place} is of a kind that charts can't be saved with; teach cases/charts/codec.py.")


def _value(raw: Any, hint: Any, place: str) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _value_of_any(raw, inner, place)
    if hint is Ref:
        if not (isinstance(raw, list) and len(raw) == 2 and all(isinstance(one, str) for one in raw)):
            raise _Refused(place)
        return Ref(*raw)
    if is_dataclass(hint) and isinstance(hint, type):
        return _fields(raw, hint, place)
    if origin in (tuple, frozenset) or _is_mapping(origin):
        if not isinstance(raw, list):
            raise _Refused(place)
        return _gathered(raw, origin, inner, place)
    return _scalar(raw, hint, origin, inner, place)


def _gathered(raw: list[Any], origin: Any, inner: Sequence[Any], place: str) -> Any:
    if origin is frozenset:
        return frozenset(_value(one, inner[0], place) for one in raw)
    if origin is tuple:
        parts = [inner[0]] * len(raw) if inner[1:] == (...,) else list(inner)
        if len(parts) != len(raw):
            raise _Refused(place)
        return tuple(_value(one, own, place) for one, own in zip(raw, parts, strict=True))
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in raw):
        raise _Refused(place)
    return {_value(key, inner[0], place): _value(one, inner[1], place) for key, one in raw}


def _fields(raw: Any, kind: type[Any], place: str) -> Any:
    hints = _hints(kind)  # type: ignore[arg-type]  # a class can be hashed
    if not isinstance(raw, dict):
        raise _Refused(place)
    for name in raw:
        if name not in hints:
            raise _Refused(f"{place}.{name}" if name.isidentifier() and len(name) < 60 else place)
    found = {}
    for name, (own, declared) in hints.items():
        given = raw.get(name, _ABSENT)
        if given is not _ABSENT:
            found[name] = _value(given, own, f"{place}.{name}")
        elif declared.default is MISSING and declared.default_factory is MISSING:
            raise _Refused(f"{place}.{name}")
    return kind(**found)


def _scalar(raw: Any, hint: Any, origin: Any, inner: Sequence[Any], place: str) -> Any:
    if origin is Literal:
        if raw in inner and type(raw) in {type(one) for one in inner}:
            return raw
    elif isinstance(hint, type) and issubclass(hint, Enum):
        return hint(raw)
    elif hint is datetime and isinstance(raw, str):
        when = datetime.fromisoformat(raw)
        if when.tzinfo is not None:
            return when
    elif hint is date and isinstance(raw, str):
        return date.fromisoformat(raw)
    elif hint is float and type(raw) in (int, float):
        return float(raw)
    elif hint in (str, int, bool, types.NoneType) and type(raw) is hint:
        return raw
    raise _Refused(place)


def _plain_of_any(value: Any, inner: Sequence[Any], place: str) -> Any:
    """The form of the first kind that gives the value back when it is read."""
    for kind in inner:
        try:
            plain = _plain(value, kind, place)
            if _value_of_any(plain, inner, place) == value:
                return plain
        except (_Refused, SchemaError, AttributeError, TypeError, ValueError):
            continue
    raise SchemaError(f"{place} is of a kind that charts can't be saved with; teach cases/charts/codec.py.")


def _value_of_any(raw: Any, inner: Sequence[Any], place: str) -> Any:
    for kind in inner:
        try:
            return _value(raw, kind, place)
        except (_Refused, ValueError):
            continue
    raise _Refused(place)


def _is_mapping(origin: Any) -> bool:
    return isinstance(origin, type) and issubclass(origin, Mapping)
