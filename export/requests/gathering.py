"""Fills a request out of the graph: accounts, holders, banks, amounts, reasons, and what the law refuses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import polars as pl

from detect.results import Finding
from detect.rule import Rule
from export.requests.allowed import answers, readings
from export.requests.items import Holder, Item, NotAsked, Request, Said, Span, Wanted
from export.requests.kinds import RequestKind
from export.requests.reasons import (
    Traced,
    arrivals_of,
    case_reports,
    finding_reasons,
    lies_here,
    owners_of,
    reached,
    trace_reason,
    traced_here,
)
from export.requests.spans import missing_spans
from funds.controls.account import Order
from funds.controls.reading import Reading
from funds.controls.refusals import Refusal
from funds.refund.ground import RefundGround
from graph.contract import Ref
from graph.errors import InputError
from graph.lake.tables import LakeTables
from graph.parameters import CHINA

_HOLDS = (RequestKind.STOP, RequestKind.FREEZE)
_NOT_HERE = Said(
    "数据中没有该账户，无从填写；请核对账号。",
    "The data names no such account, so nothing can be filled in; check the number.",
)
_WHOLE = Said(
    "明细至今没有缺口，无须调取；如需指定时间段，请写明起止。",
    "Its rows have no gap up to now, nothing is missing; give a span to ask for one.",
)


@dataclass(frozen=True, slots=True)
class Found:
    """What detection found, if it fits the lake: hits and rules. state: none, fresh, stale."""

    findings: Sequence[Finding] = ()
    rules: Sequence[Rule] = ()
    state: str = "none"


def gather(tables: LakeTables, ground: RefundGround, wanted: Wanted, found: Found) -> Request:
    """The request for the accounts wanted, or for those where the case's traced money is.

    InputError when no account is named and the case has no traced money, one amount is given for several, or
    the data has movements after the instant asked about.
    """
    _not_before_the_data(ground, wanted)
    reports = case_reports(tables, wanted.case)
    owners = owners_of(ground, reports)
    accounts = tuple(dict.fromkeys(wanted.accounts)) or _of_case(
        tables, ground, wanted, owners, bool(reports)
    )
    if wanted.amount_fen is not None and len(accounts) > 1:
        raise InputError("One amount is given for several accounts; ask for them one by one.")
    known = _registered(tables, accounts)
    holders = _holders(tables, accounts, known)
    stated = readings(tables, wanted, accounts)
    items: list[Item] = []
    refused: list[NotAsked] = []
    for account in accounts:
        bank = (known.get(account, {}).get("bank") or "").strip()
        if account not in known:
            refused.append(NotAsked(account, bank, "", "UNKNOWN_ACCOUNT", _NOT_HERE))
            continue
        traced = traced_here(ground, account, owners)
        reasons = finding_reasons(account, found.findings, found.rules)
        arrivals = arrivals_of(ground, account, owners)
        if traced is not None:
            reasons = (trace_reason(traced, arrivals, len(reports)), *reasons)
        plain = _plain(wanted, account, bank, holders[account], traced, reasons, stated.get(account))
        plain = replace(plain, arrivals=arrivals)
        spans = _spans(ground, wanted, account)
        if wanted.kind is RequestKind.EVIDENCE and not spans:
            refused.append(NotAsked(account, bank, "", "NOTHING_MISSING", _WHOLE))
            continue
        for order, refusal in answers(wanted, account, stated.get(account)):
            if refusal is not None:
                refused.append(_refused(account, bank, order, refusal))
            else:
                items.append(_of_order(replace(plain, spans=spans), order))
    items.sort(key=lambda item: (item.bank, item.account, item.order))
    refused.sort(key=lambda one: (one.bank, one.account, one.order))
    return Request(wanted, tuple(items), tuple(refused), found.state)


def _of_case(
    tables: LakeTables, ground: RefundGround, wanted: Wanted, owners: Sequence[int], known: bool
) -> tuple[str, ...]:
    """The accounts a request of this kind may be about, where the case's money came by any method."""
    if not known:
        raise InputError("The data knows no report of this case; name the accounts with --account.")
    came = reached(ground, owners)
    if wanted.kind in _HOLDS:
        chosen = tuple(key for key in came if lies_here(ground, key, owners))
    elif wanted.kind is RequestKind.EVIDENCE:
        chosen = tuple(
            key for key in came if any(s.why != "SINCE" for s in missing_spans(ground, key, wanted.now))
        )
    else:
        chosen = tuple(readings(tables, wanted, came))
    if not chosen:
        raise InputError(
            "No account fits: no traced money of the case is there; name accounts with --account."
        )
    return chosen


def _registered(tables: LakeTables, accounts: Sequence[str]) -> dict[str, dict[str, Any]]:
    rows = tables.scan("Account").filter(pl.col("key").is_in(list(accounts)))
    columns = ("key", "bank", "holder_name", "source", "row")
    return {line["key"]: line for line in rows.select(columns).collect().iter_rows(named=True)}


def _holders(
    tables: LakeTables, accounts: Sequence[str], known: Mapping[str, dict[str, Any]]
) -> dict[str, tuple[Holder, ...]]:
    """Holders by register, by key; without a register the name that sheets state."""
    held = (
        tables.scan("HOLDS")
        .filter(pl.col("to_key").is_in(list(accounts)) & (pl.col("to_type") == "Account"))
        .select("from_type", "from_key", "to_key", "source", "row")
        .collect()
        .sort("to_key", "from_type", "from_key", "source", "row")
    )
    names: dict[tuple[str, str], str | None] = {}
    for kind in ("Person", "Organization"):
        keys = held.filter(pl.col("from_type") == kind)["from_key"].unique()
        people = tables.scan(kind).filter(pl.col("key").is_in(keys.implode())).select("key", "name").collect()
        names |= {(kind, key): name for key, name in people.iter_rows()}
    told: dict[str, dict[Ref, list[tuple[str, int]]]] = {}
    for kind, key, account, source, row in held.iter_rows():
        told.setdefault(account, {}).setdefault(Ref(kind, key), []).append((source, row))
    return {
        account: tuple(
            Holder(ref, names.get((ref.type, ref.key)), tuple(rows))
            for ref, rows in told.get(account, {}).items()
        )
        or _by_sheet(known.get(account))
        for account in accounts
    }


def _by_sheet(line: Mapping[str, Any] | None) -> tuple[Holder, ...]:
    if not line or not line["holder_name"]:
        return ()
    rows = ((line["source"], line["row"]),) if line["source"] is not None else ()
    return (Holder(None, line["holder_name"], rows),)


def _plain(
    wanted: Wanted,
    account: str,
    bank: str,
    holders: tuple[Holder, ...],
    traced: Traced | None,
    reasons: tuple[Said, ...],
    reading: Reading | None,
) -> Item:
    """The item before its order and spans are known."""
    amount, mode = None, None
    if wanted.kind in _HOLDS:
        mode = wanted.mode
        amount = wanted.amount_fen if wanted.amount_fen is not None else _up_to(traced)
    notes = tuple(_notes(reading))
    return Item(account, bank, holders, amount, mode, "", "", None, (), reasons, notes)


def _up_to(traced: Traced | None) -> int | None:
    """The most of the case's money that may lie there; without a sheet, what came. None: to be filled in."""
    if traced is None:
        return None
    return (traced.held[1] if traced.followed else traced.received[1]) or None


def _notes(reading: Reading | None) -> Iterable[Said]:
    """What the control rows leave open: for the officer, not for the bank."""
    if reading is None:
        return
    for problem in reading.problems:
        yield Said(problem.said("zh"), problem.said("en"), problem.rows)
    for one in reading.earlier:
        if one.in_force(reading.now):
            yield Said(
                "另有在先冻结机关，见其行。", "An earlier freezer holds money here; see its rows.", one.rows
            )
    for order in reading.controls.freezes_running:
        yield Said(f"现有冻结单 {order.number} 尚在期内。", f"Freeze {order.number} is in force.", order.rows)


def _spans(ground: RefundGround, wanted: Wanted, account: str) -> tuple[Span, ...]:
    if wanted.kind is not RequestKind.EVIDENCE:
        return ()
    if wanted.from_at is not None or wanted.to_at is not None:
        return (Span(wanted.from_at, wanted.to_at or wanted.now, "ASKED"),)
    return missing_spans(ground, account, wanted.now)


def _not_before_the_data(ground: RefundGround, wanted: Wanted) -> None:
    """A request of an earlier day would cite rows that nobody could know of then."""
    last = ground.data_to
    if last is not None and last > wanted.now:
        last += timedelta(seconds=1 if last.microsecond else 0)
        raise InputError(
            "The data has movements after the instant asked about, and a request rests on all rows known; "
            f"ask as of {last.astimezone(CHINA):%Y-%m-%dT%H:%M:%S}+08:00 or later with --now."
        )


def _of_order(plain: Item, order: Order | None) -> Item:
    if order is None:
        return plain
    document = Said(f"原查控单 {order.number} 的行。", f"The rows of order {order.number}.", order.rows)
    return replace(
        plain,
        amount_fen=order.executed_fen if order.executed_fen is not None else order.limit_fen,
        mode=order.mode,
        order=order.number,
        order_document=order.document,
        ends_at=order.ends_at,
        reasons=(document, *plain.reasons),
    )


def _refused(account: str, bank: str, order: Order | None, refusal: Refusal) -> NotAsked:
    rows = order.rows if order else ()
    said = Said(refusal.said("zh"), refusal.said("en"), rows)
    return NotAsked(account, bank, order.number if order else "", refusal.code, said)
