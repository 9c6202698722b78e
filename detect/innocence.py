"""How much of a gang's evidence each innocent explanation would explain, beside what then speaks most."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import polars as pl
from pydantic import Field

from detect.clauses import EXCEPTIONS
from detect.evidence.families import FAMILIES
from detect.exceptions import InnocentExplanation, explained, load_exceptions
from detect.facts import Facts
from detect.gang_graph import GangGraph
from detect.results import Doubt, Reading
from detect.rule_heads import QUERIES
from graph.checked_yaml import read_checked
from graph.contract import Floats, Ints
from graph.errors import InvalidRule
from graph.parameters import Strict, Words

FILE = QUERIES / "weights" / "innocence.yml"
Share = Annotated[float, Field(gt=0, lt=1)]


class Explains(Strict):
    """Kinds of ties that an exception can explain, and what must hold for one of them."""

    kinds: tuple[str, ...] = Field(strict=False)
    together: Literal["home", "employer", "holder"] | None = None
    rows: Literal["words"] | None = None
    condition: bool = True


class Told(Strict):
    """One exception: the ties it can explain, and what to ask for to tell it from guilt."""

    ties: tuple[Explains, ...] = Field(strict=False)
    ask: Words


class Family(Strict):
    """One family of evidence: its name, and what to ask for to prove it."""

    title: Words
    ask: Words


class Innocence(Strict):
    """The file `queries/weights/innocence.yml`."""

    least_share: Share
    exceptions: Mapping[str, Told]
    families: Mapping[str, Family]


def load_innocence(path: Path = FILE) -> Innocence:
    """The file's entries; InvalidRule when it breaks the format, names an unknown kind or lacks a family."""
    found = read_checked(path, Innocence)
    kinds = {kind for told in found.exceptions.values() for ties in told.ties for kind in ties.kinds}
    wrong = (kinds - set(FAMILIES)) | (set(found.exceptions) - EXCEPTIONS)
    wrong |= set(found.families) ^ set(FAMILIES.values())
    if wrong:
        raise InvalidRule(f"{path.name} names or lacks {', '.join(sorted(wrong))}; mend it.", file=path.name)
    return found


@dataclass(frozen=True, slots=True)
class Innocents:
    """What is read once for all gangs of a lake.

    strength: exception -> account or holder key -> how far its condition holds (0 to 1). party: `home`,
    `employer`, `holder` -> holder key -> whose it is (the holder itself where unknown). memos: exception with
    words -> source, row of the transfers whose memo has them. holder: (type, key) -> holder key.
    """

    known: tuple[InnocentExplanation, ...]
    told: Innocence
    strength: Mapping[str, Mapping[str, float]]
    party: Mapping[str, Mapping[str, str]]
    memos: Mapping[str, pl.DataFrame]
    holder: Mapping[tuple[str, str], str]

    @classmethod
    def of(cls, facts: Facts, holder_of: pl.DataFrame) -> "Innocents":
        """Reads the lake behind `facts`. holder_of: type, key, holder, as of the evidence graph."""
        told, known = load_innocence(), load_exceptions()
        used = tuple(one for one in known if one.name in told.exceptions)
        holder = {(t, k): h for t, k, h in holder_of.select("type", "key", "holder").iter_rows()}
        strength: dict[str, dict[str, float]] = {one.name: {} for one in used}
        for account, name, value in explained(facts, used).iter_rows():
            for key in {account, holder.get(("Account", account), account)}:
                strength[name][key] = max(float(value), strength[name].get(key, 0.0))
        kin = facts.kin
        party = {name: dict(kin.select("person", name).iter_rows()) for name in ("home", "employer")}
        return cls(known, told, strength, {**party, "holder": {}}, _memos(facts, used), holder)


def _memos(facts: Facts, used: tuple[InnocentExplanation, ...]) -> dict[str, pl.DataFrame]:
    transfers = facts.tables.scan("TRANSFER").select("source", "row", "memo")
    found = {}
    for one in used:
        words = one.parameters.get("words")
        if words is not None:
            about = pl.col("memo").fill_null("").str.contains_any(str(words.default).split())
            found[one.name] = transfers.filter(about).select("source", "row").unique().collect()
    return found


def doubt(graph: GangGraph, innocents: Innocents) -> Doubt:
    """The strongest innocent reading of a gang beside the strongest guilty one; both may be None.

    An exception's share is that of the evidence weight on ties it would explain, an upper bound: a tie counts
    as far as its condition holds at either end. Ties through a thing count times the share of the gang's
    other users of it that stand together. Equal shares go by name. Method: docs/gangs.md, section 8.
    """
    total = graph.total
    worths = {name: _explained(graph, innocents, name) for name in sorted(innocents.strength)}
    shares = {name: round(float(worth.sum()) / total, 6) if total else 0.0 for name, worth in worths.items()}
    tested = tuple(sorted(shares.items(), key=lambda item: (-item[1], item[0])))
    untested = tuple(sorted(EXCEPTIONS - set(shares)))
    innocent = None
    if tested and tested[0][1] >= innocents.told.least_share:
        name, share = tested[0]
        innocent = Reading(name, share, graph.rows_of(worths[name]))
    left = np.where(graph.counted, graph.weight, 0.0)
    if innocent is not None:
        left = np.maximum(left - worths[innocent.name], 0.0)
    return Doubt(innocent, _strongest(graph, left), tested, untested)


def _strongest(graph: GangGraph, left: Floats) -> Reading | None:
    """The family of evidence with most weight left; None when nothing is left."""
    of_tie = np.array([FAMILIES.get(kind, "") for kind in graph.kind])
    names = sorted(set(of_tie.tolist()) - {""})
    held = [(round(float(left[of_tie == name].sum()) / graph.total, 6), name) for name in names]
    best = min(held, key=lambda item: (-item[0], item[1]), default=(0.0, ""))
    if best[0] <= 0:
        return None
    return Reading(best[1], best[0], graph.rows_of(np.where(of_tie == best[1], left, 0.0)))


def _explained(graph: GangGraph, innocents: Innocents, name: str) -> Floats:
    """For each tie the weight that one exception would explain away."""
    holders = [innocents.holder.get((ref.type, ref.key), ref.key) for ref in graph.refs]
    held = innocents.strength[name]
    strength = np.array(
        [held.get(r.key if r.type == "Account" else h, 0.0) for r, h in zip(graph.refs, holders, strict=True)]
    )
    kinds = np.array(graph.kind)
    found = np.zeros(len(graph.a))
    for ties in innocents.told.exceptions[name].ties:
        part = np.isin(kinds, ties.kinds).astype(np.float64)
        if ties.condition:
            part *= np.maximum(strength[graph.a], strength[graph.b])
        if ties.together is not None:
            whose = innocents.party[ties.together]
            _, party = np.unique([whose.get(h, h) for h in holders], return_inverse=True)
            part *= _together(graph, party.astype(np.int64))
        if ties.rows is not None:
            part *= _share_of_rows(graph, innocents.memos[name])
        found = np.maximum(found, part)
    return np.where(graph.counted, graph.weight * found, 0.0)


def _together(graph: GangGraph, party: Ints) -> Floats:
    """For each tie whether its ends are of one party; of a thing, the share of its other users of a's party.

    Users are counted by holder; one's own second account on a thing makes it nobody's family.
    """
    users = pl.DataFrame({"b": graph.b, "party": party[graph.a], "unit": graph.unit[graph.a]})
    unit = pl.col("unit").n_unique()
    counts = users.select(others=unit.over("b") - 1, near=unit.over("b", "party") - 1)
    near = counts["near"].to_numpy() / np.maximum(counts["others"].to_numpy(), 1)
    same = (party[graph.a] == party[graph.b]).astype(np.float64)
    share: Floats = np.where(graph.actor[graph.b], same, near)
    return share


def _share_of_rows(graph: GangGraph, rows: pl.DataFrame) -> Floats:
    """For each tie the share of its source rows that are among `rows`."""
    marked = graph.rows.join(rows.with_columns(pl.lit(1.0).alias("named")), on=["source", "row"], how="left")
    tie = marked["tie"].to_numpy()
    named = np.bincount(tie, marked["named"].fill_null(0.0).to_numpy(), len(graph.a))
    share: Floats = named / np.maximum(np.bincount(tie, minlength=len(graph.a)), 1)
    return share
