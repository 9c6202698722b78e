"""Two gangs side by side: what they share, what joins them, and how each is held together."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from detect.results import Chain, Finding, Gang, Row
from graph.contract import Ref


@dataclass(frozen=True, slots=True)
class Shared:
    """One node that both gangs hang at: as a member of either, or as a thing that ties members.

    in_one, in_other: whether it is a member there. rows: the source rows of both gangs' links at it.
    """

    ref: Ref
    in_one: bool
    in_other: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class GangComparison:
    """What stands between two gangs.

    shared: members of both first, then by type and key. chains: as the first tells them. rules, kinds
    and types: name -> (in the first, in the second), how many findings, links and members; most first.
    """

    shared: tuple[Shared, ...]
    chains: tuple[Chain, ...]
    rules: Mapping[str, tuple[int, int]]
    kinds: Mapping[str, tuple[int, int]]
    types: Mapping[str, tuple[int, int]]


def compare_gangs(one: Gang, other: Gang, findings: Iterable[Finding]) -> GangComparison:
    """Compare two different gangs; findings: those of the run, of which each gang names its own."""
    rule = {finding.finding_id: finding.rule for finding in findings}
    return GangComparison(
        shared=_shared(one, other),
        chains=_chains(one, other),
        rules=_beside(*([rule[f] for f in gang.findings if f in rule] for gang in (one, other))),
        kinds=_beside(*([link.kind for link in gang.links] for gang in (one, other))),
        types=_beside(*([member.ref.type for member in gang.members] for gang in (one, other))),
    )


def _shared(one: Gang, other: Gang) -> tuple[Shared, ...]:
    first, second = _rows_at(one), _rows_at(other)
    inside = [{member.ref for member in gang.members} for gang in (one, other)]
    found = [
        Shared(
            ref,
            ref in inside[0],
            ref in inside[1],
            tuple(dict.fromkeys((*first.get(ref, ()), *second.get(ref, ())))),
        )
        for ref in (first.keys() | inside[0]) & (second.keys() | inside[1])
    ]
    return tuple(sorted(found, key=lambda s: (-(s.in_one + s.in_other), s.ref)))


def _rows_at(gang: Gang) -> dict[Ref, list[Row]]:
    """The rows of a gang's links by every node they touch, shared things included."""
    rows: dict[Ref, list[Row]] = {}
    for link in gang.links:
        for ref in (link.a, link.b, link.via):
            if ref is not None:
                rows.setdefault(ref, []).extend(link.rows)
    return rows


def _chains(one: Gang, other: Gang) -> tuple[Chain, ...]:
    """One for each hub; both gangs may tell of it, or only the second (then turned round)."""
    told = {chain.via: chain for chain in (one.hierarchy.chains if one.hierarchy else ())
            if chain.gang_id == other.gang_id}  # fmt: skip
    for chain in other.hierarchy.chains if other.hierarchy else ():
        if chain.gang_id == one.gang_id and chain.via not in told:
            told[chain.via] = replace(chain, gang_id=other.gang_id)
    return tuple(told.values())


def _beside(one: Iterable[str], other: Iterable[str]) -> dict[str, tuple[int, int]]:
    first, second = Counter(one), Counter(other)
    names = sorted(first.keys() | second.keys(), key=lambda name: (-(first[name] + second[name]), name))
    return {name: (first[name], second[name]) for name in names}
