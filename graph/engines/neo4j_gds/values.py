"""From the driver's values to plain Python ones; no driver type leaves this folder."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

_DAYS_A_MONTH = 30


def plain(value: Any) -> Any:
    """A Bolt value as plain Python: instants in UTC, nodes and relationships as maps of their properties.

    A node is {"type", **properties}, a relationship {"relation", **properties}, a path the list of both in
    turn. A duration with months, which have no fixed length, counts 30 days each.
    """
    from neo4j import graph
    from neo4j.time import Date, DateTime, Duration, Time

    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, DateTime):
        return _instant(value.to_native())
    if isinstance(value, Date | Time):
        return value.to_native()
    if isinstance(value, Duration):
        days = value.months * _DAYS_A_MONTH + value.days
        return timedelta(days=days, seconds=value.seconds, microseconds=value.nanoseconds // 1000)
    if isinstance(value, graph.Node):
        return {"type": next(iter(value.labels), None), **plain(dict(value))}
    if isinstance(value, graph.Relationship):
        return {"relation": value.type, **plain(dict(value))}
    if isinstance(value, graph.Path):
        turns = [part for pair in zip(value.nodes, value.relationships, strict=False) for part in pair]
        return [plain(part) for part in [*turns, value.nodes[-1]]]
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return str(value)


def bound(value: Any) -> Any:
    """A parameter as the driver is to send it: instants at offset zero.

    Neo4j holds 09:00Z and 09:00Z[UTC] for different values, and a ZoneInfo would be sent as the second.
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value
    if isinstance(value, Mapping):
        return {name: bound(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [bound(one) for one in value]
    return value


def _instant(value: datetime | date | time) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else value
