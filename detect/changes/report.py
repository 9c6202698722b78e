"""Prints the proposals: JSON, or lines for people; keys masked unless asked."""

from typing import Any

from rich.console import Console

from detect.changes.said import against_said, change_sentence, kind_said, unseen_sentence
from detect.changes.values import Change, Changes
from detect.plain import row_lists
from detect.report import SHOWN, print_json, shown_key
from graph.contract import Ref


def change_record(change: Change, show_keys: bool) -> dict[str, Any]:
    """One entry of `detect changes --json`; times are ISO 8601 in UTC."""

    def shown(ref: Ref) -> str:
        return shown_key(ref, show_keys)

    return {
        "change": change.change_id,
        "type": change.old.type,
        "old": shown(change.old),
        "new": shown(change.new),
        "how": change.how,
        "ended_at": change.ended_at.isoformat(),
        "began_at": change.began_at.isoformat(),
        "score": change.score,
        "weight": change.weight,
        "margin": change.margin,
        "stability": change.stability,
        "decided": change.decided,
        "together": change.together,
        "rivals": [shown(rival) for rival in change.rivals],
        "signs": [
            {
                "kind": sign.kind,
                "type": sign.before.type,
                "before": shown(sign.before),
                "after": shown(sign.after),
                "carried": sign.carried,
                "value": sign.value,
                "before_rows": row_lists(sign.before_rows),
                "after_rows": row_lists(sign.after_rows),
            }
            for sign in change.signs
        ],
        "against": [{"name": a.name, "value": a.value, "rows": row_lists(a.rows)} for a in change.against],
        "said": {language: change_sentence(change, language, shown) for language in ("zh", "en")},
    }


def show_changes(changes: Changes, as_json: bool, show_keys: bool) -> None:
    """Print all as JSON, or the 30 heaviest in words with what speaks for and against them."""
    if as_json:
        print_json(
            {
                "unseen": list(changes.unseen),
                "ended": dict(changes.ended),
                "began": dict(changes.began),
                "changes": [change_record(change, show_keys) for change in changes.changes],
            }
        )
        return
    console = Console()
    for language in ("zh", "en"):
        if changes.unseen:
            console.print(unseen_sentence(changes, language), markup=False, highlight=False)
    if not changes.changes:
        console.print("No replacement is proposed; that does not mean that there was none.")
    for change in changes.changes[:SHOWN]:
        console.print(f"{change.change_id}  weight {change.weight:.3f}", style="bold")
        for language in ("zh", "en"):
            said = change_sentence(change, language, lambda ref: shown_key(ref, show_keys))
            points = "; ".join(against_said(point, language) for point in change.against)
            console.print(f"  {said}", markup=False, highlight=False)
            console.print(f"    ! {points}" if points else "", markup=False, highlight=False, end="\n")
        for sign in change.signs[:5]:
            console.print(f"    {_sign(sign.kind, sign.before, sign.after, show_keys)}", markup=False)
    if len(changes.changes) > SHOWN:
        console.print(f"{SHOWN} of {len(changes.changes)} shown; --json prints all.")


def _sign(kind: str, before: Ref, after: Ref, show_keys: bool) -> str:
    there = shown_key(before, show_keys)
    over = "" if before == after else f" -> {shown_key(after, show_keys)}"
    return f"{kind_said(kind, 'en')} {there}{over}"
