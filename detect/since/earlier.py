"""An earlier run, and what of it holds: each rule is kept, run over changed accounts, or run anew."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

import polars as pl

from detect.results import Finding
from detect.since.basis import Basis, Step, code_digest
from detect.since.changed import OF_ACCOUNTS, Changed, changed_since
from graph.lake.tables import LakeTables


class Choice(Enum):
    """What to do about a rule or an explanation that was run before."""

    KEEP = auto()
    """Nothing that it read changed."""
    PART = auto()
    """Only rows of accounts changed, and it looks at each account's own: look at these accounts again."""
    ANEW = auto()


@dataclass(frozen=True, slots=True)
class Earlier:
    """The steps and findings of an earlier run (as rules made them, unmarked), and what changed since."""

    steps: Mapping[str, Step]
    findings: Mapping[str, Sequence[Finding]]
    explained: pl.DataFrame
    changed: Changed

    def choice(self, name: str, digest: str, reach: str) -> Choice:
        """What to do about the rule or explanation `name`, now of this digest and reach."""
        step = self.steps.get(name)
        if step is None or step.digest != digest:
            return Choice.ANEW
        touched = step.reads & self.changed.tables
        if not touched:
            return Choice.KEEP
        # How often a search was cut is said of all accounts together.
        local = reach == "account" and touched <= OF_ACCOUNTS and not step.truncated
        return Choice.PART if local else Choice.ANEW


def earlier_run(
    basis: Basis | None, findings: Callable[[], Iterable[Finding]], tables: LakeTables
) -> Earlier | None:
    """What a run on `basis` is worth for `tables`; None when nothing.

    Nothing, when there is no basis, when code changed, or when the tables were written whole since. findings:
    gives the run's unmarked findings, only asked when they are worth something.
    """
    if basis is None or basis.code != code_digest():
        return None
    changed = changed_since(basis.parts, tables)
    if changed is None:
        return None
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings():
        by_rule.setdefault(finding.rule, []).append(finding)
    return Earlier(basis.steps, by_rule, basis.explained, changed)
