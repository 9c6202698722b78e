"""Runs rules over the lake in a stable order and turns hits into findings with the rows that prove them."""

import hashlib
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from detect.detectors import DETECTORS
from detect.excuses import with_excuses
from detect.facts import Facts
from detect.hits import DetectorResult, Hit
from detect.results import Finding
from detect.rule import Rule
from detect.sql_hits import sql_hits
from graph.errors import InvalidRule
from graph.lake.duck import connect
from graph.lake.tables import LakeTables

RUN_STATES = ("stable", "trial")
# Made by people's judgements; that nobody judged is no lack of data.
_JUDGED = frozenset({"SAME_AS"})


@dataclass(frozen=True, slots=True)
class RulesRun:
    """Findings by rule, score desc, subject; sentences about cut searches; CPU seconds of each rule by id.

    unfed: rule -> the tables it reads that the lake has no rows for. refused: sentences on rules that could
    not be run.
    """

    findings: tuple[Finding, ...]
    truncated: tuple[str, ...]
    cpu_seconds: Mapping[str, float]
    unfed: Mapping[str, tuple[str, ...]]
    refused: tuple[str, ...]


def run_rules(
    tables: LakeTables,
    rules: Sequence[Rule],
    only: Iterable[str] = (),
    region: str | None = None,
    facts: Facts | None = None,
) -> RulesRun:
    """Run every stable or trial rule that the embedded engine can run (`sql` and `detector` bodies).

    What a rule's `exclude` explains is marked in its findings and scored lower (`detect.excuses`).

    only: rule ids, all when empty. region: six digits; parameter values of that region are used. facts:
    shared joins of the same tables, made anew when None. An empty lake gives no findings. A rule that names a
    detector which does not exist is refused, the others run.
    """
    wanted = frozenset(only)
    chosen = sorted(
        (r for r in rules if r.status in RUN_STATES and r.form != "query" and (not wanted or r.id in wanted)),
        key=lambda rule: rule.id,
    )
    facts = facts or Facts(tables)
    findings: list[Finding] = []
    truncated: list[str] = []
    seconds: dict[str, float] = {}
    refused: list[str] = []
    with connect(tables, holders_as_one=True) as connection:
        for rule in chosen:
            started = time.process_time()
            values = rule.parameter_values(region=region)
            try:
                result = run_rule(rule, facts, connection, values)
            except InvalidRule as error:
                refused.append(error.message)
                continue
            findings.extend(as_findings(rule, values, result.hits))
            truncated.extend(result.truncated)
            seconds[rule.id] = round(time.process_time() - started, 3)
    unfed = {rule.id: empty for rule in chosen if (empty := without_rows(tables, rule))}
    return RulesRun(with_excuses(facts, chosen, findings), tuple(truncated), seconds, unfed, tuple(refused))


def without_rows(tables: LakeTables, rule: Rule) -> tuple[str, ...]:
    """The tables a rule reads that no source filled, in the rule's order."""
    read = (*rule.needs.relations, *rule.needs.types)
    return tuple(name for name in read if name not in _JUDGED and not tables.rows.get(name))


def run_rule(
    rule: Rule, facts: Facts, connection: duckdb.DuckDBPyConnection, values: Mapping[str, Any]
) -> DetectorResult:
    """Hits of one rule with these parameter values; a rule with a Cypher body gives none here."""
    if rule.query is not None:
        return DetectorResult(())
    if rule.sql is not None:
        return sql_hits(rule, connection, values)
    detector = DETECTORS.get(rule.detector or "")
    if detector is None:
        raise InvalidRule(
            f"Rule {rule.id} names the detector {rule.detector}, which is not there; see detect/detectors/.",
            rule=rule.id,
        )
    return detector(facts, values)


def as_findings(rule: Rule, values: Mapping[str, Any], hits: Sequence[Hit]) -> list[Finding]:
    """Hits as findings, best first; an id depends only on rule, revision, subject and proving rows."""
    findings = []
    taken: dict[str, int] = {}
    parameters = dict(values)
    for hit in hits:
        handle = _handle(rule, hit)
        nth = taken[handle] = taken.get(handle, -1) + 1
        findings.append(
            Finding(
                finding_id=f"{rule.id}-{handle}" + (f"-{nth}" if nth else ""),
                rule=rule.id,
                revision=rule.revision,
                subject=hit.subject,
                score=hit.score,
                first_at=hit.first_at,
                last_at=hit.last_at,
                parameters=parameters,
                values=dict(hit.values),
                others=hit.others,
                rows=hit.rows,
            )
        )
    return findings


def _handle(rule: Rule, hit: Hit) -> str:
    first = hit.rows[0] if hit.rows else ("", 0)
    parts = (rule.id, rule.revision, hit.subject.type, hit.subject.key, *first)
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:16]
