"""Proposed CONTROLS: which person or hand seems to use another's account, with signs for and against."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from detect.controllers.behaviour import behaviour_signs
from detect.controllers.hands import find_hands
from detect.controllers.paper_signs import paper_signs
from detect.controllers.signs import SIGN, device_signs, handed, holder_signs, network_signs
from detect.controllers.uses import Uses, read_uses
from detect.controllers.weights import ControlWeights, load_control_weights
from detect.exceptions import explained, load_exceptions
from detect.facts import Facts
from detect.results import Row
from graph.contract import Ref

_USE = {"device", "network"}


@dataclass(frozen=True, slots=True)
class ControlSign:
    """One sign: its family, its weight, whom it points to (None: nobody in particular), the rows."""

    name: str
    family: str
    weight: float
    points_to: str | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Control:
    """One proposal; HOLDS stays beside it, and a named person must confirm it.

    subject: the account or SIM. holder: who registered it. controller: a person, or the least device of the
    hand that uses it where nobody is named. strength: 0 to 1, no probability. opposing: (exception, share
    taken off). handed_at, left_at: first and last use by that hand (UTC).
    """

    subject: Ref
    holder: Ref
    controller: Ref
    strength: float
    signs: tuple[ControlSign, ...]
    opposing: tuple[tuple[str, float], ...]
    handed_at: datetime | None
    left_at: datetime | None

    @property
    def named(self) -> bool:
        """Whether a person is proposed, not only a device."""
        return self.controller.type == "Person"

    @property
    def families(self) -> tuple[str, ...]:
        """The independent families of signs, sorted."""
        return tuple(sorted({sign.family for sign in self.signs}))

    @property
    def rows(self) -> tuple[Row, ...]:
        """All source rows, each once, sorted."""
        return tuple(sorted({row for sign in self.signs for row in sign.rows}))


def propose(facts: Facts, weights: ControlWeights | None = None) -> tuple[Control, ...]:
    """Proposed users of accounts by strength desc, account; an empty lake or one without logins gives none.

    strength = (1 - product over families of (1 - heaviest sign)) x product over innocent readings of
    (1 - share x how far it holds). At least `least_families` families must speak, one more for a single
    use; one of them must be use of the account (device or network), and one another, unless the hand uses
    accounts of `many_holders` unrelated holders. DOMAIN.md 4 (CONTROLS), 5 (C08), 6 (the formula of roles).
    """
    weights = weights or load_control_weights()
    uses = read_uses(facts, weights.lead)
    hands = find_hands(uses, weights)
    used = handed(uses, hands, weights)
    if used.is_empty():
        return ()
    ips = _telling_addresses(facts, uses, weights.most_holders)
    signs = pl.concat(
        [
            pl.DataFrame(schema=SIGN),
            *device_signs(uses, hands, used, weights),
            *network_signs(uses, used, ips, weights),
            *holder_signs(uses, used),
            *paper_signs(facts, uses, used, weights),
            *behaviour_signs(facts, used, weights.behaviour),
        ]
    )
    against = _opposing(facts, weights)
    gathered = _gathered(signs, weights)
    spans = used.group_by("account", "holder", "hand", "owner").agg(
        pl.col("handed_at", "left_at", "count", "holders").first()
    )
    best: dict[str, Control] = {}
    for row in spans.sort("account", "hand").iter_rows(named=True):
        one = _control(row, gathered.get(row["account"], ()), against.get(row["account"], ()), weights)
        if one is not None and _before(one, best.get(row["account"])):
            best[row["account"]] = one
    return tuple(sorted(best.values(), key=lambda c: (-c.strength, c.subject)))


def _before(one: Control, other: Control | None) -> bool:
    """Whether a proposal goes before another of the same account: a person first, then strength, then key."""
    if other is None:
        return True
    return (not one.named, -one.strength, one.controller) < (
        not other.named,
        -other.strength,
        other.controller,
    )


def _telling_addresses(facts: Facts, uses: Uses, most: int) -> pl.DataFrame:
    """ip: addresses that may identify and from which no more than `most` people are seen."""
    known = facts.tables.scan("Ip").filter(pl.col("identifying").fill_null(True)).select(ip="key").collect()
    people = pl.concat([uses.logins.select("ip", person="holder"), uses.ties.select("ip", "person")])
    crowd = people.group_by("ip").agg(pl.col("person").n_unique().alias("people"))
    return crowd.filter(pl.col("people") <= most).join(known, on="ip", how="semi").select("ip")


def _gathered(signs: pl.DataFrame, weights: ControlWeights) -> dict[str, tuple[ControlSign, ...]]:
    """account -> its signs, one of each name and person."""
    frame = signs.group_by("account", "sign", "person").agg(
        pl.struct("source", "row").unique().alias("proof")
    )
    found: dict[str, list[ControlSign]] = {}
    for account, name, person, proof in frame.sort("account", "sign", "person").iter_rows():
        rows = tuple(sorted((one["source"], one["row"]) for one in proof))
        entry = weights.signs[name]
        found.setdefault(account, []).append(ControlSign(name, entry.family, entry.weight, person, rows))
    return {account: tuple(of) for account, of in found.items()}


def _control(
    span: Mapping[str, Any],
    signs: tuple[ControlSign, ...],
    against: tuple[tuple[str, float], ...],
    weights: ControlWeights,
) -> Control | None:
    owner = span["owner"]
    few = span["holders"] < weights.many_holders
    mine = tuple(
        s
        for s in signs
        if (not weights.signs[s.name].names or s.points_to == owner)
        # An agent whom the bank recorded and on whose phone one account runs looks after a relative.
        and not (few and s.name == "opened_by_other" and s.points_to == owner)
    )
    families = {sign.family for sign in mine}
    least = weights.least_families + (span["count"] < weights.least_logins)
    given_away = bool(families - _USE) or not few
    if len(families) < least or not families & _USE or not given_away:
        return None
    heaviest = [max(s.weight for s in mine if s.family == family) for family in sorted(families)]
    left = math.prod(1.0 - share for _, share in against)
    strength = round((1.0 - math.prod(1.0 - weight for weight in heaviest)) * left, 4)
    if strength < weights.proposed_from:
        return None
    return Control(
        Ref("Account", span["account"]),
        Ref("Person", span["holder"]),
        Ref("Person", owner) if owner is not None else Ref("Device", span["hand"]),
        strength,
        tuple(sorted(mine, key=lambda s: (-s.weight, s.name, s.points_to or ""))),
        against,
        span["handed_at"],
        span["left_at"],
    )


def _opposing(facts: Facts, weights: ControlWeights) -> dict[str, tuple[tuple[str, float], ...]]:
    used = tuple(one for one in load_exceptions() if one.name in weights.exceptions)
    found: dict[str, list[tuple[str, float]]] = {}
    for account, name, held in explained(facts, used).iter_rows():
        found.setdefault(account, []).append((name, round(weights.exceptions[name] * min(1.0, held), 4)))
    return {account: tuple(shares) for account, shares in found.items()}
