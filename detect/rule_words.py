"""What each field of a rule file is for, with a sample; feeds the blank template and docs/queries.md."""

from collections.abc import Mapping

# field -> (what it is for, sample YAML for the blank template)
FIELD_WORDS: Mapping[str, tuple[str, str]] = {
    "id": ("handle such as D01; a region's own rule has its code in front, 430100-D01", "Q00"),
    "uuid": ("never used again, not even after the rule is retired", "00000000-0000-0000-0000-000000000000"),
    "revision": ("a changed body needs a higher one (lock.json)", "1"),
    "name": ("the file's name without .yml, the code name", "blank"),
    "title": ("a few words", "{zh: '', en: ''}"),
    "description": ("what it finds, one or two sentences", "{zh: '', en: ''}"),
    "status": ("draft, trial, stable or retired; a retired file stays", "draft"),
    "reason": ("why it was retired; only then", "# {zh: '', en: ''}"),
    "successor": ("id of the rule that took over; only when retired", "# Q00"),
    "authors": ("who answers for it", "[duanlian]"),
    "created": ("day", "2024-06-01"),
    "changed": ("day of the last change, not before created", "2024-06-01"),
    "region": ("all, or the six-digit code of the region that owns the rule", "all"),
    "answers": ("policy clauses it answers, at least one", "[HN-1]"),
    "basis": ("L law, S public source, D our default, ? from memory", "D"),
    "severity": ("low, medium, high or critical", "low"),
    "confidence": ("0 to 1, inside the band of its severity", "0.3"),
    "needs": (
        "relations, types, properties and engine promises it cannot do without",
        "{relations: [], promises: []}",
    ),
    "reach": (
        "account when its findings need no money rows but the account's own and its holder's, else lake",
        "lake",
    ),
    "parameters": (
        "every threshold: type, default, min, max, meaning in both languages",
        "\n  # min_holders: {type: integer, default: 3, min: 2, max: 50, meaning: {zh: '', en: ''}}",
    ),
    "exclude": (
        "names of exceptions: innocent explanations that mark its findings and lower their score",
        "[]",
    ),
    "sql": ("one SELECT over the lake's views; exactly one of sql, query, detector", "# |"),
    "query": ("read-only Cypher that ends with ORDER BY", "# |"),
    "detector": ("the name of a detector in detect/detectors/", "# name"),
    "columns": (
        "what each returned column is: node, node_from, property or kind, with headings",
        "\n  # subject: {node: Account, zh: '', en: ''}",
    ),
    "evidence": ("the rows that prove one hit, with source and row; needed for stable", "# |"),
    "message": ("one sentence a hit; {name} is a returned column or a parameter", "{zh: '', en: ''}"),
    "false_positives": ("who is hit without guilt; not empty", "[{zh: '', en: ''}]"),
    "limits": ("what it does not see; not empty", "[{zh: '', en: ''}]"),
    "next_steps": ("what to do with a hit; not empty", "[{zh: '', en: ''}]"),
    "examples": (
        "worlds in which it fires and in which it stays silent, at least one each (detect/worlds.py)",
        "\n  fires: [{given: [], expect: []}]\n  stays_silent: [{why: '', given: []}]",
    ),
}


def blank_template() -> str:
    """A rule file with every field and a comment each, to start from; it does not load until filled in."""
    lines = [
        "# A new rule: copy to queries/<theme>/<name>.yml and fill in; docs/queries.md explains the form."
    ]
    for field, (words, sample) in FIELD_WORDS.items():
        lines.append(f"# {words}")
        if sample.startswith("# "):
            lines.append(f"# {field}: {sample[2:]}")
        else:
            lines.append(f"{field}:{'' if sample.startswith(chr(10)) else ' '}{sample}")
    return "\n".join(lines) + "\n"
