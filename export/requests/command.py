"""`python -m export requests`: stop, freeze, renewal, lifting and evidence sheets, one file a bank."""

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cases.access import Role, Subject
from export.delivery import Format
from export.orders import Order
from export.printed import export_sentences, print_result
from export.requests.items import Wanted
from export.requests.kinds import RequestKind
from export.requests.making import export_requests
from export.signs import LANGUAGES, Language
from funds.controls.events import Mode
from funds.yuan import read_yuan
from graph.lake.home import lake_home
from graph.lake.spill import spill_into
from graph.parameters import read_instant


def requests(
    kind: Annotated[RequestKind, typer.Option("--kind", help="What the bank is asked for.")],
    case: Annotated[str, typer.Option("--case", help="Case number the request is for.")],
    out: Annotated[Path, typer.Option("--out", help="Folder to write into; manifest beside the files.")],
    account: Annotated[
        list[str] | None,
        typer.Option("--account", help="Account (again for more); none: where the case's money lies."),
    ] = None,
    now: Annotated[str, typer.Option("--now", help="As of then, UTC+8 without a zone; default now.")] = "",
    document: Annotated[str, typer.Option("--document", help="Legal document no.; else a blank.")] = "",
    amount: Annotated[str, typer.Option("--amount-yuan", help="Amount, for one account.")] = "",
    mode: Annotated[Mode, typer.Option("--mode", help="Of a stop or freeze.")] = Mode.LIMIT,
    since: Annotated[str, typer.Option("--from", help="evidence: rows from this instant on.")] = "",
    until: Annotated[str, typer.Option("--to", help="evidence: rows up to this instant.")] = "",
    officer: Annotated[str, typer.Option("--officer", help="Who signs; else a blank.")] = "",
    full: Annotated[bool, typer.Option("--full", help="Whole numbers; needs --reason, is audited.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why whole personal values are needed.")] = "",
    approver: Annotated[str | None, typer.Option("--approver", help="Who approved; not you.")] = None,
    purpose: Annotated[str, typer.Option("--purpose", help="Purpose, kept in manifest and audit.")] = "",
    lake: Annotated[Path | None, typer.Option("--lake", help="Home; default DUANLIAN_HOME, ./var.")] = None,
    lang: Annotated[str, typer.Option("--lang", help="zh or en.")] = "zh",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    actor: Annotated[str, typer.Option("--as", help="Who exports; default the login name.")] = "",
    role: Annotated[Role, typer.Option("--role", help="The exporter's role.")] = Role.INVESTIGATOR,
) -> None:
    """Write request sheets to banks, DOCX and XLSX, one of each a bank. Masked drafts unless --full."""
    home = lake_home(lake)
    spill_into(home)
    clock = datetime.now(UTC)
    asked_at = _instant(now, "--now") or clock
    order = Order(
        home=home,
        subject=Subject(actor or getpass.getuser(), role, every_case=True),
        at=clock,
        form=Format.XLSX,
        out=out,
        full=full,
        reason=reason,
        case=case,
        purpose=purpose or f"request {kind.value}",
        approver=approver,
        language=_language(lang),
    )
    span = (_instant(since, "--from"), _instant(until, "--to"))
    if kind is not RequestKind.EVIDENCE and span != (None, None):
        raise typer.BadParameter("Only evidence has a span of rows.", param_hint="--from")
    wanted = Wanted(kind, tuple(account or ()), case, asked_at, document, _fen(amount), mode, *span, officer)
    with export_sentences():
        print_result(export_requests(order, wanted), as_json)


def _language(text: str) -> Language:
    found = next((known for known in LANGUAGES if known == text), None)
    if found is None:
        raise typer.BadParameter("zh or en.", param_hint="--lang")
    return found


def _instant(text: str, option: str) -> datetime | None:
    if not text:
        return None
    try:
        return read_instant(text)
    except ValueError:
        raise typer.BadParameter("An instant, as 2024-03-01T09:00+08:00.", param_hint=option) from None


def _fen(text: str) -> int | None:
    if not text:
        return None
    try:
        fen = read_yuan(text)
    except ValueError:
        fen = 0
    if fen <= 0:
        raise typer.BadParameter("Yuan above zero with two decimals at most.", param_hint="--amount-yuan")
    return fen
