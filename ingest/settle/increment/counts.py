"""Adds up the report of settling: what it was, less the part before, and the part after."""

from collections.abc import Mapping
from typing import Any

Counts = Mapping[str, Any]


def after_change(whole: Counts, before: Counts, after: Counts) -> dict[str, Any]:
    """`whole` with every count less that of `before` and more that of `after`; others as they are.

    Pairs of counts are added one by one. A count by name that comes to nothing stays, as 0.
    """
    changed = {}
    for name in sorted({*whole, *before, *after}):
        value = _less_and_more(whole.get(name), before.get(name), after.get(name))
        if value is not None:
            changed[name] = value
    return changed


def without_nothing(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts by name without those of nothing."""
    return {name: count for name, count in counts.items() if count}


def _less_and_more(whole: Any, before: Any, after: Any) -> Any:
    known = next((value for value in (whole, before, after) if value is not None), None)
    if isinstance(known, Mapping):
        return after_change(whole or {}, before or {}, after or {})
    if isinstance(known, list | tuple):
        nothing = [0] * len(known)
        columns = zip(whole or nothing, before or nothing, after or nothing, strict=True)
        return [one - two + three for one, two, three in columns]
    if isinstance(known, int):
        return int(whole or 0) - int(before or 0) + int(after or 0)
    return known
