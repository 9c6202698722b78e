"""Every sign on an account as a number: its strongest finding of each rule, and its innocent explanations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from detect.exceptions import InnocentExplanation, explained, load_exceptions
from detect.excuses import rule_score
from detect.facts import Facts
from detect.results import Finding
from detect.rule import Rule
from detect.run import RUN_STATES

SIGN_SCHEMA: dict[str, pl.DataType] = {
    "account": pl.String(),
    "sign": pl.String(),
    "strength": pl.Float64(),
    "finding": pl.String(),
}
_EXCEPTION = "exception"


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign. kind: `subject` or `others` of a rule's findings, or `exception`; of: the id or the name."""

    kind: str
    of: str

    @property
    def name(self) -> str:
        """`F09 subject`, `F09 others`, `exception merchant`: no finding and no account is in it."""
        return f"{_EXCEPTION} {self.of}" if self.innocent else f"{self.of} {self.kind}"

    @property
    def innocent(self) -> bool:
        """Whether it speaks for innocence."""
        return self.kind == _EXCEPTION


def known_signs(rules: Sequence[Rule], exceptions: Sequence[InnocentExplanation]) -> tuple[Sign, ...]:
    """Every sign that detection can give: two of each rule that runs, in order of id, then the exceptions."""
    run = sorted(rule.id for rule in rules if rule.status in RUN_STATES and rule.form != "query")
    signs = [Sign(kind, rule) for rule in run for kind in ("subject", "others")]
    return (*signs, *(Sign(_EXCEPTION, name) for name in sorted(one.name for one in exceptions)))


def account_signs(
    findings: Iterable[Finding], facts: Facts, exceptions: Sequence[InnocentExplanation] | None = None
) -> pl.DataFrame:
    """The signs on accounts with the columns of SIGN_SCHEMA, by account, sign; one row for each pair.

    strength (above 0, to 1): the highest score that the rule itself gave, or how strongly an explanation
    holds: each is a sign of its own, so none is taken off the other. finding: the one of that score (least id
    of equals), null for explanations. exceptions: those to try, all when None. Explanations are listed for
    every account they hold for, with findings or without.
    """
    best: dict[tuple[str, str], tuple[float, str]] = {}
    for finding in findings:
        named = [("subject", finding.subject), *(("others", other) for other in finding.others)]
        for kind, ref in named:
            score = rule_score(finding)
            if ref.type != "Account" or score <= 0:
                continue
            key = (ref.key, Sign(kind, finding.rule).name)
            known = best.get(key)
            if known is None or (-score, finding.finding_id) < (-known[0], known[1]):
                best[key] = (score, finding.finding_id)
    rows = [(account, sign, score, finding) for (account, sign), (score, finding) in best.items()]
    found = pl.DataFrame(rows, schema=SIGN_SCHEMA, orient="row")
    tried = load_exceptions() if exceptions is None else exceptions
    held = explained(facts, tuple(tried)).select(
        "account",
        pl.concat_str(pl.lit(f"{_EXCEPTION} "), pl.col("exception")).alias("sign"),
        pl.col("strength").cast(pl.Float64),
        pl.lit(None, dtype=pl.String).alias("finding"),
    )
    return pl.concat([found, held]).sort("account", "sign")
