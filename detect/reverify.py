"""The list for re-verification 存量卡二次核验: cards whose holder should be checked again, with reasons."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from detect.exceptions import explained, load_exceptions
from detect.excuses import rule_score
from detect.facts import Facts
from detect.results import Finding, Row
from detect.rule import Rule
from graph.contract import Ref

RULES = ("C01", "C04", "C08", "F06", "S01", "S02")
"""Rules that put a card on the list (DOMAIN.md 1, 存量卡二次核验, and C08 as its proof of use by another)."""
_INNOCENT = 0.5  # the share an innocent reading takes off where it holds fully (D)


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule's strongest finding that names the card."""

    rule: str
    revision: int
    finding_id: str
    weight: float
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One account or SIM to verify again; being listed says nothing of its holder.

    holder: None when no register names one. unit: the bank, or "". place: branch of the account, outlet of
    the SIM. priority: 0 to 1, no probability. innocent: (exception, how far it holds).
    """

    card: Ref
    holder: Ref | None
    unit: str
    place: str
    priority: float
    reasons: tuple[Reason, ...]
    innocent: tuple[tuple[str, float], ...]


def reverify(findings: Sequence[Finding], facts: Facts, rules: Sequence[Rule]) -> tuple[Card, ...]:
    """Cards that RULES name, by priority desc, then type and key; no findings give none.

    priority = (1 - product over rules of (1 - confidence x score)) x product over innocent readings of
    (1 - 0.5 x how far it holds): confidence is the rule file's, score the one that the rule itself gave its
    strongest finding on the card, readings are those the rules' files exclude (D). Only cards that a register
    knows are listed.
    """
    known = {rule.id: rule for rule in rules if rule.id in RULES}
    reasons = _reasons((f for f in findings if f.rule in known), known)
    if not reasons:
        return ()
    innocent = _innocent(facts, {name for rule in known.values() for name in rule.exclude})
    registers = _registers(facts)
    cards = []
    for card, of in reasons.items():
        holder, unit, place = registers.get(card, ("", "", ""))
        apart = {name for reason in of for name in known[reason.rule].exclude}
        held = tuple((n, v) for n, v in innocent.get(card.key, ()) if n in apart and card.type == "Account")
        left = math.prod(1.0 - _INNOCENT * value for _, value in held)
        priority = round((1.0 - math.prod(1.0 - reason.weight for reason in of)) * left, 4)
        person = Ref(holder.partition(":")[0], holder.partition(":")[2]) if holder else None
        cards.append(Card(card, person, unit, place, priority, of, held))
    return tuple(sorted(cards, key=lambda one: (-one.priority, one.card)))


def _reasons(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> dict[Ref, tuple[Reason, ...]]:
    """The strongest finding of each rule for each card it names, heaviest first."""
    best: dict[Ref, dict[str, Reason]] = {}
    for finding in findings:
        weight = round(rules[finding.rule].confidence * rule_score(finding), 4)
        reason = Reason(finding.rule, finding.revision, finding.finding_id, weight, finding.rows)
        for ref in {finding.subject, *finding.others}:
            if ref.type not in ("Account", "Sim"):
                continue
            known = best.setdefault(ref, {}).get(finding.rule)
            if known is None or (-weight, reason.finding_id) < (-known.weight, known.finding_id):
                best[ref][finding.rule] = reason
    return {ref: tuple(sorted(of.values(), key=lambda r: (-r.weight, r.rule))) for ref, of in best.items()}


def _innocent(facts: Facts, names: Iterable[str]) -> dict[str, tuple[tuple[str, float], ...]]:
    wanted = set(names)
    used = tuple(one for one in load_exceptions() if one.name in wanted)
    found: dict[str, list[tuple[str, float]]] = {}
    for account, name, value in explained(facts, used).iter_rows():
        found.setdefault(account, []).append((name, round(min(1.0, value), 4)))
    return {account: tuple(of) for account, of in found.items()}


def _registers(facts: Facts) -> dict[Ref, tuple[str, str, str]]:
    """card -> (holder as `type:key`, bank, branch or outlet); "" for what is not known."""
    holds = facts.tables.scan("HOLDS").group_by("to_type", "to_key").agg(
        pl.concat_str("from_type", pl.lit(":"), "from_key").min().alias("holder")
    )  # fmt: skip
    accounts = facts.tables.scan("Account").select(
        pl.lit("Account").alias("type"), "key", unit="bank", place="branch"
    )
    sims = facts.tables.scan("Sim").select(
        pl.lit("Sim").alias("type"), "key", pl.lit(None, dtype=pl.String).alias("unit"), place="channel"
    )
    both = (
        pl.concat([accounts, sims])
        .join(holds, left_on=["type", "key"], right_on=["to_type", "to_key"], how="left")
        .select("type", "key", pl.col("holder", "unit", "place").fill_null(""))
        .collect()
    )
    return {Ref(t, k): (holder, unit, place) for t, k, holder, unit, place in both.iter_rows()}
