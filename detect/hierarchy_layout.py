"""Cells, chains and steadiness of a gang as records for stored results and `--json`, and back."""

import json
from collections.abc import Sequence
from typing import Any

from detect.plain import Shown, row_lists, rows_of_lists, whole_key
from detect.results import Cell, Chain, Hierarchy, Steadiness
from graph.contract import Ref


def hierarchy_record(found: Hierarchy, shown: Shown = whole_key) -> dict[str, Any]:
    """A JSON object; `shown` writes keys, whole when not given."""

    def nodes(refs: Sequence[Ref]) -> list[list[str]]:
        return [[ref.type, shown(ref)] for ref in refs]

    return {
        "cells": [
            {
                "kind": cell.kind,
                "anchors": nodes(cell.anchors),
                "members": nodes(cell.members),
                "rows": row_lists(cell.rows),
            }
            for cell in found.cells
        ],
        "chains": [
            {
                "gang_id": chain.gang_id,
                "via": nodes([chain.via])[0],
                "owner": chain.owner,
                "families": list(chain.families),
                "partners": nodes(chain.partners),
                "rows": row_lists(chain.rows),
            }
            for chain in found.chains
        ],
    }


def hierarchy_text(found: Hierarchy | None) -> str | None:
    """The record with whole keys as text; None stays None."""
    return None if found is None else json.dumps(hierarchy_record(found), ensure_ascii=False)


def hierarchy_from(text: str | None) -> Hierarchy | None:
    """The inverse of `hierarchy_text`."""
    if text is None:
        return None
    raw = json.loads(text)
    return Hierarchy(
        tuple(
            Cell(one["kind"], _refs(one["anchors"]), _refs(one["members"]), rows_of_lists(one["rows"]))
            for one in raw["cells"]
        ),
        tuple(
            Chain(
                one["gang_id"],
                Ref(*one["via"]),
                one["owner"],
                tuple(one["families"]),
                _refs(one["partners"]),
                rows_of_lists(one["rows"]),
            )
            for one in raw["chains"]
        ),
    )


def steadiness_list(found: Steadiness | None) -> list[float] | None:
    """Over seeds, over resolutions; None stays None."""
    return None if found is None else [found.seeds, found.resolutions]


def steadiness_from(values: Sequence[float] | None) -> Steadiness | None:
    """The inverse of `steadiness_list`."""
    return None if values is None else Steadiness(values[0], values[1])


def _refs(raw: Sequence[Sequence[str]]) -> tuple[Ref, ...]:
    return tuple(Ref(one[0], one[1]) for one in raw)
