"""Makes the files of a request: decided and audited like any export, one document and workbook a bank."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cases.access import Target
from cases.reading import permitted
from detect.rule import open_library
from detect.store import detection_state, open_detection
from export.delivery import with_manifest, write_files
from export.orders import Order
from export.requests.docx_sheet import render_docx
from export.requests.gathering import Found, gather
from export.requests.items import Item, Request, Wanted
from export.requests.kinds import KINDS, worded
from export.requests.tables import (
    Page,
    accounts_table,
    annex_facts,
    arrivals_table,
    facts_table,
    not_asked_table,
    notes_table,
    reasons_table,
    rows_table,
    spans_table,
)
from export.table import Table
from export.xlsx_table import render_table_xlsx
from funds.refund.ground import RefundGround, refund_ground
from graph.contract import Ref
from graph.errors import InputError
from graph.lake.cited import cited
from graph.lake.home import LakeHome
from graph.lake.tables import open_tables

ANNEX = "internal"


@dataclass(frozen=True, slots=True)
class MadeRequests:
    """files: name -> bytes, the manifest last. request: what they were made of."""

    files: Mapping[str, bytes]
    request: Request
    export_id: str
    mask_policy: str


def make_requests(order: Order, wanted: Wanted, ground: RefundGround | None = None) -> MadeRequests:
    """The files of a request, one DOCX and one XLSX a bank, and an annex that stays in the house.

    The annex lists the accounts that are not requested and why, and what the control rows leave open.
    Banks get their own accounts only. ground: the lake's trace, if it is at hand. NotPermitted when the
    decision says no; InputError as `gather`, or when the lake holds nothing.
    """
    tables = open_tables(order.home)
    if not tables.rows.get("Account"):
        raise InputError("The lake holds no account; load files with `python -m ingest` first.")
    asked = tuple(Ref("Account", account) for account in wanted.accounts)
    with permitted(
        order.home, order.subject, order.action, Target("request"), order.context, order.at, asked
    ) as permit:
        request = gather(tables, ground or refund_ground(tables), wanted, _found(order.home))
        named = [*(one.account for one in request.items), *(one.account for one in request.not_asked)]
        permit.rows = len(request.items)
        permit.objects = tuple(Ref("Account", account) for account in dict.fromkeys(named))
        stamp = order.stamp(permit)
        content = hashlib.sha256(repr(request).encode("utf-8", "surrogatepass")).hexdigest()
        export_id = stamp.export_id(content)
        rows = [row for item in request.items for row in item.rows]
        page = Page(request, permit.scope, stamp, cited(order.home, rows), order.language, export_id)
        files = with_manifest(
            _files(page),
            stamp,
            content_digest=content,
            lake_digest=tables.digest.digest,
            mask_policy=permit.scope.policy,
            parameters={
                "kind": wanted.kind.value,
                "now": wanted.now,
                "accounts": len(request.items),
                "not_requested": len(request.not_asked),
            },
        )
        return MadeRequests(files, request, export_id, permit.scope.policy)


def export_requests(order: Order, wanted: Wanted) -> dict[str, Any]:
    """Make the files and write them into the order's folder; what was asked and what not, as plain values."""
    if order.out is None:
        raise InputError("Name the folder to write into.")
    made = make_requests(order, wanted)
    paths = write_files(order.out, made.files)
    counts: dict[str, int] = {}
    for item in made.request.items:
        counts[item.bank] = counts.get(item.bank, 0) + 1
    unknown = {"zh": "开户行不明", "en": "bank unknown"}[order.language]
    return {
        "export_id": made.export_id,
        "mask_policy": made.mask_policy,
        "requested": {bank or unknown: count for bank, count in sorted(counts.items())},
        "not_requested": [
            {"code": one.code, "order": one.order, "why": one.why.said(order.language)}
            for one in made.request.not_asked
        ],
        "files": [str(path) for path in paths],
    }


def _found(home: LakeHome) -> Found:
    """Hits count only when they were found in the lake as it is."""
    state = detection_state(home)
    detection = open_detection(home) if state == "fresh" else None
    if detection is None:
        return Found(state=state)
    return Found(detection.findings, open_library().rules, state)


def _files(page: Page) -> dict[str, bytes]:
    request, kind = page.request, page.request.wanted.kind
    title = worded(KINDS[kind].title, page.language)
    files: dict[str, bytes] = {}
    for number, bank in enumerate(request.banks, start=1):
        items = [item for item in request.items if item.bank == bank]
        stem = f"{kind.value}-{number:02d}-{_file_name(bank) or 'unknown-bank'}"
        files |= _pair(page, stem, title, _bank_tables(page, bank, items))
    annex = [not_asked_table(page), notes_table(page)]
    if any(table.rows for table in annex):
        inside = page.word("内部附件", "internal annex")
        files |= _pair(page, f"{kind.value}-{ANNEX}", f"{title} · {inside}", [annex_facts(page), *annex])
    return files


def _bank_tables(page: Page, bank: str, items: Sequence[Item]) -> list[Table]:
    made = [facts_table(page, bank), accounts_table(page, items), spans_table(page, items)]
    made += [reasons_table(page, items), arrivals_table(page, items), rows_table(page, items)]
    return [table for table in made if table.rows]


def _pair(page: Page, stem: str, title: str, tables: Sequence[Table]) -> dict[str, bytes]:
    return {
        f"{stem}.docx": render_docx(title, page.marking, page.watermark, tables, page.language),
        f"{stem}.xlsx": render_table_xlsx(tables, page.language, page.watermark),
    }


def _file_name(bank: str) -> str:
    """Letters and digits of a bank's name, at most 40: it comes out of a file and may hold anything."""
    return "".join(sign for sign in bank if sign.isalnum())[:40]
