"""Proposes roles: (1 - product of 1 - w) x product of (1 - c) over the signs seen at a person (DOMAIN 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from pathlib import Path
from typing import Annotated

import polars as pl
from pydantic import Field

from detect.evidence import EvidenceGraph
from detect.results import Gang, Member, RoleReason, Row
from detect.roles.money_signs import money_signs
from detect.roles.sign import SIGN, inside
from detect.roles.use_signs import use_signs
from graph.checked_yaml import read_checked
from graph.lake.tables import LakeTables
from graph.parameters import Strict

WEIGHTS = Path(__file__).parents[2] / "queries" / "weights" / "roles.yml"
MOST_ROWS = 20
Items = tuple[tuple[str, float, tuple[Row, ...]], ...]


Weight = Annotated[float, Field(gt=0, lt=1)]


class RoleWeights(Strict):
    """What speaks for (`supports`) and against (`opposes`) one role: sign -> weight in (0, 1)."""

    supports: Mapping[str, Weight] = Field(default_factory=dict)
    opposes: Mapping[str, Weight] = Field(default_factory=dict)


class _Roles(Strict):
    roles: Mapping[str, RoleWeights]


def load_roles(path: Path = WEIGHTS) -> dict[str, RoleWeights]:
    """The roles of `queries/weights/roles.yml` in its order; InvalidRule names a weight outside (0, 1)."""
    return dict(read_checked(path, _Roles).roles)


def with_roles(
    tables: LakeTables,
    evidence: EvidenceGraph,
    gangs: Sequence[Gang],
    roles: Mapping[str, RoleWeights] | None = None,
) -> tuple[Gang, ...]:
    """The gangs with roles proposed to their persons; no gangs give none.

    A person's roles hold every role that at least one supporting sign speaks for, strongest first. A row
    counts once a role, at its heaviest sign. Scores are no probabilities.
    """
    if not gangs:
        return ()
    roles = load_roles() if roles is None else roles
    view = inside(tables, evidence, gangs)
    seen = pl.concat([pl.DataFrame(schema=SIGN), *money_signs(view), *use_signs(view)])
    rows: dict[tuple[str, str], dict[str, list[Row]]] = {}
    for gang, person, sign, source, row in seen.unique().sort(list(SIGN)).iter_rows():
        rows.setdefault((gang, person), {}).setdefault(sign, []).append((source, row))
    return tuple(
        replace(
            g, members=tuple(_with_roles(m, rows.get((g.gang_id, m.ref.key), {}), roles) for m in g.members)
        )
        for g in gangs
    )


def _with_roles(
    member: Member, seen: Mapping[str, Sequence[Row]], roles: Mapping[str, RoleWeights]
) -> Member:
    if member.ref.type != "Person" or not seen:
        return member
    scored: list[tuple[str, float, RoleReason]] = []
    for name, role in roles.items():
        supporting = counted(role.supports, seen)
        if not supporting:
            continue
        opposing = counted(role.opposes, seen)
        scored.append((name, role_score(supporting, opposing), RoleReason(supporting, opposing)))
    scored.sort(key=lambda item: (-item[1], item[0]))
    return replace(
        member,
        roles={name: score for name, score, _ in scored},
        reasons={name: reason for name, _, reason in scored},
    )


def counted(weights: Mapping[str, float], seen: Mapping[str, Sequence[Row]]) -> Items:
    """The signs seen, heaviest first, each with the rows no heavier sign of this side has used."""
    used: set[Row] = set()
    items: list[tuple[str, float, tuple[Row, ...]]] = []
    for sign, weight in sorted(weights.items(), key=lambda item: (-item[1], item[0])):
        fresh = [row for row in seen.get(sign, ()) if row not in used]
        if fresh:
            used.update(fresh)
            items.append((sign, weight, tuple(fresh[:MOST_ROWS])))
    return tuple(items)


def role_score(supporting: Items, opposing: Items) -> float:
    """(1 - product of 1 - w) x product of (1 - c), rounded to 6 places. Source: DOMAIN.md 6."""
    lacking = prod(1.0 - weight for _, weight, _ in supporting)
    return round((1.0 - lacking) * prod(1.0 - weight for _, weight, _ in opposing), 6)
