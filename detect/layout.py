"""The Parquet layout of stored detection results: values to frames and back without loss."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from detect.doubt_layout import doubt_from, doubt_text, fragility_from, fragility_text
from detect.hierarchy_layout import hierarchy_from, hierarchy_text, steadiness_from, steadiness_list
from detect.plain import ref_record, rows_of_records
from detect.results import Detection, Finding, Gang, Link, Member, Mule, RoleReason, Row
from graph.contract import Ref

_ROW = pl.Struct({"source": pl.String(), "row": pl.Int64()})
_REF = pl.Struct({"type": pl.String(), "key": pl.String()})
_AT = pl.Datetime("us", "UTC")
_ROWS = pl.List(_ROW)
_REFS = pl.List(_REF)

LAYOUT: dict[str, dict[str, pl.DataType]] = {
    "findings": {
        "finding_id": pl.String(),
        "rule": pl.String(),
        "revision": pl.Int64(),
        "subject_type": pl.String(),
        "subject_key": pl.String(),
        "score": pl.Float64(),
        "first_at": _AT,
        "last_at": _AT,
        "parameters": pl.String(),
        "values": pl.String(),
        "others": _REFS,
        "rows": _ROWS,
    },
    "gangs": {
        "gang_id": pl.String(),
        "score": pl.Float64(),
        "stability": pl.Float64(),
        "findings": pl.List(pl.String()),
        "persons": pl.Int64(),
        "accounts": pl.Int64(),
        "members": pl.Int64(),
        "evidence": pl.Int64(),
        "fragility": pl.String(),
        "doubt": pl.String(),
        "hierarchy": pl.String(),
        "steadiness": pl.List(pl.Float64()),
    },
    "gang_members": {
        "gang_id": pl.String(),
        "type": pl.String(),
        "key": pl.String(),
        "strength": pl.Float64(),
        "roles": pl.String(),
        "stays": pl.Float64(),
    },
    "role_reasons": {
        "gang_id": pl.String(),
        "type": pl.String(),
        "key": pl.String(),
        "role": pl.String(),
        "supports": pl.Boolean(),
        "sign": pl.String(),
        "weight": pl.Float64(),
        "rows": _ROWS,
    },
    "gang_links": {
        "gang_id": pl.String(),
        "a": _REF,
        "b": _REF,
        "kind": pl.String(),
        "weight": pl.Float64(),
        "via": _REF,
        "rows": _ROWS,
    },
    "mules": {
        "account": pl.String(),
        "score": pl.Float64(),
        "probability": pl.Float64(),
        "opposing": pl.List(pl.Struct({"sign": pl.String(), "weight": pl.Float64()})),
    },
    "mule_reasons": {
        "account": pl.String(),
        "finding_id": pl.String(),
        "rule": pl.String(),
        "revision": pl.Int64(),
        "weight": pl.Float64(),
        "rows": _ROWS,
    },
}


def detection_frames(detection: Detection) -> dict[str, pl.DataFrame]:
    """The lists of a detection as frames with the columns of LAYOUT, in the detection's own orders."""
    records: dict[str, list[dict[str, Any]]] = {
        "findings": _finding_records(detection.findings),
        "gangs": [_gang_record(g) for g in detection.gangs],
        "gang_members": [_member_record(g, m) for g in detection.gangs for m in g.members],
        "role_reasons": [r for g in detection.gangs for m in g.members for r in _reason_records(g, m)],
        "gang_links": [_link_record(g, link) for g in detection.gangs for link in g.links],
        "mules": [_mule_record(m) for m in detection.mules],
        "mule_reasons": [r for m in detection.mules for r in _mule_reason_records(m)],
    }
    return {name: _framed(name, rows) for name, rows in records.items()}


def _framed(name: str, records: list[dict[str, Any]]) -> pl.DataFrame:
    """Records as a frame; lists of pairs are flattened first, a tenth of the cost of dicts in lists."""
    layout = LAYOUT[name]
    pairs = {column: dtype for column, dtype in layout.items() if dtype in (_ROWS, _REFS)}
    lists = [
        _pair_lists(column, dtype, [record.pop(column) for record in records])
        for column, dtype in pairs.items()
    ]
    plain = {column: dtype for column, dtype in layout.items() if column not in pairs}
    return pl.DataFrame(records, schema=plain, orient="row").with_columns(lists).select(list(layout))


def _pair_lists(column: str, dtype: pl.DataType, items: Sequence[Sequence[tuple[Any, Any]]]) -> pl.Series:
    """One list of pairs a record as a series of lists of structs."""
    assert isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.Struct)  # noqa: S101 - the two of LAYOUT
    flat = list(chain.from_iterable(items))
    one, other = dtype.inner.fields
    pairs = pl.DataFrame(
        {one.name: [pair[0] for pair in flat], other.name: [pair[1] for pair in flat]},
        schema={one.name: one.dtype, other.name: other.dtype},
    ).to_struct(column)
    # Made by polars: `pa.array` would import pandas, half a second that nothing else here needs.
    ends = pl.Series(np.cumsum([0, *map(len, items)], dtype=np.int64)).to_arrow()
    lists = pl.from_arrow(pa.LargeListArray.from_arrays(ends, pairs.to_arrow()))
    assert isinstance(lists, pl.Series)  # noqa: S101 - an array is never a frame
    return lists.alias(column).cast(dtype)


def findings_from(frame: pl.DataFrame) -> tuple[Finding, ...]:
    """Findings out of rows of the `findings` frame, in its order."""
    # The findings of a rule's run share their parameters.
    parameters = {text: decode(text) for text in frame["parameters"].unique()}
    return tuple(
        Finding(
            r["finding_id"],
            r["rule"],
            r["revision"],
            Ref(r["subject_type"], r["subject_key"]),
            r["score"],
            r["first_at"],
            r["last_at"],
            parameters[r["parameters"]],
            decode(r["values"]),
            tuple(Ref(o["type"], o["key"]) for o in r["others"]),
            rows_of_records(r["rows"]),
        )
        for r in frame.iter_rows(named=True)
    )


def gangs_from(frames: Mapping[str, pl.DataFrame]) -> tuple[Gang, ...]:
    """Gangs out of the frames `gangs`, `gang_members`, `role_reasons` and `gang_links`, in stored order."""
    members, links = _members_from(frames), _links_from(frames["gang_links"])
    return tuple(
        Gang(
            r["gang_id"],
            r["score"],
            r["stability"],
            tuple(members.get(r["gang_id"], ())),
            tuple(links.get(r["gang_id"], ())),
            tuple(r["findings"]),
            fragility_from(r.get("fragility")),
            doubt_from(r.get("doubt")),
            hierarchy_from(r.get("hierarchy")),
            steadiness_from(r.get("steadiness")),
        )
        for r in frames["gangs"].iter_rows(named=True)
    )


def mules_from(mules: pl.DataFrame, reasons: pl.DataFrame) -> tuple[Mule, ...]:
    """Mules out of rows of `mules` and their rows of `mule_reasons`, in the order of `mules`."""
    grouped: dict[str, list[tuple[str, str, int, float, tuple[Row, ...]]]] = {}
    for r in reasons.iter_rows(named=True):
        reason = (r["finding_id"], r["rule"], r["revision"], r["weight"], rows_of_records(r["rows"]))
        grouped.setdefault(r["account"], []).append(reason)
    return tuple(
        Mule(
            r["account"],
            r["score"],
            r["probability"],
            tuple(grouped.get(r["account"], ())),
            tuple((o["sign"], o["weight"]) for o in r["opposing"]),
        )
        for r in mules.iter_rows(named=True)
    )


def encode(values: Mapping[str, Any]) -> str:
    """A finding's values as JSON text; instants, days, spans, decimals, tuples are marked by type."""
    return _JSON.encode({k: _plain(v) for k, v in values.items()})


def decode(text: str) -> dict[str, Any]:
    """The inverse of `encode`."""
    raw: dict[str, Any] = json.loads(text)
    return {k: _value(v) for k, v in raw.items()}


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_AS_IS = frozenset({int, str, float, bool, type(None)})


def _plain(value: Any) -> Any:
    if type(value) in _AS_IS:
        return value
    if isinstance(value, datetime):
        return {"$at": value.astimezone(UTC).isoformat()}
    if isinstance(value, date):
        return {"$on": value.isoformat()}
    if isinstance(value, timedelta):
        return {"$span_us": value // timedelta(microseconds=1)}
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, tuple):
        return {"$tuple": [_plain(v) for v in value]}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, Mapping):
        return {"$map": {str(k): _plain(v) for k, v in value.items()}}
    return value


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return [_value(v) for v in value]
    if not isinstance(value, dict):
        return value
    mark, inner = next(iter(value.items()))
    match mark:
        case "$at":
            return datetime.fromisoformat(inner)
        case "$on":
            return date.fromisoformat(inner)
        case "$span_us":
            return timedelta(microseconds=inner)
        case "$decimal":
            return Decimal(inner)
        case "$tuple":
            return tuple(_value(v) for v in inner)
        case _:
            return {k: _value(v) for k, v in inner.items()}


def _finding_records(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """One record a finding; the parameters, which the findings of a rule's run share, are written once."""
    records: list[dict[str, Any]] = []
    last, text = None, ""
    for f in findings:
        if f.parameters is not last:
            last, text = f.parameters, encode(f.parameters)
        records.append(_finding_record(f, text))
    return records


def _finding_record(f: Finding, parameters: str) -> dict[str, Any]:
    return {
        "finding_id": f.finding_id,
        "rule": f.rule,
        "revision": f.revision,
        "subject_type": f.subject.type,
        "subject_key": f.subject.key,
        "score": f.score,
        "first_at": f.first_at,
        "last_at": f.last_at,
        "parameters": parameters,
        "values": encode(f.values),
        "others": [(o.type, o.key) for o in f.others],
        "rows": f.rows,
    }


def _gang_record(g: Gang) -> dict[str, Any]:
    return {
        "gang_id": g.gang_id,
        "score": g.score,
        "stability": g.stability,
        "findings": list(g.findings),
        "persons": sum(m.ref.type == "Person" for m in g.members),
        "accounts": sum(m.ref.type == "Account" for m in g.members),
        "members": len(g.members),
        "evidence": g.evidence,
        "fragility": fragility_text(g.fragility),
        "doubt": doubt_text(g.doubt),
        "hierarchy": hierarchy_text(g.hierarchy),
        "steadiness": steadiness_list(g.steadiness),
    }


def _member_record(g: Gang, m: Member) -> dict[str, Any]:
    roles = json.dumps(dict(m.roles))
    head = {"gang_id": g.gang_id, **ref_record(m.ref)}
    return {**head, "strength": m.strength, "roles": roles, "stays": m.stays}


def _reason_records(g: Gang, m: Member) -> Iterable[dict[str, Any]]:
    for role, reason in m.reasons.items():
        head = {"gang_id": g.gang_id, **ref_record(m.ref), "role": role}
        if not reason.supporting and not reason.opposing:
            yield {**head, "supports": None, "sign": None, "weight": None, "rows": ()}
        for supports, items in ((True, reason.supporting), (False, reason.opposing)):
            for sign, weight, rows in items:
                yield {
                    **head,
                    "supports": supports,
                    "sign": sign,
                    "weight": weight,
                    "rows": rows,
                }


def _link_record(g: Gang, link: Link) -> dict[str, Any]:
    return {
        "gang_id": g.gang_id,
        "a": ref_record(link.a),
        "b": ref_record(link.b),
        "kind": link.kind,
        "weight": link.weight,
        "via": ref_record(link.via) if link.via is not None else None,
        "rows": link.rows,
    }


def _mule_record(m: Mule) -> dict[str, Any]:
    opposing = [{"sign": sign, "weight": weight} for sign, weight in m.opposing]
    return {"account": m.account, "score": m.score, "probability": m.probability, "opposing": opposing}


def _mule_reason_records(m: Mule) -> Iterable[dict[str, Any]]:
    for finding_id, rule, revision, weight, rows in m.reasons:
        head = {"account": m.account, "finding_id": finding_id, "rule": rule, "revision": revision}
        yield {**head, "weight": weight, "rows": rows}


def _members_from(frames: Mapping[str, pl.DataFrame]) -> dict[str, list[Member]]:
    Items = list[tuple[str, float, tuple[Row, ...]]]
    reasons: dict[tuple[str, str, str], dict[str, tuple[Items, Items]]] = {}
    for r in frames["role_reasons"].iter_rows(named=True):
        of_member = reasons.setdefault((r["gang_id"], r["type"], r["key"]), {})
        pair = of_member.setdefault(r["role"], ([], []))
        if r["supports"] is not None:
            pair[0 if r["supports"] else 1].append((r["sign"], r["weight"], rows_of_records(r["rows"])))
    members: dict[str, list[Member]] = {}
    for r in frames["gang_members"].iter_rows(named=True):
        found = reasons.get((r["gang_id"], r["type"], r["key"]), {})
        why = {role: RoleReason(tuple(f), tuple(a)) for role, (f, a) in found.items()}
        roles = json.loads(r["roles"])
        member = Member(Ref(r["type"], r["key"]), r["strength"], roles, why, r.get("stays"))
        members.setdefault(r["gang_id"], []).append(member)
    return members


def _links_from(frame: pl.DataFrame) -> dict[str, list[Link]]:
    links: dict[str, list[Link]] = {}
    for r in frame.iter_rows(named=True):
        a, b, via = r["a"], r["b"], r["via"]
        link = Link(
            Ref(a["type"], a["key"]),
            Ref(b["type"], b["key"]),
            r["kind"],
            r["weight"],
            Ref(via["type"], via["key"]) if via is not None and via["type"] is not None else None,
            rows_of_records(r["rows"]),
        )
        links.setdefault(r["gang_id"], []).append(link)
    return links
