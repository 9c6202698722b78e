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
    reasons: role -> what speaks for and against it.
    """

    ref: Ref
    strength: float
    roles: Mapping[str, float] = field(default_factory=dict)
    reasons: Mapping[str, "RoleReason"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RoleReason:
    """What speaks for and against one role: (sign, weight, rows) each."""

    supporting: tuple[tuple[str, float, tuple[Row, ...]], ...] = ()
    opposing: tuple[tuple[str, float, tuple[Row, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Gang:
    """A group held together by evidence; opinion, not fact.

    stability: mean Jaccard overlap (0 to 1) with the best matching group of repeated seeded runs.
    """

    gang_id: str
    score: float
    stability: float
    members: tuple[Member, ...]
    links: tuple[Link, ...]
    findings: tuple[str, ...] = ()

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
    truncated: sentences naming each bound that cut a search.
    """

    lake_digest: str
    engine: str
    findings: tuple[Finding, ...]
    gangs: tuple[Gang, ...]
    mules: tuple[Mule, ...]
    truncated: tuple[str, ...] = ()
