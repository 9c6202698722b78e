"""`python -m export`: writes a gang map, a rule's hits or requests to banks, or pushes a map into a Neo4j."""

import getpass
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cases.access import Role, Subject
from export.delivery import Format
from export.orders import Order, export_gang, export_query
from export.printed import export_sentences, print_result
from export.requests.command import requests
from export.signs import LANGUAGES
from graph.lake.home import lake_home
from graph.lake.spill import spill_into

APP = typer.Typer(no_args_is_help=True, add_completion=False, help="Takes results out of the system.")


class Target(StrEnum):
    """What `--format` may say."""

    PYVIS = "pyvis"
    CSV = "csv"
    XLSX = "xlsx"
    NEO4J = "neo4j"


FORMAT = Annotated[Target, typer.Option("--format", help="pyvis: one HTML file; neo4j: push to --url.")]
OUT = Annotated[Path | None, typer.Option("--out", help="File to write; a manifest is written beside it.")]
FULL = Annotated[bool, typer.Option("--full", help="Whole personal values; needs --reason, is audited.")]
REASON = Annotated[str, typer.Option("--reason", help="Why whole personal values are needed.")]
LAKE = Annotated[Path | None, typer.Option("--lake", help="Home folder; default DUANLIAN_HOME, else ./var.")]
URL = Annotated[str, typer.Option("--url", help="Neo4j to push to; password in DUANLIAN_PUSH_PASSWORD.")]
DRY = Annotated[bool, typer.Option("--dry-run", help="Only count what a push would create.")]
JSON = Annotated[bool, typer.Option("--json", help="Print JSON.")]
LANG = Annotated[str, typer.Option("--lang", help="zh or en.")]
ACTOR = Annotated[str, typer.Option("--as", help="Who exports; default the login name.")]
ROLE = Annotated[Role, typer.Option("--role", help="The exporter's role.")]
CASE = Annotated[str | None, typer.Option("--case", help="Case number the export is for.")]
PURPOSE = Annotated[str, typer.Option("--purpose", help="Purpose, printed on the export.")]
APPROVER = Annotated[str | None, typer.Option("--approver", help="Who approved it; not the exporter.")]


@dataclass(frozen=True, slots=True)
class _Given:
    """The options of one call, as typed."""

    form: Target
    out: Path | None
    full: bool
    reason: str
    lake: Path | None
    url: str
    dry_run: bool
    lang: str
    actor: str
    role: Role
    case: str | None
    purpose: str
    approver: str | None


@APP.command(epilog="Example: python -m export gang G-0001 --format pyvis --out g.html")
def gang(
    gang_id: Annotated[str, typer.Argument(metavar="ID", help="As in `python -m detect gangs`.")],
    form: FORMAT = Target.PYVIS, out: OUT = None, full: FULL = False, reason: REASON = "",
    lake: LAKE = None, url: URL = "", dry_run: DRY = False, as_json: JSON = False, lang: LANG = "zh",
    actor: ACTOR = "", role: ROLE = Role.INVESTIGATOR, case: CASE = None, purpose: PURPOSE = "",
    approver: APPROVER = None,
) -> None:  # fmt: skip
    """Export the map of one gang. Masked unless --full; every export is audited."""
    given = _Given(form, out, full, reason, lake, url, dry_run, lang, actor, role, case, purpose, approver)
    with export_sentences():
        print_result(export_gang(_order(given), gang_id), as_json)


@APP.command(epilog="Example: python -m export query F09 --format xlsx --out f09.xlsx")
def query(
    rule_id: Annotated[str, typer.Argument(metavar="ID", help="Rule, as in `python -m detect rules`.")],
    form: FORMAT = Target.XLSX, out: OUT = None, full: FULL = False, reason: REASON = "",
    lake: LAKE = None, url: URL = "", dry_run: DRY = False, as_json: JSON = False, lang: LANG = "zh",
    actor: ACTOR = "", role: ROLE = Role.INVESTIGATOR, case: CASE = None, purpose: PURPOSE = "",
    approver: APPROVER = None,
) -> None:  # fmt: skip
    """Export what one rule found in the last detection. Masked unless --full; every export is audited."""
    given = _Given(form, out, full, reason, lake, url, dry_run, lang, actor, role, case, purpose, approver)
    with export_sentences():
        print_result(export_query(_order(given), rule_id), as_json)


def _order(given: _Given) -> Order:
    """The call as an order; wrong usage ends with exit code 2."""
    pushing = given.form is Target.NEO4J
    if pushing and not given.url:
        raise typer.BadParameter("A push needs --url neo4j://host:7687.", param_hint="--url")
    if not pushing and given.out is None:
        raise typer.BadParameter("Name the file to write with --out.", param_hint="--out")
    if not pushing and given.dry_run:
        raise typer.BadParameter("Only a push has a dry run.", param_hint="--dry-run")
    language = next((known for known in LANGUAGES if known == given.lang), None)
    if language is None:
        raise typer.BadParameter("zh or en.", param_hint="--lang")
    home = lake_home(given.lake)
    spill_into(home)
    return Order(
        home=home,
        # One installation, one team: case binding is the desk's own, so every case is open here.
        subject=Subject(given.actor or getpass.getuser(), given.role, every_case=True),
        at=datetime.now(UTC),
        form=None if pushing else Format(given.form.value),
        out=given.out,
        url=given.url,
        user=os.environ.get("DUANLIAN_PUSH_USER", "neo4j"),
        password=os.environ.get("DUANLIAN_PUSH_PASSWORD", ""),
        dry_run=given.dry_run,
        full=given.full,
        reason=given.reason,
        case=given.case,
        purpose=given.purpose,
        approver=given.approver,
        language=language,
    )


APP.command(
    "requests",
    epilog="Example: python -m export requests --kind stop --case A990100000001 --out requests/ --account NO",
)(requests)


if __name__ == "__main__":
    APP(prog_name="python -m export")
