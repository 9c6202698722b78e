"""Makes the map of one gang: members, what connects them, each relation summed with its source rows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from cases.handles import Handles
from cases.roles.standing import Decisions, RoleStanding, RoleState
from cases.roles.words import changes_said, mark_said
from cases.scope import Scope
from detect.gang_words import doubt_sentence, fragility_sentence
from detect.results import Finding, Gang, Link, Member
from export.chart import Citation, MapData, MapEdge, MapNode, RoleSign, Sureness
from export.layout import even_places, level_places
from export.standing import victims
from export.summed import Summed, summed_relations
from graph.contract import Ref
from graph.lake.tables import LakeTables
from graph.schema.catalog import NODE_TYPES, RELATION_TYPES

NODE_LIMIT = 400
_THINGS = frozenset({"Device", "Sim"})
_TYPE_ORDER = {name: position for position, name in enumerate(NODE_TYPES)}
_KIND_ORDER = {name: position for position, name in enumerate(RELATION_TYPES)}


def gang_map(
    gang: Gang,
    tables: LakeTables,
    scope: Scope,
    handles: Handles,
    decisions: Decisions,
    findings: Iterable[Finding] = (),
    levels: Mapping[Ref, int] | None = None,
    limit: int = NODE_LIMIT,
) -> MapData:
    """The map of a gang as `scope` may see it, placed and cited; the same input gives the same map.

    decisions: what people said of the members' roles; a refuted role is counted, not shown.
    findings: those the gang names give rules and revisions. levels: money level of accounts, then columns are
    drawn. limit: nodes on the map; the strongest members stay, `left_out` says how many did not.
    A gang without members gives an empty map.
    """
    members = {member.ref: member for member in gang.members}
    refs, left_out = _chosen(gang, limit)
    sums = summed_relations(tables, refs, scope)
    nodes = _nodes(refs, members, tables, scope, handles, decisions)
    ids = {ref: node.id for ref, node in nodes.items()}
    edges = _edges(sums, _open_links(gang.links, sums, ids), ids)
    named = set(gang.findings)
    return MapData(
        title=gang.gang_id,
        score=gang.score,
        stability=gang.stability,
        nodes=_placed(nodes, edges, levels or {}),
        edges=edges,
        masked=not scope.full,
        mask_policy=scope.policy,
        lake_digest=tables.digest.digest,
        rules=tuple(sorted({(f.rule, f.revision) for f in findings if f.finding_id in named})),
        parameters={"limit": limit, "regions": list(scope.regions)},
        left_out=left_out,
        layered=bool(levels),
        said=_said(gang, scope),
    )


def _said(gang: Gang, scope: Scope) -> tuple[tuple[str, str], ...]:
    """The doubts of the gang as the screen says them, in zh and en, keys as `scope` may see them."""
    return (
        (fragility_sentence(gang, "zh", scope.key), fragility_sentence(gang, "en", scope.key)),
        (doubt_sentence(gang, "zh"), doubt_sentence(gang, "en")),
    )


def _chosen(gang: Gang, limit: int) -> tuple[list[Ref], int]:
    """Members by strength, then what links share between two of them."""
    ranked = sorted(gang.members, key=lambda m: (-m.strength, _TYPE_ORDER[m.ref.type], m.ref.key))
    kept = [member.ref for member in ranked[:limit]]
    inside = set(kept)
    vias = {link.via for link in gang.links if link.via and link.a in inside and link.b in inside}
    extra = sorted(vias - inside, key=lambda ref: (_TYPE_ORDER[ref.type], ref.key))
    room = max(0, limit - len(kept))
    return kept + extra[:room], len(ranked) + len(extra) - len(kept) - len(extra[:room])


def _nodes(
    refs: Sequence[Ref],
    members: Mapping[Ref, Member],
    tables: LakeTables,
    scope: Scope,
    handles: Handles,
    decisions: Decisions,
) -> dict[Ref, MapNode]:
    stored, harmed = _stored(tables, refs), victims(tables, refs)
    shown = {ref: scope.key(ref) for ref in refs}
    # Sorted by what is shown: the order must not say more about a masked key than its mask does.
    ordered = sorted(refs, key=lambda ref: (_TYPE_ORDER[ref.type], shown[ref], handles.of_ref(ref)))
    nodes: dict[Ref, MapNode] = {}
    for number, ref in enumerate(ordered, start=1):
        row = stored.get(ref, {})
        member = members.get(ref)
        known = {k: v for k, v in row.items() if k not in ("key", "source", "row")}
        properties = scope.properties(ref.type, known)
        roles = decisions.of(member) if member else ()
        refuted = [one for one in roles if one.state is RoleState.REFUTED]
        nodes[ref] = MapNode(
            id=f"n{number}",
            handle=handles.of_ref(ref),
            type=ref.type,
            key=shown[ref],
            name=str(properties.get("name") or properties.get("holder_name") or properties.get("nick") or ""),
            properties=properties,
            member=member is not None,
            strength=member.strength if member else 0.0,
            roles=tuple(_role(one) for one in roles if one.state is not RoleState.REFUTED),
            refuted=len(refuted),
            refuted_changed=sum(bool(one.changes) for one in refuted),
            victim=ref in harmed,
            source=row.get("source"),
            row=row.get("row"),
        )
    return nodes


def _stored(tables: LakeTables, refs: Collection[Ref]) -> dict[Ref, dict[str, Any]]:
    found: dict[Ref, dict[str, Any]] = {}
    for type_name in sorted({ref.type for ref in refs}):
        if NODE_TYPES[type_name].stored:
            keys = sorted(ref.key for ref in refs if ref.type == type_name)
            rows = tables.scan(type_name).filter(pl.col("key").is_in(keys)).collect()
            found.update({Ref(type_name, row["key"]): row for row in rows.iter_rows(named=True)})
    return found


def _role(one: RoleStanding) -> RoleSign:
    return RoleSign(
        role=one.role,
        weight=one.score,
        mark=(mark_said(one, "zh"), mark_said(one, "en")),
        changed=(changes_said(one, "zh"), changes_said(one, "en")),
        confirmed=one.is_label,
        supporting=tuple((sign, weight, len(rows)) for sign, weight, rows in one.reason.supporting),
        opposing=tuple((sign, weight, len(rows)) for sign, weight, rows in one.reason.opposing),
    )


def _open_links(links: Sequence[Link], sums: Sequence[Summed], ids: Mapping[Ref, str]) -> list[Link]:
    """Evidence that no drawn relation shows: neither between both ends nor from both to the shared thing."""
    near: dict[Ref, set[Ref]] = {}
    for one in sums:
        near.setdefault(one.start, set()).add(one.end)
        near.setdefault(one.end, set()).add(one.start)

    def reaches(actor: Ref, thing: Ref) -> bool:
        """A holder reaches a device also through the account or SIM used on it."""
        own = near.get(actor, set())
        return thing in own or bool(own & near.get(thing, set()))

    shown = []
    for link in links:
        if link.via is not None:
            drawn = link.via in ids and reaches(link.a, link.via) and reaches(link.b, link.via)
        else:
            drawn = link.b in near.get(link.a, set()) or (link.b.type in _THINGS and reaches(link.a, link.b))
        if link.a in ids and link.b in ids and not drawn:
            shown.append(link)
    return shown


def _edges(sums: Sequence[Summed], links: Sequence[Link], ids: Mapping[Ref, str]) -> tuple[MapEdge, ...]:
    drawn = [_edge_of(s, ids) for s in sums] + _link_edges(links, ids)
    drawn.sort(key=lambda e: (_KIND_ORDER.get(e.kind, 999), e.kind, _number(e.start), _number(e.end)))
    return tuple(replace(edge, id=f"e{number}") for number, edge in enumerate(drawn, start=1))


def _number(node_id: str) -> int:
    return int(node_id[1:])


def _edge_of(one: Summed, ids: Mapping[Ref, str]) -> MapEdge:
    return MapEdge(
        id="",
        kind=one.kind,
        start=ids[one.start],
        end=ids[one.end],
        sureness=one.sureness,
        count=one.count,
        total=one.total,
        measure=one.measure,
        first_at=one.first_at,
        last_at=one.last_at,
        citations=one.citations,
    )


def _link_edges(links: Sequence[Link], ids: Mapping[Ref, str]) -> list[MapEdge]:
    grouped: dict[tuple[str, str, str], list[Link]] = {}
    for link in links:
        start, end = sorted((ids[link.a], ids[link.b]), key=_number)
        grouped.setdefault((link.kind, start, end), []).append(link)
    edges = []
    for (kind, start, end), group in sorted(grouped.items()):
        rows = sorted({row for link in group for row in link.rows})
        edges.append(
            MapEdge(
                id="",
                kind=f"LINK:{kind}",
                start=start,
                end=end,
                sureness=Sureness.INFERRED,
                count=len(rows),
                total=None,
                measure=None,
                first_at=None,
                last_at=None,
                citations=tuple(Citation(source, row) for source, row in rows),
                weight=round(sum(link.weight for link in group), 6),
            )
        )
    return edges


def _placed(
    nodes: Mapping[Ref, MapNode], edges: Sequence[MapEdge], levels: Mapping[Ref, int]
) -> tuple[MapNode, ...]:
    position = {node.id: number for number, node in enumerate(nodes.values())}
    pairs = [(position[edge.start], position[edge.end]) for edge in edges]
    known = {position[node.id]: levels[ref] for ref, node in nodes.items() if ref in levels}
    places = level_places(len(nodes), pairs, known) if known else even_places(len(nodes), pairs)
    return tuple(
        replace(node, x=x, y=y, level=levels.get(ref))
        for (ref, node), (x, y) in zip(nodes.items(), places, strict=True)
    )
