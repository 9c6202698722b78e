"""The lock of the rule library: a changed body has a higher revision, and no uuid is ever used again."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from detect.rule import Rule
from detect.rule_heads import QUERIES
from graph.errors import InvalidRule
from graph.parameters import written

Lock = dict[str, dict[str, Any]]
"""uuid -> id, revision, sha256 of the body; sorted by id in the file."""
LOCK_FILE = "lock.json"


def body_digest(rule: Rule) -> str:
    """SHA-256 of what decides a hit: body, evidence, exceptions, each parameter's type, default and bounds.

    Words, status and examples may change without a new revision.
    """
    body = {
        "form": rule.form,
        "text": rule.sql or rule.query or rule.detector,
        "evidence": rule.evidence,
        "exclude": sorted(rule.exclude),
        "parameters": {
            name: [p.type.value, written(p.default), written(p.min), written(p.max), p.required, *p.choices]
            for name, p in sorted(rule.parameters.items())
        },
    }
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def read_lock(folder: Path = QUERIES) -> Lock:
    """The lock in force, empty when there is none yet; InvalidRule when the file is damaged."""
    try:
        lock = json.loads((folder / LOCK_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise InvalidRule(f"{LOCK_FILE} is damaged; restore it from version control.") from error
    return dict(lock)


def lock_problems(rules: Sequence[Rule], lock: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What the lock forbids, one sentence each: changed bodies, lower revisions, vanished or reused rules."""
    problems = []
    present = {rule.uuid for rule in rules}
    for rule in rules:
        locked = lock.get(rule.uuid)
        if locked is None:
            continue
        if locked["id"] != rule.id:
            problems.append(f"{rule.id} uses the uuid of {locked['id']}; give it one of its own.")
        elif rule.revision < locked["revision"]:
            problems.append(f"{rule.id} has revision {rule.revision}, but {locked['revision']} was locked.")
        elif rule.revision == locked["revision"] and body_digest(rule) != locked["sha256"]:
            problems.append(f"{rule.id} has a changed body; give it revision {rule.revision + 1}.")
    for uuid, locked in lock.items():
        if uuid not in present:
            problems.append(
                f"{locked['id']} is gone; keep its file with status retired, a reason and a successor."
            )
    return sorted(problems)


def next_lock(rules: Sequence[Rule], lock: Mapping[str, Mapping[str, Any]]) -> Lock:
    """The lock for these rules; InvalidRule with the first thing that the old lock forbids."""
    problems = lock_problems(rules, lock)
    if problems:
        raise InvalidRule(problems[0], problems=problems)
    return {
        rule.uuid: {"id": rule.id, "revision": rule.revision, "sha256": body_digest(rule)}
        for rule in sorted(rules, key=lambda rule: rule.id)
    }
