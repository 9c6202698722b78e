"""`python -m cases charts`: lists saved charts and shows one, masked."""

import getpass
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cases.access import Role, Subject
from cases.charts.keeping import charts_for, open_chart
from cases.charts.shelf import SavedChart, open_shelf
from cases.handles import Handles, open_handles
from cases.scope import MASKED
from cases.sentences import sentences
from graph.lake.home import lake_home

CHARTS = typer.Typer(no_args_is_help=True, help="Charts that people saved.")
LAKE = Annotated[Path | None, typer.Option("--lake", help="Home folder; default DUANLIAN_HOME, else ./var.")]
JSON = Annotated[bool, typer.Option("--json", help="Print JSON.")]
BY = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who asks; default: this login.")]
ROLE = Annotated[Role, typer.Option("--role", help="That person's role at the desk.")]


@CHARTS.command("list", epilog="Example: python -m cases charts list --by NAME --json")
def list_charts(
    by: BY = None, role: ROLE = Role.INVESTIGATOR, lake: LAKE = None, as_json: JSON = False
) -> None:
    """List the charts that NAME may open, newest first; exit code 1 when one of them is damaged."""
    with sentences():
        home = lake_home(lake)
        shelf, handles = open_shelf(home), open_handles(home)
        records = [_record(one, handles) for one in charts_for(shelf, _who(by, role))]
    if as_json:
        typer.echo(json.dumps({"charts": records, "problems": shelf.problems}, ensure_ascii=False))
    for one in [] if as_json else records:
        typer.echo(
            f"{one['chart']}  {one['title']}  v{one['version']}  {one['owner']}  {one['at']}  {one['items']}"
        )
    if not records and not as_json:
        typer.echo("No chart that you may open is saved here; save one on the screen “Explore”.")
    for sentence in shelf.problems:
        typer.echo(sentence, err=True)
    raise typer.Exit(1 if shelf.problems else 0)


@CHARTS.command(epilog="Example: python -m cases charts show HANDLE --version 2")
def show(
    chart: Annotated[str, typer.Argument(metavar="HANDLE", help="As `charts list` prints it.")],
    version: Annotated[int | None, typer.Option("--version", help="Default: the newest.")] = None,
    by: BY = None, role: ROLE = Role.INVESTIGATOR, lake: LAKE = None, as_json: JSON = False,
) -> None:  # fmt: skip
    """Show one version of a chart: its items masked, versions and comments; audited."""
    with sentences():
        home = lake_home(lake)
        found = open_chart(home, _who(by, role), chart, datetime.now(UTC), version)
        handles = open_handles(home)
        record = _record(found.chart, handles) | {
            "opened": found.version.number,
            "nodes": [f"{r.type} {MASKED.key(r)}" for r in found.drawing.board.shown],
            "versions": [_version(asdict(one), handles) for one in found.chart.versions],
            "comments": [
                {"by": one.by, "at": one.at.isoformat(timespec="seconds"), "text": handles.scrub(one.text)}
                for one in found.chart.comments
                if not one.withdrawn
            ],
        }
    if as_json:
        typer.echo(json.dumps(record, ensure_ascii=False))
        return
    typer.echo(f"{record['title']}  version {found.version.number} of {found.chart.last.number}")
    for line in record["nodes"]:
        typer.echo(f"  {line}")


def _record(chart: SavedChart, handles: Handles) -> dict[str, Any]:
    return {
        "chart": chart.handle,
        "title": handles.scrub(chart.title),
        "case": chart.case_no,
        "owner": chart.owner,
        "shared": chart.shared,
        "version": chart.last.number,
        "at": chart.last.at.isoformat(timespec="seconds"),
        "items": chart.last.nodes,
    }


def _version(one: dict[str, Any], handles: Handles) -> dict[str, Any]:
    return one | {"at": one["at"].isoformat(timespec="seconds"), "note": handles.scrub(one["note"])}


def _who(by: str | None, role: Role) -> Subject:
    return Subject(by or getpass.getuser(), role, every_case=True)
