"""The command `python -m ingest map FILE`: prints a proposal and keeps it once a person names it."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from graph.errors import InputError, UnknownColumns
from graph.lake.home import LakeHome
from ingest.mapping.preview import Preview, preview, samples
from ingest.mapping.proposal import ColumnProposal, Proposal, propose
from ingest.mapping.reading import look_at
from ingest.mapping.save import Confirmed, decide, recognised, save_layout
from ingest.overlay import layouts_in
from ingest.unknown import UnknownTable


@dataclass(frozen=True, slots=True)
class MapOptions:
    """What the command line says."""

    template: str | None = None
    sheet: str | None = None
    save: str | None = None
    said: tuple[str, ...] = ()
    as_json: bool = False
    full: bool = False
    by: str = ""
    """Who says yes to the mapping, for `save`."""


def run_map(home: LakeHome, path: Path, options: MapOptions, at: datetime) -> int:
    """Propose, show ten rows, save when asked to; 0 when every needed column has a field, else 1.

    Nothing is loaded: after `--save` the file is loaded like any other. at: now, kept with who said yes.
    """
    layouts = layouts_in(home)
    table = look_at(home, path, path.name, layouts, options.sheet)
    proposal = propose(table, layouts, options.template)
    fields = decide(table, proposal, _pairs(options.said))
    shown: Preview | None = None
    text = refusal = ""
    try:
        known, text = recognised(options.save or "unnamed", table, proposal, fields)
        shown = preview(table, known, full=options.full)
    except UnknownColumns as error:
        refusal = error.message
    if proposal.weak and options.template is None:
        refusal = f"No template fits {table.file} well; name the right one with --template."
    if options.save and not refusal:
        save_layout(home, options.save, text, Confirmed(options.by, at))
    if options.as_json:
        print(json.dumps(_as_json(table, proposal, fields, shown, refusal, options), ensure_ascii=False))
    else:
        _print(table, proposal, fields, shown, options)
        if refusal:
            print(f"{refusal} Columns are named with --set COLUMN=field.", file=sys.stderr)
        elif options.save:
            print(f"Kept as templates/{options.save}.yml; load the file with: python -m ingest {path.name}")
    return 1 if refusal else 0


def _pairs(said: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for text in said:
        column, sign, field = text.rpartition("=")
        if not sign or not column:
            raise InputError(f"--set {text!r} is no COLUMN=field; an empty field leaves the column out.")
        pairs[column] = field
    return pairs


def _as_json(
    table: UnknownTable,
    proposal: Proposal,
    fields: Mapping[int, str],
    shown: Preview | None,
    refusal: str,
    options: MapOptions,
) -> dict[str, Any]:
    return {
        "file": table.file,
        "sheet": table.grid.sheet,
        "header_line": table.grid.header_line,
        "template": proposal.template.name,
        "score": proposal.score,
        "weak": proposal.weak,
        "runner_up": proposal.runner_up,
        "columns": [
            {
                "column": column.index + 1,
                "header": column.header,
                "field": fields.get(column.index),
                "proposed": column.field,
                "ambiguous": list(column.ambiguous),
                "filled": column.filled,
                "candidates": [
                    {
                        "field": c.field,
                        "score": round(c.score, 2),
                        "reasons": list(c.en),
                        "reasons_zh": list(c.zh),
                    }
                    for c in column.candidates
                ],
                "samples": _samples(table, proposal, column, fields, options.full),
            }
            for column in proposal.columns
        ],
        "missing": [list(group) for group in proposal.missing],
        "direction_codes": dict(proposal.direction_codes),
        "rows": [dict(row) for row in shown.rows] if shown else [],
        "passed": shown.passed if shown else 0,
        "rejected": dict(shown.rejected) if shown else {},
        "saved": options.save if options.save and not refusal else None,
        "refusal": refusal,
    }


def _print(
    table: UnknownTable,
    proposal: Proposal,
    fields: Mapping[int, str],
    shown: Preview | None,
    options: MapOptions,
) -> None:
    console = Console(width=None if sys.stdout.isatty() else 200)
    other = f", then {proposal.runner_up[0]} {proposal.runner_up[1]:.2f}" if proposal.runner_up else ""
    place = f"header in row {table.grid.header_line}"
    print(f"{table.file}: {proposal.template.name} {proposal.score:.2f}{other}; {place}")
    grid = Table("#", "column", "field", "score", "why", "else", "values", box=None)
    for column in proposal.columns:
        grid.add_row(
            str(column.index + 1),
            column.header,
            *_said(column, fields),
            _values(table, proposal, column, fields, options),
        )
    console.print(grid)
    if proposal.direction_codes:
        codes = ", ".join(f"{code} = {way}" for code, way in proposal.direction_codes.items())
        print(f"By the running balance the direction codes mean: {codes}.")
    if shown is None:
        return
    rows = Table(*shown.fields, box=None)
    for row in shown.rows:
        rows.add_row(*(row[field] for field in shown.fields))
    console.print(rows)
    rejected = ", ".join(f"{count} {code}" for code, count in shown.rejected.items()) or "none"
    print(f"Of the first rows {shown.passed} would load; rejected: {rejected}.")


def _said(column: ColumnProposal, fields: Mapping[int, str]) -> tuple[str, str, str, str]:
    field = fields.get(column.index)
    found = next((c for c in column.candidates if c.field == field), None)
    if found is not None:
        others = [c for c in column.candidates if c.field != field][:1]
        second = f"{others[0].field} {others[0].score:.2f}" if others else ""
        return found.field, f"{found.score:.2f}", "; ".join(found.en), second
    if field is not None:
        return field, "", "you said so", ""
    if column.ambiguous:
        best = column.candidates[0]
        return "?", f"{best.score:.2f}", f"as good: {best.field}, {', '.join(column.ambiguous)}", ""
    return "-", "", "", ""


def _values(
    table: UnknownTable,
    proposal: Proposal,
    column: ColumnProposal,
    fields: Mapping[int, str],
    options: MapOptions,
) -> str:
    return " | ".join(_samples(table, proposal, column, fields, options.full))


def _samples(
    table: UnknownTable, proposal: Proposal, column: ColumnProposal, fields: Mapping[int, str], full: bool
) -> list[str]:
    field = fields.get(column.index)
    guess = field or (column.candidates[0].field if column.candidates else "")
    kind = proposal.template.columns[guess].kind if guess else ""
    return samples(table, column.index, field, kind, full=full)
