"""What detection finds: findings, gangs and mules as values, each with the source rows that prove it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from graph.contract import Ref

Row = tuple[str, int]
"""(source sha256, row): names one row of one source file."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One hit of one rule on one subject; a finding is never a fact.

    values: the numbers and texts that the rule's message names. others: further nodes of the hit.
    parameters: those in force. score: 0 to 1, how far the hit is above the rule's bounds.
    """

    finding_id: str
    rule: str
    revision: int
    subject: Ref
    score: float
    first_at: datetime | None
    last_at: datetime | None
    parameters: Mapping[str, Any]
    values: Mapping[str, Any]
    others: tuple[Ref, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Why two nodes stand in one gang: a kind of shared thing, its damped weight, the thing, the rows."""

    a: Ref
    b: Ref
    kind: str
    weight: float
    via: Ref | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """One node of a gang; `roles` is a vector of weights, a proposal until a person confirms it.

    strength: share (0 to 1) of the node's evidence weight that stays inside the gang.
    reasons: role -> what speaks for and against it. stays: share (0 to 1) of the repeated searches in which
    it stands in the gang's best match; None in results stored before there was any.
    """

    ref: Ref
    strength: float
    roles: Mapping[str, float] = field(default_factory=dict)
    reasons: Mapping[str, "RoleReason"] = field(default_factory=dict)
    stays: float | None = None


@dataclass(frozen=True, slots=True)
class RoleReason:
    """What speaks for and against one role: (sign, weight, rows) each."""

    supporting: tuple[tuple[str, float, tuple[Row, ...]], ...] = ()
    opposing: tuple[tuple[str, float, tuple[Row, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Break:
    """One node (other None) or one connected pair of nodes without which a gang falls into parts.

    part, other_part: slot, window or day of a thing, "" where the whole thing is meant. share: of the gang's
    evidence weight that goes with it (0 to 1). parts: holders in each part then left, most first; a holder
    is a person or organisation, or an account or SIM whose registered holder is not in the gang.
    """

    node: Ref
    part: str
    other: Ref | None
    other_part: str
    share: float
    parts: tuple[int, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """The weakest cut between the two halves of a gang: holders on each side, share of the evidence weight.

    pairs: how many connected pairs of nodes it cuts.
    """

    sides: tuple[int, int]
    share: float
    pairs: int


@dataclass(frozen=True, slots=True)
class Fragility:
    """What a gang hangs by; shares (0 to 1) are of its evidence weight.

    breaks: worst first (most holders split off). cut: None below four holders. families: of evidence, most
    first. source: the file most of it rests on. row: the source row most of it rests on.
    """

    breaks: tuple[Break, ...]
    cut: Cut | None
    families: tuple[tuple[str, float], ...]
    source: tuple[str, float] | None
    row: tuple[Row, float] | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a gang's evidence: an exception or a family of evidence, its share, the rows."""

    name: str
    share: float
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """The strongest innocent reading beside the strongest guilty one.

    innocent: None when no tested exception explains enough. guilty: the family of evidence of which most is
    left then. tested: every exception tried with the share it would explain, most first. untested: names of
    exceptions that nothing here can test.
    """

    innocent: Reading | None
    guilty: Reading | None
    tested: tuple[tuple[str, float], ...]
    untested: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a gang that works together: kind den, laundry_house or card_collection.

    anchors: the cell site, devices or person it works around, some of which may be of another gang.
    members: who does, with their registered holders; a node may stand in several cells.
    """

    kind: str
    anchors: tuple[Ref, ...]
    members: tuple[Ref, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """What joins a gang to another: a hub of one of them, or of neither, that both work with.

    gang_id: the other gang. owner: id of the gang the hub is in, "" for neither. families: of evidence.
    partners: who deals with the hub, of the gang that the hub is not in (of both when it is in neither).
    """

    gang_id: str
    via: Ref
    owner: str
    families: tuple[str, ...]
    partners: tuple[Ref, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """A gang from above. cells: most members first. chains: by other gang, most partners first."""

    cells: tuple[Cell, ...]
    chains: tuple[Chain, ...]


@dataclass(frozen=True, slots=True)
class Steadiness:
    """How often a search with other seeds and other resolutions finds a gang again (0 to 1; formulas:
    docs/gangs.md, section 3)."""

    seeds: float
    resolutions: float


@dataclass(frozen=True, slots=True)
class Gang:
    """A group held together by evidence; opinion, not fact.

    stability: mean Jaccard overlap (0 to 1) with the best matching group of repeated seeded runs.
    fragility, doubt, hierarchy, steadiness: None in results stored before there were any.
    """

    gang_id: str
    score: float
    stability: float
    members: tuple[Member, ...]
    links: tuple[Link, ...]
    findings: tuple[str, ...] = ()
    fragility: Fragility | None = None
    doubt: Doubt | None = None
    hierarchy: Hierarchy | None = None
    steadiness: Steadiness | None = None

    @property
    def evidence(self) -> int:
        """How many distinct source rows hold the gang together."""
        return len({row for link in self.links for row in link.rows})


@dataclass(frozen=True, slots=True)
class Mule:
    """An account that seems lent to or worked for others, with each rule's part in the score.

    reasons: (finding id, rule, revision, weight, rows). opposing: (sign, weight) of innocent explanations.
    """

    account: str
    score: float
    probability: float
    reasons: tuple[tuple[str, str, int, float, tuple[Row, ...]], ...]
    opposing: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Detection:
    """All that one run found, with what it was made from.

    Orders: findings by rule, score desc, subject; gangs by score desc, id; mules by score desc, account.
    truncated: sentences naming each bound that cut a search. refused: sentences on rule files that were not
    used. unfed: rule -> the tables it reads that have no rows, so that its silence says nothing.
    """

    lake_digest: str
    engine: str
    findings: tuple[Finding, ...]
    gangs: tuple[Gang, ...]
    mules: tuple[Mule, ...]
    truncated: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    unfed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
