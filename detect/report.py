"""Prints what detection found: machine-readable JSON, or tables for people; keys masked unless asked."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from detect.doubt_layout import doubt_record, fragility_record
from detect.gang_words import doubt_sentence, fragility_sentence
from detect.hierarchy_layout import hierarchy_record
from detect.hierarchy_words import hierarchy_lines
from detect.plain import row_lists
from detect.results import Detection, Gang, Member, Mule
from detect.rule import Rule
from graph.contract import Ref
from graph.schema.masks import mask_key

SHOWN = 30
"""How many lines a table for people has."""


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
        "refused": list(detection.refused),
        "unfed": {rule: list(empty) for rule, empty in detection.unfed.items()},
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
        "hierarchy": hierarchy_record(gang.hierarchy, shown) if gang.hierarchy else None,
        "stability_over": {"seeds": gang.steadiness.seeds, "resolutions": gang.steadiness.resolutions}
        if gang.steadiness
        else None,
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
        "stays": member.stays,
        "roles": dict(member.roles),
        "roles_state": "proposed",
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
                "rows": row_lists(rows),
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


def shown_key(ref: Ref, show_keys: bool) -> str:
    """The key as printed: whole when asked for, else masked by the schema's privacy marks."""
    return ref.key if show_keys else mask_key(ref.type, ref.key)


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def print_run(record: Mapping[str, Any]) -> None:
    """One line of counts, then findings by rule, what was cut or refused, and rules that had no data."""
    console = Console()
    console.print(
        f"{record['findings']} findings, {record['gangs']} gangs, {record['mules']} mules "
        f"({record['engine']}, {record['cpu_seconds']} CPU-s)"
    )
    console.print("  ".join(f"{rule} {count}" for rule, count in record["by_rule"].items()))
    for sentence in (*record["truncated"], *record["refused"]):
        console.print(sentence, markup=False)
    if record["unfed"]:
        unfed = "; ".join(f"{rule} ({', '.join(empty)})" for rule, empty in record["unfed"].items())
        console.print(f"No rows for what these rules read: {unfed}.", markup=False)


def print_gangs(gangs: Sequence[Gang], show_keys: bool) -> None:
    """A table of gangs with their strongest persons, then what each hangs by and its two readings."""
    columns = ("gang", "score", "stability", "persons", "accounts", "evidence rows")
    table = Table(*columns, "roles (proposed, not confirmed)")
    for gang in gangs[:SHOWN]:
        persons = [m for m in gang.members if m.ref.type == "Person"]
        accounts = sum(m.ref.type == "Account" for m in gang.members)
        table.add_row(
            gang.gang_id,
            f"{gang.score:.3f}",
            _stable(gang),
            str(len(persons)),
            str(accounts),
            str(gang.evidence),
            _strongest(persons, show_keys),
        )
    print_table(table, len(gangs))
    console = Console()
    for gang in gangs[:SHOWN]:
        console.print(gang.gang_id, style="bold")
        for language in ("zh", "en"):
            said = fragility_sentence(gang, language, lambda ref: shown_key(ref, show_keys))
            console.print(f"  {said}", markup=False, highlight=False)
            console.print(f"  {doubt_sentence(gang, language)}", markup=False, highlight=False)
            for line in hierarchy_lines(gang, language, lambda ref: shown_key(ref, show_keys)):
                console.print(f"    {line}", markup=False, highlight=False)


def _stable(gang: Gang) -> str:
    """Over all repeats, then over seeds and over resolutions."""
    apart = gang.steadiness
    if apart is None:
        return f"{gang.stability:.2f}"
    return f"{gang.stability:.2f} ({apart.seeds:.2f}, {apart.resolutions:.2f})"


def _strongest(persons: Sequence[Member], show_keys: bool) -> str:
    ranked = sorted(
        ((score, role, m.ref) for m in persons for role, score in list(m.roles.items())[:1]),
        key=lambda item: (-item[0], item[2]),
    )
    return ", ".join(f"{role} {shown_key(ref, show_keys)}" for _, role, ref in ranked[:3])


def print_mules(mules: Sequence[Mule], show_keys: bool) -> None:
    """A table of mules with the rules that speak for each."""
    table = Table("account", "score", "probability", "rules", "evidence rows")
    for mule in mules[:SHOWN]:
        rules = ", ".join(f"{rule} r{revision}" for _, rule, revision, _, _ in mule.reasons)
        rows = len({row for *_, rows in mule.reasons for row in rows})
        key = shown_key(Ref("Account", mule.account), show_keys)
        table.add_row(key, f"{mule.score:.3f}", f"{mule.probability:.2f}", rules, str(rows))
    print_table(table, len(mules))


def print_rules(rules: Sequence[Rule]) -> None:
    """A table of all rules and queries."""
    table = Table("id", "rev", "status", "severity", "form", "title")
    for rule in rules:
        title = f"{rule.title.said('zh')} / {rule.title.said('en')}"
        table.add_row(rule.id, str(rule.revision), rule.status, rule.severity, rule.form, title)
    Console().print(table)


def print_finding(record: Mapping[str, Any]) -> None:
    """A finding in words: what it says, what speaks against it, what to ask for next, the proving rows."""
    console = Console(highlight=False)
    console.print(f"{record['finding']}  {record['rule']} r{record['revision']}  score {record['score']:.3f}")
    for text in (record["message"] or {}).values():
        console.print(text, markup=False)
    console.print("parameters: " + ", ".join(f"{k}={v}" for k, v in record["parameters"].items()))
    for one in record["counter_evidence"]:
        title = f"{one['title']['zh']} / {one['title']['en']}"
        console.print(f"against: {title}, {one['account']}, strength {one['strength']:.2f}", markup=False)
    if not record["counter_evidence"] and not record["excluded_by"]:
        said = (
            f"nothing found; tested: {', '.join(record['tested'])}" if record["tested"] else "nothing tested"
        )
        console.print(f"against: {said}")
    if record["untested"]:
        console.print(f"not tested here: {', '.join(record['untested'])}")
    for name in ("false_positives", "limits", "next_steps"):
        for text in record.get(name, ()):
            console.print(f"{name.replace('_', ' ')}: {text['zh']} / {text['en']}", markup=False)
    for demand in record.get("answers", ()):
        console.print(
            f"answers: {', '.join(demand['clauses'])} {demand['zh']} / {demand['en']}", markup=False
        )
    if record["beside"]:
        console.print("beside: " + ", ".join(f"{rule} {count}" for rule, count in record["beside"].items()))
    for source, row in record["rows"]:
        console.print(f"{source}  row {row}")


def print_table(table: Table, count: int) -> None:
    """The table, and of how many it shows the first when there are more."""
    console = Console()
    console.print(table)
    if count > SHOWN:
        console.print(f"{SHOWN} of {count} shown; --json prints all.")
