"""Writes docs/queries.md from the rule files: what each looks for, its thresholds, words and limits."""

from collections.abc import Iterable, Sequence

from detect.clauses import DEMANDS
from detect.rule import Rule
from detect.rule_fields import RuleFields
from detect.rule_words import FIELD_WORDS
from detect.sql_text import admitted_functions
from graph.parameters import Words, written

_HEAD = """# Rules and queries

Generated from `queries/` by `python -m detect.library`; do not edit. A rule makes a *finding* 命中, never a
fact: it takes a combination and a person's check.

* Exploration queries (`Qnn`) are read-only Cypher: `python -m graph query FILE --param name=value`.
* Rules with `sql` or `detector` run on the embedded engine with `python -m detect`.
* Durations are written `PT24H` or `P30D`; times without a zone are UTC+8; `_fen` parameters are whole fen.
"""


def render_queries_page(rules: Sequence[Rule]) -> str:
    """The page for these rules, sorted by id as given; no rules give the page with empty tables."""
    parts = [_HEAD, _overview(rules), *(_section(rule) for rule in rules), _without_rule(rules), _format()]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _overview(rules: Sequence[Rule]) -> str:
    rows = (
        (
            f"[{rule.id}](#{rule.id.lower()})", rule.title.zh, rule.title.en, rule.form, rule.status,
            rule.severity, " ".join(rule.answers),
        )
        for rule in rules
    )  # fmt: skip
    return _table(("id", "名称", "title", "form", "status", "severity", "clauses"), rows)


def _section(rule: Rule) -> str:
    lines = [
        f'<a id="{rule.id.lower()}"></a>\n',
        f"## {rule.id} {rule.title.zh} · {rule.title.en}\n",
        f"{rule.description.zh}\n",
        f"{rule.description.en}\n",
        f"`{rule.name}`, revision {rule.revision}, {rule.status}, basis {rule.basis}, "
        f"severity {rule.severity}, confidence {rule.confidence:g}. "
        f"Answers {', '.join(rule.answers)}. {_needs(rule)}\n",
    ]
    if rule.parameters:
        lines.append(_parameters(rule))
    if rule.columns:
        heads = ", ".join(f"`{name}` {column.zh} {column.en}" for name, column in rule.columns.items())
        lines.append(f"Columns: {heads}.\n")
    lines.append(f"> {rule.message.zh}\n>\n> {rule.message.en}\n")
    for head, listed in (
        ("误报 False positives", rule.false_positives),
        ("局限 Limits", rule.limits),
        ("下一步 Next steps", rule.next_steps),
    ):
        lines.append(_listed(head, listed))
    if rule.exclude:
        lines.append(f"Exceptions: {', '.join(rule.exclude)}.\n")
    lines.append(
        f"Examples: {len(rule.examples.fires)} fire, {len(rule.examples.stays_silent)} stay silent.\n"
    )
    return "\n".join(lines)


def _needs(rule: Rule) -> str:
    needs = rule.needs
    return f"Needs {', '.join([*needs.relations, *needs.types, *needs.properties, *needs.promises])}."


def _parameters(rule: Rule) -> str:
    rows = (
        (
            f"`{name}`", p.type.value, "needed" if p.required else written(p.default) or "–",
            f"{written(p.min)} … {written(p.max)}" if p.min is not None else "–", p.meaning.zh, p.meaning.en,
        )
        for name, p in rule.parameters.items()
    )  # fmt: skip
    return _table(("parameter", "type", "default", "bounds", "含义", "meaning"), rows)


def _listed(head: str, words: Iterable[Words]) -> str:
    return f"{head}\n\n" + "".join(f"* {one.zh} · {one.en}\n" for one in words)


def _without_rule(rules: Sequence[Rule]) -> str:
    answered = {clause for rule in rules if rule.status != "retired" for clause in rule.answers}
    rows = (
        (" ".join(missing), demand.zh, demand.en)
        for demand in DEMANDS
        if demand.by_rules and (missing := [clause for clause in demand.clauses if clause not in answered])
    )
    return "## Clauses without a rule\n\n" + _table(("clause", "要求", "demand"), rows)


def _format() -> str:
    rows = (
        (f"`{name}`", "yes" if field.is_required() else "no", FIELD_WORDS[name][0])
        for name, field in RuleFields.model_fields.items()
    )
    functions = ", ".join(f"`{name}`" for name in admitted_functions())
    return (
        "## The file format\n\n"
        "`queries/blank.yml` is the blank template, `queries/schema.json` the JSON schema, "
        "`queries/lock.json` the lock.\n"
        "The example language is described in `detect/worlds.py`.\n\n"
        + _table(("field", "needed", "rule"), rows)
        + f"\nA rule's SQL may call: {functions}. A bare `at` is a keyword: write `t.at`.\n"
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"
