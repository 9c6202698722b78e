"""`python -m cases`: the audit, saved charts, and what people said of roles and findings."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from cases.audit import Audit, audit_path
from cases.charts.commands import CHARTS
from cases.findings_status.commands import FINDINGS
from cases.roles.commands import ROLES
from cases.sentences import sentences
from graph.lake.home import lake_home

APP = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Case records: audit, roles, charts, findings."
)
AUDIT = typer.Typer(no_args_is_help=True, help="The append-only record of who read or took what, and why.")
APP.add_typer(AUDIT, name="audit")
APP.add_typer(ROLES, name="roles")
APP.add_typer(CHARTS, name="charts")
APP.add_typer(FINDINGS, name="findings")

LAKE = Annotated[Path | None, typer.Option("--lake", help="Home folder; default DUANLIAN_HOME, else ./var.")]
JSON = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@APP.callback()
def commands() -> None:
    """Case records: the audit, saved charts, and what people said of roles and findings."""


@AUDIT.command(epilog="Example: python -m cases audit verify --head 41:9f2c...")
def verify(
    lake: LAKE = None,
    head: Annotated[
        str | None, typer.Option(help="A head `seq:hash` kept elsewhere; finds a cut tail.")
    ] = None,
    as_json: JSON = False,
) -> None:
    """Check every row of the audit; exit code 1 names the first bad row."""
    if head is not None and not head.partition(":")[0].isdigit():
        raise typer.BadParameter(
            "A head looks like 41:9f2c..., as printed on an export.", param_hint="--head"
        )
    with sentences():
        verdict = Audit(audit_path(lake_home(lake))).verify(head)
    if as_json:
        typer.echo(json.dumps({**asdict(verdict), "ok": verdict.bad_seq is None}))
    elif verdict.bad_seq is None:
        typer.echo(f"{verdict.rows} rows hold; head {verdict.head}")
    else:
        typer.echo(f"Row {verdict.bad_seq} is bad: {verdict.problem}", err=True)
    raise typer.Exit(0 if verdict.bad_seq is None else 1)


@AUDIT.command("list", epilog="Example: python -m cases audit list --limit 20 --json")
def list_rows(
    lake: LAKE = None,
    limit: Annotated[int, typer.Option(min=1, help="How many rows, newest first.")] = 50,
    as_json: JSON = False,
) -> None:
    """Print the newest rows; objects are keyed handles, never keys."""
    rows = Audit(audit_path(lake_home(lake))).rows(limit)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(_line(row))
    if not rows:
        typer.echo("The audit is empty; the first read or export writes its first row.")


def _line(row: dict[str, Any]) -> str:
    where = f" of {row['intent_seq']}" if row["intent_seq"] else ""
    taken = "" if row["rows"] is None else f", {row['rows']} rows"
    objects = len(json.loads(row["objects"]))
    return (
        f"{row['seq']:>6}  {row['at'][:19]}Z  {row['actor']} ({row['role']})  {row['action']}"
        f"  {row['outcome']}{where}{taken}, {objects} objects"
    )


if __name__ == "__main__":
    APP(prog_name="python -m cases")
