"""`python -m cases findings`: lists findings with what people did about them, and takes a status."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cases.access import Role, Subject
from cases.findings_status.acts import FindingActs, Status
from cases.findings_status.standing import Queue, Standing, queue
from cases.findings_status.words import changes_said, status_said
from cases.findings_status.working import assign, set_status
from cases.handles import Handles, open_handles
from cases.scope import MASKED
from cases.sentences import sentences
from detect.results import Finding
from detect.store import open_findings
from graph.errors import InputError
from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import open_tables

FINDINGS = typer.Typer(no_args_is_help=True, help="Findings, and what people did about them.")
LAKE = Annotated[Path | None, typer.Option("--lake", help="Home folder; default DUANLIAN_HOME, else ./var.")]
JSON = Annotated[bool, typer.Option("--json", help="Print JSON.")]
BY = Annotated[str, typer.Option("--by", metavar="NAME", help="Who says so, by name.")]
ROLE = Annotated[Role, typer.Option("--role", help="That person's role at the desk.")]


@FINDINGS.command("list", epilog="Example: python -m cases findings list --status review --assignee NAME")
def list_findings(
    status: Annotated[Status | None, typer.Option("--status", help="Only findings in this status.")] = None,
    assignee: Annotated[str | None, typer.Option("--assignee", help="Only those given to NAME.")] = None,
    rule: Annotated[str | None, typer.Option("--rule", help="Only findings of this rule.")] = None,
    changed: Annotated[bool, typer.Option("--changed", help="Only those whose evidence changed.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 100,
    lake: LAKE = None, as_json: JSON = False, lang: Annotated[str, typer.Option("--lang")] = "zh",
) -> None:  # fmt: skip
    """List findings, masked, with status, assignee and what changed since; worked ones that are gone last."""
    with sentences():
        home = lake_home(lake)
        known, handles = _queue(home), open_handles(home)
        every = [*known.standings.values(), *known.gone]
        found = [
            _record(one, handles, lang)
            for one in every
            if (status is None or one.status is status)
            and (assignee is None or one.assignee == assignee)
            and (rule is None or _about(one)[1] == rule)
            and (bool(one.changes) or not changed)
        ]
    if as_json:
        typer.echo(json.dumps(found[:limit], ensure_ascii=False))
        return
    for one in found[:limit]:
        typer.echo(
            "  ".join(str(one[name]) for name in ("finding", "status", "subject", "assignee", "changed"))
        )
    if len(found) > limit:
        typer.echo(f"{len(found) - limit:,} more; raise --limit.")
    if not found:
        typer.echo("No finding fits; `python -m detect` makes findings.")


@FINDINGS.command("set", epilog="Example: python -m cases findings set F03-1a2b review --by NAME")
def set_one(
    finding: Annotated[str, typer.Argument(metavar="FINDING", help="Id as `findings list` prints it.")],
    status: Annotated[Status, typer.Argument(metavar="STATUS", help="new, review, lead, dismissed, done.")],
    by: BY,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; needed to dismiss.")] = "",
    role: ROLE = Role.INVESTIGATOR, lake: LAKE = None,
) -> None:  # fmt: skip
    """Say how far people are with a finding; kept for good, results of detection stay as they are."""
    with sentences():
        home = lake_home(lake)
        one = _one(home, finding)
        act = set_status(
            home, Subject(by, role), [one], status, reason, datetime.now(UTC),
            lake_digest=open_tables(home).digest.digest,
        )  # fmt: skip
    typer.echo(f"act {act.seq}: {finding} is {act.value}, says {act.done_by}")


@FINDINGS.command("assign", epilog="Example: python -m cases findings assign F03-1a2b NAME --by NAME")
def assign_one(
    finding: Annotated[str, typer.Argument(metavar="FINDING", help="Id as `findings list` prints it.")],
    assignee: Annotated[str, typer.Argument(metavar="NAME", help="Who is to look at it.")],
    by: BY, role: ROLE = Role.INVESTIGATOR, lake: LAKE = None,
) -> None:  # fmt: skip
    """Give a finding to somebody."""
    with sentences():
        home = lake_home(lake)
        one = _one(home, finding)
        digest = open_tables(home).digest.digest
        act = assign(home, Subject(by, role), [one], assignee, datetime.now(UTC), lake_digest=digest)
    typer.echo(f"act {act.seq}: {finding} is for {act.value or 'nobody'}, says {act.done_by}")


def _queue(home: LakeHome) -> Queue:
    return queue(FindingActs(home).history(), open_findings(home))


def _one(home: LakeHome, name: str) -> Finding:
    for one in open_findings(home):
        if one.finding_id == name:
            return one
    raise InputError("There is no such finding; `python -m cases findings list` lists them.")


def _about(one: Standing) -> tuple[str, str, Any]:
    """Id, rule and subject, of the finding or of what it was."""
    if one.finding is not None:
        return one.finding.finding_id, one.finding.rule, one.finding.subject
    if one.last is None:
        return "", "", None
    return one.last.finding_id, one.last.rule, one.last.subject


def _record(one: Standing, handles: Handles, lang: str) -> dict[str, Any]:
    name, rule, subject = _about(one)
    gone = {"zh": "该命中已不存在", "en": "no longer found"}["zh" if lang == "zh" else "en"]
    return {
        "finding": name,
        "rule": rule,
        "subject": f"{subject.type} {MASKED.key(subject)}",
        "handle": handles.of_ref(subject),
        "status": one.status.value,
        "said": status_said(one.status, lang),
        "assignee": one.assignee,
        "due": one.due.isoformat() if one.due else None,
        "changed": changes_said(one, lang) if one.finding is not None else gone,
        "acts": len(one.acts),
    }
