"""Makes a rule's `exclude` act on its findings: what it explains is marked and scored lower."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import polars as pl

from detect.exceptions import InnocentExplanation, explained, load_exceptions
from detect.facts import Facts
from detect.results import Finding
from detect.rule import Rule
from graph.parameters import Words

HALF = 0.5
"""What full strength leaves of a score: at most 0.5, the score at a rule's bound, so it ranks last."""

_ALONE = "score_alone"
_MARKS = ("excluded_by", "excluded_strength", _ALONE)
# Their condition is a share of money by memo, so it can be asked of the finding's own rows too.
_BY_MEMO = ("finance", "shop_refund")


def with_excuses(facts: Facts, rules: Sequence[Rule], findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with what their rule's `exclude` explains marked, by rule, score desc, subject.

    An exception explains a finding as strongly (0 to 1) as the greatest of: its condition on the account that
    is the subject; for `family`, 1 when two or more holders are named and all live at one home; for `finance`
    and `shop_refund`, the share of money in the finding's own transfers that the memo says is such, from the
    exception's least share on. The score becomes score * (1 - HALF * strength). values gain `excluded_by`
    (names, strongest first), `excluded_strength` (the greatest) and `score_alone` (the rule's own score).
    None is left out: whoever knows the list can dress up as innocent.
    """
    excludes = {rule.id: rule.exclude for rule in rules}
    asked = {name for finding in findings for name in excludes.get(finding.rule, ())}
    used = tuple(one for one in load_exceptions() if one.name in asked)
    held: dict[tuple[str, str], float] = {(a, n): s for a, n, s in explained(facts, used).iter_rows()}
    near = _one_home(facts, [f for f in findings if "family" in excludes.get(f.rule, ())])
    about = {
        one.name: _by_memo(facts, one, [f for f in findings if one.name in excludes.get(f.rule, ())])
        for one in used
        if one.name in _BY_MEMO
    }
    marked = []
    for finding in findings:
        strength = {
            name: max(
                held.get((finding.subject.key, name), 0.0) if finding.subject.type == "Account" else 0.0,
                1.0 if name == "family" and finding.finding_id in near else 0.0,
                about.get(name, {}).get(finding.finding_id, 0.0),
            )
            for name in excludes.get(finding.rule, ())
        }
        marked.append(_marked(finding, strength))
    return tuple(sorted(marked, key=_order))


def _order(f: Finding) -> tuple[Any, ...]:
    return (f.rule, -f.score, f.subject, str(f.first_at), f.rows[:1], f.finding_id)


def rule_score(finding: Finding) -> float:
    """The score that the rule itself gave (0 to 1), before any innocent explanation."""
    return float(finding.values.get(_ALONE, finding.score))


def unmarked(finding: Finding) -> Finding:
    """The finding as its rule made it, before any innocent explanation."""
    if _ALONE not in finding.values:
        return finding
    values = {name: value for name, value in finding.values.items() if name not in _MARKS}
    return replace(finding, score=rule_score(finding), values=values)


def excuse_said(finding: Finding, language: str) -> str:
    """A sentence on what may explain the finding, with a space before it; empty when nothing does."""
    names = finding.values.get("excluded_by", ())
    if not names:
        return ""
    titles = _titles()
    strength, alone = finding.values["excluded_strength"], rule_score(finding)
    said = [titles[name].said(language) if name in titles else name for name in names]
    if language == "zh":
        return (
            f" 可能有正当原因：{'、'.join(said)}（强度{strength:.2f}），"
            f"得分由{alone:.2f}降为{finding.score:.2f}，仍须核实。"
        )
    return (
        f" It may be explained by: {', '.join(said)} (strength {strength:.2f}); its score is lowered from "
        f"{alone:.2f} to {finding.score:.2f}, and it still needs a check."
    )


@cache
def _titles() -> Mapping[str, Words]:
    return {one.name: one.title for one in load_exceptions()}


def _marked(finding: Finding, strength: Mapping[str, float]) -> Finding:
    names = sorted((n for n, s in strength.items() if s > 0), key=lambda name: (-strength[name], name))
    if not names:
        return finding
    most = round(strength[names[0]], 4)
    notes = dict(zip(_MARKS, (tuple(names), most, finding.score), strict=True))
    score = round(finding.score * (1 - HALF * most), 4)
    return replace(finding, score=score, values={**finding.values, **notes})


def _one_home(facts: Facts, findings: Iterable[Finding]) -> frozenset[str]:
    """Ids of the findings that name two or more holders, all of one home.

    Holders are those of the accounts and SIMs named, and the persons; a thing without holder says nothing.
    """
    holder = {("Account", a): h for a, h in facts.holder_of.iter_rows()}
    holder |= {("Sim", s): h for s, h in facts.sim_holder.iter_rows()}
    home = dict(facts.kin.select("person", "home").iter_rows())
    found = set()
    for finding in findings:
        refs = (finding.subject, *finding.others)
        held = {holder.get((ref.type, ref.key)) for ref in refs if ref.type in ("Account", "Sim")}
        people = {one for one in held if one is not None} | {r.key for r in refs if r.type == "Person"}
        if len(people) >= 2 and len({home.get(one, one) for one in people}) == 1:
            found.add(finding.finding_id)
    return frozenset(found)


def _by_memo(facts: Facts, told: InnocentExplanation, findings: Sequence[Finding]) -> dict[str, float]:
    """Finding id -> share of the money in its transfers whose memo has a word, from the least share on."""
    words = str(told.parameters["words"].default).split()
    least = float(str(told.parameters["min_share"].default))
    rows = pl.DataFrame(
        [(f.finding_id, source, row) for f in findings for source, row in f.rows],
        schema={"finding": pl.String(), "source": pl.String(), "row": pl.Int64()},
        orient="row",
    )
    moved = facts.tables.scan("TRANSFER").select(
        *("source", "row", "amount_fen"),
        pl.col("memo").fill_null("").str.contains_any(words).alias("about"),
    )
    fen = pl.col("amount_fen")
    shares = (
        rows.lazy()
        .join(moved, on=["source", "row"])
        .group_by("finding")
        .agg((fen.filter(pl.col("about")).sum() / fen.sum()).alias("share"))
        .filter(pl.col("share") >= least)
        .collect()
    )
    return dict(shares.iter_rows())
