"""SAME_AS relations of the judgements in force: what named people decided, put into the canonical tables."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import polars as pl

from graph.lake.same import components
from graph.schema.catalog import relation_columns
from ingest.judgements import Judgement

SOURCE = "judgement"


def with_same_as(
    tables: dict[str, pl.DataFrame], judged: Sequence[Judgement]
) -> tuple[dict[str, pl.DataFrame], dict[str, Any]]:
    """The tables with SAME_AS added, and what was done: {"same", "components", "blocked", "waiting",
    "until": number of the last judgement taken into account}.

    judged: the last judgement of each pair. A pair waits while one of its records is not loaded. A component
    that a `different` tears is left out whole and counted as blocked.
    """
    known = {name: set(frame["key"].to_list()) for name, frame in _asked(tables, judged).items()}
    here = [j for j in judged if {j.key_a, j.key_b} <= known.get(j.type, set())]
    same = [j for j in here if j.verdict == "same"]
    apart = [j for j in here if j.verdict == "different"]
    found = components([_ends(j) for j in same], [_ends(j) for j in apart])
    blocked = {thing for group in found.blocked for thing in group}
    kept = [j for j in same if (j.type, j.key_a) not in blocked]
    report = {
        "same": len(kept),
        "components": len(found.joined),
        "blocked": len(found.blocked),
        "waiting": sum(j.verdict == "same" for j in judged) - len(same),
        "until": max((j.seq for j in judged), default=0),
    }
    return ({**tables, "SAME_AS": _rows(kept)} if kept else tables), report


def _asked(tables: dict[str, pl.DataFrame], judged: Sequence[Judgement]) -> dict[str, pl.DataFrame]:
    """Of the nodes only those that judgements name: a lake has millions, judgements are few."""
    asked: dict[str, set[str]] = {}
    for j in judged:
        asked.setdefault(j.type, set()).update((j.key_a, j.key_b))
    return {
        name: tables[name].filter(pl.col("key").is_in(sorted(keys)))
        for name, keys in asked.items()
        if name in tables
    }


def _ends(j: Judgement) -> tuple[tuple[str, str], tuple[str, str]]:
    return (j.type, j.key_a), (j.type, j.key_b)


def _rows(kept: Sequence[Judgement]) -> pl.DataFrame:
    values: dict[str, list[str | float | datetime | int | None]] = {
        "from_type": [j.type for j in kept],
        "from_key": [j.key_a for j in kept],
        "to_type": [j.type for j in kept],
        "to_key": [j.key_b for j in kept],
        "valid_from_at": [None] * len(kept),
        "valid_to_at": [None] * len(kept),
        "confidence": [1.0] * len(kept),
        "verdict": [j.verdict for j in kept],
        "judged_by": [j.judged_by for j in kept],
        "judged_at": [j.at for j in kept],
        "source": [SOURCE] * len(kept),
        "row": [j.seq for j in kept],
    }
    return pl.DataFrame(values, schema=relation_columns("SAME_AS"))
