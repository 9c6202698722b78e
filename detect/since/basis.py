"""What a run was made from: tables, code, and for each rule and explanation what it read."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from detect.layout import encode
from detect.rule import Rule
from detect.rule_lock import body_digest
from graph.lake.parts import Part, as_json, from_json

_ROOT = Path(__file__).resolve().parent.parent.parent
# What decides an answer besides the rule files: a run of other code is no basis.
_CODE = ("detect", "funds", "graph")


@dataclass(frozen=True, slots=True)
class Step:
    """One rule or innocent explanation as it was run.

    digest: of its definition and parameter values. reads: the tables it read; it would answer the same as
    long as none of them changes. truncated: the sentences on searches that it cut.
    """

    digest: str
    reads: frozenset[str]
    truncated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Basis:
    """A run's tables (as their manifest names them), code and steps.

    steps: by id of the rule or name of the explanation. explained: rows of `detect.exceptions.EXPLAINED`.
    """

    parts: tuple[Part, ...]
    code: str
    steps: Mapping[str, Step]
    explained: pl.DataFrame = field(compare=False)


def rule_digest(rule: Rule, values: Mapping[str, Any]) -> str:
    """Of all that decides a rule's findings besides code and tables: body, revision, parameter values."""
    return _digest(rule.id, str(rule.revision), body_digest(rule), encode(values))


def explanation_digest(name: str, values: Mapping[str, Any]) -> str:
    """Of all that decides whom an explanation holds for besides code and tables."""
    return _digest(name, encode(values))


@cache
def code_digest() -> str:
    """Of the Python files that findings come from."""
    every = hashlib.sha256()
    for folder in _CODE:
        for path in sorted((_ROOT / folder).rglob("*.py")):
            every.update(path.relative_to(_ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return every.hexdigest()


def basis_record(basis: Basis) -> dict[str, Any]:
    """Plain values for JSON, without `explained`."""
    return {
        "parts": as_json(basis.parts),
        "code": basis.code,
        "steps": {
            name: [step.digest, sorted(step.reads), list(step.truncated)]
            for name, step in sorted(basis.steps.items())
        },
    }


def basis_from(record: Mapping[str, Any], explained: pl.DataFrame) -> Basis:
    """The inverse of `basis_record`; ValueError, KeyError or TypeError when it is not of that form."""
    return Basis(
        from_json(record["parts"]),
        str(record["code"]),
        {
            name: Step(str(digest), frozenset(reads), tuple(truncated))
            for name, (digest, reads, truncated) in record["steps"].items()
        },
        explained,
    )


def _digest(*parts: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()
