"""What new rows bring: the findings that the rules give now and the stored results do not hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from detect.explain import message
from detect.plain import ref_record, row_lists
from detect.report import SHOWN, print_json, shown_key
from detect.results import Finding
from detect.rule import Rule
from graph.contract import Ref


@dataclass(frozen=True, slots=True)
class News:
    """new: findings the stored results lack; other: those with other rows, values or score; both best first.

    gone: ids of stored findings that no rule gives any more, sorted. revised: rules whose stored findings are
    of another revision, so that what is new need not come from new rows.
    """

    new: tuple[Finding, ...]
    other: tuple[Finding, ...]
    gone: tuple[str, ...]
    revised: tuple[str, ...]


def news(before: Sequence[Finding], now: Sequence[Finding]) -> News:
    """What `now` has beyond `before`."""
    known = {finding.finding_id: finding for finding in before}
    present = {finding.finding_id for finding in now}
    ranked = sorted(now, key=lambda finding: (-finding.score, finding.finding_id))
    return News(
        tuple(one for one in ranked if one.finding_id not in known),
        tuple(one for one in ranked if one.finding_id in known and one != known[one.finding_id]),
        tuple(sorted(known.keys() - present)),
        tuple(sorted(_revised(before, now))),
    )


def _revised(before: Sequence[Finding], now: Sequence[Finding]) -> set[str]:
    stored = {finding.rule: finding.revision for finding in before}
    return {one.rule for one in now if stored.get(one.rule, one.revision) != one.revision}


def show_news(found: News, rules: Mapping[str, Rule], as_json: bool, show_keys: bool) -> None:
    """Print all as JSON, or the 30 best new findings in words in both languages."""
    if as_json:
        print_json(
            {
                "new": [_record(one, rules, show_keys) for one in found.new],
                "other": [_record(one, rules, show_keys) for one in found.other],
                "gone": list(found.gone),
                "revised": list(found.revised),
            }
        )
        return
    console = Console()
    console.print(
        f"{len(found.new)} new findings, {len(found.other)} with other rows or score, {len(found.gone)} gone;"
        " gangs and mules are as of the last whole run."
    )
    if found.revised:
        console.print(f"Changed since the last run, so not of new rows alone: {', '.join(found.revised)}.")
    for one in found.new[:SHOWN]:
        console.print(f"{one.finding_id} {one.score:.2f}", style="bold")
        for language in ("zh", "en"):
            said = message(one, rules[one.rule], language, show_keys=show_keys)
            console.print(f"  {said}", markup=False, highlight=False)
    if len(found.new) > SHOWN:
        console.print(f"{len(found.new) - SHOWN} more; --json gives all.")


def _record(finding: Finding, rules: Mapping[str, Rule], show_keys: bool) -> dict[str, Any]:
    def shown(ref: Ref) -> str:
        return shown_key(ref, show_keys)

    return {
        "finding": finding.finding_id,
        "rule": finding.rule,
        "revision": finding.revision,
        "subject": ref_record(finding.subject, shown),
        "score": finding.score,
        "first_at": finding.first_at.isoformat() if finding.first_at else None,
        "last_at": finding.last_at.isoformat() if finding.last_at else None,
        "message": {
            language: message(finding, rules[finding.rule], language, show_keys=show_keys)
            for language in ("zh", "en")
        },
        "rows": row_lists(finding.rows),
    }
