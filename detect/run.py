"""Runs rules over the lake in a stable order and turns hits into findings with the rows that prove them."""

import hashlib
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import duckdb

from detect.detectors import DETECTORS
from detect.excuses import with_excuses
from detect.facts import Facts
from detect.hits import DetectorResult, Hit
from detect.results import Finding
from detect.rule import Rule
from detect.since.basis import Step, rule_digest
from detect.since.earlier import Choice, Earlier
from detect.since.explained import recall
from detect.since.part import Part
from detect.sql_hits import sql_hits
from detect.sql_text import read_sql
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
    not be run. steps: what each rule was made from, by id.
    """

    findings: tuple[Finding, ...]
    truncated: tuple[str, ...]
    cpu_seconds: Mapping[str, float]
    unfed: Mapping[str, tuple[str, ...]]
    refused: tuple[str, ...]
    steps: Mapping[str, Step]


def run_rules(
    tables: LakeTables,
    rules: Sequence[Rule],
    only: Iterable[str] = (),
    region: str | None = None,
    facts: Facts | None = None,
    earlier: Earlier | None = None,
) -> RulesRun:
    """Run every stable or trial rule that the embedded engine can run (`sql` and `detector` bodies).

    What a rule's `exclude` explains is marked in its findings and scored lower (`detect.excuses`).

    only: rule ids, all when empty. region: six digits; parameter values of that region are used. facts:
    shared joins of the same tables, made anew when None. earlier: a run over tables with few other rows; what
    still holds of it is not run again, with the same answer (`detect.since`). An empty lake gives no
    findings. A rule that names a detector which does not exist is refused, the others run.
    """
    wanted = frozenset(only)
    chosen = sorted(
        (r for r in rules if r.status in RUN_STATES and r.form != "query" and (not wanted or r.id in wanted)),
        key=lambda rule: rule.id,
    )
    facts = facts or Facts(tables)
    findings: list[Finding] = []
    steps: dict[str, Step] = {}
    seconds: dict[str, float] = {}
    refused: list[str] = []
    with Runs(facts, earlier) as runs:
        for rule in chosen:
            started = time.process_time()
            try:
                found, steps[rule.id] = runs.run(rule, rule.parameter_values(region=region))
            except InvalidRule as error:
                refused.append(error.message)
                continue
            findings.extend(found)
            seconds[rule.id] = round(time.process_time() - started, 3)
    truncated = tuple(sentence for step in steps.values() for sentence in step.truncated)
    unfed = {rule.id: empty for rule in chosen if (empty := without_rows(tables, rule))}
    return RulesRun(with_excuses(facts, chosen, findings), truncated, seconds, unfed, tuple(refused), steps)


class Runs:
    """Runs one rule after the other over the whole lake or its changed part; a context manager."""

    def __init__(self, facts: Facts, earlier: Earlier | None) -> None:
        """facts: of the whole lake; what still holds of the earlier run's explanations is put into them."""
        self._facts, self._earlier = facts, earlier
        self._open = ExitStack()
        self._part: Part | None = None
        if earlier is not None:
            self._part = Part(facts, earlier.changed.accounts)
            recall(facts, earlier, self._part)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._open.close()

    @cached_property
    def _whole(self) -> duckdb.DuckDBPyConnection:
        return self._connected(self._facts)

    @cached_property
    def _of_part(self) -> duckdb.DuckDBPyConnection:
        assert self._part is not None  # noqa: S101 - only asked for where there is one
        return self._connected(self._part.facts)

    def _connected(self, facts: Facts) -> duckdb.DuckDBPyConnection:
        return self._open.enter_context(connect(facts.tables, holders_as_one=True))

    def run(self, rule: Rule, values: Mapping[str, Any]) -> tuple[list[Finding], Step]:
        """The rule's findings, unmarked and best first, and what they were made from."""
        digest = rule_digest(rule, values)
        if self._earlier is not None and self._part is not None:
            step, before = self._earlier.steps.get(rule.id), self._earlier.findings.get(rule.id, ())
            choice = self._earlier.choice(rule.id, digest, rule.reach)
            if step is not None and choice is Choice.KEEP:
                return list(before), step
            if step is not None and choice is Choice.PART:
                result, read = self._result(rule, self._part.facts, values)
                if not result.truncated:
                    mine = [hit for hit in result.hits if hit.subject.key in self._part.keys]
                    kept = [one for one in before if one.subject.key not in self._part.keys]
                    return [*kept, *as_findings(rule, values, mine)], Step(digest, step.reads | read)
        result, read = self._result(rule, self._facts, values)
        return as_findings(rule, values, result.hits), Step(digest, read, result.truncated)

    def _result(
        self, rule: Rule, facts: Facts, values: Mapping[str, Any]
    ) -> tuple[DetectorResult, frozenset[str]]:
        """What the rule gives, and the tables it read."""
        with facts.reading() as read:
            # A detector's connection is never asked for.
            connection = None if rule.sql is None else self._whole if facts is self._facts else self._of_part
            result = run_rule(rule, facts, connection, values)
        return result, frozenset(read) | sql_reads(rule)


def sql_reads(rule: Rule) -> frozenset[str]:
    """The tables that a rule's SQL reads; a view of holders reads who was judged to be one, too."""
    named = [read_sql(text) for text in (rule.sql, rule.evidence) if text is not None]
    tables = frozenset().union(*(one.types | one.relations for one in named))
    return tables | _JUDGED if "HOLDS" in tables else tables


def without_rows(tables: LakeTables, rule: Rule) -> tuple[str, ...]:
    """The tables a rule reads that no source filled, in the rule's order."""
    read = (*rule.needs.relations, *rule.needs.types)
    return tuple(name for name in read if name not in _JUDGED and not tables.rows.get(name))


def run_rule(
    rule: Rule, facts: Facts, connection: duckdb.DuckDBPyConnection | None, values: Mapping[str, Any]
) -> DetectorResult:
    """Hits of one rule with these parameter values; a rule with a Cypher body gives none here.

    connection: for SQL, None for a rule without.
    """
    if rule.query is not None:
        return DetectorResult(())
    if rule.sql is not None and connection is not None:
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
