"""The list for 断卡: who seems to sell cards and who seems to deal in them, as proposals with evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from detect.controllers.proposal import Control
from detect.facts import Facts
from detect.results import Detection, Row
from graph.contract import Ref

SELLER_ROLES = ("account_seller", "card_provider")
DEALER_ROLES = ("card_dealer", "card_runner")
_LEAST_ROLE = 0.5  # below it a role is a hint, not a proposal for a list (D)


@dataclass(frozen=True, slots=True)
class Threshold:
    """One legal figure beside what the lake shows; for information, a lawyer decides what applies.

    from_on: the day from which it holds. law: words of DOMAIN.md. value: what the lake shows.
    """

    name: str
    from_on: date
    law: str
    bound: int
    value: int

    @property
    def reached(self) -> bool:
        """Whether the value is at or above the bound."""
        return self.value >= self.bound


@dataclass(frozen=True, slots=True)
class Dealing:
    """One person on the list; `proposal` until a named person confirms it.

    part: seller or dealer. roles: role -> weight of the proposal. cards: accounts the person seems to have
    given away (seller) or others' accounts on the person's phone or opened by the person (dealer). others:
    who seems to use them (seller), or whose they are (dealer). days: on which cards changed hands (seller).
    streams: kinds of evidence -> rows. findings: ids of C09 on the person.
    """

    person: Ref
    part: Literal["seller", "dealer"]
    roles: Mapping[str, float]
    cards: tuple[Ref, ...]
    others: tuple[Ref, ...]
    days: int
    streams: Mapping[str, tuple[Row, ...]]
    thresholds: tuple[Threshold, ...]
    findings: tuple[str, ...]
    state: Literal["proposal"] = "proposal"

    @property
    def rows(self) -> tuple[Row, ...]:
        """All source rows, each once, sorted."""
        return tuple(sorted({row for rows in self.streams.values() for row in rows}))


def crackdown(detection: Detection, controls: Sequence[Control], facts: Facts) -> tuple[Dealing, ...]:
    """Sellers and dealers: dealers first, then by cards, streams, role weight desc, then key.

    A seller is a person with a proposed role of SELLER_ROLES, or the holder of an account that another seems
    to use; a dealer one with a proposed role of DEALER_ROLES. A role counts from 0.5 on where it is the
    person's heaviest. Who is both is listed as dealer. At least two streams of evidence are needed.
    """
    roles = _roles(detection)
    given: dict[str, list[Control]] = {}
    for control in controls:
        given.setdefault(control.holder.key, []).append(control)
    handled = _handled(facts)
    charged: dict[str, list[str]] = {}
    for finding in detection.findings:
        if finding.rule == "C09" and finding.subject.type == "Person":
            charged.setdefault(finding.subject.key, []).append(finding.finding_id)
    listed = []
    for person in sorted(set(roles) | set(given)):
        of, streams = roles.get(person, ({}, {}))
        dealer = any(role in DEALER_ROLES for role in of)
        if not dealer and not given.get(person) and not any(role in SELLER_ROLES for role in of):
            continue
        one = _dealing(person, dealer, of, streams, given.get(person, []), handled.get(person, []), charged)
        if len(one.streams) >= 2:
            listed.append(one)
    return tuple(sorted(listed, key=_place))


def _place(one: Dealing) -> tuple[bool, int, int, float, Ref]:
    heaviest = max(one.roles.values(), default=0.0)
    return (one.part != "dealer", -len(one.cards), -len(one.streams), -heaviest, one.person)


def _roles(detection: Detection) -> dict[str, tuple[dict[str, float], dict[str, tuple[Row, ...]]]]:
    """person -> (heaviest role with weight, its supporting signs with rows), of the best gang that has it."""
    found: dict[str, tuple[dict[str, float], dict[str, tuple[Row, ...]]]] = {}
    for gang in detection.gangs:
        for member in gang.members:
            if member.ref.type != "Person" or not member.roles or member.ref.key in found:
                continue
            role = min(member.roles, key=lambda name: (-member.roles[name], name))
            if member.roles[role] < _LEAST_ROLE or role not in SELLER_ROLES + DEALER_ROLES:
                continue
            reason = member.reasons.get(role)
            signs = {sign: rows for sign, _, rows in reason.supporting} if reason else {}
            found[member.ref.key] = ({role: member.roles[role]}, signs)
    return found


def _handled(facts: Facts) -> dict[str, list[tuple[str, str, str, Row]]]:
    """person -> (stream, account, its holder, row): others' accounts on their phone or opened by them."""
    sims = facts.sim_holder.rename({"holder": "person"})
    ends = {"source": "source", "row": "row", "account": "from_key"}
    bound = facts.tables.scan("BOUND_TO").filter(pl.col("from_type") == "Account")
    phones = bound.select(**ends, sim="to_key").collect().join(sims, on="sim")
    agents = facts.tables.scan("OPENED_BY_AGENT").filter(pl.col("to_type") == "Person")
    opened = agents.select(**ends, person="to_key").collect()
    homes = facts.kin.select("person", "home")
    found: dict[str, list[tuple[str, str, str, Row]]] = {}
    for stream, rows in (("phone_of_others_accounts", phones), ("opens_for_others", opened)):
        others = (
            rows.join(facts.holder_of, on="account")
            .join(homes, on="person")
            .join(homes.rename({"home": "home_there"}), left_on="holder", right_on="person")
            .filter(pl.col("holder") != pl.col("person"), pl.col("home") != pl.col("home_there"))
            .sort("person", "account", "source", "row")
        )
        for person, account, holder, source, row in others.select(
            "person", "account", "holder", "source", "row"
        ).iter_rows():
            found.setdefault(person, []).append((stream, account, holder, (source, row)))
    return found


def _dealing(
    person: str,
    dealer: bool,
    roles: Mapping[str, float],
    signs: Mapping[str, tuple[Row, ...]],
    given: Sequence[Control],
    handled: Sequence[tuple[str, str, str, Row]],
    charged: Mapping[str, Sequence[str]],
) -> Dealing:
    streams: dict[str, set[Row]] = {name: set(rows) for name, rows in signs.items()}
    if dealer:
        for stream, _, _, row in handled:
            streams.setdefault(stream, set()).add(row)
        cards = {Ref("Account", account) for _, account, _, _ in handled}
        others = {Ref("Person", holder) for _, _, holder, _ in handled}
        days = 0
    else:
        for control in given:
            for sign in control.signs:
                streams.setdefault(sign.family, set()).update(sign.rows)
        cards = {control.subject for control in given}
        others = {control.controller for control in given}
        days = len({c.handed_at.date() for c in given if c.handed_at is not None})
    return Dealing(
        Ref("Person", person),
        "dealer" if dealer else "seller",
        dict(roles),
        tuple(sorted(cards)),
        tuple(sorted(others)),
        days,
        {name: tuple(sorted(streams[name])) for name in sorted(streams)},
        _thresholds(dealer, len(cards), days, len(others)),
        tuple(sorted(charged.get(person, ()))),
    )


def _thresholds(dealer: bool, cards: int, days: int, others: int) -> tuple[Threshold, ...]:
    """Figures of DOMAIN.md 6 and 9 that count cards; the rest (inflow, gain) is rule C09's."""
    punished, law = date(2024, 12, 1), "joint punishment"
    three = Threshold("cards", punished, law, 3, cards)
    if not dealer:
        takers = Threshold("takers", punished, law, 3, others)
        return (three, Threshold("times", punished, law, 3, days), takers)
    return (three, Threshold("others_accounts", date(2021, 6, 17), "aiding, opinion (2) Art. 9", 5, cards))
