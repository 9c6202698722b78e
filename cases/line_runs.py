"""When each line of a chart has events: the stretches of time by which it fades outside the window."""

from collections.abc import Mapping, Sequence

import polars as pl

from cases.marks import Group, LineKey
from cases.streams import ENDS, micros
from graph.contract import Edge, Ref

Run = tuple[int, int]
MOST_RUNS = 12_000
_MS = 1000
_DAY_MS = 86_400_000
_NEVER_MS = 2**53 - 1


def runs_of_events(between: pl.DataFrame, most: int = MOST_RUNS) -> Mapping[LineKey, tuple[Run, ...]]:
    """Line -> stretches (milliseconds since 1970, first and last, both inside), in order.

    between: events as of `read_events`. Up to `most` stretches in all each event is one of its own, so a line
    is dark exactly where it has none. Beyond that the least pauses are bridged: a line may then be lit in a
    pause, but is never dark where it has an event. An event known by its day alone lasts that day.
    """
    if between.is_empty():
        return {}
    key = ["relation", *ENDS]
    begins = pl.col("at").dt.timestamp("us") // _MS
    ends = (
        pl.when("day_only").then(begins + _DAY_MS - 1).otherwise(-(-pl.col("at").dt.timestamp("us") // _MS))
    )
    rows = between.select(*key, begins=begins, ends=ends).unique().sort(*key, "begins", "ends")
    rows = rows.with_columns(reached=pl.col("ends").cum_max().over(key))
    pause = (pl.col("begins") - pl.col("reached").shift(1).over(key)).fill_null(_NEVER_MS)
    rows = rows.with_columns(pause=pause)
    bridged = 0
    if rows.filter(pl.col("pause") > 0).height > most:
        lines = rows.filter(pl.col("pause") == _NEVER_MS).height
        longest = rows.filter(pl.col("pause") < _NEVER_MS)["pause"].sort(descending=True)
        bridged = int(longest[max(0, most - lines)])
    runs = (
        rows.with_columns(run=(pl.col("pause") > bridged).cum_sum())
        .group_by("run", maintain_order=True)
        .agg(*(pl.col(name).first() for name in key), pl.col("begins").first(), pl.col("ends").max())
    )
    found: dict[LineKey, list[Run]] = {}
    for _, relation, from_type, from_key, to_type, to_key, first, last in runs.iter_rows():
        line = (relation, Ref(from_type, from_key), Ref(to_type, to_key))
        found.setdefault(line, []).append((first, last))
    return {line: tuple(stretches) for line, stretches in found.items()}


def runs_of_drawn(
    runs: Mapping[LineKey, tuple[Run, ...]], groups: Sequence[Group]
) -> Mapping[LineKey, tuple[Run, ...]]:
    """The same by the lines that are drawn: those into and out of a group run to and from its mark."""
    home = {member: group.mark for group in groups for member in group.members}
    found: dict[LineKey, set[Run]] = {}
    for (relation, start, end), stretches in runs.items():
        key = (relation, home.get(start, start), home.get(end, end))
        found.setdefault(key, set()).update(stretches)
    return {key: tuple(sorted(stretches)) for key, stretches in found.items()}


def runs_of_validity(edges: Sequence[Edge]) -> tuple[Run, ...]:
    """Stretches in which a standing relation holds, as its rows say; none where a row says no beginning.

    A row without an end holds on.
    """
    said = [(e.properties.get("valid_from_at"), e.properties.get("valid_to_at")) for e in edges]
    if any(begins is None for begins, _ in said):
        return ()
    millis = [
        (
            micros(begins) // _MS,
            _NEVER_MS if ends is None else max(-(-micros(ends) // _MS), micros(begins) // _MS),
        )
        for begins, ends in said
        if begins is not None
    ]
    return tuple(sorted(set(millis)))
