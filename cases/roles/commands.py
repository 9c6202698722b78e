"""`python -m cases roles`: lists proposed and decided roles; confirms, refutes and withdraws them."""

import getpass
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cases.access import Action, Context, Role, Subject, Target
from cases.handles import Handles, open_handles
from cases.reading import permitted
from cases.roles.acts import Act, RoleActs
from cases.roles.deciding import decide_role, named_person, proposal_of, withdraw_role
from cases.roles.standing import RoleStanding, RoleState, evidence_rows, open_decisions
from cases.roles.words import changes_said, mark_said
from cases.scope import MASKED, Scope
from cases.sentences import sentences
from detect.role_words import role_label
from detect.store import detection_state, open_detection
from graph.contract import Ref
from graph.errors import InputError
from graph.lake.home import LakeHome, lake_home
from graph.lake.spill import spill_into
from graph.lake.tables import open_tables

ROLES = typer.Typer(no_args_is_help=True, help="What proposed roles people confirmed or refuted.")
LAKE = Annotated[Path | None, typer.Option("--lake", help="Home folder; default DUANLIAN_HOME, else ./var.")]
JSON = Annotated[bool, typer.Option("--json", help="Print JSON.")]
LANG = Annotated[str, typer.Option("--lang", help="zh or en.")]
PERSON = Annotated[str, typer.Argument(metavar="PERSON", help="Handle as `roles list` prints it, or key.")]
CODE = Annotated[str, typer.Argument(metavar="CODE", help="Role code, such as card_provider.")]
BY = Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides, by name.")]
REASON = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept for good.")]
ROLE = Annotated[Role, typer.Option("--role", help="That person's role at the desk.")]
CASE = Annotated[str | None, typer.Option("--case", help="Case number it is done under.")]


@ROLES.command("list", epilog="Example: python -m cases roles list --state confirmed --json")
def list_roles(
    state: Annotated[RoleState | None, typer.Option("--state", help="Only roles in this state.")] = None,
    gang: Annotated[str | None, typer.Option("--gang", help="Only members of this gang.")] = None,
    changed: Annotated[bool, typer.Option("--changed", help="Only those decided on other evidence.")] = False,
    show_keys: Annotated[bool, typer.Option("--show-keys", help="Whole keys and reasons; audited.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why whole keys are needed.")] = "",
    role: ROLE = Role.INVESTIGATOR, lake: LAKE = None, as_json: JSON = False, lang: LANG = "zh",
) -> None:  # fmt: skip
    """List roles, proposed and decided, masked; a decision whose evidence has changed says so."""
    language = _language(lang)
    with sentences():
        home = _home(lake)
        scope = _scope(home, show_keys, reason, role)
        found = [
            (gang_id, one)
            for gang_id, one in _standings(home)
            if (state is None or one.state is state)
            and (gang is None or gang_id == gang)
            and (one.changes or not changed)
        ]
        records = [_record(gang_id, one, scope, open_handles(home)) for gang_id, one in found]
    if as_json:
        typer.echo(json.dumps(records, ensure_ascii=False))
        return
    for record, (gang_id, one) in zip(records, found, strict=True):
        typer.echo(f"{record['handle']}  {record['person']}  {_line(gang_id, one, language)}")
    if not records:
        typer.echo("No role is proposed or decided here; `python -m detect` proposes roles.")


@ROLES.command(epilog="Example: python -m cases roles confirm HANDLE card_provider --by NAME --reason TEXT")
def confirm(
    person: PERSON, code: CODE, by: BY, reason: REASON, role: ROLE = Role.INVESTIGATOR, case: CASE = None,
    lake: LAKE = None, as_json: JSON = False,
) -> None:  # fmt: skip
    """Confirm a proposed role: from now on exports say it as yours, with name and day."""
    with sentences():
        _told(_home(lake), _decided(_home(lake), person, code, "confirm", Subject(by, role), reason, case),
              as_json)  # fmt: skip


@ROLES.command(epilog="Example: python -m cases roles refute HANDLE caller --by NAME --reason TEXT")
def refute(
    person: PERSON, code: CODE, by: BY, reason: REASON, role: ROLE = Role.INVESTIGATOR, case: CASE = None,
    lake: LAKE = None, as_json: JSON = False,
) -> None:  # fmt: skip
    """Refute a proposed role: no export shows it any more, they only count it."""
    with sentences():
        _told(_home(lake), _decided(_home(lake), person, code, "refute", Subject(by, role), reason, case),
              as_json)  # fmt: skip


@ROLES.command(epilog="Example: python -m cases roles withdraw HANDLE caller --by NAME --reason TEXT")
def withdraw(
    person: PERSON, code: CODE, by: BY, reason: REASON = "", role: ROLE = Role.INVESTIGATOR,
    case: CASE = None, lake: LAKE = None, as_json: JSON = False,
) -> None:  # fmt: skip
    """Take a decision back: the role is a proposal again, the record keeps both."""
    with sentences():
        home = _home(lake)
        key, at = named_person(home, person), datetime.now(UTC)
        _told(home, withdraw_role(home, Subject(by, role), key, code, reason, at, case=case), as_json)


@ROLES.command(epilog="Example: python -m cases roles history --json")
def history(lake: LAKE = None, as_json: JSON = False) -> None:
    """Print every decision, oldest first, masked; exit code 1 when the record is damaged."""
    with sentences():
        home = _home(lake)
        acts = RoleActs(home).history()
        records = [_act_record(act, MASKED, open_handles(home)) for act in acts]
    if as_json:
        typer.echo(json.dumps(records, ensure_ascii=False))
        return
    for one in records:
        typer.echo(f"{one['seq']:>4}  {one['at']}  {one['decided_by']}  {one['verdict']}  {one['role']}"
                   f"  {one['person']}  {one['handle']}")  # fmt: skip
    if not records:
        typer.echo("Nobody has decided about a role yet.")


def _decided(
    home: LakeHome, person: str, code: str, verdict: Any, who: Subject, reason: str, case: str | None
) -> Act:
    """The stored decision about a proposal that stands in the last detection."""
    found = open_detection(home)
    if found is None or detection_state(home) == "stale":
        raise InputError("Roles are decided on fresh results; run `python -m detect` first.")
    proposal = proposal_of(found, named_person(home, person), code)
    if proposal is None:
        raise InputError("That role is not proposed for that person; `python -m cases roles list` says more.")
    return decide_role(home, who, proposal, verdict, reason, datetime.now(UTC), case=case)


def _standings(home: LakeHome) -> Iterator[tuple[str, RoleStanding]]:
    """Every role with the gang of its person, in the gangs' order; those of persons in none come last."""
    found, decisions = open_detection(home), open_decisions(home, open_tables(home))
    gangs = found.gangs if found else ()
    for gang in gangs:
        for member in sorted(gang.members, key=lambda m: m.ref):
            yield from ((gang.gang_id, one) for one in decisions.of(member))
    yield from (("", one) for one in decisions.outside(gangs))


def _record(gang_id: str, one: RoleStanding, scope: Scope, handles: Handles) -> dict[str, Any]:
    """One entry of `roles list --json`."""
    return {
        "gang_id": gang_id,
        "person": scope.key(Ref("Person", one.person)),
        "handle": handles.of_ref(Ref("Person", one.person)),
        "role": one.role,
        "state": one.state.value,
        "score": one.score,
        "changes": [change.value for change in one.changes],
        "said": {language: mark_said(one, language) for language in ("zh", "en")},
        "decision": _act_record(one.act, scope, handles) if one.act else None,
    }


def _act_record(act: Act, scope: Scope, handles: Handles) -> dict[str, Any]:
    """One decision as plain values; long numbers of its reason are handles unless keys are shown."""
    ref = Ref("Person", act.person)
    return {
        "seq": act.seq,
        "at": act.at.isoformat(timespec="seconds"),
        "verdict": act.verdict,
        "person": scope.key(ref),
        "handle": handles.of_ref(ref),
        "role": act.role,
        "decided_by": act.decided_by,
        "desk_role": act.desk_role,
        "reason": act.reason if scope.full else handles.scrub(act.reason),
        "gang_id": act.gang_id,
        "lake_digest": act.lake_digest,
        "score": act.score,
        "rows": len(evidence_rows(act.evidence)),
    }


def _line(gang_id: str, one: RoleStanding, language: str) -> str:
    score = "    " if one.score is None else f"{one.score:.2f}"
    parts = [role_label(one.role, language), mark_said(one, language), changes_said(one, language)]
    return f"{gang_id or '-'}  {one.role}  {score}  " + "  ".join(part for part in parts if part)


def _told(home: LakeHome, act: Act, as_json: bool) -> None:
    record = _act_record(act, MASKED, open_handles(home))
    if as_json:
        typer.echo(json.dumps(record, ensure_ascii=False))
        return
    typer.echo(f"decision {act.seq}: {record['person']} {act.role} {act.verdict} by {act.decided_by}")


def _scope(home: LakeHome, show_keys: bool, reason: str, role: Role) -> Scope:
    """What is shown; whole keys are decided on and audited first."""
    if not show_keys:
        return MASKED
    who = Subject(getpass.getuser(), role, every_case=True)
    context, at = Context(purpose="roles list", reason=reason), datetime.now(UTC)
    with permitted(home, who, Action.UNMASK, Target("role"), context, at) as permit:
        return permit.scope


def _home(lake: Path | None) -> LakeHome:
    home = lake_home(lake)
    spill_into(home)
    return home


def _language(lang: str) -> str:
    if lang not in ("zh", "en"):
        raise typer.BadParameter("zh or en.", param_hint="--lang")
    return lang
