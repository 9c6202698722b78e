"""Fragility and doubt of a gang as JSON text, for stored results and `--json`, and back without loss."""

import json
from typing import Any

from detect.plain import Shown, ref_record, row_lists, rows_of_lists, whole_key
from detect.results import Break, Cut, Doubt, Fragility, Reading
from graph.contract import Ref


def fragility_record(found: Fragility, shown: Shown = whole_key) -> dict[str, Any]:
    """A JSON object; `shown` writes keys, whole when not given."""
    return {
        "breaks": [
            {
                "node": _node(one.node, one.part, shown),
                "other": _node(one.other, one.other_part, shown) if one.other else None,
                "share": one.share,
                "parts": list(one.parts),
                "rows": row_lists(one.rows),
            }
            for one in found.breaks
        ],
        "cut": {"sides": list(found.cut.sides), "share": found.cut.share, "pairs": found.cut.pairs}
        if found.cut
        else None,
        "families": dict(found.families),
        "source": {"sha256": found.source[0], "share": found.source[1]} if found.source else None,
        "row": {"row": list(found.row[0]), "share": found.row[1]} if found.row else None,
    }


def doubt_record(found: Doubt) -> dict[str, Any]:
    """A JSON object; it names no node."""
    return {
        "innocent": _reading_record(found.innocent),
        "guilty": _reading_record(found.guilty),
        "tested": dict(found.tested),
        "untested": list(found.untested),
    }


def fragility_text(found: Fragility | None) -> str | None:
    """The record with whole keys as text; None stays None."""
    return None if found is None else _text(fragility_record(found))


def doubt_text(found: Doubt | None) -> str | None:
    """The record as text; None stays None."""
    return None if found is None else _text(doubt_record(found))


def fragility_from(text: str | None) -> Fragility | None:
    """The inverse of `fragility_text`."""
    if text is None:
        return None
    raw = json.loads(text)
    cut, source, row = raw["cut"], raw["source"], raw["row"]
    return Fragility(
        tuple(_break(one) for one in raw["breaks"]),
        Cut((cut["sides"][0], cut["sides"][1]), cut["share"], cut["pairs"]) if cut else None,
        tuple(raw["families"].items()),
        (source["sha256"], source["share"]) if source else None,
        ((row["row"][0], row["row"][1]), row["share"]) if row else None,
    )


def doubt_from(text: str | None) -> Doubt | None:
    """The inverse of `doubt_text`."""
    if text is None:
        return None
    raw = json.loads(text)
    return Doubt(
        _reading(raw["innocent"]),
        _reading(raw["guilty"]),
        tuple(raw["tested"].items()),
        tuple(raw["untested"]),
    )


def _break(raw: dict[str, Any]) -> Break:
    node, other = raw["node"], raw["other"]
    return Break(
        Ref(node["type"], node["key"]),
        node["part"],
        Ref(other["type"], other["key"]) if other else None,
        other["part"] if other else "",
        raw["share"],
        tuple(raw["parts"]),
        rows_of_lists(raw["rows"]),
    )


def _node(ref: Ref, part: str, shown: Shown) -> dict[str, str]:
    return ref_record(ref, shown) | {"part": part}


def _reading_record(found: Reading | None) -> dict[str, Any] | None:
    return {"name": found.name, "share": found.share, "rows": row_lists(found.rows)} if found else None


def _reading(raw: dict[str, Any] | None) -> Reading | None:
    return Reading(raw["name"], raw["share"], rows_of_lists(raw["rows"])) if raw else None


def _text(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))
