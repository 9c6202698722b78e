"""Prints what detection found: machine-readable JSON, or tables for people; keys masked unless asked."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from detect.doubt_layout import doubt_record, fragility_record
from detect.excuses import excuse_said
from detect.gang_words import doubt_sentence, fragility_sentence
from detect.results import Detection, Finding, Gang, Member, Mule, Row
from detect.rule import Rule
from graph.contract import Ref
from graph.schema.masks import mask_key

_SHOWN = 30


def run_record(detection: Detection, cpu_seconds: float) -> dict[str, Any]:
    """The form of `detect --json`."""
    by_rule = Counter(finding.rule for finding in detection.findings)
    return {
        "findings": len(detection.findings),
        "by_rule": dict(sorted(by_rule.items())),
        "gangs": len(detection.gangs),
        "mules": len(detection.mules),
        "engine": detection.engine,
        "cpu_seconds": round(cpu_seconds, 2),
        "truncated": list(detection.truncated),
    }


def gang_record(gang: Gang, show_keys: bool) -> dict[str, Any]:
    """One entry of `detect gangs --json`; evidence counts distinct source rows.

    said: in zh and en, what the gang hangs by, and the innocent and the guilty reading.
    """

    def shown(ref: Ref) -> str:
        return shown_key(ref, show_keys)

    return {
        "gang_id": gang.gang_id,
        "score": gang.score,
        "stability": gang.stability,
        "members": [_member_record(member, show_keys) for member in gang.members],
        "evidence": gang.evidence,
        "fragility": fragility_record(gang.fragility, shown) if gang.fragility else None,
        "doubt": doubt_record(gang.doubt) if gang.doubt else None,
        "said": {
            language: [fragility_sentence(gang, language, shown), doubt_sentence(gang, language)]
            for language in ("zh", "en")
        },
    }


def _member_record(member: Member, show_keys: bool) -> dict[str, Any]:
    return {
        "type": member.ref.type,
        "key": shown_key(member.ref, show_keys),
        "strength": member.strength,
        "roles": dict(member.roles),
    }


def mule_record(mule: Mule, show_keys: bool) -> dict[str, Any]:
    """One entry of `detect mules --json`."""
    return {
        "account": shown_key(Ref("Account", mule.account), show_keys),
        "score": mule.score,
        "probability": mule.probability,
        "reasons": [
            {
                "rule": rule,
                "revision": revision,
                "finding": finding_id,
                "weight": weight,
                "rows": _row_lists(rows),
            }
            for finding_id, rule, revision, weight, rows in mule.reasons
        ],
        "opposing": [{"sign": sign, "weight": weight} for sign, weight in mule.opposing],
    }


def rule_record(rule: Rule) -> dict[str, Any]:
    """One entry of `detect rules --json`."""
    return {
        "id": rule.id,
        "revision": rule.revision,
        "name": rule.name,
        "title": {"zh": rule.title.said("zh"), "en": rule.title.said("en")},
        "status": rule.status,
        "severity": rule.severity,
        "form": rule.form,
    }


def finding_record(finding: Finding, rule: Rule | None, show_keys: bool) -> dict[str, Any]:
    """The form of `detect explain --json`; the message is null when the rule's file is gone."""
    values = {"subject": finding.subject.key, **finding.parameters, **finding.values}
    said = (
        {
            lang: rule.render(values, lang, show_keys=show_keys) + excuse_said(finding, lang)
            for lang in ("zh", "en")
        }
        if rule
        else None
    )
    return {
        "finding": finding.finding_id,
        "rule": finding.rule,
        "revision": finding.revision,
        "message": said,
        "subject": {"type": finding.subject.type, "key": shown_key(finding.subject, show_keys)},
        "score": finding.score,
        "first_at": finding.first_at.isoformat() if finding.first_at else None,
        "last_at": finding.last_at.isoformat() if finding.last_at else None,
        "parameters": {name: str(value) for name, value in finding.parameters.items()},
        "others": [{"type": ref.type, "key": shown_key(ref, show_keys)} for ref in finding.others],
        "rows": _row_lists(finding.rows),
    }


def shown_key(ref: Ref, show_keys: bool) -> str:
    """The key as printed: whole when asked for, else masked by the schema's privacy marks."""
    return ref.key if show_keys else mask_key(ref.type, ref.key)


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def print_run(record: Mapping[str, Any]) -> None:
    """One line of counts, then findings by rule and what was cut."""
    console = Console()
    console.print(
        f"{record['findings']} findings, {record['gangs']} gangs, {record['mules']} mules "
        f"({record['engine']}, {record['cpu_seconds']} CPU-s)"
    )
    console.print("  ".join(f"{rule} {count}" for rule, count in record["by_rule"].items()))
    for sentence in record["truncated"]:
        console.print(sentence)


def print_gangs(gangs: Sequence[Gang], show_keys: bool) -> None:
    """A table of gangs with their strongest persons, then what each hangs by and its two readings."""
    table = Table("gang", "score", "stability", "persons", "accounts", "evidence rows", "strongest roles")
    for gang in gangs[:_SHOWN]:
        persons = [m for m in gang.members if m.ref.type == "Person"]
        accounts = sum(m.ref.type == "Account" for m in gang.members)
        table.add_row(
            gang.gang_id,
            f"{gang.score:.3f}",
            f"{gang.stability:.2f}",
            str(len(persons)),
            str(accounts),
            str(gang.evidence),
            _strongest(persons, show_keys),
        )
    _print_table(table, len(gangs))
    console = Console()
    for gang in gangs[:_SHOWN]:
        console.print(gang.gang_id, style="bold")
        for language in ("zh", "en"):
            said = fragility_sentence(gang, language, lambda ref: shown_key(ref, show_keys))
            console.print(f"  {said}", markup=False, highlight=False)
            console.print(f"  {doubt_sentence(gang, language)}", markup=False, highlight=False)


def _strongest(persons: Sequence[Member], show_keys: bool) -> str:
    ranked = sorted(
        ((score, role, m.ref) for m in persons for role, score in list(m.roles.items())[:1]),
        key=lambda item: (-item[0], item[2]),
    )
    return ", ".join(f"{role} {shown_key(ref, show_keys)}" for _, role, ref in ranked[:3])


def print_mules(mules: Sequence[Mule], show_keys: bool) -> None:
    """A table of mules with the rules that speak for each."""
    table = Table("account", "score", "probability", "rules", "evidence rows")
    for mule in mules[:_SHOWN]:
        rules = ", ".join(f"{rule} r{revision}" for _, rule, revision, _, _ in mule.reasons)
        rows = len({row for *_, rows in mule.reasons for row in rows})
        key = shown_key(Ref("Account", mule.account), show_keys)
        table.add_row(key, f"{mule.score:.3f}", f"{mule.probability:.2f}", rules, str(rows))
    _print_table(table, len(mules))


def print_rules(rules: Sequence[Rule]) -> None:
    """A table of all rules and queries."""
    table = Table("id", "rev", "status", "severity", "form", "title")
    for rule in rules:
        title = f"{rule.title.said('zh')} / {rule.title.said('en')}"
        table.add_row(rule.id, str(rule.revision), rule.status, rule.severity, rule.form, title)
    Console().print(table)


def print_finding(record: Mapping[str, Any]) -> None:
    """A finding in words, then the rows that prove it."""
    console = Console()
    console.print(f"{record['finding']}  {record['rule']} r{record['revision']}  score {record['score']:.3f}")
    for text in (record["message"] or {}).values():
        console.print(text)
    console.print("parameters: " + ", ".join(f"{k}={v}" for k, v in record["parameters"].items()))
    for source, row in record["rows"]:
        console.print(f"{source}  row {row}")


def _print_table(table: Table, count: int) -> None:
    console = Console()
    console.print(table)
    if count > _SHOWN:
        console.print(f"{_SHOWN} of {count} shown; --json prints all.")


def _row_lists(rows: Sequence[Row]) -> list[list[str | int]]:
    return [[source, row] for source, row in rows]
